"""Times of equipment: told in its own zone, kept in UTC, within its hours."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from permea.campus.models import Equipment
from permea.foundation.refusals import Refusal, RefusedError

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
A_WEEK = 7


def zone_of(equipment: Equipment) -> ZoneInfo:
    """Return the time zone in which a piece of equipment stands."""
    return ZoneInfo(equipment.time_zone)


def instant_of(told: datetime, zone: ZoneInfo) -> datetime:
    """Return a time on the clock of a zone in UTC; of an hour that comes twice the first is meant.

    Raises RefusedError for an hour that the clocks leave out when they are put forward.
    """
    moment = told.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != told:
        reason = _("There is no %(time)s on that day: the clocks are put forward.")
        raise RefusedError(Refusal("campus.no_such_time", reason % {"time": f"{told:%H:%M}"}))
    return moment


def is_within_hours(equipment: Equipment, start: datetime, end: datetime) -> bool:
    """Say whether a time begins and ends on a day and at an hour at which the equipment is open."""
    zone = zone_of(equipment)
    begins, last = start.astimezone(zone), (end - MINUTE).astimezone(zone)
    return _is_open_at(equipment, begins) and _is_open_at(equipment, last)


def _is_open_at(equipment: Equipment, moment: datetime) -> bool:
    """Say whether the equipment is open at a time in its zone."""
    is_before_closing = equipment.closes == time.min or moment.time() < equipment.closes
    return moment.weekday() in equipment.weekdays and equipment.opens <= moment.time() and is_before_closing


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_of(monday: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when a week begins and ends in a zone; weeks in which clocks are changed are an hour longer or shorter."""
    begin = datetime.combine(monday, time.min, tzinfo=zone)
    return begin.astimezone(UTC), datetime.combine(monday + A_WEEK * DAY, time.min, tzinfo=zone).astimezone(UTC)


def quarter_of(moment: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """Return year and quarter of a time in a zone."""
    local = moment.astimezone(zone)
    return local.year, (local.month + 2) // 3


def why_not_weekdays(weekdays: Collection[int], opens: time, closes: time) -> Refusal | None:
    """Return why a piece of equipment cannot be open at these days and hours, or None if it can."""
    if not weekdays:
        return Refusal("campus.never_open", _("Choose at least one day of the week."))
    if closes != time.min and closes <= opens:
        return Refusal("campus.closes_first", _("It closes after it opens. Closing at 0:00 means midnight."))
    return None
