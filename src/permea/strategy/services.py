"""Writing goals: set, change, read, close, reopen."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Organisation, Person
from permea.people.queries import role_in
from permea.people.rules import why_not_manage
from permea.strategy import rules
from permea.strategy.events import GoalClosed, GoalSet
from permea.strategy.models import Goal, GoalReading

FIELDS = ("title", "kind", "metric", "unit", "baseline", "target", "baseline_on", "target_on", "outside_share", "owner")


@transaction.atomic
def set_goal(
    *,
    organisation: Organisation,
    title: str,
    kind: str,
    metric: str,
    unit: str,
    baseline: Decimal | None,
    target: Decimal | None,
    baseline_on: date | None,
    target_on: date | None,
    owner: Person,
    actor: Person,
    at: datetime,
    outside_share: int = 50,
) -> Goal:
    """Write a goal down. Raises RefusedError if the actor may not manage, or as `rules.why_not_set` says."""
    values: dict[str, Any] = {
        "title": title,
        "kind": kind,
        "metric": metric,
        "unit": unit,
        "baseline": baseline,
        "target": target,
        "baseline_on": baseline_on,
        "target_on": target_on,
        "outside_share": outside_share,
        "owner": owner,
    }
    demand(why_not_manage(role_in(actor, organisation.pk)))
    demand(rules.why_not_set(values, is_owner_inside=role_in(owner, organisation.pk) is not None))
    goal = Goal.objects.create(organisation=organisation, created_at=at, **values)
    publish(GoalSet(goal_id=goal.pk, at=at))
    return goal


@transaction.atomic
def change_goal(*, goal_id: int, actor: Person, at: datetime, **values: Any) -> Goal:
    """Change a goal's values; `values` are all of `FIELDS`.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_change` and `rules.why_not_set` say, and
    TypeError for a missing or an unknown field.
    """
    del at
    if set(values) != set(FIELDS):
        raise TypeError(sorted(set(values) ^ set(FIELDS)))
    goal = _locked(goal_id, actor)
    demand(rules.why_not_change(goal, values, n_readings=goal.readings.count()))
    is_inside = role_in(values["owner"], goal.organisation_id) is not None
    demand(rules.why_not_set(values, is_owner_inside=is_inside))
    for field, value in values.items():
        setattr(goal, field, value)
    goal.save(update_fields=FIELDS)
    return goal


@transaction.atomic
def record_reading(
    *, goal_id: int, on: date, value: Decimal, actor: Person, at: datetime, note: str = ""
) -> GoalReading:
    """Record the metric's value on a day; a second reading of the same day replaces the first.

    Raises RefusedError if the actor may not manage, or as `rules.why_not_read` says.
    """
    goal = _locked(goal_id, actor)
    demand(rules.why_not_read(goal, on, today=timezone.localtime(at).date()))
    reading, _is_new = GoalReading.objects.update_or_create(
        goal=goal, on=on, defaults={"value": value, "note": note, "recorded_by": actor, "recorded_at": at}
    )
    return reading


@transaction.atomic
def close_goal(*, goal_id: int, actor: Person, at: datetime) -> Goal:
    """Stop pursuing a goal. Raises RefusedError if the actor may not manage, or as `rules.why_not_close` says."""
    goal = _locked(goal_id, actor)
    demand(rules.why_not_close(goal))
    goal.closed_at = at
    goal.save(update_fields=["closed_at"])
    publish(GoalClosed(goal_id=goal.pk, at=at))
    return goal


@transaction.atomic
def reopen_goal(*, goal_id: int, actor: Person, at: datetime) -> Goal:
    """Undo the closing of a goal. Raises RefusedError if the actor may not manage or it is not closed."""
    del at
    goal = _locked(goal_id, actor)
    demand(rules.why_not_reopen(goal))
    goal.closed_at = None
    goal.save(update_fields=["closed_at"])
    return goal


def _locked(goal_id: int, actor: Person) -> Goal:
    """Return the goal, locked. Raises RefusedError if the actor may not manage its organisation."""
    goal = Goal.objects.select_for_update(of=("self",)).get(pk=goal_id)
    demand(why_not_manage(role_in(actor, goal.organisation_id)))
    return goal
