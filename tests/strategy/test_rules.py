"""What makes a goal, and how far it has come."""

from datetime import date
from decimal import Decimal

import pytest

from permea.strategy import rules
from permea.strategy.models import Goal, GoalReading
from tests.cast import AT

START, END = date(2026, 1, 1), date(2026, 12, 31)


def goal(**values):
    ours = {
        "metric": "Cost",
        "unit": "EUR",
        "baseline": Decimal(200),
        "target": Decimal(150),
        "baseline_on": START,
        "target_on": END,
    }
    return Goal(**{**ours, **values})


def reading(on, value):
    return GoalReading(on=on, value=Decimal(value))


def values(**changed):
    whole = {
        "metric": "Cost",
        "unit": "EUR",
        "baseline": Decimal(200),
        "baseline_on": START,
        "target": Decimal(150),
        "target_on": END,
    }
    return {**whole, **changed}


def test_a_whole_goal_may_be_set():
    assert rules.why_not_set(values(), is_owner_inside=True) is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"metric": " "}, "strategy.no_metric"),
        ({"baseline": None}, "strategy.no_baseline"),
        ({"baseline_on": None}, "strategy.no_baseline"),
        ({"target": None}, "strategy.no_target"),
        ({"target_on": None}, "strategy.no_target"),
        ({"target": Decimal(200)}, "strategy.no_change"),
        ({"target_on": START}, "strategy.dates_order"),
    ],
)
def test_a_goal_that_lacks_something_is_refused(changed, code):
    refusal = rules.why_not_set(values(**changed), is_owner_inside=True)
    assert refusal is not None
    assert refusal.code == code


def test_an_owner_from_outside_is_refused():
    refusal = rules.why_not_set(values(), is_owner_inside=False)
    assert refusal is not None
    assert refusal.code == "strategy.owner_outside"


def test_what_readings_measure_stays_and_the_rest_may_change():
    asked = [
        rules.why_not_change(goal(), values(baseline=Decimal(210)), n_readings=0),
        rules.why_not_change(goal(), values(baseline=Decimal(210)), n_readings=1),
        rules.why_not_change(goal(), values(target=Decimal(140)), n_readings=1),
        rules.why_not_change(goal(closed_at=AT), values(), n_readings=0),
    ]
    assert [refusal and refusal.code for refusal in asked] == [None, "strategy.measured", None, "strategy.closed"]


def test_a_reading_lies_between_the_baseline_and_today_and_the_goal_is_open():
    today = date(2026, 3, 1)
    asked = [
        rules.why_not_read(goal(), START, today=today),
        rules.why_not_read(goal(), today, today=today),
        rules.why_not_read(goal(), date(2026, 3, 2), today=today),
        rules.why_not_read(goal(), date(2025, 12, 31), today=today),
        rules.why_not_read(goal(closed_at=AT), today, today=today),
    ]
    codes = [None, None, "strategy.future_reading", "strategy.before_baseline", "strategy.closed"]
    assert [refusal and refusal.code for refusal in asked] == codes


def test_a_goal_is_closed_once_and_reopened_once():
    asked = [
        rules.why_not_close(goal()),
        rules.why_not_close(goal(closed_at=AT)),
        rules.why_not_reopen(goal(closed_at=AT)),
        rules.why_not_reopen(goal()),
    ]
    assert [refusal and refusal.code for refusal in asked] == [None, "strategy.closed", None, "strategy.not_closed"]


def test_without_a_reading_there_is_an_expectation_and_nothing_more():
    progress = rules.progress_of(goal(), [], date(2026, 7, 2))
    assert (progress.done, progress.gap, progress.filled, progress.lag, progress.verdict) == (
        None,
        None,
        0.0,
        0.0,
        "too_few",
    )
    assert (round(progress.expected, 3), progress.expected_value, progress.is_too_few) == (0.5, Decimal("175.0"), True)


@pytest.mark.parametrize(
    ("last", "verdict"),
    [("190", "behind"), ("176", "on_track"), ("160", "ahead"), ("150", "reached"), ("149", "reached")],
)
def test_two_readings_tell_how_it_goes(last, verdict):
    known = [reading(date(2026, 2, 1), 198), reading(date(2026, 7, 2), last)]
    assert rules.progress_of(goal(), known, date(2026, 7, 2)).verdict == verdict


def test_one_reading_is_too_few_unless_the_goal_is_reached():
    verdicts = [
        rules.progress_of(goal(), [reading(date(2026, 2, 1), value)], date(2026, 7, 2)).verdict for value in (190, 150)
    ]
    assert verdicts == ["too_few", "reached"]


def test_readings_of_later_days_do_not_count_and_order_does_not_matter():
    known = [reading(date(2026, 6, 1), 170), reading(date(2026, 2, 1), 190), reading(date(2026, 9, 1), 150)]
    progress = rules.progress_of(goal(), known, date(2026, 7, 2))
    assert (progress.latest, progress.n_readings, round(progress.done, 3)) == (known[0], 2, 0.6)


def test_a_metric_that_moves_the_wrong_way_is_behind_and_fills_nothing():
    known = [reading(date(2026, 2, 1), 205), reading(date(2026, 7, 2), 210)]
    progress = rules.progress_of(goal(), known, date(2026, 7, 2))
    assert (round(progress.done, 3), progress.filled, round(progress.lag, 3), progress.verdict) == (
        -0.2,
        0.0,
        0.7,
        "behind",
    )


def test_the_expectation_stays_between_baseline_and_target():
    expected = [rules.expected_share(goal(), day) for day in (date(2025, 1, 1), START, END, date(2030, 1, 1))]
    assert expected == [0.0, 0.0, 1.0, 1.0]


def test_the_expected_value_is_as_coarse_as_what_was_stated():
    shown = [
        rules.progress_of(goal(baseline=Decimal(48000), target=Decimal(40800)), [], date(2026, 5, 5)).expected_value,
        rules.progress_of(goal(baseline=Decimal("1.25"), target=Decimal("2.5")), [], date(2026, 5, 5)).expected_value,
    ]
    assert shown == [Decimal(45547), Decimal("1.676")]
