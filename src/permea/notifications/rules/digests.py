"""When a digest is due: daily or weekly, at the person's hour in the person's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

DAILY, WEEKLY = "daily", "weekly"
HOURS = range(24)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often and when: `weekday` counts from Monday and says nothing for a daily digest."""

    every: str
    hour: int
    weekday: int


DEFAULT_RHYTHM = Rhythm(DAILY, 7, 0)


def next_slot(rhythm: Rhythm, *, zone: tzinfo, at: datetime) -> datetime:
    """Return the first moment after `at` at which a digest of this rhythm is due."""
    day = at.astimezone(zone).date()
    while True:
        slot = datetime.combine(day, time(rhythm.hour), zone).astimezone(UTC)
        if slot > at and (rhythm.every == DAILY or day.weekday() == rhythm.weekday):
            return slot
        day += timedelta(days=1)
