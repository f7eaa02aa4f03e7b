"""Deciding who may change, share, book and answer, and what it costs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.campus.models import Booking, Equipment
from permea.campus.rules.times import is_within_hours, quarter_of, zone_of
from permea.foundation.refusals import Refusal
from permea.surface.formats import plain_number

State = Booking.State
HOUR = timedelta(hours=1)
MINUTES, HUNDRED = Decimal(60), Decimal(100)
CENT = Decimal("0.01")
LIVING = frozenset({State.ASKED, State.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Side:
    """For which organisation somebody stands at a piece of equipment, whether it owns it, and whether they may bind."""

    organisation_id: int
    is_firm: bool
    is_owner: bool
    may_bind: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A booking as it is asked for: from when until when, in UTC, for what, and who will be there."""

    start: datetime
    end: datetime
    purpose: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """What an organisation used in a quarter: bookings with agreed hours, minutes, and cost in one currency."""

    organisation: str
    year: int
    quarter: int
    currency: str
    n_bookings: int
    minutes: int
    cost: Decimal

    @property
    def hours(self) -> Decimal:
        """Return the hours."""
        return Decimal(self.minutes) / MINUTES


def no_side() -> Refusal:
    """Return why somebody who stands on no side may do nothing."""
    return Refusal("campus.no_side", _("Only people of the two sides can do this."))


def stands_otherwise() -> Refusal:
    """Return why something cannot be done to what has changed meanwhile."""
    return Refusal("campus.elsewhere", _("It stands otherwise by now. Look at the page again."))


def why_not_bind(side: Side) -> Refusal | None:
    """Return why somebody may not bind their side, or None if they may."""
    if side.may_bind:
        return None
    return Refusal("campus.not_binding", _("Only an owner or a manager of your side can do this."))


def why_not_own(side: Side) -> Refusal | None:
    """Return why somebody may not decide about the equipment, or None if they may."""
    if not side.is_owner:
        return Refusal("campus.not_owner", _("Only the side that owns the equipment can do this."))
    return why_not_bind(side)


def why_not_edit(side: Side, *, is_shared: bool) -> Refusal | None:
    """Return why somebody may not change what is said of the equipment: its owner may, the firm until it is shared."""
    if side.is_firm and not is_shared:
        return why_not_bind(side)
    return why_not_own(side)


def why_not_share(equipment: Equipment, side: Side, partner_id: int) -> Refusal | None:
    """Return why the firm cannot name this partner, or None: what a partner owns is shared with that partner alone."""
    if not side.is_firm:
        return Refusal("campus.not_yours", _("Only the firm that keeps this page can do this."))
    if equipment.owner_id not in {equipment.organisation_id, partner_id}:
        return Refusal("campus.other_owner", _("It belongs to somebody else."))
    return why_not_bind(side)


def why_not_introduce(side: Side, on: date, today: date) -> Refusal | None:
    """Return why somebody cannot record that a person was introduced on this day, or None if they can."""
    if on > today:
        return Refusal("campus.not_yet", _("That day has not come yet."))
    return why_not_own(side)


def same_name(name: str) -> str:
    """Return a name as it is compared: without regard to case and spaces."""
    return " ".join(name.split()).casefold()


def why_not_book(
    equipment: Equipment, side: Side, asked: Asked, *, introduced: Collection[str], at: datetime
) -> Refusal | None:
    """Return why a side cannot ask for this time, or None; the owner's own people need to give no notice."""
    if asked.start < at:
        return Refusal("campus.past", _("That time is over. Choose a later one."))
    if not side.is_owner and asked.start < at + equipment.notice * HOUR:
        text = ngettext("Ask at least %(num)d hour before.", "Ask at least %(num)d hours before.", equipment.notice)
        return Refusal("campus.short_notice", text % {"num": equipment.notice})
    minutes = (asked.end - asked.start) / timedelta(minutes=1)
    if not equipment.shortest <= minutes <= equipment.longest:
        reason = _("It can be booked for %(shortest)s to %(longest)s hours.")
        told = {name: plain_number(hours_of(getattr(equipment, name))) for name in ("shortest", "longest")}
        return Refusal("campus.other_length", reason % told)
    if not is_within_hours(equipment, asked.start, asked.end):
        return Refusal("campus.closed", _("It is not open then. A booking begins and ends within its hours."))
    return why_not_people(equipment, asked.people, introduced)


