"""Entries that a circle reads after the deadline: nobody wider than their contributors agreed to, and never before."""

from datetime import timedelta

import pytest
from django.core.paginator import Paginator
from django.http import Http404
from django.test import Client

from permea.challenges.models import Challenge, Stage
from permea.ideas import queries
from permea.ideas.models import Idea
from permea.ideas.queries import Ring
from tests.cast import AT

DAY = timedelta(days=1)


def step(name="discuss", circle="everyone", days=7):
    return {"name": name, "days": days, "circle": circle, "options": {}}


@pytest.fixture
def make_shown(make_challenge, make_idea):
    """Return a factory of closed challenges with steps and one entry of the given author."""

    def make(*steps, author, **fields):
        return make_idea(challenge=make_challenge(closed=True, steps=list(steps)), author=author, **fields)

    return make


def reads(client, idea):
    """Return how the list and the page of an entry answer."""
    addresses = (f"/read/{idea.challenge.key}/", f"/read/{idea.challenge.key}/{idea.key}/")
    return [client.get(address).status_code for address in addresses]


@pytest.mark.parametrize(
    ("circle", "answers"),
    [
        ("everyone", {"anonymous": 200, "stranger": 200, "solver": 200, "solver_two": 200, "member": 200}),
        ("contributors", {"anonymous": 302, "stranger": 404, "solver": 200, "solver_two": 200, "member": 200}),
        ("members", {"anonymous": 302, "stranger": 404, "solver": 404, "solver_two": 404, "member": 200}),
    ],
)
def test_each_circle_reads_and_nobody_else(
    circle, answers, make_shown, make_idea, client_of, request, solver, solver_two, clock
):
    idea = make_shown(step(circle=circle), author=solver)
    make_idea(challenge=idea.challenge, author=solver_two)
    people = {name: Client() if name == "anonymous" else client_of(request.getfixturevalue(name)) for name in answers}

    assert {name: reads(client, idea) for name, client in people.items()} == {
        name: [status, status] for name, status in answers.items()
    }


def test_a_challenge_without_steps_shows_nothing_to_anybody(make_idea, make_challenge, client_of, member, clock):
    idea = make_idea(challenge=make_challenge(closed=True))

    assert [reads(Client(), idea), reads(client_of(member), idea)] == [[404, 404], [404, 404]]


def test_nothing_is_shown_before_the_deadline_and_all_still_after_the_step(make_shown, solver, clock):
    idea = make_shown(step(), author=solver)
    closes_at = idea.challenge.closes_at
    answers = []
    for clock.at in (closes_at - timedelta(microseconds=1), closes_at, closes_at + 20 * DAY):
        answers.append(reads(Client(), idea))

    assert answers == [[404, 404], [200, 200], [200, 200]]


def test_a_wider_circle_reads_only_from_its_own_step_on(make_shown, solver, stranger):
    idea = make_shown(step(circle="contributors"), step("vote"), author=solver)
    key, closes_at = idea.challenge.key, idea.challenge.closes_at
    with pytest.raises(Http404):
        queries.showing_of(stranger, key, closes_at)

    assert [row.pk for row in queries.showing_of(stranger, key, closes_at + 7 * DAY).ideas] == [idea.pk]


def test_an_entry_is_shown_to_nobody_wider_than_it_was_handed_in_for(make_shown, make_idea, solver, stranger):
    narrow = make_shown(step(circle="contributors"), author=solver)
    challenge = narrow.challenge
    Challenge.objects.filter(pk=challenge.pk).update(steps=[step()])
    Stage.objects.filter(challenge=challenge, circle="contributors").update(circle="everyone")
    wide = make_idea(challenge=Challenge.objects.get(pk=challenge.pk))
    seen = {who: {idea.pk for idea in queries.showing_of(who, challenge.key, AT).ideas} for who in (solver, stranger)}

    assert (narrow.shown_to, wide.shown_to, seen) == (
        "contributors", "everyone", {solver: {wide.pk}, stranger: {wide.pk}},
    )  # fmt: skip


@pytest.mark.parametrize("state", ["withdrawn", "archived", "emptied"])
def test_what_is_taken_back_or_put_away_is_not_shown(state, make_shown, solver):
    idea = make_shown(step(), author=solver)
    if state == "withdrawn":
        Idea.objects.filter(pk=idea.pk).update(status="withdrawn", withdrawn_at=AT)
    elif state == "emptied":
        Idea.objects.filter(pk=idea.pk).update(text_removed_at=AT)
    else:
        Challenge.objects.filter(pk=idea.challenge.pk).update(status="archived")
    with pytest.raises(Http404):
        queries.shown_idea(solver, idea.challenge.key, idea.key, AT)


def test_pages_say_what_was_written_and_no_name(make_shown, make_person, clock):
    author = make_person("anna@example.org", name="Anna Author")
    idea = make_shown(step(), author=author, title="Tap it", affiliation="Anna's Orchard")
    told = (
        Client().get(f"/read/{idea.challenge.key}/").text + Client().get(f"/read/{idea.challenge.key}/{idea.key}/").text
    )

    assert [word in told for word in ("Tap it", "How idea", "Anna", "Orchard")] == [True, True, False, False]


def test_the_list_is_searched_and_marks_ones_own(make_shown, make_idea, solver, client_of, clock):
    idea = make_shown(step(), author=solver, title="Tap it")
    make_idea(challenge=idea.challenge, title="Weigh it")
    address = f"/read/{idea.challenge.key}/"
    pages = [client_of(solver).get(address, {"q": word}).text for word in ("tap", "nothing")]

    assert [("Tap it" in page, "Weigh it" in page, "yours" in page) for page in pages] == [
        (True, False, True), (False, False, False),
    ]  # fmt: skip


def test_everybody_goes_round_the_whole_ring_from_a_place_of_their_own(make_shown, make_idea, solver):
    idea = make_shown(step(), author=solver)
    keys = sorted([idea.key, *(make_idea(challenge=idea.challenge).key for _number in range(4))])
    rounds = []
    for start in ("", keys[1], keys[3], "z" * 20):
        pages = Paginator(Ring(Idea.objects.filter(challenge=idea.challenge), start), 2)
        rounds.append([row.key for number in pages.page_range for row in pages.page(number)])

    assert Ring(Idea.objects.filter(challenge=idea.challenge), keys[1])[0].key == keys[1]
    assert rounds == [keys, keys[1:] + keys[:1], keys[3:] + keys[:3], keys]
    assert queries.place_of("a", "c") == queries.place_of("a", "c") != queries.place_of("b", "c")


def test_people_are_told_before_they_enter_and_where_to_read(
    make_challenge, make_shown, solver, stranger, client_of, clock
):
    asked, open_now = make_shown(step(), author=solver).challenge, make_challenge(steps=[step(circle="contributors")])
    before = client_of(stranger).get(f"/c/{open_now.key}/enter/").text
    public = Client().get(f"/c/{asked.key}/").text

    assert ("can be read by everybody who entered" in before, f"/read/{asked.key}/" in public) == (True, True)
