"""Where the marks of the report's charts stand: plain numbers for the template."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

ROW, TOP, LEFT, WIDTH, RIGHT = 22, 8, 250, 720, 24  # in units of the drawing
LABEL = 31  # characters


@dataclass(frozen=True, slots=True)
class Dot:
    """An estimate with its interval."""

    label: str
    value: float
    lower: float
    upper: float
    is_marked: bool
    text: str


@dataclass(frozen=True, slots=True)
class PlacedDot:
    """A dot with its place in the drawing."""

    dot: Dot
    label: str
    y: float
    text_y: float
    x: float
    x_lower: float
    x_upper: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled line across the drawing."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart of dots, one a row."""

    width: int
    height: int
    bottom: int
    label_x: int
    rows: tuple[PlacedDot, ...]
    ticks: tuple[Tick, ...]
    rule: float | None


def draw_dots(dots: Sequence[Dot], *, rule: float | None = None) -> Drawing:
    """Place dots below each other on one scale; `rule` is a value at which a line is drawn."""
    values = [end for dot in dots for end in (dot.lower, dot.upper)] + ([] if rule is None else [rule])
    ticks = _ticks(min(values), max(values))
    low, high = ticks[0], ticks[-1]

    def place(value: float) -> float:
        return round(LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT), 1)

    rows = [
        PlacedDot(
            dot=dot,
            label=dot.label if len(dot.label) <= LABEL else dot.label[: LABEL - 1] + "…",
            y=TOP + ROW * number + ROW / 2,
            text_y=TOP + ROW * number + ROW / 2 + 4,
            x=place(dot.value),
            x_lower=place(dot.lower),
            x_upper=place(dot.upper),
        )
        for number, dot in enumerate(dots)
    ]
    bottom = TOP + ROW * len(dots)
    return Drawing(
        width=WIDTH,
        height=bottom + 24,
        bottom=bottom,
        label_x=LEFT - 12,
        rows=tuple(rows),
        ticks=tuple(Tick(place(value), f"{value:.10g}") for value in ticks),
        rule=None if rule is None else place(rule),
    )


def _ticks(low: float, high: float) -> list[float]:
    """Return round values from below `low` to above `high`, four to nine of them."""
    span = max(high - low, 1e-6)
    raw = span / 5
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= raw)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(step * number, 10) for number in range(first, max(last, first + 1) + 1)]
