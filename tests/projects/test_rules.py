"""Under which agreement something is handed over, who moves and fills what, and how ready that makes the other side."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from permea.agreements.models import Agreement
from permea.foundation.refusals import Refusal
from permea.people.models import Person
from permea.projects import rules
from permea.projects.models import (
    AcceptanceCriterion,
    PackageItem,
    ReadinessPoint,
    TrainingSession,
    Transfer,
    TransferStep,
)
from tests.cast import AT

DAY = timedelta(days=1)
TODAY = AT.date()
FIRM, PARTNER = rules.Side(is_firm=True, may_bind=True), rules.Side(is_firm=False, may_bind=True)
CAMPUS = rules.Party(7, None, is_of_partner=False)
UNCOVERED = Refusal("projects.no_agreement", "No.")


def code(refusal):
    return refusal.code if refusal else None


def transfer(state="planned", direction="out", **fields):
    usual = {"key": "t", "partner_id": 7, "purpose": "use", "shown_at": AT}
    return Transfer(state=state, direction=direction, **{**usual, **fields})


def agreement(**fields):
    usual = {"title": "Licence", "status": "signed", "purposes": ["use"], "valid_from": AT}
    return Agreement(**{**usual, "is_about_everything": False, **fields})


def items(*states):
    return [PackageItem(state=state) for state in states]


def criteria(*passed):
    return [AcceptanceCriterion(is_passed=one) for one in passed]


@pytest.mark.parametrize(
    ("found", "subjects", "parties", "at", "refused"),
    [
        (agreement(), {"t"}, [CAMPUS], AT, None),
        (agreement(), {"i"}, [CAMPUS], AT, None),
        (agreement(is_about_everything=True), (), [CAMPUS], AT, None),
        (agreement(), {"t"}, [rules.Party(None, 3, is_of_partner=True)], AT, None),
        (None, (), [], AT, "projects.no_agreement"),
        (agreement(), {"t"}, [rules.Party(8, None, is_of_partner=False)], AT, "projects.other_party"),
        (agreement(), {"t"}, [], AT, "projects.other_party"),
        (agreement(), {"t"}, [CAMPUS], AT - DAY, "projects.agreement_not_live"),
        (agreement(status="offered"), {"t"}, [CAMPUS], AT, "projects.agreement_not_live"),
        (agreement(ended_at=AT), {"t"}, [CAMPUS], AT, "projects.agreement_not_live"),
        (agreement(purposes=["evaluate"]), {"t"}, [CAMPUS], AT, "projects.other_purpose"),
        (agreement(), {"x"}, [CAMPUS], AT, "projects.other_subject"),
        (agreement(), {""}, [CAMPUS], AT, "projects.other_subject"),
    ],
)
def test_only_a_living_agreement_with_the_partner_about_this_and_for_this_covers_it(
    found, subjects, parties, at, refused
):
    item = "i" if "i" in subjects else ""
    assert code(rules.why_not_covered(transfer(item_key=item), found, subjects, parties, at)) == refused


def test_only_whoever_the_agreement_binds_sees_it():
    reader, person = Person(pk=3), rules.Party(None, 3, is_of_partner=True)
    other = rules.Party(None, 4, is_of_partner=True)
    assert [rules.is_open_to(reader, transfer(), found) for found in ([CAMPUS], [person], [other], [])] == [
        True, True, False, False,
    ]  # fmt: skip


def test_the_firm_shows_it_once_and_under_an_agreement():
    hidden, weak = transfer(shown_at=None), rules.Side(is_firm=True, may_bind=False)
    told = [
        code(rules.why_not_show(*one))
        for one in (
            (hidden, FIRM, None), (hidden, PARTNER, None), (transfer(), FIRM, None), (hidden, weak, None),
            (hidden, FIRM, UNCOVERED),
        )
    ]  # fmt: skip
    assert told == [None, "projects.not_yours", "projects.shown", "projects.not_binding", "projects.no_agreement"]


@pytest.mark.parametrize(
    ("found", "to", "side", "package", "refused"),
    [
        (transfer(), "handing", FIRM, [], None),
        (transfer("refused"), "handing", FIRM, [], None),
        (transfer(direction="in"), "handing", PARTNER, [], None),
        (transfer(), "handing", PARTNER, [], "projects.giver_moves"),
        (transfer(direction="in"), "handing", FIRM, [], "projects.giver_moves"),
        (transfer(), "handing", rules.Side(is_firm=True, may_bind=False), [], "projects.not_binding"),
        (transfer(shown_at=None), "handing", FIRM, [], "projects.not_shown"),
        (transfer("testing"), "handing", FIRM, [], "projects.elsewhere"),
        (transfer(), "accepted", FIRM, [], "projects.elsewhere"),
        (transfer("handing"), "testing", FIRM, items("handed", "missing", "not_needed"), None),
        (transfer("handing"), "testing", FIRM, items("handed", "open"), "projects.package_open"),
        (transfer("handing"), "testing", FIRM, items("missing"), "projects.nothing_handed"),
        (transfer("accepted", support_until=TODAY), "support", FIRM, [], None),
        (transfer("accepted"), "support", FIRM, [], "projects.no_window"),
        (transfer("accepted"), "done", PARTNER, [], None),
        (transfer("accepted"), "done", FIRM, [], "projects.support_promised"),
        (transfer("support", support_until=TODAY), "done", PARTNER, [], None),
        (transfer("support", support_until=TODAY), "done", FIRM, [], "projects.support_promised"),
        (transfer("support", support_until=TODAY - DAY), "done", FIRM, [], None),
        (transfer("support"), "done", rules.Side(is_firm=False, may_bind=False), [], "projects.not_binding"),
    ],
)
def test_each_move_is_of_one_side_and_has_its_time(found, to, side, package, refused):
    told = {"items": package, "today": TODAY}
    assert code(rules.why_not_move(found, to, side, covered=None, **told)) == refused
    if refused is None and to != "done":
        assert code(rules.why_not_move(found, to, side, covered=UNCOVERED, **told)) == "projects.no_agreement"


@pytest.mark.parametrize(
    ("found", "side", "verdict", "note", "passed", "refused"),
    [
        (transfer("testing"), PARTNER, "accepted", "", [True], None),
        (transfer("testing"), PARTNER, "remarks", "Slow.", [True, False], None),
        (transfer("testing"), PARTNER, "refused", "It drops.", [False], None),
        (transfer("testing", direction="in"), FIRM, "accepted", "", [True], None),
        (transfer("testing"), FIRM, "accepted", "", [True], "projects.receiver_judges"),
        (transfer("handing"), PARTNER, "accepted", "", [True], "projects.not_in_test"),
        (transfer("testing"), rules.Side(is_firm=False, may_bind=False), "accepted", "", [True],
         "projects.not_binding"),
        (transfer("testing"), PARTNER, "accepted", "", [], "projects.not_measured"),
        (transfer("testing"), PARTNER, "refused", "No.", [True, None], "projects.not_measured"),
        (transfer("testing"), PARTNER, "accepted", "", [True, False], "projects.not_passed"),
        (transfer("testing"), PARTNER, "remarks", "", [True], "projects.no_reason"),
        (transfer("testing"), PARTNER, "refused", "", [True], "projects.no_reason"),
    ],
)  # fmt: skip
def test_only_the_receiving_side_judges_what_it_has_measured(found, side, verdict, note, passed, refused):
    told = {"criteria": criteria(*passed)}
    assert code(rules.why_not_judge(found, side, verdict, note, covered=None, **told)) == refused
    if refused is None:
        assert code(rules.why_not_judge(found, side, verdict, note, covered=UNCOVERED, **told)) == UNCOVERED.code


def test_package_and_level_are_of_the_giving_side_until_all_is_handed_over():
    planned, handing, testing = transfer(), transfer("handing"), transfer("testing")
    told = [
        code(rules.why_not_say(*one))
        for one in (
            (handing, FIRM, "handed", None), (handing, FIRM, "handed", UNCOVERED),
            (handing, FIRM, "missing", UNCOVERED), (planned, FIRM, "handed", None),
            (planned, FIRM, "not_needed", None), (handing, PARTNER, "missing", None), (testing, FIRM, "missing", None),
        )
    ]  # fmt: skip
    assert told == [
        None, "projects.no_agreement", None, "projects.not_handing", None, "projects.giver_fills", "projects.fixed",
    ]  # fmt: skip
    levels = [
        code(rules.why_not_state_level(*one))
        for one in (
            (transfer(direction="in", shown_at=None), FIRM), (transfer(direction="in"), FIRM), (planned, FIRM),
            (testing, FIRM), (transfer(direction="in"), PARTNER),
        )
    ]  # fmt: skip
    assert levels == [None, "projects.giver_fills", None, "projects.fixed", None]
    full = [code(rule(planned, 60)) for rule in (rules.why_not_prepare, rules.why_not_change)]
    assert (full, code(rules.why_not_change(transfer("done")))) == (["projects.too_many"] * 2, "projects.done")
    assert [rules.why_not_prepare(planned, 59), rules.why_not_change(planned, 59)] == [None, None]


def test_the_receiving_side_says_what_took_place_was_measured_and_is_ready():
    found, testing = transfer("handing"), transfer("testing")
    sessions = [TrainingSession(on=TODAY), TrainingSession(on=TODAY + DAY)]
    held = [
        code(rules.why_not_hold(*one, TODAY))
        for one in (
            (found, PARTNER, sessions[0], "Ida"), (found, PARTNER, sessions[0], ""),
            (found, PARTNER, sessions[1], "Ida"), (found, FIRM, sessions[0], "Ida"),
            (transfer("done"), PARTNER, sessions[0], "Ida"),
        )
    ]  # fmt: skip
    assert held == [None, "projects.nobody", "projects.not_yet", "projects.receiver_fills", "projects.done"]
    measured = [
        code(rules.why_not_measure(one, side, words, is_passed=passed))
        for one, side, words, passed in (
            (testing, PARTNER, "97", True), (testing, PARTNER, "", None), (testing, PARTNER, "97", None),
            (testing, PARTNER, "", False), (found, PARTNER, "97", True), (testing, FIRM, "97", True),
        )
    ]  # fmt: skip
    assert measured == [
        None, None, "projects.half_measured", "projects.half_measured", "projects.not_in_test",
        "projects.receiver_fills",
    ]  # fmt: skip
    ready = [
        code(rules.why_not_ready(one, side, owner, is_ready=is_ready))
        for one, side, owner, is_ready in (
            (found, PARTNER, "Ida", True), (found, PARTNER, "", False), (found, PARTNER, "", True),
            (found, FIRM, "Ida", True), (transfer("done"), PARTNER, "Ida", True),
        )
    ]  # fmt: skip
    assert ready == [None, None, "projects.no_owner", "projects.receiver_fills", "projects.done"]


def test_support_has_a_window_and_is_never_cut_short():
    in_support = transfer("support", support_until=TODAY + 30 * DAY)
    told = [
        code(rules.why_not_promise(one, side, start=start, until=until, contact=contact, today=TODAY))
        for one, side, start, until, contact in (
            (transfer(), FIRM, TODAY, TODAY, "Ida"), (transfer(), PARTNER, TODAY, TODAY, "Ida"),
            (transfer("done"), FIRM, TODAY, TODAY, "Ida"), (transfer(), FIRM, TODAY, TODAY - DAY, "Ida"),
            (transfer(), FIRM, TODAY - 9 * DAY, TODAY - DAY, "Ida"), (transfer(), FIRM, TODAY, TODAY, ""),
            (in_support, FIRM, TODAY, TODAY + 29 * DAY, "Ida"), (in_support, FIRM, TODAY, TODAY + 30 * DAY, "Ida"),
            (transfer("support"), FIRM, TODAY, TODAY, "Ida"),
        )
    ]  # fmt: skip
    assert told == [
        None, "projects.giver_fills", "projects.done", "projects.window_over", "projects.window_over",
        "projects.no_contact", "projects.window_shorter", None, None,
    ]  # fmt: skip
    days = [rules.remind_on(TODAY, TODAY + n * DAY) for n in (30, 14, 3)]
    assert days == [TODAY + 16 * DAY, TODAY, TODAY]


def test_readiness_counts_points_and_adds_budgets_up():
    points = [
        ReadinessPoint(name="a", is_ready=True, budget=Decimal("100.50")), ReadinessPoint(name="b"),
        ReadinessPoint(name="c", budget=Decimal(20)),
    ]  # fmt: skip
    found, nothing = rules.readiness_of(points), rules.readiness_of([])
    assert (found.n_ready, found.n_all, [one.name for one in found.open], found.budget) == (
        1, 3, ["b", "c"], Decimal("120.50"),
    )  # fmt: skip
    assert (nothing.n_ready, nothing.n_all, nothing.open, nothing.budget) == (0, 0, (), None)
    assert rules.readiness_of([ReadinessPoint()]).budget is None


def steps(*told):
    return [TransferStep(what=what, at=AT + day * DAY) for what, day in told]


def test_the_first_verdict_and_the_days_to_acceptance_are_counted():
    courses = [
        rules.course_of(steps(*told))
        for told in (
            (("begun", 0), ("handing", 1), ("testing", 2), ("accepted", 5)),
            (("handing", 0), ("refused", 3), ("handing", 4), ("remarks", 10)),
            (("handing", 0),),
            (("accepted", 0),),
        )
    ]  # fmt: skip
    assert [(one.is_first_time, one.days) for one in courses] == [(True, 4), (False, 10), (None, None), (True, None)]
    figures = rules.figures_of(courses)
    assert (figures.n_judged, figures.n_first_time, figures.n_accepted, figures.days) == (3, 2, 2, 7)
    assert rules.figures_of([]).days is None


def test_every_kind_has_a_package_and_every_level_its_words():
    assert [len(rules.package_of(kind)) for kind in Transfer.Kind.values] == [6] * 6
    assert (sorted(rules.LEVELS), len(rules.points_of())) == (list(range(1, 10)), 6)
    assert rules.no_side().code == "projects.no_side"
