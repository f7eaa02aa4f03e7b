"""Deciding about obligations: the arithmetic of days, what follows from the clauses, who may say what of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from permea.agreements.models import Agreement, Obligation
from permea.agreements.rules.drafting import MONTHS_A_YEAR, add_months
from permea.foundation.refusals import Refusal

Kind, Side, Anchor, State = Obligation.Kind, Obligation.Side, Obligation.Anchor, Obligation.State
A_DAY = timedelta(days=1)
REMIND_FROM_HOUR = 7
AHEAD = timedelta(days=120)
SHOWN_AHEAD = timedelta(days=90)
USUAL_REMINDERS = (30, 7)
LATE_REMINDERS = (7, 30)
WAITS_FROM = timedelta(days=7)
QUARTER = 3
UNSETTLED = frozenset({State.OPEN.value, State.SAID.value, State.MISSED.value})


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a day lies from its base, and after how many months it comes again (never if 0)."""

    months: int = 0
    days: int = 0
    every: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """What one clause asks of one side, or the day it sets for both; `is_by_quarter` counts from calendar quarters."""

    clause: str
    kind: str
    side: str
    anchor: str
    pace: Pace
    reminders: tuple[int, ...] = USUAL_REMINDERS
    is_by_quarter: bool = False


def zone_named(name: str) -> tzinfo:
    """Return the time zone of this name, UTC for one nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def day_in(zone: tzinfo, at: datetime) -> date:
    """Return which day it is in a zone."""
    return at.astimezone(zone).date()


def beginning_of(day: date, zone: tzinfo) -> datetime:
    """Return when a day begins in a zone; where the clock skips midnight, when it goes on."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def is_over(day: date, zone: tzinfo, at: datetime) -> bool:
    """Say whether a day is over in a zone."""
    return at >= beginning_of(day + A_DAY, zone)


def reminding_day(zone: tzinfo, at: datetime) -> date:
    """Return the day people are reminded of now: the day of the zone, from seven in the morning on."""
    local = at.astimezone(zone)
    return local.date() if local.hour >= REMIND_FROM_HOUR else local.date() - A_DAY


def due_day(base: date, pace: Pace, number: int = 0) -> date:
    """Return the day that lies so far from its base, in its `number`th repetition.

    Months are counted from the base each time, so that the last day of a month does not move forwards by and by.
    """
    return add_months(base, pace.months + number * pace.every) + timedelta(days=pace.days)


def numbers_ahead(base: date, pace: Pace, *, last: int, until: date, end: date | None) -> list[int]:
    """Return the repetitions after `last` that are due by `until`, as far as their time begins before the end."""
    found, number = [], last + 1
    while is_before_end(base, pace, number, end) and due_day(base, pace, number) <= until:
        found.append(number)
        number += 1
    return found


def first_number(base: date, pace: Pace, *, today: date) -> int:
    """Return the first repetition that is not past; 0 for what comes only once."""
    number = 0
    while pace.every and due_day(base, pace, number) < today:
        number += 1
    return number


def is_before_end(base: date, pace: Pace, number: int, end: date | None) -> bool:
    """Say whether the time a repetition is about begins before the end."""
    return end is None or add_months(base, number * pace.every) < end


def next_reminder(due_on: date, reminder_days: Iterable[int], *, after: date) -> date | None:
    """Return the first day after this one on which people are reminded: so many days before, that day, and after it."""
    days = (due_on - timedelta(days=before) for before in (*reminder_days, 0, *(-late for late in LATE_REMINDERS)))
    return min((day for day in days if day > after), default=None)


