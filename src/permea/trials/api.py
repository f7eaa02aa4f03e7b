"""The API of trials: concept tests and what they say once they are closed, for those who manage."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest
from ninja import Router, Schema

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.people.models import Person
from permea.surface.problems import Problem
from permea.trials import queries

router = Router()


class LineOut(Schema):
    """One variant: its value with its 95 % interval; null where nobody answered, or one person only."""

    label: str
    n: int
    value: float | None
    lower: float | None
    upper: float | None


class DifferenceOut(Schema):
    """One variant against another; the intervals of all differences hold together at 95 %.

    `even` is where neither is ahead, `n_even` how many saw no difference; clear is an interval that leaves `even` out.
    """

    first: str
    second: str
    n: int
    value: float
    lower: float
    upper: float
    even: float
    n_even: int
    is_clear: bool


class MeasureOut(Schema):
    """One thing that was asked: "wanted" and "preferred" in per cent, "fit" and "scale" in points from 1 to 5."""

    kind: str
    title: str
    n: int
    lines: list[LineOut]
    differences: list[DifferenceOut]
    is_clear: bool
    verdict: str


class ConceptResultsOut(Schema):
    """What a closed test says, and from how many."""

    key: str
    title: str
    kind: str
    closes_at: datetime
    n_asked: int
    n_begun: int
    n_finished: int
    n_taken_back: int
    measures: list[MeasureOut]


@router.get("/trials/tests/{key}/results", response={200: ConceptResultsOut, 404: Problem, 409: Problem})
def get_concept_results(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return the results of a concept test; before it closes there are none for anybody (409)."""
    found = queries.results_page(cast("Person", request.user), key, now())
    if isinstance(found, Refusal):
        raise RefusedError(found)
    test, counts = found.test, found.counts
    return {
        "key": test.key,
        "title": test.title,
        "kind": test.kind,
        "closes_at": test.closes_at,
        "n_asked": counts.n_asked,
        "n_begun": counts.n_begun,
        "n_finished": counts.n_finished,
        "n_taken_back": counts.n_taken_back,
        "measures": found.measures,
    }


class EstimateOut(Schema):
    """A value with its 95 % interval, null where too few measured."""

    n: int
    value: float | None
    lower: float | None
    upper: float | None


class RoundOut(Schema):
    """What one round changed: means before and after, their difference and ratio; `step` against the round before."""

    key: str
    number: int
    state: str
    n: int
    n_outliers: int
    before: float | None
    after: float | None
    difference: EstimateOut | None
    ratio: EstimateOut | None
    step: EstimateOut | None
    verdict: str


class PrototypeResultsOut(Schema):
    """What customers measured with a prototype, the latest round first."""

    key: str
    title: str
    measure: str
    unit: str
    rounds: list[RoundOut]


@router.get("/trials/prototypes/{key}/results", response={200: PrototypeResultsOut, 404: Problem})
def get_prototype_results(request: HttpRequest, key: str) -> dict[str, Any]:
    """Return what a prototype changed, round by round."""
    shown = queries.prototype_page(cast("Person", request.user), key, now())
    told = {name: getattr(shown.prototype, name) for name in ("key", "title", "measure", "unit")}
    return {**told, "rounds": [_round_out(view) for view in shown.rounds]}


def _round_out(view: queries.RoundView) -> dict[str, Any]:
    """Return what a round changed, without what has no number."""
    effect, result = view.result.effect, view.result
    return {
        "key": view.round.key,
        "number": view.round.number,
        "state": view.state,
        "n": result.n,
        "n_outliers": result.n_outliers,
        "before": effect.before if effect else None,
        "after": effect.after if effect else None,
        "difference": _estimate_out(effect.difference) if effect else None,
        "ratio": _estimate_out(effect.ratio) if effect else None,
        "step": _estimate_out(result.step) if result.step else None,
        "verdict": result.verdict,
    }


def _estimate_out(found: Any) -> dict[str, Any]:
    """Return an estimate, null for what is no number."""
    ends = {name: getattr(found, name) for name in ("value", "lower", "upper")}
    return {"n": found.n, **{name: None if math.isnan(end) else end for name, end in ends.items()}}
