"""Deciding about goals: what makes one, what may still change, and how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.strategy.models import Goal, GoalReading

MEASURED = ("metric", "unit", "baseline", "baseline_on")
FEWEST_READINGS = 2
TOLERANCE = 0.05
FAR_APART = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a goal has come on a day: shares of the way from baseline to target."""

    done: float | None
    expected: float
    gap: float | None
    expected_value: Decimal
    latest: GoalReading | None
    n_readings: int
    verdict: str

    @property
    def filled(self) -> float:
        """Return the share to draw: between nothing and all of the way."""
        return min(1.0, max(0.0, self.done or 0.0))

    @property
    def lag(self) -> float:
        """Return by how much of the way the goal is behind what was expected, nothing if it is not."""
        return max(0.0, -(self.gap or 0.0))

    @property
    def is_too_few(self) -> bool:
        """Say whether there are too few readings to tell how it goes."""
        return self.verdict == "too_few"


def why_not_set(values: dict[str, Any], *, is_owner_inside: bool) -> Refusal | None:
    """Return why these values do not make a goal, or None if they do."""
    if not str(values.get("metric") or "").strip():
        return Refusal("strategy.no_metric", _("A goal needs a metric: what will you count or measure?"))
    if values.get("baseline") is None or values.get("baseline_on") is None:
        return Refusal(
            "strategy.no_baseline",
            _("A goal needs a baseline: where does the metric stand today, and on which day was that measured?"),
        )
    if values.get("target") is None or values.get("target_on") is None:
        return Refusal("strategy.no_target", _("A goal needs a target and the day by which to reach it."))
    if values["target"] == values["baseline"]:
        return Refusal("strategy.no_change", _("Target and baseline are the same; then there is nothing to reach."))
    if values["target_on"] <= values["baseline_on"]:
        return Refusal("strategy.dates_order", _("The target day must come after the day of the baseline."))
    if not is_owner_inside:
        return Refusal("strategy.owner_outside", _("A goal needs an owner who belongs to the organisation."))
    return None


def why_not_change(goal: Goal, values: dict[str, Any], *, n_readings: int) -> Refusal | None:
    """Return why a goal may not take these values now, or None if it may."""
    if goal.closed_at is not None:
        return Refusal("strategy.closed", _("This goal is closed and stays as it is. Reopen it to change it."))
    moved = [field for field in MEASURED if values.get(field) != getattr(goal, field)]
    if n_readings and moved:
        return Refusal(
            "strategy.measured",
            _(
                "Metric, unit and baseline cannot change once readings exist: the readings would mean something else. "
                "Close this goal and set a new one instead."
            ),
        )
    return None


def why_not_read(goal: Goal, on: date, *, today: date) -> Refusal | None:
    """Return why a reading of `on` may not be recorded, or None if it may."""
    if goal.closed_at is not None:
        return Refusal("strategy.closed", _("This goal is closed and stays as it is. Reopen it to change it."))
    if on > today:
        return Refusal("strategy.future_reading", _("A reading cannot lie in the future."))
    if on < goal.baseline_on:
        return Refusal(
            "strategy.before_baseline", _("A reading cannot be older than the baseline; it would not count.")
        )
    return None


def why_not_close(goal: Goal) -> Refusal | None:
    """Return why a goal cannot be closed, or None if it can."""
    if goal.closed_at is not None:
        return Refusal("strategy.closed", _("This goal is closed already."))
    return None


def why_not_reopen(goal: Goal) -> Refusal | None:
    """Return why a goal cannot be reopened, or None if it can."""
    if goal.closed_at is None:
        return Refusal("strategy.not_closed", _("This goal is not closed."))
    return None


def expected_share(goal: Goal, on: date) -> float:
    """Return the share of the way a goal should have come by a day, going straight from baseline to target."""
    whole = (goal.target_on - goal.baseline_on).days
    return min(1.0, max(0.0, (on - goal.baseline_on).days / whole))


def share_of(goal: Goal, value: Decimal) -> float:
    """Return the share of the way from baseline to target that a value has come; negative if it went the wrong way."""
    return float((value - goal.baseline) / (goal.target - goal.baseline))


def progress_of(goal: Goal, readings: Sequence[GoalReading], on: date) -> Progress:
    """Return how far the goal has come by `on`, from the readings up to that day."""
    known = sorted((reading for reading in readings if reading.on <= on), key=lambda reading: reading.on)
    expected = expected_share(goal, on)
    expected_value = _as_coarse_as(goal, goal.baseline + (goal.target - goal.baseline) * Decimal(str(expected)))
    latest = known[-1] if known else None
    done = None if latest is None else share_of(goal, latest.value)
    return Progress(
        done=done,
        expected=expected,
        gap=None if done is None else done - expected,
        expected_value=expected_value,
        latest=latest,
        n_readings=len(known),
        verdict=_verdict(done, expected, len(known)),
    )


def _as_coarse_as(goal: Goal, value: Decimal) -> Decimal:
    """Return a value as finely as baseline and target are stated, one decimal finer where they lie close."""
    stated = max(0, *(-int(number.normalize().as_tuple().exponent) for number in (goal.baseline, goal.target)))
    more = 1 if abs(goal.target - goal.baseline) < FAR_APART else 0
    return value.quantize(Decimal(1).scaleb(-(stated + more)))


def _verdict(done: float | None, expected: float, n_readings: int) -> str:
    """Return in one word how it goes."""
    if done is None:
        return "too_few"
    if done >= 1:
        return "reached"
    if n_readings < FEWEST_READINGS:
        return "too_few"
    if done < expected - TOLERANCE:
        return "behind"
    return "ahead" if done > expected + TOLERANCE else "on_track"