def quarter_of(day: date) -> date:
    """Return the first day of the calendar quarter a day lies in."""
    return date(day.year, (day.month - 1) // QUARTER * QUARTER + 1, 1)


def end_day(agreement: Agreement, zone: tzinfo) -> date | None:
    """Return the last day of an agreement as far as it is known: by its term, or earlier by notice."""
    ends = [moment for moment in (agreement.valid_until, agreement.ended_at) if moment is not None]
    return day_in(zone, min(ends)) if ends else None


def pace_of(obligation: Obligation) -> Pace:
    """Return the pace of an obligation."""
    return Pace(obligation.offset_months, obligation.offset_days, obligation.every_months)


def terms_of(kind: str, clauses: Iterable[str], options: Mapping[str, Any]) -> list[Term]:
    """Return what follows from the clauses of an agreement of this kind and what was chosen in them."""
    return [term for clause in clauses if clause in _FOLLOWS for term in _FOLLOWS[clause](kind, options)]


def goes_on(options: Mapping[str, Any]) -> bool:
    """Say whether an agreement goes on by itself when its months are over and nobody has given notice."""
    return options.get("at_end") == "renews"


def _chosen(options: Mapping[str, Any], name: str) -> int:
    """Return a number that was chosen, 0 if none was."""
    return int(options.get(name) or 0)


def _term(_kind: str, options: Mapping[str, Any]) -> list[Term]:
    if not _chosen(options, "term_months"):
        return []
    if goes_on(options):
        return [Term("term", Kind.GOES_ON, Side.BOTH, Anchor.END, Pace(days=-1), reminders=(60, 14))]
    return [Term("term", Kind.TERM_END, Side.BOTH, Anchor.END, Pace(), reminders=(60, 14))]


def _ending(_kind: str, options: Mapping[str, Any]) -> list[Term]:
    months = 0 if goes_on(options) else _chosen(options, "notice_months")
    return [Term("ending", Kind.NOTICE, Side.BOTH, Anchor.END, Pace(months=-months))] if months else []


def _next_step(_kind: str, _options: Mapping[str, Any]) -> list[Term]:
    return [Term("next_step", Kind.RENEWAL, side, Anchor.END, Pace()) for side in (Side.FIRM, Side.PARTY)]


def _handback(kind: str, options: Mapping[str, Any]) -> list[Term]:
    sides: tuple[str, ...] = (Side.FIRM, Side.PARTY)
    if kind == Agreement.Kind.NDA_ONE_WAY:
        sides = (Side.FIRM,) if options.get("direction") == "they" else (Side.PARTY,)
    return [Term("handback", Kind.HANDBACK, side, Anchor.END, Pace()) for side in sides]


def _secrecy(_kind: str, options: Mapping[str, Any]) -> list[Term]:
    pace = Pace(months=MONTHS_A_YEAR * _chosen(options, "secrecy_years"))
    return [Term("secrecy_term", Kind.SECRECY, Side.BOTH, Anchor.END, pace, reminders=(30,))]


def _statements(kind: str, _options: Mapping[str, Any]) -> list[Term]:
    side = Side.FIRM if kind == Agreement.Kind.LICENCE_IN else Side.PARTY
    pace = Pace(months=QUARTER, days=29, every=QUARTER)
    return [Term("statements", Kind.REPORT, side, Anchor.START, pace, reminders=(14,), is_by_quarter=True)]


_FOLLOWS: dict[str, Callable[[str, Mapping[str, Any]], list[Term]]] = {
    "term": _term,
    "ending": _ending,
    "next_step": _next_step,
    "handback": _handback,
    "secrecy_term": _secrecy,
    "statements": _statements,
}


def is_owed_by(obligation: Obligation, *, is_firm: bool) -> bool:
    """Say whether the firm, or otherwise the partner, owes it; a day that both have to know is owed by nobody."""
    return obligation.side == (Side.FIRM if is_firm else Side.PARTY)


def _why_not_touch(obligation: Obligation) -> Refusal | None:
    """Return why nobody can say anything of an obligation any more, or None."""
    if obligation.state not in UNSETTLED:
        return Refusal("agreements.obligation_settled", _("This is settled already."))
    if obligation.kind == Kind.REVIEW:
        return Refusal("agreements.obligation_by_answer", _("This is settled by answering the planned publication."))
    return None


def _why_not_by_side(obligation: Obligation, *, is_firm: bool) -> Refusal | None:
    """Return why it is not to this side that it is owed, or None if it is."""
    if is_owed_by(obligation, is_firm=not is_firm):
        return None
    return Refusal("agreements.obligation_not_owed_to_you", _("Only the side to whom it is owed can say this."))


def why_not_say_done(obligation: Obligation, *, is_firm: bool) -> Refusal | None:
    """Return why somebody may not say that their side has done it, or None if they may."""
    if obligation.state == State.SAID:
        return Refusal("agreements.obligation_said", _("Your side has said so already. The other side answers it."))
    if obligation.side == Side.BOTH:
        return Refusal("agreements.obligation_is_a_day", _("This is a day to know of; nobody has to do anything."))
    if not is_owed_by(obligation, is_firm=is_firm):
        return Refusal("agreements.obligation_not_yours", _("Only the side that owes it can say that it is done."))
    return _why_not_touch(obligation)


def why_not_confirm(obligation: Obligation, *, is_firm: bool, may_bind: bool) -> Refusal | None:
    """Return why somebody may not say that the other side has done it, or None if they may."""
    refusal = _why_not_by_side(obligation, is_firm=is_firm) or _why_not_touch(obligation)
    return refusal or _why_not_speak(may_bind=may_bind)


def why_not_deny(obligation: Obligation, *, is_firm: bool, may_bind: bool, note: str) -> Refusal | None:
    """Return why somebody may not say that the other side has not done it after all, or None if they may."""
    refusal = why_not_confirm(obligation, is_firm=is_firm, may_bind=may_bind)
    if refusal is None and obligation.state != State.SAID:
        return Refusal("agreements.obligation_not_said", _("The other side has not said yet that it is done."))
    return refusal or _why_not_silent(note)


def why_not_waive(obligation: Obligation, *, is_firm: bool, may_bind: bool, note: str) -> Refusal | None:
    """Return why somebody may not waive it, or None if they may.

    The side to whom it is owed can; so can the firm where it added it by hand.
    """
    is_own_note = is_firm and not obligation.clause
    refusal = None if is_own_note else _why_not_by_side(obligation, is_firm=is_firm)
    refusal = refusal or _why_not_touch(obligation) or _why_not_speak(may_bind=may_bind)
    return refusal or _why_not_silent(note)


def _why_not_speak(*, may_bind: bool) -> Refusal | None:
    """Return why somebody may not answer for their side, or None if they may."""
    if may_bind:
        return None
    return Refusal("agreements.may_not_bind", _("Only owners and managers speak for their side."))


def _why_not_silent(note: str) -> Refusal | None:
    """Return why this is not said without a word, or None if there is one."""
    return None if note.strip() else Refusal("agreements.obligation_no_reason", _("Say why, in a sentence."))


def why_not_add(
    agreement: Agreement, *, kind: str, title: str, anchor: str, pace: Pace, base: date | None, today: date
) -> Refusal | None:
    """Return why an obligation like this may not be added by hand, or None if it may.

    `base` is the day counted from, as far as it is known today.
    """
    if agreement.status != Agreement.Status.SIGNED:
        return Refusal("agreements.obligation_not_signed", _("What is owed is written down once all have signed."))
    if kind == Kind.OTHER and not title.strip():
        return Refusal("agreements.obligation_no_title", _("Say in a few words what is owed."))
    if anchor == Anchor.DAY and base is None:
        return Refusal("agreements.obligation_no_day", _("Choose the day."))
    if anchor == Anchor.NOTICE and agreement.ended_at is not None:
        return Refusal("agreements.obligation_notice_given", _("Notice has been given already. Name the day itself."))
    if base is not None and not pace.every and due_day(base, pace) < today:
        return Refusal("agreements.obligation_past", _("This day is past. Choose one that people can keep."))
    return None
