"""What a round with a prototype changed: the figure before and after, and against the round before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.surface.formats import number
from permea.trials.models import Prototype

if TYPE_CHECKING:
    from permea_engine.effects import Estimated, PairedEffect

FEWEST = 3
Pair = tuple[float, float]  # before, after


@dataclass(frozen=True, slots=True)
class Measured:
    """What one participant measured, without who it was."""

    before: float
    after: float
    difference: float
    is_outlier: bool


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What a round changed; `step` is by how much its difference is above that of the round before."""

    n: int
    rows: list[Measured]
    effect: PairedEffect | None
    ease: Estimated | None
    step: Estimated | None
    verdict: str
    step_verdict: str

    @property
    def n_outliers(self) -> int:
        """Return how many lie far off the others; they count all the same."""
        return sum(row.is_outlier for row in self.rows)

    @property
    def dots(self) -> list[dict[str, float | str | None]]:
        """Return the mean with its interval and everybody's own difference, as a chart takes them."""
        if self.effect is None:
            return []
        found = self.effect.difference
        ends = (found.lower, found.upper) if found.n >= FEWEST else (None, None)
        mean: dict[str, float | str | None] = {
            "label": _("Mean"),
            "value": found.value,
            "lower": ends[0],
            "upper": ends[1],
            "tone": "accent",
        }
        own: list[dict[str, float | str | None]] = [
            {"label": str(number_), "value": row.difference, "lower": None, "upper": None,
             "tone": "warn" if row.is_outlier else "muted"}
            for number_, row in enumerate(self.rows, start=1)
        ]  # fmt: skip
        return [mean, *own]


def round_result(
    prototype: Prototype, pairs: Sequence[Pair], *, ease: Sequence[int], former: Sequence[Pair] = ()
) -> RoundResult:
    """Return what the figures of a round say, next to those of the round before."""
    from permea_engine import effects  # noqa: PLC0415 - NumPy and SciPy load at first use

    if not pairs:
        return RoundResult(0, [], None, None, None, _too_few(0), "")
    effect = effects.paired_effect(*zip(*pairs, strict=True))
    rows = [
        Measured(before, after, after - before, bool(is_outlier))
        for (before, after), is_outlier in zip(pairs, effect.is_outlier, strict=True)
    ]
    step = None
    if min(len(pairs), len(former)) >= FEWEST:
        step = effects.mean_difference([b - a for a, b in pairs], [b - a for a, b in former])
    return RoundResult(
        n=len(pairs),
        rows=rows,
        effect=effect,
        ease=effects.mean_interval([float(value) for value in ease]) if ease else None,
        step=step,
        verdict=_verdict(prototype, effect.difference),
        step_verdict=_step_verdict(prototype, step),
    )


def _too_few(n: int) -> str:
    return ngettext(
        "Too few to tell: %(num)d person measured.", "Too few to tell: %(num)d people measured.", n
    ) % {"num": n}  # fmt: skip


def _verdict(prototype: Prototype, found: Estimated) -> str:
    """Return what the difference says in plain words."""
    if found.n < FEWEST:
        return _too_few(found.n)
    said = _said(prototype, found)
    if found.lower > 0 or found.upper < 0:
        is_better = (found.value > 0) == prototype.is_more_better
        return (
            _("%(measure)s: better by %(value)s %(unit)s [%(lower)s, %(upper)s], n=%(n)s.") % said
            if is_better
            else _("%(measure)s: worse by %(value)s %(unit)s [%(lower)s, %(upper)s], n=%(n)s.") % said
        )
    return (
        _("Too few to tell whether it helps. %(measure)s: %(value)s %(unit)s [%(lower)s, %(upper)s], n=%(n)s.") % said
    )


def _said(prototype: Prototype, found: Estimated) -> dict[str, str]:
    """Return the numbers of a sentence; a clear difference is told without its sign."""
    ends = (found.value, found.lower, found.upper)
    if found.upper < 0:
        ends = (-found.value, -found.upper, -found.lower)
    value, lower, upper = (number(end, 1) for end in ends)
    return {
        "measure": prototype.measure,
        "unit": prototype.unit,
        "n": number(found.n),
        "value": value,
        "lower": lower,
        "upper": upper,
    }


def _step_verdict(prototype: Prototype, step: Estimated | None) -> str:
    """Return how a round compares with the one before, nothing where there is none or too few measured."""
    if step is None:
        return ""
    said = _said(prototype, step)
    if step.lower > 0 or step.upper < 0:
        is_better = (step.value > 0) == prototype.is_more_better
        return (
            _("A step forward from the round before: %(value)s %(unit)s [%(lower)s, %(upper)s].") % said
            if is_better
            else _("A step back from the round before: %(value)s %(unit)s [%(lower)s, %(upper)s].") % said
        )
    return _("Too few to tell it from the round before: %(value)s %(unit)s [%(lower)s, %(upper)s].") % said
