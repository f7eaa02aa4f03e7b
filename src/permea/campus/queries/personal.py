"""What campus holds about a person."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from permea.campus.models import Booking, Equipment, Introduction, Sharing
from permea.people.models import Person
from permea.people.queries import ErasureLines


def personal_data(person: Person) -> dict[str, Any]:
    """Return what a person booked, answered and recorded about equipment."""
    said = Introduction.objects.filter(said_by=person).select_related("equipment").order_by("pk")
    entered = Equipment.objects.filter(created_by=person).order_by("pk")
    return {
        "equipment": [{"name": one.name, "at": one.created_at.isoformat()} for one in entered],
        "equipment_bookings": [
            {
                "equipment": one.equipment.name, "from": one.starts_at.isoformat(), "until": one.ends_at.isoformat(),
                "purpose": one.purpose, "people": one.people, "state": one.state, "reason": one.reason,
            }
            for one in _bookings(person)
        ],
        "equipment_introductions": [
            {"equipment": one.equipment.name, "name": one.name, "on": one.on.isoformat()} for one in said
        ],
    }  # fmt: skip


def _bookings(person: Person) -> list[Booking]:
    """Return the bookings in which a person said something."""
    named = Q(asked_by=person) | Q(said_by=person) | Q(used_by=person) | Q(agreed_by=person)
    return list(Booking.objects.filter(named).select_related("equipment").order_by("pk"))


def erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to what a person wrote about equipment when they are erased."""
    named = (
        Equipment.objects.filter(created_by=person),
        Sharing.objects.filter(by=person),
        Introduction.objects.filter(said_by=person),
    )
    if not _bookings(person) and not any(rows.exists() for rows in named):
        return ErasureLines(goes=[], stays=[])
    stays = _("Bookings of equipment and what was charged for them, without your name: the other side relies on it.")
    return ErasureLines(goes=[], stays=[stays])
