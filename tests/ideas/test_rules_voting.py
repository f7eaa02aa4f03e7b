"""The rules of voting: which ways there are, what a vote may say, and what all votes come to."""

import pytest

from permea.challenges.models import Challenge, Stage
from permea.challenges.rules import Step, circle_notice, voting_note, voting_of, why_not_steps
from permea.ideas import rules
from permea.ideas.models import VoteTally

TOKENS = {"method": "tokens", "tokens": 10, "most": 4}


def vote_step(options):
    return Step("vote", 7, "everyone", options)


def code(refusal):
    return refusal.code if refusal else None


def tally(idea_id, n, total, n_for=0, n_against=0):
    return VoteTally(idea_id=idea_id, n_votes=n, total=total, n_for=n_for, n_against=n_against, place=0)


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({}, None),
        ({"method": "stars"}, None),
        ({"method": "agree"}, None),
        (TOKENS, None),
        ({"method": "tokens"}, None),
        ({"method": "pairs"}, "challenges.vote_unknown"),
        ({"method": "stars", "most": 3}, "challenges.vote_unknown"),
        ({"method": "tokens", "tokens": 0}, "challenges.vote_tokens"),
        ({"method": "tokens", "tokens": 101}, "challenges.vote_tokens"),
        ({"method": "tokens", "tokens": 3, "most": 4}, "challenges.vote_tokens"),
        ({"method": "tokens", "tokens": "3"}, "challenges.vote_tokens"),
    ],
)
def test_a_step_says_how_people_vote_or_is_refused(options, refused):
    assert code(why_not_steps([vote_step(options)], None)) == refused


def test_a_challenge_has_one_vote():
    assert code(why_not_steps([vote_step({}), vote_step({})], None)) == "challenges.one_vote"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, [1]),
        ({"method": "stars"}, [1, 2, 3, 4, 5]),
        ({"method": "agree"}, [1, 0, -1]),
        ({"method": "tokens", "tokens": 10, "most": 2}, [1, 2]),
        ({"method": "tokens", "tokens": 10}, []),
    ],
)
def test_buttons_offer_what_may_be_said_and_each_way_is_told_in_words(options, said):
    voting = voting_of(options)

    assert [value for value, _label in rules.vote_choices(voting)] == said
    assert set(said) <= set(voting.values)
    assert len({voting_note(options), voting_note(TOKENS), voting_note({"method": "tokens"})}) >= 2


def test_people_are_told_of_the_vote_before_they_enter():
    steps = [{"name": "vote", "days": 7, "circle": "members", "options": TOKENS}]
    notice = circle_notice(Challenge(steps=steps))

    assert ("10 tokens" in notice, "at most 4" in notice) == (True, True)


def test_what_is_promised_names_the_weakness_of_open_votes():
    told = [" ".join(rules.guarantees(Stage(circle=circle, options={}))) for circle in ("everyone", "members")]

    assert ["several addresses" in one for one in told] == [True, False]


@pytest.mark.parametrize(
    ("method", "row", "value", "n"),
    [
        ("approval", tally(1, 3, 3, 3), 0.3, 10),
        ("tokens", tally(1, 3, 20, 3), 2.0, 10),
        ("stars", tally(1, 5, 20, 5), 4.0, 5),
        ("stars", tally(1, 4, 20, 4), None, 4),
        ("agree", tally(1, 9, 2, 4, 2), 4 / 6, 6),
        ("agree", tally(1, 9, 2, 2, 2), None, 4),
    ],
)
def test_a_figure_is_of_whom_it_says_and_not_told_of_few(method, row, value, n):
    figure = rules.figure_of(method, row, n_voters=10)

    assert (figure.value, figure.n) == (value, n)


def test_equal_entries_share_a_place_and_those_of_few_stand_last():
    rows = [tally(1, 5, 20), tally(2, 4, 20), tally(3, 5, 25), tally(4, 6, 24), tally(5, 5, 5)]
    placed = rules.give_places("stars", rows, n_voters=6)

    assert [(row.idea_id, row.place) for row in placed] == [(3, 1), (1, 2), (4, 2), (5, 4), (2, 5)]


def test_the_fingerprint_changes_with_any_tally_and_not_with_their_order():
    keys, rows = {1: "a", 2: "b"}, [tally(1, 5, 20), tally(2, 4, 20)]
    others = [tally(1, 5, 20), tally(2, 4, 19)]

    assert rules.digest_of(keys, rows) == rules.digest_of(keys, rows[::-1]) != rules.digest_of(keys, others)


@pytest.mark.parametrize(
    ("circle", "way"),
    [("members", ("inside", "inside")), ("contributors", ("out", "invited")), ("everyone", ("out", "public"))],
)
def test_the_ledger_says_how_far_a_count_goes(circle, way):
    assert rules.crossing_of(circle) == way
