"""Reading one piece of equipment and one booking: on which side somebody stands, and what the page shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.agreements.models import Agreement, AgreementParty
from permea.agreements.queries import partners_of
from permea.campus import rules
from permea.campus.models import Booking, Equipment, Introduction, Sharing
from permea.foundation.clock import SENT_TWICE
from permea.foundation.refusals import Refusal
from permea.people.models import Membership, Organisation, Person
from permea.people.queries import managers_of, members_of, role_in
from permea.people.rules import MANAGING

READING = frozenset({*MANAGING, Membership.Role.MEMBER.value})
State = Booking.State


@dataclass(frozen=True, slots=True)
class Shared:
    """A sharing with whom its agreement binds and what it is about."""

    sharing: Sharing
    parties: tuple[rules.Party, ...]
    subjects: frozenset[str]

    def why_not(self, at: datetime) -> Refusal | None:
        """Return why the two sides do not share the equipment at a time, or None if they do."""
        one = self.sharing
        return rules.why_not_covered(one.equipment, one.partner_id, one.agreement, self.subjects, self.parties, at)

    def is_open_to(self, person: Person, at: datetime) -> bool:
        """Say whether somebody of the partner sees the equipment at a time."""
        return self.why_not(at) is None and rules.is_open_to(person, self.sharing.partner_id, self.parties)


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of equipment as somebody stands to it, with everybody it is shared with."""

    equipment: Equipment
    side: rules.Side
    shared: list[Shared]

    def why_not_used(self, at: datetime) -> Refusal | None:
        """Return why the reader's side cannot use the equipment at a time, or None: its owner needs no agreement."""
        return None if self.side.is_owner else _why_not_used(self, at)

    @property
    def agreement(self) -> Agreement | None:
        """Return the agreement under which the reader's side uses it, None for its owner."""
        return None if self.side.is_owner else next((one.sharing.agreement for one in self._own), None)

    @property
    def _own(self) -> list[Shared]:
        """Return what the firm shares with the owner, or with the reader's organisation."""
        partner_id = self.equipment.owner_id if self.side.is_firm else self.side.organisation_id
        return [one for one in self.shared if one.sharing.partner_id == partner_id]


def _why_not_used(found: Found, at: datetime) -> Refusal | None:
    """Return why a side that does not own the equipment cannot use it at a time, or None if it can."""
    own = found._own  # noqa: SLF001 - of this module
    return own[0].why_not(at) if own else rules.no_agreement()


@dataclass(frozen=True, slots=True)
class Entry:
    """A booking on one day of a week, in the zone of the equipment; of others' bookings only that it is taken."""

    start: datetime
    end: datetime
    booking: Booking | None


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day of a week, whether the equipment is open, whether the day is over, and what is booked."""

    day: date
    is_open: bool
    is_over: bool
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class EquipmentPage:
    """A piece of equipment as somebody of one of its sides sees it, with one week of it."""

    found: Found
    days: list[WeekDay]
    introductions: list[Introduction]
    covered: Refusal | None
    can: dict[str, bool]


@dataclass(frozen=True, slots=True)
class BookingPage:
    """A booking as its two sides see it. Where `can` says yes to a form it is shown."""

    booking: Booking
    found: Found
    can: dict[str, bool]


def whole() -> QuerySet[Equipment]:
    """Return equipment with the firm and its owner."""
    return Equipment.objects.select_related("organisation", "owner")


def shared_of(sharings: QuerySet[Sharing]) -> list[Shared]:
    """Return sharings with whom their agreements bind, in the order of the partners' names."""
    rows = sharings.select_related("equipment__organisation", "equipment__owner", "partner", "agreement")
    found = list(rows.prefetch_related("agreement__parties", "agreement__subjects").order_by("partner__name", "pk"))
    seated = seated_of(one.agreement for one in found)
    return [Shared(one, parties_of(one.agreement, one.partner_id, seated), subjects_of(one.agreement)) for one in found]


def seated_of(agreements: Iterable[Agreement]) -> set[tuple[int, int]]:
    """Return organisation and person of every seat of those whom these agreements bind alone."""
    people = [party.person_id for one in agreements for party in one.parties.all() if party.person_id]
    seats = Membership.objects.filter(person__in=people, ended_at=None) if people else Membership.objects.none()
    return set(seats.values_list("organisation_id", "person_id"))


