"""Writing bookings: asked for, answered, cancelled, and the hours that were used.

The row of the equipment is locked first, so that of two who want the same time one comes second and finds it taken.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from permea.campus import queries, rules
from permea.campus.events import BookingChanged
from permea.campus.models import Booking
from permea.campus.services.equipment import held, tell
from permea.foundation.events import publish
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.people.models import Person

State = Booking.State


def _demand_free(found: queries.Found, start: datetime, end: datetime, *, besides: int | None = None) -> None:
    """Raise RefusedError if a confirmed booking holds any part of a time of locked equipment."""
    if queries.is_taken(found.equipment, start, end, besides=besides):
        raise RefusedError(rules.taken())


def _announce(booking: Booking, happened: str, side: rules.Side, at: datetime) -> None:
    """Announce to the other side what happened with a booking; nobody else is told of the owner's own use."""
    if booking.user_id != booking.equipment.owner_id:
        publish(BookingChanged(booking_id=booking.pk, happened=happened, by_owner=side.is_owner, at=at))


def _held_booking(booking_id: int, actor: Person, at: datetime) -> tuple[Booking, queries.Found]:
    """Return a booking below its locked equipment. Raises RefusedError to whom it is none of their business."""
    equipment_id = Booking.objects.values_list("equipment_id", flat=True).get(pk=booking_id)
    found = held(equipment_id, actor, at)
    booking = Booking.objects.select_related("user", "agreement").get(pk=booking_id)
    booking.equipment = found.equipment
    if not queries.is_theirs(booking, found.side):
        raise RefusedError(rules.no_side())
    return booking, found


@transaction.atomic
def ask_booking(*, equipment_id: int, asked: rules.Asked, actor: Person, at: datetime) -> Booking:
    """Ask for a time; what the owner's own people ask for is confirmed at once. The same sent twice is asked for once.

    Raises RefusedError to who stands on no side, without an agreement that holds now and until the end, for a time that
    is taken, and as `rules.why_not_book` says.
    """
    found = held(equipment_id, actor, at)
    equipment, side = found.equipment, found.side
    again = queries.booked_just_now(equipment, side, asked, actor, at)
    if again is not None:
        return again
    demand(found.why_not_used(at))
    names = queries.introduced(equipment, side.organisation_id)
    demand(rules.why_not_book(equipment, side, asked, introduced=names, at=at))
    demand(found.why_not_used(asked.end))
    _demand_free(found, asked.start, asked.end)
    answered = {"state": State.CONFIRMED, "said_by": actor, "said_at": at} if side.is_owner else {}
    booking = Booking.objects.create(
        equipment=equipment, user_id=side.organisation_id, agreement=found.agreement, starts_at=asked.start,
        ends_at=asked.end, purpose=asked.purpose, people=list(asked.people), asked_by=actor, asked_at=at,
        rate=0 if side.is_owner else equipment.rate, currency=equipment.currency, **answered,
    )  # fmt: skip
    _announce(booking, "asked", side, at)
    return booking


@transaction.atomic
def answer_booking(*, booking_id: int, is_yes: bool, reason: str, actor: Person, at: datetime) -> Booking:
    """Confirm a booking for the side that owns the equipment, or refuse it with a reason. The same twice is said once.

    Confirming is a crossing: out where the partner uses what is the firm's, in where the firm uses what is theirs.
    Raises RefusedError to who stands on no side, where no agreement covers it, where the time is taken meanwhile, and
    as `rules.why_not_answer` says.
    """
    booking, found = _held_booking(booking_id, actor, at)
    state, words = State.CONFIRMED if is_yes else State.REFUSED, "" if is_yes else reason.strip()
    if (booking.state, booking.said_by_id, booking.reason) == (state, actor.pk, words):
        return booking
    demand(rules.why_not_answer(booking, found.side, words, is_yes=is_yes, at=at))
    if is_yes:
        demand(_why_not_let_in(found, booking, at))
        _demand_free(found, booking.starts_at, booking.ends_at, besides=booking.pk)
    booking.state, booking.reason, booking.said_by, booking.said_at = state, words, actor, at
    booking.save(update_fields=["state", "reason", "said_by", "said_at"])
    if is_yes:
        _tell(booking, found, "booked", actor, at, {"booking": booking.key})
    _announce(booking, state, found.side, at)
    return booking


