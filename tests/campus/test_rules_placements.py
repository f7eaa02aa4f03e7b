"""Who may do what with a placement, and which agreement covers it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from permea.campus import rules
from permea.campus.models import Placement
from tests.campus.conftest import DAY, FIRST, LAST
from tests.cast import AT

FIRM, COLLEAGUE = rules.Standing("firm", may_bind=True), rules.Standing("firm", may_bind=False)
PARTNER, STUDENT = rules.Standing("partner", may_bind=True), rules.Standing("student", may_bind=True)
SUPERVISOR = rules.Standing("partner", may_bind=False, is_supervisor=True)


def code(refusal) -> str | None:
    return None if refusal is None else refusal.code


def placement(state="offered", **fields) -> Placement:
    return Placement(**{"state": state, "first_day": FIRST, "last_day": LAST, "statement_sha256": "a", **fields})


def covered(kind="internship", purposes=("evaluate",), *, party=7, person=None, is_of_partner=False, at=AT, **fields):
    said = {"title": "T", "status": "signed", "valid_from": AT, "valid_until": None, "ended_at": None, **fields}
    agreement = SimpleNamespace(**{"kind": kind, "purposes": purposes, "is_about_everything": True, **said})
    one = SimpleNamespace(agreement=agreement, partner_id=7, key="k")
    return code(rules.why_not_placed(one, (), (rules.Party(party, person, is_of_partner),), at))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        ({"kind": "research", "purposes": ("research",)}, None),
        ({"kind": "consortium", "purposes": ("research",)}, None),
        ({"kind": "development", "purposes": ("develop",)}, None),
        ({"kind": "equipment"}, "campus.not_placing"),
        ({"kind": "nda_mutual"}, "campus.not_placing"),
        ({"purposes": ()}, "campus.other_subject"),
        ({"is_about_everything": False}, "campus.other_subject"),
        ({"party": 8}, "campus.other_party"),
        ({"party": None, "person": 3, "is_of_partner": True}, None),
        ({"status": "offered"}, "campus.agreement_not_live"),
        ({"at": AT - DAY}, "campus.agreement_not_live"),
        ({"valid_until": AT}, "campus.agreement_not_live"),
    ],
)
def test_an_agreement_about_placing_that_holds_covers_it(told, expected):
    assert covered(**told) == expected


def test_an_agreement_has_to_hold_to_the_last_instant_of_the_last_day():
    end = rules.end_of(LAST)
    assert (end.date(), covered(at=end, valid_until=end), (end + DAY).date() > LAST) == (
        LAST, "campus.agreement_not_live", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (FIRST, LAST, None),
        (FIRST, FIRST, None),
        (AT.date(), LAST, None),
        (LAST, FIRST, "campus.days_reversed"),
        (AT.date() - DAY, LAST, "campus.begun_already"),
    ],
)
def test_days_come_in_their_order_and_are_not_over(first, last, expected):
    assert code(rules.why_not_dates(first, last, AT.date())) == expected


def test_who_supervises_is_of_that_side():
    assert [code(rules.why_not_supervise(is_colleague=one)) for one in (True, False)] == [None, "campus.no_colleague"]


@pytest.mark.parametrize(
    ("state", "standing", "expected"),
    [
        ("offered", FIRM, None),
        ("offered", COLLEAGUE, "campus.not_binding"),
        ("offered", PARTNER, "campus.no_side"),
        ("named", FIRM, "campus.student_named"),
    ],
)
def test_an_offer_is_changed_by_the_firm_until_a_student_is_named(state, standing, expected):
    assert code(rules.why_not_change(placement(state), standing)) == expected


@pytest.mark.parametrize(
    ("state", "standing", "is_insider", "expected"),
    [
        ("offered", PARTNER, False, None),
        ("offered", PARTNER, True, "campus.no_student"),
        ("offered", SUPERVISOR, False, "campus.not_binding"),
        ("offered", FIRM, False, "campus.no_side"),
        ("named", PARTNER, False, "campus.elsewhere"),
    ],
)
def test_a_student_is_named_by_the_partner(state, standing, is_insider, expected):
    assert code(rules.why_not_name(placement(state), standing, is_insider=is_insider)) == expected


@pytest.mark.parametrize(
    ("state", "standing", "reason", "is_yes", "expected"),
    [
        ("named", FIRM, "", True, None),
        ("named", FIRM, "Too far", False, None),
        ("named", FIRM, "", False, "campus.no_reason"),
        ("named", PARTNER, "", True, "campus.no_side"),
        ("offered", FIRM, "", True, "campus.elsewhere"),
    ],
)
def test_a_student_is_agreed_to_by_the_firm(state, standing, reason, is_yes, expected):
    assert code(rules.why_not_answer_student(placement(state), standing, reason, is_yes=is_yes)) == expected


@pytest.mark.parametrize(
    ("state", "standing", "sha256", "today", "expected"),
    [
        ("agreed", STUDENT, "a", LAST, None),
        ("agreed", STUDENT, "b", LAST, "campus.elsewhere"),
        ("agreed", STUDENT, "a", LAST + DAY, "campus.days_over"),
        ("agreed", FIRM, "a", LAST, "campus.no_side"),
        ("running", STUDENT, "a", LAST, "campus.elsewhere"),
    ],
)
def test_a_placement_is_accepted_by_the_student_as_it_was_read(state, standing, sha256, today, expected):
    assert code(rules.why_not_accept(placement(state), standing, sha256, today)) == expected


@pytest.mark.parametrize(
    ("state", "standing", "reason", "expected"),
    [
        ("agreed", STUDENT, "Abroad", None),
        ("agreed", STUDENT, "", "campus.no_reason"),
        ("agreed", PARTNER, "Abroad", "campus.no_side"),
        ("running", STUDENT, "Abroad", "campus.elsewhere"),
    ],
)
def test_a_placement_is_declined_by_the_student_before_it_is_accepted(state, standing, reason, expected):
    assert code(rules.why_not_decline(placement(state), standing, reason)) == expected


@pytest.mark.parametrize(
    ("state", "standing", "n_reports", "today", "expected"),
    [
        ("running", STUDENT, 23, FIRST, None),
        ("running", STUDENT, 24, FIRST, "campus.too_many_reports"),
        ("running", STUDENT, 0, FIRST - DAY, "campus.not_begun"),
        ("running", FIRM, 0, FIRST, "campus.no_side"),
        ("ended", STUDENT, 0, FIRST, "campus.elsewhere"),
    ],
)
def test_reports_come_from_the_student_while_it_runs(state, standing, n_reports, today, expected):
    assert code(rules.why_not_report(placement(state), standing, n_reports, today)) == expected


@pytest.mark.parametrize(
    ("state", "standing", "text", "is_accepted", "accepted_by", "expected"),
    [
        ("running", FIRM, "Good", False, (), None),
        ("running", SUPERVISOR, "", True, (), None),
        ("ended", PARTNER, "", True, ("firm",), None),
        ("running", PARTNER, "", True, ("partner",), "campus.elsewhere"),
        ("running", PARTNER, "", False, (), "campus.nothing_said"),
        ("running", COLLEAGUE, "Good", False, (), "campus.not_supervising"),
        ("running", STUDENT, "Good", False, (), "campus.no_side"),
        ("closed", FIRM, "Good", False, (), "campus.elsewhere"),
    ],
)
def test_supervisors_comment_and_accept_once(state, standing, text, is_accepted, accepted_by, expected):
    told = {"is_accepted": is_accepted, "accepted_by": accepted_by}
    assert code(rules.why_not_remark(placement(state), standing, text, **told)) == expected


@pytest.mark.parametrize(
    ("state", "standing", "reason", "expected"),
    [
        ("offered", PARTNER, "No room", None),
        ("agreed", FIRM, "No budget", None),
        ("running", STUDENT, "Ill", None),
        ("running", FIRM, "", "campus.no_reason"),
        ("running", COLLEAGUE, "Ill", "campus.not_binding"),
        ("agreed", STUDENT, "Ill", "campus.elsewhere"),
        ("ended", FIRM, "Ill", "campus.elsewhere"),
    ],
)
def test_each_side_ends_it_with_a_reason(state, standing, reason, expected):
    assert code(rules.why_not_end(placement(state), standing, reason)) == expected


@pytest.mark.parametrize(
    ("state", "standing", "reported", "expected"),
    [
        ("running", FIRM, ("final", "midterm"), None),
        ("running", PARTNER, ("final",), "campus.no_reports"),
        ("ended", PARTNER, (), None),
        ("ended", COLLEAGUE, (), "campus.not_binding"),
        ("closed", FIRM, (), "campus.elsewhere"),
        ("ended", STUDENT, (), "campus.no_side"),
    ],
)
def test_the_outcome_is_said_by_firm_or_partner_once_reports_are_there(state, standing, reported, expected):
    assert code(rules.why_not_say_outcome(placement(state), standing, reported)) == expected


@pytest.mark.parametrize(
    ("standing", "outcome", "is_covered", "fields", "expected"),
    [
        (PARTNER, rules.Outcome(True, "Pears"), True, {}, None),
        (FIRM, rules.Outcome(True, "Pears"), True, {}, "campus.other_side_agrees"),
        (FIRM, rules.Outcome(True, "Pears"), False, {}, None),
        (PARTNER, rules.Outcome(False, "Pears"), True, {}, "campus.elsewhere"),
        (PARTNER, rules.Outcome(True, "Pears"), True, {"state": "closed"}, "campus.elsewhere"),
        (SUPERVISOR, rules.Outcome(True, "Pears"), True, {}, "campus.not_binding"),
        (STUDENT, rules.Outcome(True, "Pears"), True, {}, "campus.no_side"),
    ],
)
def test_the_other_side_agrees_to_the_outcome_it_has_read(standing, outcome, is_covered, fields, expected):
    one = placement(
        **{"state": "running", "led_to_offer": True, "thesis_title": "Pears", "said_is_firm": True, **fields}
    )
    assert code(rules.why_not_close(one, standing, outcome, is_covered=is_covered)) == expected


def test_nothing_is_agreed_to_before_it_is_said():
    assert rules.outcome_of(placement("running")) is None
