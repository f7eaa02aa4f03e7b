"""Voting: one person, one vote an entry, nothing lost, nothing counted twice, and nobody's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.http import Http404

from permea.challenges.models import Challenge
from permea.foundation.refusals import RefusedError
from permea.ideas import queries, services
from permea.ideas.models import Ballot, Contributor, Idea, Vote, VoteCount, VoteTally
from permea.ideas.tasks import count_votes
from permea.ledger.models import Crossing
from permea.people.services import erase_person
from tests.cast import AT, DAY

pytestmark = pytest.mark.services
END = AT + 6 * DAY
TOKENS = {"method": "tokens", "tokens": 5, "most": 3}


@pytest.fixture
def make_vote(make_challenge, make_idea):
    """Return a factory of challenges with a vote that runs from a day ago for a week, and their entries."""

    def make(options=None, *, circle="everyone", n=2):
        step = {"name": "vote", "days": 7, "circle": circle, "options": options or {}}
        challenge = make_challenge(closed=True, steps=[step])
        return [make_idea(challenge=challenge) for _number in range(n)]

    return make


def vote(idea, person, value=1, at=AT):
    return services.cast_vote(idea_id=idea.pk, actor=person, value=value, at=at)


def code_of(*args, **kwargs):
    with pytest.raises(RefusedError) as refused:
        vote(*args, **kwargs)
    return refused.value.refusal.code


def counted(idea, at=END):
    return services.count_votes(challenge_id=idea.challenge_id, at=at)


def test_a_vote_is_set_changed_and_taken_back_and_twice_is_once(make_vote, stranger):
    idea, other = make_vote({"method": "stars"})
    seen = []
    for value in (4, 4, 2, None, None, 5):
        vote(idea, stranger, value)
        seen.append(list(Vote.objects.values_list("value", flat=True)))
    vote(other, stranger, 3)

    assert seen == [[4], [4], [2], [], [], [5]]
    assert (Ballot.objects.count(), Vote.objects.count()) == (1, 2)


def test_saying_the_same_again_does_not_move_the_time(make_vote, stranger):
    idea, _other = make_vote()
    vote(idea, stranger)
    vote(idea, stranger, at=AT + DAY)

    assert Vote.objects.get().cast_at == AT


def test_tokens_run_out_and_can_be_moved(make_vote, stranger):
    idea, other = make_vote(TOKENS)
    vote(idea, stranger, 3)
    codes = [code_of(other, stranger, 3), code_of(other, stranger, 4)]
    vote(idea, stranger, 2)
    vote(other, stranger, 3)

    assert (codes, sorted(Vote.objects.values_list("value", flat=True))) == (
        ["ideas.vote_no_tokens", "ideas.vote_value"], [2, 3],
    )  # fmt: skip


def test_nobody_votes_out_of_time_out_of_the_circle_or_on_what_is_theirs(
    make_vote, make_idea, solver, member, stranger
):
    idea, merged = make_vote(circle="members")
    Contributor.objects.create(idea=idea, person=member, since=AT)
    codes = [
        code_of(idea, stranger),
        code_of(idea, member),
        code_of(idea, member, at=AT - DAY * 2),
        code_of(idea, member, at=END),
    ]
    Idea.objects.filter(pk=merged.pk).update(status="merged", merged_into=idea)
    codes.append(code_of(merged, member))
    codes.append(code_of(make_idea(), member))

    assert codes == [
        "ideas.vote_not_yours", "ideas.vote_own", "ideas.vote_not_open", "ideas.vote_closed", "ideas.vote_merged",
        "ideas.no_vote",
    ]  # fmt: skip
    assert not Ballot.objects.exists()


def test_what_not_everybody_who_votes_may_read_is_not_voted_on(make_vote, member):
    idea, _other = make_vote()
    Idea.objects.filter(pk=idea.pk).update(shown_to="members")

    assert code_of(idea, member) == "ideas.vote_not_shown"


def test_counting_happens_once_after_the_end_and_stands_in_the_ledger(make_vote, make_person):
    first, second, unread = make_vote(n=3)
    people = [make_person() for _number in range(6)]
    for person in people:
        vote(first, person)
        vote(unread, person)
    vote(second, people[0])
    Idea.objects.filter(pk=unread.pk).update(status="merged", merged_into=first)
    Contributor.objects.create(idea=unread, person=people[5], since=AT)  # has a part in the first by the merge

    early, count, again = counted(first, END - timedelta(microseconds=1)), counted(first), counted(first)

    tallies = {one.idea_id: (one.n_votes, one.total, one.place) for one in VoteTally.objects.all()}
    crossing = Crossing.objects.get(kind="votes.counted")
    assert (early, again) == (None, None)
    assert tallies == {first.pk: (5, 5, 1), second.pk: (1, 1, 2)}
    assert (count.n_voters, count.n_votes, count.n_entries) == (5, 6, 2)
    assert (crossing.direction, count.sha256 in crossing.body) == ("out", True)
    assert code_of(second, people[1], at=END - timedelta(seconds=1)) == "ideas.vote_closed"


def test_nobody_sees_counts_before_they_are_counted_and_the_circle_does_afterwards(
    make_vote, make_person, owner, member, stranger
):
    idea, other = make_vote({"method": "agree"}, circle="members")
    vote(idea, member, 1)
    key = idea.challenge.key
    with pytest.raises(Http404):
        queries.vote_result(owner, key, END)
    before = queries.crowd_for(owner, idea.challenge, [idea.key])
    count_votes(END)
    result = queries.vote_result(owner, key, END)
    seen = [queries.crowd_for(who, idea.challenge, [idea.key, other.key]) for who in (stranger, member)]

    assert (before, seen[0], sorted((figure.n, figure.value) for _idea, figure in seen[1].rows)) == (
        None, None, [(0, None), (1, None)],
    )  # fmt: skip
    assert {idea_id: figure.n for idea_id, figure in result.figures.items()} == {idea.pk: 1, other.pk: 0}
    with pytest.raises(Http404):
        queries.vote_result(stranger, key, END)
    count_votes(END + DAY)
    assert VoteCount.objects.count() == 1


@pytest.mark.parametrize("is_counted", [False, True])
def test_erasing_takes_back_running_votes_and_leaves_counted_ones_without_the_person(make_vote, stranger, is_counted):
    idea, _other = make_vote()
    vote(idea, stranger)
    if is_counted:
        counted(idea)
    lines = queries.erasure_lines(stranger)
    told = queries.personal_data(stranger)["votes"]
    erase_person(person=stranger, actor=stranger, at=END)

    assert told == [{"challenge": idea.challenge.key, "idea": idea.key, "value": 1, "at": AT.isoformat()}]
    assert [any("vote" in line for line in side) for side in (lines.goes, lines.stays)] == [not is_counted, is_counted]
    assert list(Ballot.objects.values_list("person", flat=True)) == ([None] if is_counted else [])
    assert Vote.objects.count() == VoteTally.objects.filter(n_votes=1).count() == int(is_counted)


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_are_neither_lost_nor_doubled_and_all_accepted_ones_are_counted(
    make_vote, make_person
):
    ideas = make_vote(TOKENS, n=3)
    people = [make_person() for _number in range(4)]

    def click(work):
        person, idea = work
        try:
            return vote(idea, person, 2) is not None
        except RefusedError as error:
            return error.refusal.code
        finally:
            connection.close()

    def count():
        try:
            return counted(ideas[0])
        finally:
            connection.close()

    clicks = [(person, idea) for idea in ideas for person in people for _twice in range(2)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(click, clicks))
    moved = [(person, idea) for idea in ideas for person in (make_person(), make_person(), make_person())]
    with ThreadPoolExecutor(8) as pool:
        late = pool.submit(count)
        after = list(pool.map(click, moved))
        count_row = late.result()

    spent = [sum(Vote.objects.filter(ballot__person=person).values_list("value", flat=True)) for person in people]
    assert spent == [4] * 4
    assert {answer for answer in answers if answer is not True} == {"ideas.vote_no_tokens"}
    accepted = 2 * 4 + after.count(True)
    assert Vote.objects.count() == accepted == count_row.n_votes
    assert Challenge.objects.get().vote_count.n_votes == sum(VoteTally.objects.values_list("n_votes", flat=True))
