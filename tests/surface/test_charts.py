"""Where the marks of charts stand, checked by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from permea.surface import charts
from permea.surface.charts.scales import Scale, as_percent, ordinal


def dots(*groups: object, **fixed: object) -> list[dict[str, object]]:
    return [
        {"label": f"idea {index}", "value": 3.0, "lower": 2.0, "upper": 4.0, "group": group, **fixed}
        for index, group in enumerate(groups)
    ]


def test_an_interval_stands_where_its_numbers_are() -> None:
    mark = charts.interval_mark(3, 2, Decimal("3.5"), 1, 5)

    assert (mark.at, mark.from_at, mark.to_at) == ("50%", "25%", "62.5%")


def test_where_no_interval_could_be_told_the_dot_stands_alone() -> None:
    (mark,) = charts.interval_chart(dots(1, lower=None, upper=None), low=1, high=5).marks

    assert (mark.at, mark.from_at, mark.to_at, mark.lower, mark.upper) == ("50%", "", "", None, None)


def test_a_bracket_spans_neighbours_of_one_group_and_no_single_row() -> None:
    chart = charts.interval_chart(dots(1, 1, 1, 2, None, None, 3, 3))

    assert [mark.bracket for mark in chart.marks] == ["start", "middle", "end", "none", "none", "none", "start", "end"]
    assert chart.has_groups


def test_the_award_line_follows_the_last_awarded_row_and_is_left_out_at_the_end() -> None:
    within = charts.interval_chart(dots(None, None, None), award_after=2)
    at_the_end = charts.interval_chart(dots(None, None, None), award_after=3)

    assert [mark.is_last_awarded for mark in within.marks] == [False, True, False]
    assert not any(mark.is_last_awarded for mark in at_the_end.marks)


def test_a_given_scale_is_kept_and_its_ticks_are_round() -> None:
    chart = charts.interval_chart(dots(None), low=1, high=5, bar=3.5)

    assert [(tick.value, tick.at, tick.anchor) for tick in chart.ticks] == [
        (1, "0%", "start"),
        (2, "25%", "middle"),
        (3, "50%", "middle"),
        (4, "75%", "middle"),
        (5, "100%", "end"),
    ]
    assert (chart.bar_at, chart.tick_digits) == ("62.5%", 0)


def test_a_scale_left_open_holds_every_interval_and_the_bar() -> None:
    chart = charts.interval_chart(dots(None), bar=1.2)

    assert (chart.ticks[0].value, chart.ticks[-1].value) == (1, 4)


def test_no_row_makes_an_empty_chart() -> None:
    chart = charts.interval_chart([])

    assert (chart.marks, chart.has_groups, chart.has_n, chart.bar_at) == ((), False, False, "")


def test_a_row_with_an_unknown_name_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="colour"):
        charts.interval_chart(dots(None, colour="red"))


def test_bars_start_at_zero_on_either_side_and_carry_their_whisker() -> None:
    chart = charts.bar_chart(
        [{"label": "gain", "value": 6, "lower": 4, "upper": 8}, {"label": "loss", "value": -2, "tone": "stop"}]
    )

    assert [(bar.start, bar.length, bar.from_at, bar.to_at) for bar in chart.bars] == [
        ("20%", "60%", "60%", "100%"),
        ("0%", "20%", "", ""),
    ]
    assert (chart.zero_at, chart.has_intervals) == ("20%", True)


def test_bars_of_nothing_have_no_length() -> None:
    chart = charts.bar_chart([charts.Bar(label="none", value=0)])

    assert (chart.bars[0].length, chart.zero_at, chart.has_intervals) == ("0%", "0%", False)


def test_lines_go_from_the_first_to_the_last_date() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    chart = charts.line_chart([{"label": "cost", "points": [(first, 100), (last, 80)]}], target=75)

    line = chart.lines[0]
    assert [point.at_x for point in line.points] == ["8.5%", "98.5%"]
    assert len(line.pieces) == 1
    assert line.points[0].at_y < line.points[1].at_y < chart.target_at
    assert chart.has_dates
    assert [(tick.value, tick.anchor) for tick in chart.x_ticks] == [(first, "start"), (last, "end")]


def test_lines_over_numbers_have_no_dates_and_no_target() -> None:
    chart = charts.line_chart([charts.Line(label="share", points=[(0, 0.0), (1, 0.5), (2, 1.0)])])

    assert (chart.has_dates, chart.target_at) == (False, None)
    assert [tick.value for tick in chart.x_ticks] == [0, 1, 2]
    assert [tick.value for tick in chart.y_ticks] == [0, 0.2, 0.4, 0.6, 0.8, 1]


def test_a_chart_without_lines_has_no_ticks_across() -> None:
    assert charts.line_chart([]).x_ticks == ()


def test_a_time_of_day_counts_in_days() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)

    assert ordinal(noon + timedelta(hours=12)) - ordinal(noon) == 0.5


def test_a_funnel_compares_with_the_largest_and_with_the_step_before() -> None:
    marks = charts.funnel_chart(
        [
            charts.Step(label="in", n=40),
            {"label": "read", "n": 20, "lower": 0.3, "upper": 0.7},
            {"label": "won", "n": 0},
        ]
    )

    assert [(mark.length, mark.share) for mark in marks] == [("100%", None), ("50%", 0.5), ("0%", 0.0)]
    assert (marks[1].lower, marks[1].upper) == (0.3, 0.7)


def test_after_an_empty_step_there_is_no_share() -> None:
    marks = charts.funnel_chart([{"label": "in", "n": 0}, {"label": "read", "n": 0}])

    assert marks[1].share is None


@pytest.mark.parametrize(
    ("value", "target", "expected"),
    [
        (0.5, 0.9, ("50%", "90%", False)),
        (0.9, 0.9, ("90%", "90%", True)),
        (1.4, None, ("100%", "", False)),
        (None, 0.9, ("0%", "90%", False)),
        (float("nan"), None, ("0%", "", False)),
    ],
)
def test_a_meter_fills_to_its_share_and_says_whether_it_is_enough(
    value: float | None, target: float | None, expected: tuple[str, str, bool]
) -> None:
    mark = charts.meter_mark(value, target)

    assert (mark.length, mark.target_at, mark.is_reached) == expected


def test_a_spark_goes_up_when_the_values_do() -> None:
    line = charts.spark_line([1, 2, 3])

    assert line is not None
    assert (line.points, line.last_x, line.last_y) == ("4,20 48,12 92,4", 92, 4)


def test_a_spark_of_one_value_is_a_point_and_of_none_is_nothing() -> None:
    line = charts.spark_line([7])

    assert line is not None
    assert line.points == "4,20"
    assert charts.spark_line([]) is None


@given(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=20),
    st.floats(0.001, 1e6),
)
def test_a_scale_holds_what_it_was_made_around_with_few_round_ticks(values: list[float], span: float) -> None:
    values = [*values, values[0] + span]

    scale = Scale.around(values)

    dust = 1e-6 * (max(values) - min(values))
    assert scale.low <= min(values) + dust
    assert scale.high >= max(values) - dust
    assert 2 <= len(scale.ticks()) <= 8


def test_a_scale_around_one_value_has_room_on_both_sides() -> None:
    scale = Scale.around([3.0])

    assert (scale.low, scale.high, scale.share(3.0)) == (2, 4, 0.5)


def test_a_scale_places_nothing_nowhere_and_percentages_have_no_trailing_zeros() -> None:
    assert Scale(0, 1, 0.5).at(None) == ""
    assert [as_percent(share) for share in (0, 0.5, 1 / 3, 1)] == ["0%", "50%", "33.33%", "100%"]


@pytest.mark.parametrize(("high", "digits"), [(5, 0), (1, 1), (1.25, 2), (0.05, 2), (12.5, 1), (2000, 0)])
def test_ticks_are_written_with_as_many_decimals_as_they_need(high: float, digits: int) -> None:
    assert Scale.around([0.0, high]).digits == digits
