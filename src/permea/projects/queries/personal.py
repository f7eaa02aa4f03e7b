"""What projects hold about a person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from permea.people.models import Person
from permea.people.queries import ErasureLines
from permea.projects.models import (
    AcceptanceCriterion,
    PackageItem,
    ReadinessPoint,
    TrainingSession,
    TransferStep,
)


def personal_data(person: Person) -> dict[str, Any]:
    """Return what a person moved, said, planned, measured and answered for in technology transfers."""
    steps = TransferStep.objects.filter(by=person).select_related("transfer").order_by("pk")
    items = PackageItem.objects.filter(said_by=person).select_related("transfer").order_by("pk")
    return {
        "transfer_steps": [
            {"transfer": one.transfer.title, "what": one.what, "note": one.note, "at": one.at.isoformat()}
            for one in steps
        ],
        "transfer_items": [
            {"transfer": one.transfer.title, "item": one.name, "state": one.state, "note": one.note} for one in items
        ],
        "transfer_sessions": _sessions(person),
        "transfer_criteria": _criteria(person),
        "transfer_readiness": _points(person),
    }


def _sessions(person: Person) -> list[dict[str, Any]]:
    """Return the training that a person planned, or says took place."""
    rows = TrainingSession.objects.select_related("transfer").order_by("pk")
    found = rows.filter(planned_by=person) | rows.filter(said_by=person)
    return [
        {"transfer": one.transfer.title, "topic": one.topic, "on": one.on.isoformat(), "people": one.people}
        for one in found
    ]


def _criteria(person: Person) -> list[dict[str, Any]]:
    """Return what a person measured."""
    rows = AcceptanceCriterion.objects.filter(measured_by=person).select_related("transfer").order_by("pk")
    return [{"transfer": one.transfer.title, "criterion": one.name, "measured": one.measured} for one in rows]


def _points(person: Person) -> list[dict[str, Any]]:
    """Return what a person said of readiness."""
    rows = ReadinessPoint.objects.filter(said_by=person).select_related("transfer").order_by("pk")
    return [{"transfer": one.transfer.title, "point": one.name, "owner": one.owner} for one in rows]


def erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to what a person wrote in technology transfers when they are erased."""
    named = (
        TransferStep.objects.filter(by=person),
        PackageItem.objects.filter(said_by=person),
        TrainingSession.objects.filter(planned_by=person) | TrainingSession.objects.filter(said_by=person),
        AcceptanceCriterion.objects.filter(measured_by=person),
        ReadinessPoint.objects.filter(said_by=person),
    )
    if not any(rows.exists() for rows in named):
        return ErasureLines(goes=[], stays=[])
    stays = _("What you wrote in technology transfers for your side, without your name: the other side relies on it.")
    return ErasureLines(goes=[], stays=[stays])
