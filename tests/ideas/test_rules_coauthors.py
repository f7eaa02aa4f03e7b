"""Who may ask others to write an entry, join, leave and be removed, and how its credit may be shared."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea.challenges.models import Challenge
from permea.ideas import rules
from permea.ideas.models import CoauthorInvitation, CreditShare, CreditSplit, Idea
from permea.people.models import Person
from tests.cast import AT

CLOSES = AT + timedelta(days=20)
SAM, SINA = Person(pk=1, email="sam@workshop.example"), Person(pk=2, email="sina@campus.example")


def idea(status="draft", *, challenge_status="published", closes_at=CLOSES, **values):
    challenge = Challenge(status=challenge_status, opens_at=AT - timedelta(days=1), closes_at=closes_at)
    return Idea(challenge=challenge, status=status, author=SAM, **values)


def invitation(**values):
    asked = {"idea": idea(), "email": "sina@campus.example", "expires_at": AT + timedelta(days=14)}
    return CoauthorInvitation(**{**asked, **values})


def code(refusal):
    return refusal.code if refusal else None


@pytest.mark.parametrize(
    ("is_author", "n_writers", "is_in", "at", "expected"),
    [
        (True, 9, False, AT, None),
        (True, 10, False, AT, "ideas.too_many_coauthors"),
        (True, 2, True, AT, "ideas.coauthor_already"),
        (False, 2, False, AT, "ideas.not_author"),
        (True, 2, False, CLOSES, "ideas.too_late"),
    ],
)
def test_the_author_asks_others_until_the_deadline(is_author, n_writers, is_in, at, expected):
    asked = rules.why_not_invite(idea(), is_author=is_author, n_writers=n_writers, is_in=is_in, at=at)

    assert code(asked) == expected


def test_a_link_is_good_for_two_weeks_but_not_beyond_the_deadline():
    assert [rules.expires_at(idea(closes_at=closes_at), at=AT) for closes_at in (CLOSES, AT + timedelta(days=2))] == [
        AT + timedelta(days=14),
        AT + timedelta(days=2),
    ]


def test_a_link_sent_while_the_entry_is_improved_is_good_until_improving_ends():
    handed_in = idea("submitted", closes_at=AT - timedelta(days=1))
    handed_in.challenge.steps = [{"name": "improve", "days": 3, "circle": "members", "options": {}}]

    assert rules.expires_at(handed_in, at=AT) == AT + timedelta(days=2)


@pytest.mark.parametrize(
    ("values", "person", "expected"),
    [
        ({}, SINA, None),
        ({}, Person(pk=2, email="Sina@Campus.example"), None),
        ({}, SAM, "ideas.other_address"),
        ({"taken_back_at": AT}, SINA, "ideas.no_invitation"),
        ({"declined_at": AT}, SINA, "ideas.invitation_declined"),
        ({"accepted_at": AT}, SINA, "ideas.invitation_used"),
        ({"expires_at": AT}, SINA, "ideas.invitation_expired"),
        ({"idea": idea(closes_at=AT)}, SINA, "ideas.too_late"),
        ({"idea": idea(text_removed_at=AT)}, SINA, "ideas.text_removed"),
    ],
)
def test_an_invitation_is_accepted_once_in_time_by_whom_it_was_sent_to(values, person, expected):
    assert code(rules.why_not_join(invitation(**values), person, at=AT)) == expected


@pytest.mark.parametrize(
    ("values", "is_author", "expected"),
    [({}, True, None), ({}, False, "ideas.not_author"), ({"accepted_at": AT}, True, "ideas.invitation_used")],
)
def test_the_author_takes_back_what_nobody_has_accepted(values, is_author, expected):
    assert code(rules.why_not_take_invitation_back(invitation(**values), is_author=is_author)) == expected


@pytest.mark.parametrize(
    ("entry", "person", "is_author", "at", "expected"),
    [
        (idea(), SINA, True, AT, None),
        (idea(), SINA, False, AT, "ideas.not_author"),
        (idea(), SAM, True, AT, "ideas.author_stays"),
        (idea("submitted", n_versions=1), SINA, True, AT, "ideas.coauthor_stays"),
        (idea(), SINA, True, CLOSES, "ideas.too_late"),
    ],
)
def test_a_co_author_can_be_removed_until_the_entry_was_handed_in(entry, person, is_author, at, expected):
    assert code(rules.why_not_remove(entry, person, is_author=is_author, at=at)) == expected


@pytest.mark.parametrize(
    ("person", "is_contributor", "has_others", "at", "expected"),
    [
        (SINA, True, True, AT, None),
        (SINA, False, True, AT, "ideas.not_contributor"),
        (SAM, True, True, AT, "ideas.author_stays"),
        (SINA, True, False, AT, "ideas.author_stays"),
        (SINA, True, True, CLOSES, "ideas.too_late"),
    ],
)
def test_a_co_author_can_leave_until_the_deadline(person, is_contributor, has_others, at, expected):
    left = rules.why_not_leave(idea(), person, is_contributor=is_contributor, has_others=has_others, at=at)

    assert code(left) == expected


@pytest.mark.parametrize(
    ("entry", "is_author", "n_people", "at", "expected"),
    [
        (idea(), True, 2, AT, None),
        (idea(), False, 2, AT, "ideas.not_author"),
        (idea(), True, 1, AT, "ideas.nobody_to_share"),
        (idea(), True, 2, CLOSES, "ideas.too_late"),
        (idea("submitted"), True, 2, CLOSES, None),
        (idea("merged"), True, 2, CLOSES, None),
        (idea("withdrawn"), True, 2, AT, "ideas.not_in_the_running"),
        (idea("draft", text_removed_at=AT), True, 2, AT, "ideas.not_in_the_running"),
        (idea("submitted", challenge_status="decided"), True, 2, CLOSES, "ideas.shares_settled"),
    ],
)
def test_shares_are_proposed_by_the_author_until_the_answers_are_out(entry, is_author, n_people, at, expected):
    assert code(rules.why_not_propose(entry, is_author=is_author, n_people=n_people, at=at)) == expected


@pytest.mark.parametrize(
    ("per_cents", "expected"),
    [
        ({1: 60, 2: 10, 3: 30}, None),
        ({1: 70, 2: 0, 3: 30}, None),
        ({1: 60, 2: 11, 3: 30}, "ideas.shares_not_whole"),
        ({1: 70, 3: 30}, "ideas.shares_for_all"),
        ({1: 101, 2: -31, 3: 30}, "ideas.shares_for_all"),
        ({1: 60, 2: 20, 3: 20}, "ideas.shares_of_erased"),
    ],
)
def test_shares_are_whole_and_that_of_somebody_erased_stays(per_cents, expected):
    people, now = {1: True, 2: True, 3: False}, {1: 40, 2: 30, 3: 30}

    assert code(rules.why_not_shares(per_cents, people, now)) == expected


def test_wrong_shares_are_told_with_their_sum():
    assert "101 %" in str(rules.why_not_shares({1: 101 - 1, 2: 1}, {1: True, 2: True}, {}))


@pytest.mark.parametrize(
    ("split", "share", "expected"),
    [
        (CreditSplit(idea=idea()), CreditShare(), None),
        (CreditSplit(idea=idea()), None, "ideas.not_contributor"),
        (CreditSplit(idea=idea(), agreed_at=AT), CreditShare(), "ideas.shares_not_asked"),
        (CreditSplit(idea=idea(), dropped_at=AT), CreditShare(), "ideas.shares_not_asked"),
        (CreditSplit(idea=idea("withdrawn")), CreditShare(), "ideas.not_in_the_running"),
    ],
)
def test_only_an_open_proposal_is_answered_and_only_by_whom_it_names(split, share, expected):
    assert code(rules.why_not_answer_shares(split, share, at=AT)) == expected


@settings(max_examples=20)
@given(st.integers(min_value=1, max_value=rules.MOST_WRITERS))
def test_equal_shares_make_a_hundred_and_differ_by_one_at_most(n):
    shares = rules.equal_shares(n)

    assert (len(shares), sum(shares), max(shares) - min(shares) <= 1, shares == sorted(shares, reverse=True)) == (
        n,
        100,
        True,
        True,
    )
