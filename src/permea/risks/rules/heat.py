"""Where the bars of the heat map stand: across the chance of a year in per cent, upwards the loss by powers of ten."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, pairwise

from permea.risks.rules.register import Ranges
from permea.surface.charts.scales import as_percent

MOST_SHOWN = 20
LEFT, RIGHT = 0.15, 0.97
TOP, HEIGHT, FOOT = 14, 330, 28
BADGE = 20
NEAR = 0.06
LEVELS = 3
WIDTHS = ((0.2, 0.05), (0.4, 0.1), (0.6, 0.1), (0.8, 0.2), (1.0, 0.2))  # highest chance shown, and from tick to tick


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A risk on the map."""

    label: str
    href: str
    ranges: Ranges


@dataclass(frozen=True, slots=True)
class HeatTick:
    """A value on an axis, and where it stands."""

    value: float
    at: str


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A field of the ground; the higher the level, the more an average year costs there."""

    x: str
    y: str
    width: str
    height: str
    level: int


@dataclass(frozen=True, slots=True)
class HeatMark:
    """A risk: a bar across from its low to its high chance, one upwards for the loss, and its number between them."""

    number: int
    row: HeatRow
    from_x: str
    to_x: str
    at_x: str
    top: float
    bottom: float
    at_y: float
    badge_x: str
    badge_y: float


@dataclass(frozen=True, slots=True)
class Heat:
    """The whole map."""

    marks: tuple[HeatMark, ...]
    cells: tuple[HeatCell, ...]
    across: tuple[HeatTick, ...]
    upwards: tuple[HeatTick, ...]
    height: int
    foot: int


@dataclass(frozen=True, slots=True)
class _Ground:
    """The scales of a map: the highest chance and its step, the lowest and the highest power of ten."""

    widest: float
    step: float
    low: int
    high: int

    def x(self, chance: float) -> float:
        return LEFT + (RIGHT - LEFT) * min(chance / self.widest, 1.0)

    def y(self, loss: float) -> float:
        power = math.log10(loss) if loss > 0 else self.low
        share = (min(max(power, self.low), self.high) - self.low) / (self.high - self.low)
        return round(TOP + (HEIGHT - TOP - FOOT) * (1 - share), 1)


def heat_map(rows: Sequence[HeatRow]) -> Heat:
    """Place risks, the most expensive first, and the ground under them."""
    ground = _ground([row.ranges for row in rows])
    columns = [number * ground.step for number in range(round(ground.widest / ground.step) + 1)]
    powers = range(ground.low, ground.high + 1)
    return Heat(
        marks=tuple(_marks(rows, ground)),
        cells=tuple(_cells(columns, powers, ground)),
        across=tuple(HeatTick(one, as_percent(ground.x(one))) for one in columns),
        upwards=tuple(HeatTick(10.0**one, f"{ground.y(10.0**one):g}") for one in powers),
        height=HEIGHT,
        foot=HEIGHT - FOOT,
    )


def _ground(every: Sequence[Ranges]) -> _Ground:
    """Return scales that hold all ranges."""
    highest = max((float(one.probability[2]) for one in every), default=0.0)
    widest, step = next(pair for pair in WIDTHS if highest <= pair[0] + 1e-9)
    losses = [float(loss) for one in every for loss in one.impact if loss > 0] or [1000.0]
    low, high = math.floor(math.log10(min(losses))), math.ceil(math.log10(max(losses)))
    return _Ground(widest, step, low, max(high, low + 1))


def _cells(columns: Sequence[float], powers: range, ground: _Ground) -> Iterable[HeatCell]:
    """Yield the fields of the ground; the most an average year can cost on this map has the highest level."""
    most = math.log10(ground.widest) + ground.high
    for left, right in pairwise(columns):
        for power in powers[:-1]:
            typical = math.log10((left + right) / 2) + power + 0.5
            top, bottom = ground.y(10.0 ** (power + 1)), ground.y(10.0**power)
            x, end = ground.x(left), ground.x(right)
            level = max(0, LEVELS - math.floor(most - typical))
            yield HeatCell(as_percent(x), f"{top:g}", as_percent(end - x), f"{round(bottom - top, 1):g}", level)


def _marks(rows: Sequence[HeatRow], ground: _Ground) -> Iterable[HeatMark]:
    """Yield the risks, each number where it lies on no other."""
    taken: list[tuple[float, float]] = []
    for number, row in enumerate(rows, start=1):
        chance, cost = _floats(row.ranges.probability), _floats(row.ranges.impact)
        x, y = ground.x(chance[1]), ground.y(cost[1])
        left, right, top, bottom = ground.x(chance[0]), ground.x(chance[2]), ground.y(cost[2]), ground.y(cost[0])
        badge = _free([(x, y), (right, y), (left, y), (x, top), (x, bottom)], taken)
        taken.append(badge)
        yield HeatMark(
            number=number,
            row=row,
            from_x=as_percent(left),
            to_x=as_percent(right),
            at_x=as_percent(x),
            top=top,
            bottom=bottom,
            at_y=y,
            badge_x=as_percent(badge[0]),
            badge_y=badge[1],
        )


def _free(places: Sequence[tuple[float, float]], taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the first place that is free: the middle of the bars, an end of one, or else below the middle."""
    x, y = places[0]
    below = ((x, y + BADGE * step) for step in range(1, len(taken) + 2))
    return next(
        place
        for place in chain(places, below)
        if all(abs(place[0] - one[0]) >= NEAR or abs(place[1] - one[1]) > BADGE - 1 for one in taken)
    )


def _floats(three: tuple[Decimal, Decimal, Decimal]) -> tuple[float, float, float]:
    """Return three numbers as floats."""
    return float(three[0]), float(three[1]), float(three[2])
