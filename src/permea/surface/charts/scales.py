"""Linear scales with round ticks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from permea.surface.charts.shapes import Number, Tick

N_TICKS = 5
MOST_DIGITS = 9
EDGE = 0.02  # a label nearer to an end than this share would be cut off


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale with round ticks."""

    low: float
    high: float
    step: float

    @classmethod
    def around(cls, values: Sequence[float], *, low: Number | None = None, high: Number | None = None) -> Scale:
        """Return a scale with round ends that holds all values; given ends are kept."""
        least = float(low) if low is not None else min(values, default=0.0)
        most = float(high) if high is not None else max(values, default=1.0)
        if most <= least:
            least, most = least - 1, least + 1
        step = _round_step((most - least) / N_TICKS)
        start = least if low is not None else math.floor(least / step + 1e-9) * step
        end = most if high is not None else math.ceil(most / step - 1e-9) * step
        return cls(_tidy(start, step), _tidy(end, step), step)

    @classmethod
    def exact(cls, values: Sequence[float]) -> Scale:
        """Return a scale from the least to the largest value."""
        least, most = min(values, default=0.0), max(values, default=1.0)
        return cls(least, most if most > least else least + 1.0, 1.0)

    @property
    def digits(self) -> int:
        """Return how many decimals the ticks need."""
        return next(
            digits
            for digits in range(MOST_DIGITS + 1)
            if digits == MOST_DIGITS or math.isclose(round(self.step, digits), self.step, rel_tol=1e-9)
        )

    def share(self, value: Number) -> float:
        """Return where a value stands, from 0 to 1, held inside the scale."""
        return min(max((float(value) - self.low) / (self.high - self.low), 0.0), 1.0)

    def at(self, value: Number | None) -> str:
        """Return where a value stands, as a percentage of the width."""
        return as_percent(self.share(value)) if value is not None else ""

    def ticks(self) -> tuple[Tick, ...]:
        """Return the round values of the scale; the outermost are anchored inwards."""
        first = math.ceil(self.low / self.step - 1e-9)
        last = math.floor(self.high / self.step + 1e-9)
        ticks = []
        for count in range(first, last + 1):
            value = _tidy(count * self.step, self.step)
            share = self.share(value)
            ticks.append(Tick(value, as_percent(share), _anchor(share)))
        return tuple(ticks)


def as_percent(share: float) -> str:
    """Return a share as a percentage, as SVG writes lengths."""
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"


def ordinal(x: object) -> float:
    """Return a date or number as a number of days or itself."""
    if isinstance(x, datetime):
        return x.timestamp() / 86400
    if isinstance(x, date):
        return float(x.toordinal())
    return float(x)  # type: ignore[arg-type]  # a number


def _round_step(raw: float) -> float:
    """Return the smallest of 1, 2, 2.5, 5 times a power of ten that is not below `raw`."""
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * (1 - 1e-9))


def _tidy(value: float, step: float) -> float:
    """Return a multiple of `step` without the dust of binary fractions."""
    return round(value, 2 - math.floor(math.log10(step)))


def _anchor(share: float) -> str:
    if share <= EDGE:
        return "start"
    return "end" if share >= 1 - EDGE else "middle"
