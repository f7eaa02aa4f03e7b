"""What charts are given and what they draw: rows in plain numbers, marks with their places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Number = float | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A row of an interval chart: an estimate and the interval around it, if one could be told."""

    label: str
    value: Number
    lower: Number | None
    upper: Number | None
    group: object = None
    href: str = ""
    note: str = ""
    n: int | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A row of a bar chart, with an interval if it is an estimate."""

    label: str
    value: Number
    lower: Number | None = None
    upper: Number | None = None
    href: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A series of a line chart: points (x, y), where x is a number or a date."""

    label: str
    points: Sequence[tuple[Any, Number]]
    tone: str = ""
    is_dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a funnel; the interval is that of the share that came here from the step before."""

    label: str
    n: int
    lower: Number | None = None
    upper: Number | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis."""

    value: Any
    at: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class IntervalMark:
    """An interval and its dot, placed."""

    rank: int
    label: str
    href: str
    note: str
    n: int | None
    tone: str
    group: object
    value: float
    lower: float | None
    upper: float | None
    at: str
    from_at: str
    to_at: str
    bracket: str
    is_last_awarded: bool


@dataclass(frozen=True, slots=True)
class IntervalChart:
    """Rows of dots on one scale."""

    marks: tuple[IntervalMark, ...]
    ticks: tuple[Tick, ...]
    tick_digits: int
    bar_at: str
    has_groups: bool
    has_n: bool


@dataclass(frozen=True, slots=True)
class BarMark:
    """A bar, placed; its whisker if there is one."""

    label: str
    href: str
    note: str
    tone: str
    value: float
    lower: float | None
    upper: float | None
    start: str
    length: str
    from_at: str
    to_at: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars from a common zero."""

    bars: tuple[BarMark, ...]
    zero_at: str
    has_intervals: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a line, placed."""

    x: Any
    y: float
    at_x: str
    at_y: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight piece of a line."""

    x1: str
    y1: float
    x2: str
    y2: float


@dataclass(frozen=True, slots=True)
class LineMark:
    """A line, placed."""

    label: str
    tone: str
    is_dashed: bool
    points: tuple[Point, ...]
    pieces: tuple[Stroke, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over time or a number."""

    lines: tuple[LineMark, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    y_digits: int
    left: str
    height: int
    target_at: float | None
    has_dates: bool


@dataclass(frozen=True, slots=True)
class StepMark:
    """A step of a funnel, placed."""

    label: str
    href: str
    n: int
    share: float | None
    lower: float | None
    upper: float | None
    length: str


@dataclass(frozen=True, slots=True)
class MeterMark:
    """A share as a length, and the mark to reach."""

    length: str
    target_at: str
    is_reached: bool


@dataclass(frozen=True, slots=True)
class SparkLine:
    """A small line: the points of its polyline and its last point."""

    points: str
    last_x: float
    last_y: float
