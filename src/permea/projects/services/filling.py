"""Filling a transfer: each side writes what its side fills, line by line, and only what it changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from permea.foundation.refusals import demand
from permea.people.models import Person
from permea.projects import rules
from permea.projects.models import AcceptanceCriterion, PackageItem, ReadinessPoint, TrainingSession
from permea.projects.services.transfers import Held, held, tell


@dataclass(frozen=True, slots=True)
class ItemSaid:
    """What the giving side says of an item of the package."""

    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the receiving side measured for a criterion; neither takes back what was written before."""

    measured: str = ""
    is_passed: bool | None = None


@dataclass(frozen=True, slots=True)
class PointSaid:
    """What the receiving side says of a point of its readiness."""

    owner: str = ""
    budget: Decimal | None = None
    is_ready: bool = False


def _next_number(rows: Iterable[PackageItem] | Iterable[AcceptanceCriterion] | Iterable[ReadinessPoint]) -> int:
    """Return the number after the last one."""
    return max((one.number for one in rows), default=0) + 1


@transaction.atomic
def add_item(*, transfer_id: int, name: str, actor: Person, at: datetime) -> PackageItem:
    """Add an item to the package, of either side; what is in it already is added once.

    Raises RefusedError to who stands on no side and as `rules.why_not_prepare` says.
    """
    transfer = held(transfer_id, actor, at).transfer
    rows = list(transfer.items.all())
    demand(rules.why_not_prepare(transfer, len(rows)))
    told = {"number": _next_number(rows)}
    return PackageItem.objects.get_or_create(transfer=transfer, name=name.strip(), defaults=told)[0]


@transaction.atomic
def say_items(*, transfer_id: int, said: Mapping[str, ItemSaid], actor: Person, at: datetime) -> int:
    """Say of items, by key, whether they are handed over, missing or not needed; return how many that changed.

    Each that is handed over is a crossing of its own. Raises RefusedError to who stands on no side and as
    `rules.why_not_say` says.
    """
    found, n_changed = held(transfer_id, actor, at), 0
    demand(rules.why_not_give(found.transfer, found.side))
    for item in found.transfer.items.filter(key__in=said).order_by("number", "pk"):
        told = said[item.key]
        if (item.state, item.note) != (told.state, told.note.strip()):
            _say_item(found, item, told, actor, at)
            n_changed += 1
    return n_changed


def _say_item(found: Held, item: PackageItem, told: ItemSaid, actor: Person, at: datetime) -> None:
    """Store what is said of an item, and record the crossing if it is handed over now."""
    transfer, was = found.transfer, item.state
    demand(rules.why_not_say(transfer, found.side, told.state, found.terms.covered))
    item.state, item.note, item.said_by, item.said_at = told.state, told.note.strip(), actor, at
    item.save(update_fields=["state", "note", "said_by", "said_at"])
    if item.state == PackageItem.State.HANDED != was:
        facts = {"item": item.key, "number": item.number}
        tell(transfer, "item_handed", transfer.direction, actor=actor, at=at, facts=facts)


@transaction.atomic
def plan_session(*, transfer_id: int, on: date, topic: str, actor: Person, at: datetime) -> TrainingSession:
    """Plan a training for the giving side; the same day and topic are planned once.

    Raises RefusedError to who stands on no side, as `rules.why_not_give` and as `rules.why_not_change` say.
    """
    found = held(transfer_id, actor, at)
    transfer = found.transfer
    demand(rules.why_not_give(transfer, found.side))
    demand(rules.why_not_change(transfer, transfer.sessions.count()))
    told = {"planned_by": actor}
    return TrainingSession.objects.get_or_create(transfer=transfer, on=on, topic=topic.strip(), defaults=told)[0]


