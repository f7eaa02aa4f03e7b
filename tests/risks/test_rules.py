"""What may be said of a risk, when a trigger has fired, and where the map puts its bars."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from permea.people.models import Person
from permea.risks import rules
from permea.risks.models import Risk, Trigger
from tests.cast import AT

PLAIN = {
    "probability_low": Decimal("0.1"), "probability_likely": Decimal("0.2"), "probability_high": Decimal("0.3"),
    "impact_low": Decimal(1000), "impact_likely": Decimal(2000), "impact_high": Decimal(9000),
}  # fmt: skip
LEFT = {f"left_{name}": value / 2 for name, value in PLAIN.items()}
TREATED = {"mitigation": "Show less.", **LEFT}


def risk(**said):
    return Risk(**{"title": "Leak", "kind": "leakage", "review_on": AT.date(), **PLAIN, **said})


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, None),
        (TREATED, None),
        ({"state": "treated", **TREATED}, None),
        ({"probability_likely": Decimal("0.4")}, "risks.falling"),
        ({"impact_low": Decimal(3000)}, "risks.falling"),
        ({"probability_high": Decimal(2)}, "risks.out_of_range"),
        ({"impact_low": Decimal(-1)}, "risks.out_of_range"),
        ({"left_impact_low": Decimal(1)}, "risks.half_said"),
        ({**LEFT, "mitigation": " "}, "risks.no_mitigation"),
        ({**TREATED, "left_probability_low": Decimal(1)}, "risks.falling"),
        ({**TREATED, "left_impact_high": Decimal(90_000)}, "risks.worse"),
        ({"state": "treated"}, "risks.nothing_left"),
    ],
)
def test_what_may_be_said_of_a_risk(said, code):
    refusal = rules.why_not_note(risk(**said))
    assert (refusal and refusal.code) == code


@pytest.mark.parametrize(
    ("said", "state", "why", "code"),
    [
        ({}, "accepted", "We can bear it.", None),
        (TREATED, "treated", "In place since May.", None),
        ({}, "open", "Again.", "risks.same_state"),
        ({}, "closed", "  ", "risks.no_reason"),
        ({}, "treated", "Done.", "risks.nothing_left"),
    ],
)
def test_another_state_needs_a_reason_and_what_is_left(said, state, why, code):
    refusal = rules.why_not_settle(risk(**said), state, why)
    assert (refusal and refusal.code) == code


def test_what_counts_is_what_is_left_once_treated_and_nothing_once_closed():
    """0.2 x 3000 = 600 in an average year; half of both ranges leave a quarter."""
    treated = risk(state="treated", **TREATED)
    assert (rules.average_loss(rules.ranges_of(treated)), rules.saving(treated)) == pytest.approx((600, 450))
    assert rules.average_loss(rules.counted(treated)) == pytest.approx(150)
    assert (rules.counted(risk(state="closed")), rules.saving(risk()), rules.left_of(risk())) == (None, None, None)
    assert rules.counted(risk(state="accepted")) == rules.ranges_of(risk())


def test_a_review_is_due_on_its_day_unless_the_risk_is_closed():
    day = date(2026, 3, 2)
    assert [rules.is_due(risk(review_on=day, state=state), AT.date()) for state in ("open", "closed")] == [True, False]
    assert rules.is_due(risk(review_on=date(2026, 3, 3)), AT.date()) is False


@pytest.mark.parametrize(
    ("role", "is_owner", "may"),
    [("manager", False, True), ("member", True, True), ("member", False, False), ("evaluator", True, False)],
)
def test_who_manages_or_looks_after_it_reads_and_reviews(role, is_owner, may):
    mine = Person(pk=1)
    refusal = rules.why_not_review(risk(owner=mine if is_owner else Person(pk=2)), mine, role)
    assert (refusal is None) == may


def test_somebody_of_the_house_looks_after_it():
    codes = [rules.why_not_look_after(role) for role in ("owner", "member", "evaluator", None)]
    assert [code is None for code in codes] == [True, True, False, False]


@pytest.mark.parametrize(
    ("kind", "limit", "value", "fired", "found"),
    [
        ("review", 0, 0, False, "Found: in 0 days."),
        ("review", 0, -1, True, "Found: 1 day ago."),
        ("agreement", 30, 31, False, "Found: in 31 days."),
        ("agreement", 30, 30, True, "Found: in 30 days."),
        ("agreement", 30, None, False, "It cannot be told"),
        ("readers", 2, 2, False, "Found: 2 people."),
        ("readers", 2, 3, True, "Found: 3 people."),
        ("partner", 40, 40, False, "Found: 40 %."),
        ("partner", 40, 41, True, "Found: 41 %."),
    ],
)
def test_a_trigger_fires_beyond_its_limit_and_says_what_was_found(kind, limit, value, fired, found):
    trigger = Trigger(kind=kind, limit=limit, value=value, about_label="Lab", looked_at=AT)
    assert rules.has_fired(kind, limit, value) is fired
    assert rules.finding(trigger).startswith(found)
    assert ("Lab" in rules.watched_for(trigger)) == (kind != "review")


def test_nobody_has_looked_yet_and_too_few_crossings_tell_nothing():
    assert rules.finding(Trigger(kind="review")) == "Nobody has looked yet."
    assert [rules.share_of(9, 9), rules.share_of(7, 10), rules.days_until(None, AT.date())] == [None, 70, None]


@pytest.mark.parametrize(
    ("watch", "code"),
    [
        ({"kind": "review", "about_kind": ""}, None),
        ({"kind": "agreement", "about_kind": "agreement", "limit": 730}, None),
        ({"kind": "review", "about_kind": "item"}, "risks.other_subject"),
        ({"kind": "readers", "about_kind": "partner"}, "risks.other_subject"),
        ({"kind": "partner", "about_kind": "partner", "limit": 100}, "risks.limit_too_high"),
        ({"kind": "readers", "about_kind": "item", "n_watched": 20}, "risks.watched_enough"),
    ],
)
def test_what_a_risk_may_be_watched_for(watch, code):
    refusal = rules.why_not_watch(**{"limit": 1, "n_watched": 0, **watch})
    assert (refusal and refusal.code) == code


def share(text):
    return float(text.removesuffix("%"))


def test_bars_reach_from_low_to_high_and_numbers_do_not_lie_on_each_other():
    """Chances up to 30 % are shown up to 40 %; losses from 1,000 to 9,000 fill one power of ten."""
    row = rules.HeatRow("Leak", "abc", rules.ranges_of(risk()))
    free = rules.HeatRow("Free", "def", rules.Ranges((Decimal(0),) * 3, (Decimal(0),) * 3))
    heat = rules.heat_map([row, row, free])
    first, second, third = heat.marks
    assert [tick.value for tick in heat.upwards] == [1000, 10_000]
    assert [round(tick.value, 2) for tick in heat.across] == [0, 0.1, 0.2, 0.3, 0.4]
    ticks = {round(tick.value, 2): share(tick.at) for tick in heat.across}
    assert (share(first.from_x), share(first.at_x), share(first.to_x)) == (ticks[0.1], ticks[0.2], ticks[0.3])
    assert (first.bottom, first.badge_y) == (float(heat.upwards[0].at), first.at_y)
    assert first.top < first.at_y < first.bottom
    assert (second.at_y, second.badge_y, second.badge_x) == (first.at_y, first.badge_y, first.to_x)
    assert (third.top, third.bottom, third.from_x) == (first.bottom, first.bottom, heat.across[0].at)
    assert max(cell.level for cell in heat.cells) == 3


def test_a_number_without_a_free_end_stands_below():
    """Bars without a length have no ends beside their middle."""
    point = rules.HeatRow("Leak", "abc", rules.Ranges((Decimal("0.1"),) * 3, (Decimal(5000),) * 3))
    marks = rules.heat_map([point] * 3).marks
    assert [mark.badge_y - mark.at_y for mark in marks] == pytest.approx([0, 20, 40])


def test_an_empty_map_has_a_ground_and_an_expensive_corner():
    heat = rules.heat_map([])
    assert (heat.marks, len(heat.cells)) == ((), 4)
    assert (
        rules.heat_map([rules.HeatRow("x", "y", rules.Ranges((Decimal(1),) * 3, (Decimal(10),) * 3))]).across[-1].value
        == 1
    )


def test_ten_typical_risks_may_be_said_as_they_are():
    for starter in rules.STARTERS:
        chance, cost = starter.ranges.probability, starter.ranges.impact
        ends = ("low", "likely", "high")
        numbers = {f"probability_{end}": one for end, one in zip(ends, chance, strict=True)}
        numbers |= {f"impact_{end}": one for end, one in zip(ends, cost, strict=True)}
        assert rules.why_not_note(risk(**numbers, mitigation=str(starter.mitigation))) is None
    assert len({starter.name for starter in rules.STARTERS}) == len(rules.STARTERS) == 10
    assert {starter.kind for starter in rules.STARTERS} == set(Risk.Kind.values)


def test_amounts_are_said_to_two_digits():
    assert [rules.about(one) for one in (0, 42_318.4, 0.123, 968.06)] == [0, 42_000, 0.12, 970]