def why_not_people(equipment: Equipment, people: Sequence[str], introduced: Collection[str]) -> Refusal | None:
    """Return why these people cannot use the equipment, or None if they can."""
    if not people:
        return Refusal("campus.nobody", _("Say who will use it."))
    known = {same_name(name) for name in introduced}
    missing = [name for name in people if same_name(name) not in known]
    if equipment.needs_introduction and missing:
        reason = _("Not introduced to it yet: %(names)s. The owner's people record an introduction on the page.")
        return Refusal("campus.not_introduced", reason % {"names": ", ".join(missing)})
    return None


def taken() -> Refusal:
    """Return why a time that a confirmed booking holds cannot be had."""
    return Refusal("campus.taken", _("It is taken at that time. Choose another one."))


def why_not_answer(booking: Booking, side: Side, reason: str, *, is_yes: bool, at: datetime) -> Refusal | None:
    """Return why a side cannot confirm or refuse a booking, or None if it can."""
    refusal = why_not_own(side)
    if refusal is not None:
        return refusal
    if booking.state != State.ASKED:
        return stands_otherwise()
    if is_yes:
        return Refusal("campus.past", _("That time is over.")) if booking.ends_at <= at else None
    return None if reason else Refusal("campus.no_reason", _("Say why, in a sentence the other side understands."))


def why_not_cancel(booking: Booking, side: Side, reason: str, *, is_own: bool, at: datetime) -> Refusal | None:
    """Return why somebody cannot cancel a booking, or None: whoever asked for it can, and who may bind either side."""
    if booking.state not in LIVING:
        return stands_otherwise()
    if booking.starts_at <= at:
        return Refusal("campus.begun", _("It has begun. Say afterwards how many hours were used, 0 for none."))
    if not is_own and not side.may_bind:
        return Refusal("campus.not_binding", _("Only an owner or a manager of your side can do this."))
    return None if reason else Refusal("campus.no_reason", _("Say why, in a sentence the other side understands."))


def why_not_say_hours(booking: Booking, equipment: Equipment, minutes: int, at: datetime) -> Refusal | None:
    """Return why a side cannot say how long the equipment was used, or None if it can."""
    refusal = _why_no_hours(booking, equipment)
    if refusal is not None:
        return refusal
    if booking.ends_at > at:
        return Refusal("campus.not_over", _("Say it once the booking is over."))
    if minutes > equipment.longest * 2:
        return Refusal("campus.too_long", _("That is more than twice the longest booking. Write down what was used."))
    return None


def _why_no_hours(booking: Booking, equipment: Equipment) -> Refusal | None:
    """Return why no hours belong to a booking, or are agreed already, or None."""
    if booking.state != State.CONFIRMED or booking.agreed_at is not None:
        return stands_otherwise()
    if booking.user_id == equipment.owner_id:
        return Refusal("campus.own_use", _("Nobody is charged for what is their own."))
    return None


def why_not_agree(booking: Booking, equipment: Equipment, side: Side, minutes: int) -> Refusal | None:
    """Return why a side cannot agree to these hours, or None if it can: the side that did not say them."""
    refusal = _why_no_hours(booking, equipment)
    if refusal is not None:
        return refusal
    if booking.used is None or booking.used != minutes:
        return stands_otherwise()
    if booking.used_is_owner == side.is_owner:
        return Refusal("campus.other_side_agrees", _("The other side agrees, or says another number."))
    return why_not_bind(side)


def hours_of(minutes: int) -> Decimal:
    """Return minutes as hours, to the hundredth."""
    return (Decimal(minutes) / MINUTES).quantize(CENT)


def cost_of(booking: Booking) -> Decimal:
    """Return what the minutes of a booking cost, in its currency, to the cent; 0 where none are said."""
    exact = Decimal(booking.used or 0) * booking.rate / MINUTES / HUNDRED
    return exact.quantize(CENT, rounding=ROUND_HALF_UP)


def totals_of(bookings: Iterable[Booking]) -> list[Total]:
    """Return what each organisation used in each quarter by agreed hours, the newest first; currencies stay apart."""
    sums: dict[tuple[int, int, str, str, int], tuple[int, int, Decimal]] = {}
    for one in bookings:
        year, quarter = quarter_of(one.starts_at, zone_of(one.equipment))
        known = (year, quarter, one.user.name, one.currency, one.user_id)
        n_bookings, minutes, cost = sums.get(known, (0, 0, Decimal(0)))
        sums[known] = (n_bookings + 1, minutes + (one.used or 0), cost + cost_of(one))
    rows = sorted(sums.items(), key=lambda row: (-row[0][0], -row[0][1], *row[0][2:]))
    return [Total(name, year, quarter, currency, *told) for (year, quarter, name, currency, _pk), told in rows]
