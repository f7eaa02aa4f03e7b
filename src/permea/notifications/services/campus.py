"""What is written about equipment and placements: to the other sides of whoever acted."""

from __future__ import annotations

from datetime import datetime

from permea.campus.models import Booking, Placement, PlacementStep, Sharing
from permea.campus.queries import found_of, people_of, people_of_side, placements
from permea.campus.rules import zone_of
from permea.notifications.services.mails import tell
from permea.people.models import Organisation, Person

Sides = PlacementStep.Side
FIRM, PARTNER, STUDENT = Sides.FIRM, Sides.PARTNER, Sides.STUDENT
# Who hears of what happened with a placement, besides the side that did it.
HEARS = {
    "offered": (PARTNER,), "changed": (PARTNER,), "refused": (FIRM,), "named": (FIRM,), "another": (PARTNER,),
    "agreed": (PARTNER, STUDENT), "accepted": (FIRM, PARTNER), "declined": (FIRM, PARTNER),
    "withdrawn": (FIRM, PARTNER, STUDENT), "ended": (FIRM, PARTNER, STUDENT), "reported": (FIRM, PARTNER),
    "remarked": (STUDENT,), "said": (FIRM, PARTNER), "closed": (FIRM, PARTNER, STUDENT),
}  # fmt: skip


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


def tell_placement(*, placement_id: int, happened: str, side: str, at: datetime) -> None:
    """Tell the other sides of a placement what one of them did."""
    placement = placements().get(pk=placement_id)
    for other in HEARS[happened]:
        for person in people_of_side(placement, other, at) if other != side else ():
            tell(
                to=person, kind="placement_news", at=at, organisation=placement.organisation, about=placement.key,
                placement=placement, happened=happened, by=_side_name(placement, side), is_student=other == STUDENT,
            )  # fmt: skip


def _side_name(placement: Placement, side: str) -> str:
    """Return what a side of a placement is called in mails; a student by no name."""
    if side == STUDENT:
        return str(STUDENT.label)
    return placement.organisation.name if side == FIRM else placement.partner.name
