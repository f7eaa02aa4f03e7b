"""Pages of a vote: buttons while it runs, nothing of others before it is counted, what came out afterwards."""

import re

import pytest
from django.test import Client

from permea.ideas.models import Vote
from permea.ideas.services import cast_vote
from permea.ideas.tasks import count_votes
from tests.cast import AT, DAY

END = AT + 6 * DAY
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def make_voted(make_challenge, make_idea):
    """Return a factory of an entry in a challenge that is voted on."""

    def make(options, circle="everyone", **fields):
        step = {"name": "vote", "days": 7, "circle": circle, "options": options}
        return make_idea(challenge=make_challenge(closed=True, steps=[step]), **fields)

    return make


def list_of(idea):
    return f"/read/{idea.challenge.key}/"


def page_of(idea):
    return f"{list_of(idea)}{idea.key}/"


@pytest.mark.parametrize(
    ("options", "value", "words"),
    [
        ({}, "1", "Vote for it"),
        ({"method": "stars"}, "4", "4 stars"),
        ({"method": "agree"}, "0", "Pass"),
        ({"method": "tokens", "tokens": 8, "most": 3}, "3", "5 of 8 tokens are left"),
        ({"method": "tokens", "tokens": 20}, "12", "8 of 20 tokens are left"),
    ],
)
def test_a_click_answers_with_the_buttons_and_a_plain_form_goes_back(
    options, value, words, make_voted, stranger, client_of, clock
):
    idea, browser = make_voted(options), client_of(stranger)
    by_script = browser.post(f"{page_of(idea)}vote/", {"value": value}, **HTMX)
    plain = browser.post(f"{page_of(idea)}vote/", {"value": value, "next": list_of(idea)})
    listed = browser.get(list_of(idea)).text
    back = browser.post(f"{page_of(idea)}vote/", {"value": [value, ""]})

    assert ("<html" in by_script.text, by_script.text.count('id="vote-state"')) == (False, 1)
    assert (words in listed, "Take back" in listed) == (True, True)
    assert plain.headers["Location"] == f"{list_of(idea)}#vote-{idea.key}"
    assert (back.headers["Location"], Vote.objects.exists()) == (f"{page_of(idea)}#vote-{idea.key}", False)


def test_a_refused_vote_says_why_to_the_script_and_to_a_plain_form(make_voted, stranger, client_of, clock):
    idea, browser = make_voted({"method": "stars"}), client_of(stranger)
    answers = [browser.post(f"{page_of(idea)}vote/", {"value": value}, **kind) for value, kind in
               (("6", {}), ("6", HTMX), ("x", {}))]  # fmt: skip

    assert [(one.status_code, "cannot be said" in one.text) for one in answers] == [
        (409, True),
        (200, True),
        (409, True),
    ]


def test_authors_find_no_button_and_strangers_sign_in_first(make_voted, solver, client_of, clock):
    idea = make_voted({}, author=solver)
    own, anonymous = client_of(solver).get(page_of(idea)).text, Client().get(page_of(idea)).text

    assert ("Others vote on it" in own, "vote-choice" in own) == (True, False)
    assert ("Sign in to vote" in anonymous, "vote-choice" in anonymous) == (True, False)
    assert Client().post(f"{page_of(idea)}vote/", {"value": "1"}).status_code == 302


def test_counts_come_only_after_the_end_and_then_everywhere(make_voted, make_person, owner, client_of, clock):
    idea, inside = make_voted({}), client_of(owner)
    people = [make_person() for _number in range(5)]
    for person in people:
        cast_vote(idea_id=idea.pk, actor=person, value=1, at=AT)
    pages = [list_of(idea), page_of(idea), f"{list_of(idea)}votes/", f"/ideas/{idea.key}/"]

    def seen():
        return [bool(re.search(r"100\s*%", inside.get(page).text)) for page in pages]

    running = seen()
    clock.at = END
    over = [*seen(), "being counted" in inside.get(pages[0]).text]
    count_votes(END)

    assert (running, over, seen()) == ([False] * 4, [False] * 4 + [True], [True] * 4)


def test_who_could_not_vote_sees_no_result(make_voted, stranger, solver, client_of, clock):
    idea = make_voted({}, circle="members", author=solver)
    clock.at = END
    count_votes(END)
    statuses = [one.get(f"{list_of(idea)}votes/").status_code for one in (Client(), client_of(stranger))]

    assert (statuses, "What the crowd said" in client_of(solver).get(f"/ideas/{idea.key}/").text) == ([302, 404], False)