@transaction.atomic
def hold_sessions(*, transfer_id: int, people: Mapping[str, str], actor: Person, at: datetime) -> int:
    """Say for the receiving side which training, by key, took place, with whom; return how many that changed.

    Knowledge crosses in the direction of the transfer. Raises RefusedError to who stands on no side and as
    `rules.why_not_hold` says.
    """
    found, n_changed = held(transfer_id, actor, at), 0
    transfer = found.transfer
    demand(rules.why_not_take(transfer, found.side))
    for session in transfer.sessions.filter(key__in=people).order_by("pk"):
        names = people[session.key].strip()
        if session.is_done and session.people == names:
            continue
        demand(rules.why_not_hold(transfer, found.side, session, names, at.date()))
        is_first, session.is_done, session.people = not session.is_done, True, names
        session.said_by, session.said_at = actor, at
        session.save(update_fields=["is_done", "people", "said_by", "said_at"])
        if is_first and found.terms.covered is None:
            facts = {"session": session.key}
            tell(transfer, "training_held", transfer.direction, actor=actor, at=at, facts=facts)
        n_changed += 1
    return n_changed


@transaction.atomic
def add_criterion(*, transfer_id: int, name: str, target: str, actor: Person, at: datetime) -> AcceptanceCriterion:
    """Add what the receiving side will test, with its target; before the test that side can set another target.

    Raises RefusedError to who stands on no side, as `rules.why_not_take` and as `rules.why_not_prepare` say.
    """
    found = held(transfer_id, actor, at)
    transfer, rows = found.transfer, list(found.transfer.criteria.all())
    demand(rules.why_not_take(transfer, found.side))
    is_known = any(one.name == name.strip() for one in rows)
    demand(rules.why_not_prepare(transfer, len(rows) - is_known))
    goal = {"target": target.strip()}
    made = AcceptanceCriterion.objects.update_or_create(
        transfer=transfer, name=name.strip(), defaults=goal, create_defaults={**goal, "number": _next_number(rows)}
    )
    return made[0]


@transaction.atomic
def measure(*, transfer_id: int, said: Mapping[str, Measured], actor: Person, at: datetime) -> int:
    """Write down for criteria, by key, what was measured and whether that will do; return how many that changed.

    Raises RefusedError to who stands on no side and as `rules.why_not_measure` says.
    """
    found, n_changed = held(transfer_id, actor, at), 0
    demand(rules.why_not_take(found.transfer, found.side))
    for one in found.transfer.criteria.filter(key__in=said).order_by("number", "pk"):
        told = said[one.key]
        words = told.measured.strip()
        if (one.measured, one.is_passed) == (words, told.is_passed):
            continue
        demand(rules.why_not_measure(found.transfer, found.side, words, is_passed=told.is_passed))
        one.measured, one.is_passed, one.measured_by, one.measured_at = words, told.is_passed, actor, at
        one.save(update_fields=["measured", "is_passed", "measured_by", "measured_at"])
        n_changed += 1
    return n_changed


@transaction.atomic
def add_point(*, transfer_id: int, name: str, actor: Person, at: datetime) -> ReadinessPoint:
    """Add a point to the readiness of the receiving side; what is there already is added once.

    Raises RefusedError to who stands on no side, as `rules.why_not_take` and as `rules.why_not_change` say.
    """
    found = held(transfer_id, actor, at)
    transfer = found.transfer
    demand(rules.why_not_take(transfer, found.side))
    rows = list(transfer.points.all())
    demand(rules.why_not_change(transfer, len(rows)))
    told = {"number": _next_number(rows)}
    return ReadinessPoint.objects.get_or_create(transfer=transfer, name=name.strip(), defaults=told)[0]


@transaction.atomic
def say_points(*, transfer_id: int, said: Mapping[str, PointSaid], actor: Person, at: datetime) -> int:
    """Say of points, by key, who answers for them, what they cost and whether they are ready; return how many changed.

    Raises RefusedError to who stands on no side and as `rules.why_not_ready` says.
    """
    found, n_changed = held(transfer_id, actor, at), 0
    demand(rules.why_not_take(found.transfer, found.side))
    for point in found.transfer.points.filter(key__in=said).order_by("number", "pk"):
        told = said[point.key]
        owner = told.owner.strip()
        if (point.owner, point.budget, point.is_ready) == (owner, told.budget, told.is_ready):
            continue
        demand(rules.why_not_ready(found.transfer, found.side, owner, is_ready=told.is_ready))
        point.owner, point.budget, point.is_ready = owner, told.budget, told.is_ready
        point.said_by, point.said_at = actor, at
        point.save(update_fields=["owner", "budget", "is_ready", "said_by", "said_at"])
        n_changed += 1
    return n_changed
