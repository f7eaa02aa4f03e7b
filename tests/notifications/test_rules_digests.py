"""When a digest is due."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from permea.notifications.rules import DAILY, DEFAULT_RHYTHM, WEEKLY, Rhythm, next_slot

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "zone", "at", "slot"),
    [
        (DEFAULT_RHYTHM, BERLIN, "2026-03-02T05:59", "2026-03-02T06:00"),
        (DEFAULT_RHYTHM, BERLIN, "2026-03-02T06:00", "2026-03-03T06:00"),
        (DEFAULT_RHYTHM, BERLIN, "2026-03-28T12:00", "2026-03-29T05:00"),
        (DEFAULT_RHYTHM, TOKYO, "2026-03-02T21:59", "2026-03-02T22:00"),
        (Rhythm(DAILY, 0, 0), TOKYO, "2026-03-02T14:00", "2026-03-02T15:00"),
        (Rhythm(WEEKLY, 7, 0), BERLIN, "2026-03-02T09:00", "2026-03-09T06:00"),
        (Rhythm(WEEKLY, 7, 4), BERLIN, "2026-03-02T09:00", "2026-03-06T06:00"),
        (Rhythm(WEEKLY, 12, 0), BERLIN, "2026-03-02T09:00", "2026-03-02T11:00"),
    ],
)
def test_a_digest_is_due_at_the_next_of_the_readers_hours(rhythm, zone, at, slot):
    assert next_slot(rhythm, zone=zone, at=utc(at)) == utc(slot)
