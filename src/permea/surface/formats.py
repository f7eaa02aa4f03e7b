"""How dates, numbers, money and prose look to the reader, in their language and time zone."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import nh3
from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent
from django.utils import timezone, translation
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

Number = int | float | Decimal
MEGABYTE = 1_000_000
SURE = 0.99
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_markdown = MarkdownIt("js-default", {"html": False, "linkify": False}).disable("image")
TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "ul",
    "ol",
    "li",
    "a",
    "code",
    "pre",
    "blockquote",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "s",
}


def reader_locale() -> Locale:
    """Return Babel's locale for the reader's language."""
    return _locale(translation.get_language() or "en")


@lru_cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


@lru_cache(maxsize=8192)
def _decimal(value: Number, pattern: str, locale: Locale) -> str:
    """Return a number as written; a page shows the same few again and again."""
    return format_decimal(value, pattern, locale=locale)


@lru_cache(maxsize=8192)
def _amount(value: Number, currency: str, locale: Locale) -> str:
    whole = Decimal(str(value)) == Decimal(str(value)).to_integral_value()
    amount = "#,##0" if whole else "#,##0.00"
    leads = locale.currency_formats["standard"].pattern.startswith("¤")
    shape = f"¤¤ {amount}" if leads else f"{amount}\N{NO-BREAK SPACE}¤¤"
    return format_currency(value, currency, locale=locale, currency_digits=not whole, format=shape)


def show_date(value: date | datetime | None) -> str:
    """Return a date as the reader writes it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return format_date(value, "medium", locale=reader_locale())


def show_datetime(value: datetime | None) -> Markup:
    """Return a time in the reader's zone, the exact time on hover."""
    if value is None:
        return Markup("")
    local = timezone.localtime(value)
    day, time = format_date(local.date(), "medium", locale=reader_locale()), f"{local:%H:%M}"
    shown = f"{day}, {time}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value.isoformat(), exact(value), shown)


def exact(value: datetime) -> str:
    """Return a time to the second with its zone."""
    local = timezone.localtime(value)
    return format_datetime(local, "full", locale=reader_locale())


def ago(value: datetime | None, at: datetime) -> str:
    """Return how long before or after `at` something is, in words."""
    if value is None:
        return ""
    return format_timedelta(value - at, add_direction=True, threshold=1.2, locale=reader_locale())


def number(value: Number | None, digits: int = 0) -> str:
    """Return a number with the reader's separators, a dash for none."""
    if value is None or value != value:  # noqa: PLR0124 - nan is not equal to itself
        return "–"
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return _decimal(value, pattern, reader_locale())


def plain_number(value: Number | None) -> str:
    """Return a number with as many decimals as it has (four at most)."""
    if value is None:
        return "–"
    return _decimal(value, "#,##0.####", reader_locale())


def typed(value: Number | None) -> str:
    """Return a number as one types it into a field: 500 rather than 500.00, nothing for none."""
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"


def typed_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form shows at first, amounts without needless noughts."""
    return {name: typed(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def percent(value: Number | None, digits: int = 0) -> str:
    """Return a share of 1 as a percentage."""
    if value is None or value != value:  # noqa: PLR0124 - nan is not equal to itself
        return "–"
    return format_percent(
        value, "#,##0" + ("." + "0" * digits if digits else "") + "\N{NO-BREAK SPACE}%", locale=reader_locale()
    )


def chance(value: Number | None) -> str:
    """Return a chance as a percentage that never claims certainty: more than 99 %, less than 1 %."""
    if value is None or math.isnan(value):
        return "–"
    if value > SURE:
        return ">\N{NO-BREAK SPACE}" + percent(SURE)
    if value < 1 - SURE:
        return "<\N{NO-BREAK SPACE}" + percent(1 - SURE)
    return percent(value)


def money(value: Number | None, currency: str = "EUR") -> str:
    """Return an amount with its currency, without cents where there are none."""
    if value is None:
        return "–"
    return _amount(value, currency, reader_locale())


def language_name(code: str) -> str:
    """Return a language's name in the reader's language, the code itself for one nobody knows."""
    return (reader_locale().languages.get(code) or code).capitalize() if code else ""


def filesize(value: int) -> str:
    """Return a size in kB or MB."""
    if value < MEGABYTE:
        return f"{number(max(value / 1000, 0.1), 1)} kB"
    return f"{number(value / MEGABYTE, 1)} MB"


def without_controls(text: str) -> str:
    """Return a text as calendars and XML may hold it: lines end in a line feed, other control characters are gone."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


@lru_cache(maxsize=1024)
def markdown(text: str) -> Markup:
    """Return a person's text as safe HTML: no images, no raw HTML, links marked as foreign.

    What was read last is kept: the same entries are read by many, one after the other.
    """
    html = nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
    )
    return Markup(html)  # noqa: S704 - cleaned above


def markdown_tree(text: str) -> SyntaxTreeNode:
    """Return how a person's text is put together, read as `markdown` reads it, for what is not HTML."""
    return SyntaxTreeNode(_markdown.parse(text))


FILTERS: dict[str, Callable[..., Any]] = {
    "chance": chance,
    "date": show_date,
    "datetime": show_datetime,
    "exact": exact,
    "ago": ago,
    "number": number,
    "plain_number": plain_number,
    "typed": typed,
    "percent": percent,
    "money": money,
    "filesize": filesize,
    "language_name": language_name,
    "markdown": markdown,
}
