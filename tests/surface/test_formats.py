"""How dates, numbers, money and people's prose look."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from permea.surface import formats

AT = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # half an hour before Berlin's clocks go forward


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "Mar 29, 2026"), ("de", "29.03.2026")], ids=["English", "German"]
)
def test_a_date_is_written_as_the_reader_writes_it(language: str, shown: str) -> None:
    with translation.override(language), timezone.override(ZoneInfo("Europe/Berlin")):
        assert (formats.show_date(AT), formats.show_date(date(2026, 3, 29)), formats.show_date(None)) == (
            shown,
            shown,
            "",
        )


def test_a_time_is_in_the_readers_zone_with_the_exact_one_on_hover() -> None:
    with translation.override("en"), timezone.override(ZoneInfo("Europe/Berlin")):
        before, after = formats.show_datetime(AT), formats.show_datetime(AT + timedelta(minutes=30))

    assert (">Mar 29, 2026, 01:30</time>" in before, ">Mar 29, 2026, 03:00</time>" in after) == (True, True)
    assert 'datetime="2026-03-29T00:30:00+00:00"' in before
    assert "1:30:00\N{NARROW NO-BREAK SPACE}AM Central European Standard Time" in before
    assert formats.show_datetime(None) == ""


@pytest.mark.parametrize(
    ("distance", "language", "words"),
    [
        (timedelta(hours=-2), "en", "2 hours ago"),
        (timedelta(days=3), "en", "in 3 days"),
        (timedelta(days=3), "de", "in 3 Tagen"),
    ],
)
def test_a_distance_is_said_in_words(distance: timedelta, language: str, words: str) -> None:
    with translation.override(language):
        assert formats.ago(AT + distance, AT) == words


def test_no_time_has_no_distance() -> None:
    assert formats.ago(None, AT) == ""


def test_numbers_have_the_readers_separators_and_nothing_is_a_dash() -> None:
    with translation.override("de"):
        shown = (formats.number(12345.678, 1), formats.percent(0.256), formats.plain_number(Decimal("2.50")))
        nothing = (
            formats.number(None),
            formats.number(float("nan")),
            formats.percent(None),
            formats.plain_number(None),
        )

    assert shown == ("12.345,7", "26\N{NO-BREAK SPACE}%", "2,5")
    assert set(nothing) == {"–"}


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(12000, "EUR 12,000"), (Decimal("0.5"), "EUR 0.50"), (None, "–")],
)
def test_money_carries_its_currency_and_cents_only_where_there_are_some(amount: Decimal | None, shown: str) -> None:
    with translation.override("en"):
        assert formats.money(amount, "EUR") == shown


def test_the_currency_stands_where_the_language_puts_it() -> None:
    shown = {}
    for language in ("en", "de"):
        with translation.override(language):
            shown[language] = (formats.money(12000, "EUR"), formats.money(Decimal("0.5"), "EUR"))

    assert shown == {
        "en": ("EUR 12,000", "EUR 0.50"),
        "de": ("12.000\N{NO-BREAK SPACE}EUR", "0,50\N{NO-BREAK SPACE}EUR"),
    }


@pytest.mark.parametrize(("size", "shown"), [(10, "0.1 kB"), (2500, "2.5 kB"), (20_971_520, "21.0 MB")])
def test_sizes_are_in_kilobytes_or_megabytes(size: int, shown: str) -> None:
    with translation.override("en"):
        assert formats.filesize(size) == shown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold**", "<p><strong>bold</strong></p>\n"),
        ("<b onclick=x>raw</b>", "<p>&lt;b onclick=x&gt;raw&lt;/b&gt;</p>\n"),
        ("![x](https://a.example/x.png)", '<p>!<a href="https://a.example/x.png" rel="nofollow noopener noreferrer ugc">x</a></p>'),  # noqa: E501
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("# Big", "Big"),
    ],
)  # fmt: skip
def test_peoples_prose_is_formatted_and_harmless(text: str, html: str) -> None:
    assert formats.markdown(text).strip() == html.strip()
