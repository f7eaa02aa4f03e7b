"""What the answers to a concept test say: each variant with its interval, who is ahead of whom, and one plain sentence.

Of several differences each gets an interval wide enough that all of them hold together at 95 % (Bonferroni): who looks
at ten pairs finds a lucky one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.surface.formats import number

if TYPE_CHECKING:
    from permea_engine.effects import Estimated

LEVEL = 0.95
FEWEST = 5  # answers a side
WANTED, FIT, PREFERRED, SCALE = "wanted", "fit", "preferred", "scale"
Pick = tuple[int, int, int]  # first and second variant, and 1, 0 or -1


@dataclass(frozen=True, slots=True)
class Line:
    """One variant: its value with its interval, None where there is none, and from how many answers."""

    label: str
    n: int
    value: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One variant against another; `even` is where neither is ahead, `n_even` how many saw no difference."""

    first: str
    second: str
    n: int
    value: float
    lower: float
    upper: float
    even: float = 0.0
    n_even: int = 0

    @property
    def is_clear(self) -> bool:
        """Say whether the interval leaves only one of the two ahead."""
        return self.lower > self.even or self.upper < self.even


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that was asked: variants with the best first, their differences, and what that says."""

    kind: str
    title: str
    lines: list[Line]
    differences: list[Difference]
    verdict: str
    is_clear: bool
    n: int

    @property
    def is_share(self) -> bool:
        """Say whether values are percentages."""
        return self.kind in {WANTED, PREFERRED}

    @property
    def dots(self) -> list[dict[str, float | int | str | None]]:
        """Return the variants with a value, as a chart takes them."""
        return [
            {"label": line.label, "value": line.value, "lower": line.lower, "upper": line.upper, "n": line.n}
            for line in self.lines
            if line.value is not None
        ]


def wanted_measure(labels: Sequence[str], answers: Sequence[tuple[int, bool]]) -> Measure:
    """Return how many of those who were shown a variant want it, from (variant, is wanted)."""
    from permea_engine import effects, funnel  # noqa: PLC0415 - NumPy and SciPy load at first use

    n = [sum(one == index for one, _wanted in answers) for index in range(len(labels))]
    won = [sum(one == index and wanted for one, wanted in answers) for index in range(len(labels))]
    found = funnel.shares(won, n)
    lines = [
        _line(label, n[index], 100 * found.share[index], 100 * found.lower[index], 100 * found.upper[index])
        for index, label in enumerate(labels)
    ]
    differences = {
        (one, two): _difference(
            labels, (one, two), effects.share_difference((won[one], won[two]), (n[one], n[two]), level=_level(labels)),
            times=100,
        )
        for one, two in combinations(range(len(labels)), 2)
        if min(n[one], n[two]) >= FEWEST
    }  # fmt: skip
    return _measure(WANTED, _("Would want it"), lines, differences, len(answers))


def fit_measure(labels: Sequence[str], answers: Sequence[tuple[int, int]]) -> Measure:
    """Return how well variants fit those who were shown them, from (variant, points from 1 to 5)."""
    from permea_engine import effects  # noqa: PLC0415 - NumPy and SciPy load at first use

    values = [[float(points) for one, points in answers if one == index] for index in range(len(labels))]
    lines = [_mean_line(label, values[index]) for index, label in enumerate(labels)]
    differences = {
        (one, two): _difference(
            labels, (one, two), effects.mean_difference(values[one], values[two], level=_level(labels))
        )
        for one, two in combinations(range(len(labels)), 2)
        if min(len(values[one]), len(values[two])) >= FEWEST
    }
    return _measure(FIT, _("How well it fits, from 1 to 5"), lines, differences, len(answers))


def scale_measure(question: str, labels: Sequence[str], answers: Sequence[dict[int, int]]) -> Measure:
    """Return where variants stand on the points of a question, from what each person gave the variants they rated."""
    from permea_engine import effects  # noqa: PLC0415 - NumPy and SciPy load at first use

    lines = [
        _mean_line(label, [float(one[index]) for one in answers if index in one]) for index, label in enumerate(labels)
    ]
    differences = {}
    for one, two in combinations(range(len(labels)), 2):
        apart = [float(said[one] - said[two]) for said in answers if one in said and two in said]
        if len(apart) >= FEWEST:
            found = effects.mean_interval(apart, level=_level(labels))
            differences[one, two] = _difference(labels, (one, two), found)
    return _measure(SCALE, question, lines, differences, len(answers))


def preference_measure(labels: Sequence[str], picks: Sequence[Pick], *, n_people: int) -> Measure:
    """Return which variants are preferred, from (first, second, outcome), by how many people.

    Lines hold the chance to be preferred to the average of these variants, from the ranking of all picks together;
    differences hold, pair by pair, who was preferred by how many of those who saw a difference.
    """
    from permea_engine import funnel  # noqa: PLC0415 - NumPy and SciPy load at first use

    differences = {}
    for one, two in combinations(range(len(labels)), 2):
        outcomes = [outcome for first, second, outcome in picks if (first, second) == (one, two)]
        n = sum(outcome != 0 for outcome in outcomes)
        if n >= FEWEST:
            found = funnel.shares([outcomes.count(1)], [n], level=_level(labels))
            differences[one, two] = Difference(
                labels[one], labels[two], n, 100 * float(found.share[0]), 100 * float(found.lower[0]),
                100 * float(found.upper[0]), even=50.0, n_even=len(outcomes) - n,
            )  # fmt: skip
    return _measure(
        PREFERRED, _("Preferred to the average of these variants"), _ranked(labels, picks), differences, n_people
    )


def _ranked(labels: Sequence[str], picks: Sequence[Pick]) -> list[Line]:
    """Return each variant's chance to be preferred to an average one."""
    from permea_engine.ranking import rank_from_comparisons  # noqa: PLC0415 - NumPy and SciPy load at first use

    if not picks:
        return [_line(label, 0, math.nan, math.nan, math.nan) for label in labels]
    first, second, outcome = zip(*picks, strict=True)
    found = rank_from_comparisons(first, second, outcome, n_items=len(labels))
    lower, upper = found.lower, found.upper
    return [
        _line(
            label, round(found.n_comparisons[index]),
            *(100 / (1 + math.exp(-float(end[index]))) for end in (found.strengths, lower, upper)),
        )
        for index, label in enumerate(labels)
    ]  # fmt: skip


