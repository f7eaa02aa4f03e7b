"""The dates of a challenge: in order, on a clock that exists, moved with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge, TimetableChange
from permea.foundation.refusals import Refusal

OPENING_HOUR, CLOSING_HOUR = time(9), time(18)


@dataclass(frozen=True, slots=True)
class Dates:
    """The four dates of a public challenge; all are set."""

    opens_at: datetime
    closes_at: datetime
    decide_by: datetime
    answer_by: datetime


def dates_of(challenge: Challenge) -> Dates:
    """Return the dates of a challenge. Raises ValueError if one is missing (only drafts lack any)."""
    opens_at, closes_at = challenge.opens_at, challenge.closes_at
    decide_by, answer_by = challenge.decide_by, challenge.answer_by
    if opens_at is None or closes_at is None or decide_by is None or answer_by is None:
        raise ValueError("a draft may lack dates")
    return Dates(opens_at, closes_at, decide_by, answer_by)


def why_not_in_order(
    opens_at: datetime | None, closes_at: datetime | None, decide_by: datetime | None, answer_by: datetime | None
) -> Refusal | None:
    """Return why these dates are out of order, or None if they are in order; a missing one does not bind."""
    if opens_at and closes_at and closes_at <= opens_at:
        return Refusal("challenges.dates_order", _("Entries must close after they open."))
    if closes_at and decide_by and decide_by < closes_at:
        return Refusal("challenges.dates_order", _("You cannot decide before entries have closed."))
    if decide_by and answer_by and answer_by < decide_by:
        return Refusal("challenges.dates_order", _("Answers cannot be due before the decision."))
    return None


def deadline_as_of(moment: datetime, closes_at: datetime, changes: Iterable[TimetableChange]) -> datetime:
    """Return the deadline that stood at `moment`, from the present one and its changes, oldest first."""
    return next((change.closed_at_before for change in changes if change.changed_at > moment), closes_at)


def why_not_change_dates(challenge: Challenge, *, at: datetime) -> Refusal | None:
    """Return why the timetable of a challenge may not move at `at`, or None if it may."""
    if challenge.status != Challenge.Status.PUBLISHED:
        return Refusal("challenges.not_running", _("Only a published challenge that is not decided has dates to move."))
    if at >= dates_of(challenge).closes_at:
        return Refusal(
            "challenges.closed",
            _("Entries have closed and may have been read; the time for entries cannot be reopened or moved."),
        )
    return None


def why_not_extend(challenge: Challenge, new: Dates, *, reason: str, at: datetime) -> Refusal | None:
    """Return why entries may not stay open until the new dates, or None if they may."""
    if refusal := why_not_change_dates(challenge, at=at):
        return refusal
    if new.closes_at <= dates_of(challenge).closes_at:
        return Refusal("challenges.not_later", _("An extension must end later than the present deadline."))
    if not reason.strip():
        return Refusal("challenges.no_reason", _("Give a reason; everybody who entered will read it."))
    return why_not_in_order(new.opens_at, new.closes_at, new.decide_by, new.answer_by)


def why_not_close_early(challenge: Challenge, *, reason: str, at: datetime) -> Refusal | None:
    """Return why entries may not close at `at`, or None if they may."""
    if refusal := why_not_change_dates(challenge, at=at):
        return refusal
    if at <= dates_of(challenge).opens_at:
        return Refusal("challenges.not_open", _("Entries have not opened yet, so they cannot close early."))
    if not reason.strip():
        return Refusal("challenges.no_reason", _("Give a reason; everybody who entered will read it."))
    return None


def why_not_local(naive: datetime, zone: tzinfo) -> Refusal | None:
    """Return why a clock reading names no single moment in `zone` (daylight saving), or None if it does."""
    names = {"time": f"{naive:%Y-%m-%d %H:%M}", "zone": str(zone)}
    early, late = (naive.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta(0) for fold in (0, 1))
    if early < late:
        reason = _("%(time)s does not exist in %(zone)s: the clocks skip that hour. Choose another time.")
        return Refusal("challenges.time_missing", reason % names)
    if early > late:
        reason = _("%(time)s happens twice in %(zone)s: the clocks go back that night. Choose another time.")
        return Refusal("challenges.time_twice", reason % names)
    return None


def dates_as_facts(challenge: Challenge) -> dict[str, str]:
    """Return the dates of a challenge as they are written into the ledger: UTC, to the second."""
    return {name: f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for name, value in asdict(dates_of(challenge)).items()}


def suggested_dates(days_open: int, days_to_decide: int, days_to_answer: int, *, at: datetime, zone: tzinfo) -> Dates:
    """Return a timetable to start from: open tomorrow morning, everything else at the end of a working day."""
    opens_on = at.astimezone(zone).date() + timedelta(days=1)
    closes_on = opens_on + timedelta(days=days_open)
    decide_on = closes_on + timedelta(days=days_to_decide)
    answer_on = decide_on + timedelta(days=days_to_answer)
    evenings = [datetime.combine(day, CLOSING_HOUR, tzinfo=zone) for day in (closes_on, decide_on, answer_on)]
    return Dates(datetime.combine(opens_on, OPENING_HOUR, tzinfo=zone), *evenings)