def parties_of(agreement: Agreement, partner_id: int, seated: set[tuple[int, int]]) -> tuple[rules.Party, ...]:
    """Return whom an agreement with a partner binds, once their seats are known."""
    return tuple(
        rules.Party(one.organisation_id, one.person_id, (partner_id, one.person_id or 0) in seated)
        for one in agreement.parties.all()
    )


def subjects_of(agreement: Agreement) -> frozenset[str]:
    """Return the keys of what an agreement is about."""
    return frozenset(one.subject_key for one in agreement.subjects.all())


def side_of(actor: Person, equipment: Equipment, shared: Iterable[Shared], at: datetime) -> rules.Side | None:
    """Return on which side somebody stands, or None: a partner's people see it while an agreement binds them."""
    role = role_in(actor, equipment.organisation_id)
    if role is not None:
        is_owner = equipment.owner_id == equipment.organisation_id
        side = rules.Side(equipment.organisation_id, is_firm=True, is_owner=is_owner, may_bind=role in MANAGING)
        return side if role in READING else None
    opened = [one.sharing.partner_id for one in shared if one.is_open_to(actor, at)]
    seats = Membership.objects.filter(person=actor, organisation__in=opened, ended_at=None) if opened else ()
    for seat in seats:
        is_owner = equipment.owner_id == seat.organisation_id
        return rules.Side(seat.organisation_id, is_firm=False, is_owner=is_owner, may_bind=seat.role in MANAGING)
    return None


def found_of(actor: Person, equipment: Equipment, at: datetime) -> Found | None:
    """Return a piece of equipment as the actor stands to it, or None if it is none of their business."""
    shared = shared_of(Sharing.objects.filter(equipment=equipment))
    side = side_of(actor, equipment, shared, at)
    return None if side is None else Found(equipment, side, shared)


def equipment_for(actor: Person, key: str, at: datetime) -> Found:
    """Return a piece of equipment as the actor stands to it. Raises Http404 if it is none of their business."""
    found = found_of(actor, get_object_or_404(whole(), key=key), at)
    if found is None:
        raise Http404
    return found


def equipment_page(found: Found, monday: date, at: datetime) -> EquipmentPage:
    """Return what the page of a piece of equipment shows of the week that begins on this Monday."""
    side, people = found.side, found.equipment.introductions.select_related("organisation")
    if not side.is_owner:
        people = people.filter(organisation=side.organisation_id)
    covered = found.why_not_used(at)
    return EquipmentPage(
        found=found,
        days=_days(found, monday, at),
        introductions=list(people.order_by("organisation__name", "name", "pk")),
        covered=covered,
        can={
            "book": covered is None,
            "edit": rules.why_not_edit(side, is_shared=bool(found.shared)) is None,
            "share": side.is_firm and side.may_bind,
            "introduce": rules.why_not_own(side) is None,
        },
    )


def _days(found: Found, monday: date, at: datetime) -> list[WeekDay]:
    """Return the days of a week with what the reader sees of their bookings."""
    side, zone = found.side, rules.zone_of(found.equipment)
    begin, end = rules.week_of(monday, zone)
    rows = found.equipment.bookings.filter(starts_at__lt=end, ends_at__gt=begin).select_related("user", "asked_by")
    asked = Q(state=State.ASKED) if side.is_owner else Q(state=State.ASKED, user=side.organisation_id)
    entries = []
    for one in rows.filter(asked | Q(state=State.CONFIRMED)).order_by("starts_at", "pk"):
        is_theirs = side.is_owner or one.user_id == side.organisation_id
        times = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
        entries.append(Entry(*times, one if is_theirs else None))
    days = [monday + timedelta(days=number) for number in range(7)]
    last = timedelta(microseconds=1)
    return [
        WeekDay(
            day,
            day.weekday() in found.equipment.weekdays,
            day < at.astimezone(zone).date(),
            [one for one in entries if one.start.date() <= day <= (one.end - last).date()],
        )
        for day in days
    ]


