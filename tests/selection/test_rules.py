"""What may be selected, decided and asked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from permea.challenges.models import Challenge
from permea.selection import rules
from permea.selection.models import Answer, Award, Clarification, Selection
from tests.cast import AT

LONG = "Because it fits our line well."


def code(refusal):
    return refusal and refusal.code


@pytest.mark.parametrize(
    ("challenge", "expected"),
    [
        (Challenge(status="draft"), "selection.sealed"),
        (Challenge(status="published"), "selection.sealed"),
        (Challenge(status="published", closes_at=AT), None),
        (Challenge(status="decided", closes_at=AT), "selection.decided"),
    ],
)
def test_deciding_starts_at_the_deadline_and_ends_with_the_answers(challenge, expected):
    assert code(rules.why_not_change_decisions(challenge, at=AT)) == expected
    assert code(rules.why_not_select(challenge, 3, at=AT)) == expected


def test_without_a_ranking_nothing_is_selected():
    assert code(rules.why_not_select(Challenge(status="published", closes_at=AT), 0, at=AT)) == "selection.no_ranking"


@pytest.mark.parametrize(
    ("buckets", "linked", "expected"),
    [
        ([{"name": "a", "minimum": 1, "maximum": 2}], ["k"], None),
        ([{"name": "a", "minimum": None, "maximum": 2}], [], None),
        ([{"name": "z", "minimum": 1, "maximum": 2}], [], "selection.unknown_bucket"),
        ([{"name": "a", "minimum": 3, "maximum": 2}], [], "selection.bucket_crossed"),
        ([], ["nosuch"], "selection.unknown_idea"),
    ],
)
def test_limits_name_groups_and_ideas_that_exist(buckets, linked, expected):
    assert code(rules.why_not_these_limits({"a"}, buckets, linked, {"k"})) == expected


@pytest.mark.parametrize(
    ("settled", "reason", "expected"),
    [(None, LONG, None), (AT, LONG, "selection.settled"), (None, "just so", "selection.reason_missing")],
)
def test_a_change_by_hand_asks_for_a_reason_before_it_is_settled(settled, reason, expected):
    assert code(rules.why_not_change_by_hand(Selection(settled_at=settled), reason)) == expected


@pytest.mark.parametrize(
    ("outcome", "reason", "words", "expected"),
    [
        ("award", "best_fit", LONG, None),
        ("award", "below_bar", LONG, "selection.reason_wrong"),
        ("maybe", "best_fit", LONG, "selection.reason_wrong"),
        ("decline", "below_bar", "No.", "selection.words_missing"),
        ("decline", "below_bar", "x" * 5001, "selection.words_too_long"),
    ],
)
def test_a_decision_has_a_fitting_reason_and_words(outcome, reason, words, expected):
    assert code(rules.why_not_this_decision(outcome, reason, words)) == expected


@pytest.mark.parametrize(("n_decided", "expected"), [(3, None), (2, "selection.undecided"), (0, "selection.undecided")])
def test_nobody_is_told_before_everybody_has_an_answer(n_decided, expected):
    challenge = Challenge(status="published", closes_at=AT)

    assert code(rules.why_not_release(challenge, 3, n_decided, at=AT)) == expected
    assert code(rules.why_not_release(Challenge(status="draft"), 3, 3, at=AT)) == "selection.sealed"


def test_one_question_may_be_asked():
    cases = [(None, "Why?"), (None, "  "), (None, "x" * 5001), (Clarification(), "Why?")]

    assert [code(rules.why_not_ask(Answer(), former, question)) for former, question in cases] == [
        None, "selection.question_missing", "selection.words_too_long", "selection.asked_already",
    ]  # fmt: skip
    assert [code(rules.why_not_reply(text)) for text in ("So.", " ", "x" * 5001)] == [
        None, "selection.reply_missing", "selection.words_too_long",
    ]  # fmt: skip


def test_only_the_author_accepts_the_rights_text_and_once():
    assert [
        code(rules.why_not_accept_rights(Award(), is_author=True)),
        code(rules.why_not_accept_rights(Award(), is_author=False)),
        code(rules.why_not_accept_rights(Award(rights_accepted_at=AT), is_author=True)),
    ] == [None, "selection.not_author", "selection.rights_accepted"]


@pytest.mark.parametrize(
    ("payment", "accepted", "expected"),
    [
        ("paid", AT, None), ("waived", None, None), ("due", None, None),
        ("paid", None, "selection.rights_open"), ("ordered", None, "selection.rights_open"),
        ("stolen", AT, "selection.payment_unknown"),
    ],
)  # fmt: skip
def test_the_prize_is_paid_after_the_rights_are_accepted(payment, accepted, expected):
    assert code(rules.why_not_pay(Award(rights_accepted_at=accepted), payment)) == expected


def test_a_profile_holds_each_criterion_against_the_bar():
    lines = rules.profile([("a", "Feasible"), ("b", "Market")], {"a": Decimal("3.456")}, Decimal(3))

    assert [(line.name, line.mean, line.bar) for line in lines] == [("Feasible", 3.46, 3.0), ("Market", None, 3.0)]


def test_what_is_suggested_follows_selection_and_bar():
    assert [
        rules.suggested_outcome(is_chosen=True, score=1.0, bar=3),
        rules.suggested_outcome(is_chosen=False, score=3.0, bar=3),
        rules.suggested_outcome(is_chosen=False, score=2.9, bar=3),
        rules.suggested_outcome(is_chosen=False, score=None, bar=3),
    ] == [
        ("award", "best_fit"), ("reserve", "over_budget"), ("decline", "below_bar"), ("decline", "below_bar"),
    ]  # fmt: skip
