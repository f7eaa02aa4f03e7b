"""Events for people's calendars, written as iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from permea.surface.formats import without_controls

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Permea//Permea//EN"
LINE_OCTETS = 75
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A moment to keep free, or a time where it has an end.

    Calendars know it by `uid`; of two with one `uid` the higher `sequence` counts.
    """

    uid: str
    sequence: int
    revised_at: datetime
    starts_at: datetime
    summary: str
    description: str
    address: str
    language: str
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day to keep in mind, in no time zone: where its reader is. The rest is as in `Event`."""

    uid: str
    sequence: int
    revised_at: datetime
    on: date
    summary: str
    description: str
    address: str
    language: str


def calendar(event: Event) -> bytes:
    """Return a calendar that holds one event, with an alarm a day before it."""
    return b"".join(folded(line) for line in _framed(_event(event), name=""))


def calendar_of_days(days: Iterable[Day], *, name: str) -> bytes:
    """Return a calendar of whole days under a name, each with an alarm a day before it."""
    lines = (line for day in days for line in _day(day))
    return b"".join(folded(line) for line in _framed(lines, name=name))


def calendar_of_events(events: Iterable[Event], *, name: str) -> bytes:
    """Return a calendar of events under a name, each with an alarm a day before it."""
    lines = (line for event in events for line in _event(event))
    return b"".join(folded(line) for line in _framed(lines, name=name))


def _framed(lines: Iterable[str], *, name: str) -> Iterator[str]:
    """Yield the content lines of a calendar before they are folded."""
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:{PRODUCT}"
    yield "CALSCALE:GREGORIAN"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT6H"
    if name:
        yield f"NAME:{escaped(name)}"
        yield f"X-WR-CALNAME:{escaped(name)}"
    yield from lines
    yield "END:VCALENDAR"


def _event(event: Event) -> Iterator[str]:
    """Yield the lines of an event."""
    ends = [] if event.ends_at is None else [f"DTEND:{moment(event.ends_at)}"]
    yield from _what_is_kept(event, f"DTSTART:{moment(event.starts_at)}", *ends)


def _day(day: Day) -> Iterator[str]:
    """Yield the lines of a whole day, which ends where the next one begins."""
    yield from _what_is_kept(
        day, f"DTSTART;VALUE=DATE:{day.on:%Y%m%d}", f"DTEND;VALUE=DATE:{day.on + timedelta(days=1):%Y%m%d}"
    )


def _what_is_kept(kept: Event | Day, *when: str) -> Iterator[str]:
    """Yield the lines of something to keep free or in mind."""
    language = f";LANGUAGE={kept.language}"
    yield "BEGIN:VEVENT"
    yield f"UID:{kept.uid}"
    yield f"SEQUENCE:{kept.sequence}"
    yield f"DTSTAMP:{moment(kept.revised_at)}"
    yield f"LAST-MODIFIED:{moment(kept.revised_at)}"
    yield from when
    yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY{language}:{escaped(kept.summary)}"
    yield f"DESCRIPTION{language}:{escaped(kept.description)}"
    yield f"URL:{kept.address}"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield "TRIGGER:-P1D"
    yield f"DESCRIPTION{language}:{escaped(kept.summary)}"
    yield "END:VALARM"
    yield "END:VEVENT"


def moment(value: datetime) -> str:
    """Return a time as calendars read it: in UTC, to the second."""
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Return a text as the value of a property: it cannot end its line, and holds no control characters."""
    return without_controls(text).translate(ESCAPES)


def folded(line: str) -> bytes:
    """Return a content line with its ending, broken so that no line is longer than 75 octets and no character torn."""
    lines, room = [bytearray()], LINE_OCTETS
    for character in line:
        octets = character.encode()
        if len(lines[-1]) + len(octets) > room:
            lines.append(bytearray())
            room = LINE_OCTETS - 1
        lines[-1] += octets
    return b"\r\n ".join(lines) + b"\r\n"