def booking_for(actor: Person, key: str, at: datetime) -> tuple[Booking, Found]:
    """Return a booking as the actor stands to it. Raises Http404 unless their side owns the equipment or uses it."""
    rows = Booking.objects.select_related("equipment__organisation", "equipment__owner", "user", "agreement")
    booking = get_object_or_404(rows.select_related("asked_by", "said_by", "used_by", "agreed_by"), key=key)
    found = found_of(actor, booking.equipment, at)
    if found is None or not is_theirs(booking, found.side):
        raise Http404
    return booking, found


def is_theirs(booking: Booking, side: rules.Side) -> bool:
    """Say whether a side sees who booked and why: the owner of the equipment does, and who uses it."""
    return side.is_owner or booking.user_id == side.organisation_id


def booking_page(booking: Booking, found: Found, actor: Person, at: datetime) -> BookingPage:
    """Return what the page of a booking shows."""
    side, equipment, is_own = found.side, found.equipment, booking.asked_by_id == actor.pk
    used = booking.used if booking.used is not None else 0
    can = {
        "answer": rules.why_not_answer(booking, side, "-", is_yes=False, at=at) is None,
        "cancel": rules.why_not_cancel(booking, side, "-", is_own=is_own, at=at) is None,
        "hours": rules.why_not_say_hours(booking, equipment, 0, at) is None,
        "agree": rules.why_not_agree(booking, equipment, side, used) is None,
    }
    return BookingPage(booking, found, can)


def is_taken(equipment: Equipment, start: datetime, end: datetime, *, besides: int | None = None) -> bool:
    """Say whether a confirmed booking holds any part of a time."""
    rows = equipment.bookings.filter(state=State.CONFIRMED, starts_at__lt=end, ends_at__gt=start)
    return (rows if besides is None else rows.exclude(pk=besides)).exists()


def booked_just_now(
    equipment: Equipment, side: rules.Side, asked: rules.Asked, actor: Person, at: datetime
) -> Booking | None:
    """Return the booking that is wholly the same and was asked for by the same person just now, or None."""
    same = equipment.bookings.filter(
        user=side.organisation_id, asked_by=actor, starts_at=asked.start, ends_at=asked.end, purpose=asked.purpose,
        asked_at__gt=at - SENT_TWICE,
    ).exclude(state=State.CANCELLED)  # fmt: skip
    return next((one for one in same.order_by("-pk") if tuple(one.people) == asked.people), None)


def introduced(equipment: Equipment, organisation_id: int) -> list[str]:
    """Return who of an organisation was introduced to a piece of equipment."""
    return list(equipment.introductions.filter(organisation=organisation_id).values_list("name", flat=True))


def agreements_to_name(
    organisation: Organisation, kinds: Collection[str] = rules.COVERING
) -> list[tuple[Agreement, Organisation]]:
    """Return a firm's agreements of some kinds with each partner that is bound: signed ones first, then the newest.

    A partner is bound where one of its people is.
    """
    rows = AgreementParty.objects.filter(
        agreement__organisation=organisation, agreement__kind__in=kinds,
    ).exclude(agreement__status=Agreement.Status.DROPPED)  # fmt: skip
    found = list(rows.select_related("agreement", "organisation").order_by("-agreement__created_at", "-pk"))
    people = [one.person_id for one in found if one.person_id is not None]
    seats = Membership.objects.filter(person__in=people, ended_at=None, organisation__is_host=False)
    of_person = {seat.person_id: seat.organisation for seat in seats.select_related("organisation")}
    pairs = [(one.agreement, one.organisation or of_person.get(one.person_id or 0)) for one in found]
    known = [(agreement, partner) for agreement, partner in pairs if partner is not None]
    return sorted(known, key=lambda pair: pair[0].status != Agreement.Status.SIGNED)


def owners_to_name(organisation: Organisation) -> list[Organisation]:
    """Return who can own equipment that a firm keeps a page of: itself, and organisations it knows."""
    return [organisation, *partners_of(organisation).filter(is_host=False)]


def people_of(equipment: Equipment, organisation: Organisation, at: datetime) -> list[Person]:
    """Return who can answer for an organisation: its managers, of a partner those who see the equipment now."""
    if organisation.pk == equipment.organisation_id:
        return managers_of(organisation)
    shared = shared_of(Sharing.objects.filter(equipment=equipment, partner=organisation))
    seats = [seat for seat in members_of(organisation) if seat.role in MANAGING]
    return [seat.person for seat in seats if any(one.is_open_to(seat.person, at) for one in shared)]
