"""The API of strategy: the goals of the organisations one belongs to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from permea.foundation.clock import now
from permea.people.models import Person
from permea.people.queries import seats_of
from permea.strategy import queries
from permea.strategy.queries import GoalCard

router = Router()


class GoalOut(Schema):
    """A goal and how far it has come; shares are of the way from baseline to target."""

    key: str
    organisation: str
    title: str
    kind: str
    metric: str
    unit: str
    baseline: Decimal
    baseline_on: date
    target: Decimal
    target_on: date
    owner: str
    is_closed: bool
    n_readings: int
    latest_value: Decimal | None
    latest_on: date | None
    done: float | None
    expected: float
    gap: float | None
    verdict: str
    n_challenges: int


@router.get("/goals", response=list[GoalOut], operation_id="list_goals")
def list_goals(request: HttpRequest) -> list[dict[str, Any]]:
    """List the goals of every organisation you belong to, with their progress."""
    person = request.user
    if not isinstance(person, Person):
        raise TypeError
    at = now()
    cards = [card for organisation, _role in seats_of(person) for card in queries.goals_of(person, organisation, at)]
    return [_out(card) for card in cards]


def _out(card: GoalCard) -> dict[str, Any]:
    """Return a card as the API shows it."""
    goal, progress = card.goal, card.progress
    return {
        **{name: getattr(goal, name) for name in ("key", "title", "kind", "metric", "unit", "baseline", "target")},
        "organisation": goal.organisation.key,
        "baseline_on": goal.baseline_on,
        "target_on": goal.target_on,
        "owner": goal.owner.display_name,
        "is_closed": goal.closed_at is not None,
        "n_readings": progress.n_readings,
        "latest_value": progress.latest.value if progress.latest else None,
        "latest_on": progress.latest.on if progress.latest else None,
        "done": progress.done,
        "expected": progress.expected,
        "gap": progress.gap,
        "verdict": progress.verdict,
        "n_challenges": card.n_challenges,
    }
