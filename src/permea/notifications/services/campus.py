"""What is written about equipment: to the other side of whoever acted."""

from __future__ import annotations

from datetime import datetime

from permea.campus.models import Booking, Sharing
from permea.campus.queries import found_of, people_of
from permea.campus.rules import zone_of
from permea.notifications.services.mails import tell
from permea.people.models import Organisation, Person


def tell_equipment(*, sharing_id: int, at: datetime) -> None:
    """Tell who can answer for a partner that equipment is shared with it."""
    sharing = Sharing.objects.select_related("equipment__organisation", "partner").get(pk=sharing_id)
    equipment = sharing.equipment
    for person in people_of(equipment, sharing.partner, at):
        tell(
            to=person, kind="equipment_shared", at=at, organisation=equipment.organisation, about=equipment.key,
            equipment=equipment, by=equipment.organisation.name,
        )  # fmt: skip


def tell_booking(*, booking_id: int, happened: str, by_owner: bool, at: datetime) -> None:
    """Tell the owner's people what the using side did, or whoever asked for the booking what the owner did."""
    rows = Booking.objects.select_related("equipment__organisation", "equipment__owner", "user", "asked_by")
    booking = rows.get(pk=booking_id)
    equipment = booking.equipment
    zone = zone_of(equipment)
    for person in _asker(booking, at) if by_owner else people_of(equipment, equipment.owner, at):
        tell(
            to=person, kind="booking_news", at=at, organisation=equipment.organisation, about=booking.key,
            booking=booking, happened=happened, by=_acted(booking, by_owner=by_owner).name,
            start=booking.starts_at.astimezone(zone),
        )  # fmt: skip


def _acted(booking: Booking, *, by_owner: bool) -> Organisation:
    """Return the organisation of whoever acted."""
    return booking.equipment.owner if by_owner else booking.user


def _asker(booking: Booking, at: datetime) -> list[Person]:
    """Return who asked for a booking if they still see it and can be reached; nobody otherwise."""
    person = booking.asked_by
    is_there = bool(person.email) and found_of(person, booking.equipment, at) is not None
    return [person] if is_there else []
