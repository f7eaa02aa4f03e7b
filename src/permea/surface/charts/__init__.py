"""Where the marks of a chart stand: plain numbers in, frozen geometry out; templates/components/charts.html draws it.

Positions along the reading direction are percentages of the drawing's width (so that a chart fits any screen without
stretching its dots and letters); heights are pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar

from permea.surface.charts.scales import Scale, as_percent, ordinal
from permea.surface.charts.shapes import (
    Bar,
    BarChart,
    BarMark,
    Interval,
    IntervalChart,
    IntervalMark,
    Line,
    LineChart,
    LineMark,
    MeterMark,
    Number,
    Point,
    SparkLine,
    Step,
    StepMark,
    Stroke,
    Tick,
)

Row = TypeVar("Row")

LINES_HEIGHT = 240
LINES_TOP, LINES_FOOT = 10, 28
LINES_LEFT, LINES_RIGHT = 7.0, 98.5
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 96, 24, 4


def interval_chart(
    rows: Iterable[Interval | Mapping[str, Any]],
    *,
    low: Number | None = None,
    high: Number | None = None,
    award_after: int | None = None,
    bar: Number | None = None,
    first: int = 1,
) -> IntervalChart:
    """Place intervals, best first, on a scale from `low` to `high` (by default as wide as the intervals need).

    `first` is the rank of the first row, where the rows are a page of a longer list.
    """
    given = [_row(Interval, row) for row in rows]
    ends = [float(end) for row in given for end in (row.lower, row.upper, row.value) if end is not None]
    ends += [float(bar)] if bar is not None else []
    scale = Scale.around(ends, low=low, high=high)
    brackets = _brackets([row.group for row in given])
    marks = tuple(
        _placed(scale, row, rank=rank, bracket=bracket, is_last=rank == award_after and rank - first + 1 < len(given))
        for rank, (row, bracket) in enumerate(zip(given, brackets, strict=True), start=first)
    )
    return IntervalChart(
        marks=marks,
        ticks=scale.ticks(),
        tick_digits=scale.digits,
        bar_at=scale.at(bar) if bar is not None else "",
        has_groups=any(bracket != "none" for bracket in brackets),
        has_n=any(row.n is not None for row in given),
    )


def interval_mark(value: Number, lower: Number, upper: Number, low: Number, high: Number) -> IntervalMark:
    """Place one interval on a scale from `low` to `high`."""
    row = Interval(label="", value=value, lower=lower, upper=upper)
    return _placed(Scale(float(low), float(high), 1.0), row, rank=1, bracket="none", is_last=False)


def bar_chart(rows: Iterable[Bar | Mapping[str, Any]]) -> BarChart:
    """Place bars from a common zero, wide enough for their intervals."""
    given = [_row(Bar, row) for row in rows]
    ends = [float(end) for row in given for end in (row.value, row.lower, row.upper) if end is not None]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    scale = Scale(low, high if high > low else low + 1, 1.0)
    bars = []
    for row in given:
        value = float(row.value)
        has_interval = row.lower is not None and row.upper is not None
        bars.append(
            BarMark(
                label=row.label,
                href=row.href,
                note=row.note,
                tone=row.tone,
                value=value,
                lower=_number(row.lower),
                upper=_number(row.upper),
                start=scale.at(min(value, 0)),
                length=as_percent(abs(value) / (scale.high - scale.low)),
                from_at=scale.at(row.lower) if has_interval else "",
                to_at=scale.at(row.upper) if has_interval else "",
            )
        )
    return BarChart(tuple(bars), scale.at(0), any(bar.from_at for bar in bars))


def line_chart(series: Iterable[Line | Mapping[str, Any]], *, target: Number | None = None) -> LineChart:
    """Place lines over dates or numbers, with a line for the target if there is one."""
    given = [_row(Line, row) for row in series]
    xs = [x for line in given for x, _y in line.points]
    has_dates = any(isinstance(x, date) for x in xs)
    across = Scale.exact([ordinal(x) for x in xs])
    ys = [float(y) for line in given for _x, y in line.points]
    down = Scale.around([*ys, *([float(target)] if target is not None else [])])
    lines = tuple(_line(row, across, down) for row in given)
    return LineChart(
        lines=lines,
        x_ticks=_x_ticks(xs, across),
        y_ticks=tuple(Tick(tick.value, str(_drop(down, tick.value))) for tick in down.ticks()),
        y_digits=down.digits,
        left=f"{LINES_LEFT:g}%",
        height=LINES_HEIGHT,
        target_at=_drop(down, float(target)) if target is not None else None,
        has_dates=has_dates,
    )


def funnel_chart(steps: Iterable[Step | Mapping[str, Any]]) -> tuple[StepMark, ...]:
    """Place the steps of a funnel: lengths relative to the largest, shares relative to the step before."""
    given = [_row(Step, row) for row in steps]
    largest = max([1, *(step.n for step in given)])
    marks = []
    for before, step in zip([None, *given], given, strict=False):
        marks.append(
            StepMark(
                label=step.label,
                href=step.href,
                n=step.n,
                share=step.n / before.n if before is not None and before.n else None,
                lower=_number(step.lower),
                upper=_number(step.upper),
                length=as_percent(step.n / largest),
            )
        )
    return tuple(marks)


def meter_mark(value: Number | None, target: Number | None = None) -> MeterMark:
    """Place a share between 0 and 1 and the mark to reach; no share has no length."""
    share = min(max(float(value), 0.0), 1.0) if value is not None and not math.isnan(value) else 0.0
    return MeterMark(
        length=as_percent(share),
        target_at=as_percent(float(target)) if target is not None else "",
        is_reached=target is not None and share >= float(target),
    )


def spark_line(values: Sequence[Number]) -> SparkLine | None:
    """Place a small line, or None for no values."""
    if not values:
        return None
    ys = [float(value) for value in values]
    low, span = min(ys), (max(ys) - min(ys)) or 1.0
    width, height = SPARK_WIDTH - 2 * SPARK_MARGIN, SPARK_HEIGHT - 2 * SPARK_MARGIN
    points = [
        (
            round(SPARK_MARGIN + width * index / max(len(ys) - 1, 1), 1),
            round(SPARK_MARGIN + height * (1 - (y - low) / span), 1),
        )
        for index, y in enumerate(ys)
    ]
    return SparkLine(" ".join(f"{x:g},{y:g}" for x, y in points), *points[-1])


def _row(kind: type[Row], given: Row | Mapping[str, Any]) -> Row:
    """Return a row as its dataclass. Raises TypeError for a mapping with an unknown name."""
    return kind(**given) if isinstance(given, Mapping) else given


def _number(value: Number | None) -> float | None:
    return None if value is None else float(value)


def _placed(scale: Scale, row: Interval, *, rank: int, bracket: str, is_last: bool) -> IntervalMark:
    has_interval = row.lower is not None and row.upper is not None
    return IntervalMark(
        rank=rank,
        label=row.label,
        href=row.href,
        note=row.note,
        n=row.n,
        tone=row.tone,
        group=row.group,
        value=float(row.value),
        lower=_number(row.lower),
        upper=_number(row.upper),
        at=scale.at(row.value),
        from_at=scale.at(row.lower) if has_interval else "",
        to_at=scale.at(row.upper) if has_interval else "",
        bracket=bracket,
        is_last_awarded=is_last,
    )


def _brackets(groups: Sequence[object]) -> list[str]:
    """Return for each row whether a bracket starts, goes on or ends there; a group of one has none."""
    brackets = []
    for index, group in enumerate(groups):
        joins_above = group is not None and index > 0 and groups[index - 1] == group
        joins_below = group is not None and index + 1 < len(groups) and groups[index + 1] == group
        brackets.append(
            {(True, True): "middle", (True, False): "end", (False, True): "start", (False, False): "none"}[
                joins_above, joins_below
            ]
        )
    return brackets


def _across(scale: Scale, x: object) -> str:
    return as_percent((LINES_LEFT + 1.5 + (LINES_RIGHT - LINES_LEFT - 1.5) * scale.share(ordinal(x))) / 100)


def _drop(scale: Scale, y: float) -> float:
    return round(LINES_TOP + (LINES_HEIGHT - LINES_TOP - LINES_FOOT) * (1 - scale.share(y)), 1)


def _line(row: Line, across: Scale, down: Scale) -> LineMark:
    points = tuple(Point(x, float(y), _across(across, x), _drop(down, float(y))) for x, y in row.points)
    pieces = tuple(Stroke(left.at_x, left.at_y, right.at_x, right.at_y) for left, right in pairwise(points))
    return LineMark(row.label, row.tone, row.is_dashed, points, pieces)


def _x_ticks(xs: Sequence[Any], across: Scale) -> tuple[Tick, ...]:
    """Return the first, middle and last x, fewer where they are the same."""
    ordered = sorted(set(xs), key=ordinal)
    chosen = sorted({0, len(ordered) // 2, len(ordered) - 1}) if ordered else []
    anchors = {0: "start", len(ordered) - 1: "end"}
    return tuple(
        Tick(ordered[index], _across(across, ordered[index]), anchors.get(index, "middle")) for index in chosen
    )