def _line(label: str, n: int, value: float, lower: float, upper: float) -> Line:
    """Return a line; without an answer it has no value, with one only no interval."""
    if n == 0:
        return Line(label, 0, None, None, None)
    ends = (None, None) if math.isnan(lower) else (float(lower), float(upper))
    return Line(label, n, float(value), *ends)


def _mean_line(label: str, values: list[float]) -> Line:
    """Return a line of a mean; the interval stays on the scale."""
    from permea_engine.effects import mean_interval  # noqa: PLC0415 - NumPy and SciPy load at first use

    if not values:
        return Line(label, 0, None, None, None)
    found = mean_interval(values)
    return _line(label, found.n, found.value, max(found.lower, 1.0), min(found.upper, 5.0))


def _difference(labels: Sequence[str], pair: tuple[int, int], found: Estimated, *, times: float = 1) -> Difference:
    """Return the difference of two variants."""
    return Difference(
        labels[pair[0]], labels[pair[1]], found.n, times * found.value, times * found.lower, times * found.upper
    )


def _level(labels: Sequence[str]) -> float:
    """Return the level of each interval of a difference, so that all of them hold together."""
    return 1 - (1 - LEVEL) / math.comb(len(labels), 2)


def _measure(
    kind: str, title: str, lines: list[Line], differences: dict[tuple[int, int], Difference], n: int
) -> Measure:  # fmt: skip
    """Return a measure: the best variant first, told apart from its closest rival or not."""
    order = sorted(range(len(lines)), key=lambda index: (-(lines[index].value or 0), index))
    best = order[0]
    against = {other: _seen_from(best, other, differences) for other in order[1:]}
    rivals = [rival for rival in against.values() if rival is not None]
    is_clear = len(rivals) == len(against) and all(rival.lower > rival.even for rival in rivals)
    closest = min(rivals, key=lambda rival: rival.lower - rival.even) if rivals else None
    return Measure(
        kind=kind,
        title=title,
        lines=[lines[index] for index in order],
        differences=sorted(differences.values(), key=lambda row: -abs(row.value - row.even)),
        verdict=_verdict(kind, closest, n, is_clear=is_clear, n_rivals=len(against)),
        is_clear=is_clear,
        n=n,
    )


def _seen_from(best: int, other: int, differences: dict[tuple[int, int], Difference]) -> Difference | None:
    """Return the difference with `best` first, None where too few answered."""
    row = differences.get((min(best, other), max(best, other)))
    if row is None or best < other:
        return row
    turned = 2 * row.even
    return Difference(
        row.second, row.first, row.n, turned - row.value, turned - row.upper, turned - row.lower, row.even, row.n_even
    )


def _verdict(kind: str, closest: Difference | None, n: int, *, is_clear: bool, n_rivals: int) -> str:
    """Return what a measure says in plain words."""
    if closest is None:
        return ngettext("Too few to tell: %(num)d answer.", "Too few to tell: %(num)d answers.", n) % {"num": n}
    said = {
        "first": closest.first,
        "second": closest.second,
        "n": number(closest.n),
        **{
            name: number(end, 1 if kind in {FIT, SCALE} else 0)
            for name, end in (("value", closest.value), ("lower", closest.lower), ("upper", closest.upper))
        },
    }
    sentence = _sentence(kind, is_clear=is_clear) % said
    if is_clear and n_rivals > 1:
        return _("“%(first)s” is ahead of all others.") % said + " " + sentence
    return sentence


def _sentence(kind: str, *, is_clear: bool) -> str:
    """Return the sentence about the best variant and its closest rival."""
    if kind == PREFERRED:
        return (
            _("“%(first)s” is preferred to “%(second)s” by %(value)s %% [%(lower)s, %(upper)s], n=%(n)s.")
            if is_clear
            else _(
                "Too few to tell “%(first)s” from “%(second)s”: %(value)s %% [%(lower)s, %(upper)s] prefer the first,"
                " n=%(n)s."
            )
        )
    if kind == WANTED:
        return (
            _("More want “%(first)s” than “%(second)s”, by %(value)s points [%(lower)s, %(upper)s], n=%(n)s.")
            if is_clear
            else _(
                "Too few to tell “%(first)s” from “%(second)s”: %(value)s points apart [%(lower)s, %(upper)s], n=%(n)s."
            )
        )
    return (
        _("“%(first)s” stands %(value)s above “%(second)s” [%(lower)s, %(upper)s] on five points, n=%(n)s.")
        if is_clear
        else _(
            "Too few to tell “%(first)s” from “%(second)s”: %(value)s apart [%(lower)s, %(upper)s] on five points,"
            " n=%(n)s."
        )
    )
