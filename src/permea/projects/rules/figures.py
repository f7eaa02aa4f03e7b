"""How transfers go: how many were accepted at the first test, and how long that took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from permea.projects.models import TransferStep

What = TransferStep.What
DAY = timedelta(days=1)
GOOD = frozenset({What.ACCEPTED, What.REMARKS})


@dataclass(frozen=True, slots=True)
class Course:
    """How one transfer went: whether its first verdict was good (None before one), and days from hand-over to that."""

    is_first_time: bool | None
    days: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Of judged transfers: how many were accepted at the first test; of accepted ones: the median of the days."""

    n_judged: int
    n_first_time: int
    n_accepted: int
    days: float | None


def course_of(steps: Iterable[TransferStep]) -> Course:
    """Return how a transfer went by its steps, in their order; days run from the first hand-over on."""
    begun, first, days = None, None, None
    for step in steps:
        if step.what == What.HANDING:
            begun = begun or step.at
        if first is None and step.what in {*GOOD, What.REFUSED}:
            first = step.what in GOOD
        if step.what in GOOD and begun is not None:
            days = (step.at - begun) / DAY
    return Course(first, days)


def figures_of(courses: Iterable[Course]) -> Figures:
    """Return what several transfers show together."""
    every = list(courses)
    judged = [one.is_first_time for one in every if one.is_first_time is not None]
    days = [one.days for one in every if one.days is not None]
    return Figures(len(judged), sum(judged), len(days), median(days) if days else None)