def _why_not_let_in(found: queries.Found, booking: Booking, at: datetime) -> Refusal | None:
    """Return why the side that asked cannot use the equipment now or until its booking ends, or None if it can."""
    equipment = found.equipment
    partner_id = equipment.owner_id if booking.user_id == equipment.organisation_id else booking.user_id
    (shared,) = [one for one in found.shared if one.sharing.partner_id == partner_id]
    return shared.why_not(at) or shared.why_not(booking.ends_at)


def _tell(
    booking: Booking, found: queries.Found, what: str, actor: Person, at: datetime, facts: dict[str, Any]
) -> None:
    """Write a crossing about a booking into the firm's ledger."""
    equipment = found.equipment
    is_out = equipment.owner_id == equipment.organisation_id
    partner = booking.user if is_out else equipment.owner
    told: dict[str, Any] = {"agreement": booking.agreement, "actor": actor, "at": at, "facts": facts}
    tell(equipment, what, "out" if is_out else "in", partner, **told)


@transaction.atomic
def cancel_booking(*, booking_id: int, reason: str, actor: Person, at: datetime) -> Booking:
    """Cancel a booking that has not begun, with a reason, for either side. The same twice is said once.

    Raises RefusedError to who stands on no side and as `rules.why_not_cancel` says.
    """
    booking, found = _held_booking(booking_id, actor, at)
    words = reason.strip()
    if (booking.state, booking.said_by_id, booking.reason) == (State.CANCELLED, actor.pk, words):
        return booking
    demand(rules.why_not_cancel(booking, found.side, words, is_own=booking.asked_by_id == actor.pk, at=at))
    booking.state, booking.reason, booking.said_by, booking.said_at = State.CANCELLED, words, actor, at
    booking.save(update_fields=["state", "reason", "said_by", "said_at"])
    _announce(booking, "cancelled", found.side, at)
    return booking


@transaction.atomic
def say_hours(*, booking_id: int, minutes: int, actor: Person, at: datetime) -> Booking:
    """Say for one's side how many minutes were used; the other side agrees, or says another number.

    Raises RefusedError to who stands on no side and as `rules.why_not_say_hours` says.
    """
    booking, found = _held_booking(booking_id, actor, at)
    demand(rules.why_not_say_hours(booking, found.equipment, minutes, at))
    if (booking.used, booking.used_is_owner) == (minutes, found.side.is_owner):
        return booking
    booking.used, booking.used_is_owner, booking.used_by, booking.used_at = minutes, found.side.is_owner, actor, at
    booking.save(update_fields=["used", "used_is_owner", "used_by", "used_at"])
    _announce(booking, "used", found.side, at)
    return booking


@transaction.atomic
def agree_hours(*, booking_id: int, minutes: int, actor: Person, at: datetime) -> Booking:
    """Agree for one's side to the minutes that the other side said, as one has read them. Twice is agreed once.

    Raises RefusedError to who stands on no side and as `rules.why_not_agree` says.
    """
    booking, found = _held_booking(booking_id, actor, at)
    if (booking.agreed_by_id, booking.used) == (actor.pk, minutes):
        return booking
    demand(rules.why_not_agree(booking, found.equipment, found.side, minutes))
    booking.agreed_by, booking.agreed_at = actor, at
    booking.save(update_fields=["agreed_by", "agreed_at"])
    facts = {
        "booking": booking.key,
        "minutes": minutes,
        "cost": str(rules.cost_of(booking)),
        "currency": booking.currency,
    }
    _tell(booking, found, "used", actor, at, facts)
    _announce(booking, "agreed", found.side, at)
    return booking
