"""Events for people's calendars, written as iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from permea.surface.formats import without_controls

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Permea//Permea//EN"
LINE_OCTETS = 75
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A moment to keep free. Calendars know it by `uid`; of two with one `uid` the higher `sequence` counts."""

    uid: str
    sequence: int
    revised_at: datetime
    starts_at: datetime
    summary: str
    description: str
    address: str
    language: str


def calendar(event: Event) -> bytes:
    """Return a calendar that holds one event, with an alarm a day before it."""
    return b"".join(folded(line) for line in _lines(event))


def _lines(event: Event) -> Iterator[str]:
    """Yield the content lines before they are folded."""
    language = f";LANGUAGE={event.language}"
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:{PRODUCT}"
    yield "CALSCALE:GREGORIAN"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT6H"
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{moment(event.revised_at)}"
    yield f"LAST-MODIFIED:{moment(event.revised_at)}"
    yield f"DTSTART:{moment(event.starts_at)}"
    yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY{language}:{escaped(event.summary)}"
    yield f"DESCRIPTION{language}:{escaped(event.description)}"
    yield f"URL:{event.address}"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield "TRIGGER:-P1D"
    yield f"DESCRIPTION{language}:{escaped(event.summary)}"
    yield "END:VALARM"
    yield "END:VEVENT"
    yield "END:VCALENDAR"


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
