"""Events for calendars: whatever a title holds, the lines are whole and the text comes back."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from permea.surface.calendars import Event, calendar, escaped, folded, moment

TEXTS = st.text(st.characters(codec="utf-8"), max_size=200)
AT = datetime(2026, 3, 30, 8, tzinfo=UTC)


def unfolded(octets: bytes) -> list[str]:
    """Return the content lines, as RFC 5545 3.1 reads them."""
    return octets.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def unescaped(value: str) -> str:
    """Return the text of a value, as RFC 5545 3.3.11 reads it."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


def event(**values) -> Event:
    told = {
        "uid": "deadline-abc@permea", "sequence": 0, "revised_at": AT, "starts_at": AT, "summary": "Entries close",
        "description": "Soon", "address": "https://permea.example/c/abc/", "language": "en",
    }  # fmt: skip
    return Event(**{**told, **values})


@given(TEXTS)
@example("é" * 75)
@example("x" * 74 + "🌾")
def test_no_line_is_longer_than_75_octets_and_unfolding_gives_it_back(text):
    line = text.replace("\r", "").replace("\n", "")
    written = folded(line)
    assert (max(map(len, written.split(b"\r\n"))) <= 75, written.replace(b"\r\n ", b"").decode()) == (
        True,
        line + "\r\n",
    )


@given(TEXTS)
def test_no_character_is_torn_by_folding(text):
    assert all(part.decode() is not None for part in folded(text.replace("\r", "").replace("\n", "")).split(b"\r\n"))


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"]) | st.sampled_from("\\;,\n"), max_size=200))
@example("\\n, \\; \\\\\n;")
def test_a_text_comes_back_as_it_was(text):
    assert unescaped(escaped(text)) == text


@given(TEXTS)
@example("Grip\r\nEND:VEVENT\r\nBEGIN:VEVENT")
@example("a\rATTACH:https://evil.example/")
@example("\x00\x0b\x0c\x1c\x85")
def test_a_text_never_ends_its_line(text):
    shown = unfolded(calendar(event(summary=text, description=text)))
    names = [re.split("[:;]", line, maxsplit=1)[0] for line in shown]
    assert names == [re.split("[:;]", line, maxsplit=1)[0] for line in unfolded(calendar(event()))]


@pytest.mark.parametrize(
    ("local", "fold", "written"),
    [
        ("2026-03-29T01:59", 0, "20260329T005900Z"),
        ("2026-03-29T03:00", 0, "20260329T010000Z"),
        ("2026-10-25T02:30", 0, "20261025T003000Z"),
        ("2026-10-25T02:30", 1, "20261025T013000Z"),
        ("2026-10-25T18:00:00.999999", 0, "20261025T170000Z"),
    ],
)
def test_times_are_written_in_utc_whatever_the_clocks_do(local, fold, written):
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
    assert moment(at) == written


def test_an_event_is_written_as_calendars_read_it():
    assert unfolded(calendar(event(sequence=2, summary="Entries close: a, b; c\\d", language="de"))) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Permea//Permea//EN",
        "CALSCALE:GREGORIAN",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "BEGIN:VEVENT",
        "UID:deadline-abc@permea",
        "SEQUENCE:2",
        "DTSTAMP:20260330T080000Z",
        "LAST-MODIFIED:20260330T080000Z",
        "DTSTART:20260330T080000Z",
        "TRANSP:TRANSPARENT",
        r"SUMMARY;LANGUAGE=de:Entries close: a\, b\; c\\d",
        "DESCRIPTION;LANGUAGE=de:Soon",
        "URL:https://permea.example/c/abc/",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-P1D",
        r"DESCRIPTION;LANGUAGE=de:Entries close: a\, b\; c\\d",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
