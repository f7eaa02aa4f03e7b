"""Letters: one template a kind of mail, rendered once as text and once as HTML in the reader's language and zone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from babel.dates import format_date
from django.conf import settings
from django.template import engines
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import Environment
from markupsafe import Markup, escape

from permea.notifications.queries import zone_of
from permea.notifications.rules import one_line
from permea.people.models import Person
from permea.surface.formats import reader_locale

Facts = Iterable[tuple[str, object]]
News = Iterable[tuple[str, str, str]]
MARK = "\f"


class Letter(NamedTuple):
    """What a mail says: the same twice."""

    subject: str
    text: str
    html: str
    language: str


class AsText:
    """The parts of a letter as plain text."""

    def say(self, sentence: object) -> str:
        """Return a paragraph."""
        return str(sentence)

    def button(self, label: str, link: str) -> str:
        """Return a link with what it is for."""
        return f"{label}:\n{link}"

    def facts(self, rows: Facts) -> str:
        """Return lines of name and value, those without a value left out."""
        return "\n".join(f"{name}: {value}" for name, value in rows if value not in (None, ""))

    def quote(self, text: str) -> str:
        """Return somebody's own words, each line marked."""
        return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())

    def news(self, title: str, rows: News) -> str:
        """Return lines of news under their heading, each with its time and address."""
        lines = "\n".join(f"- {text}\n  {time}\n  {link}" for text, time, link in rows)
        return f"{title}\n{lines}"

    def small_print(self, text: str, links: Iterable[tuple[str, str]]) -> str:
        """Return what stands below a mail, its links one a line."""
        return "\n".join(["-- ", text, *(f"{label}: {link}" for label, link in links)])


class AsHtml:
    """The parts of a letter as HTML; everything from outside is escaped."""

    def say(self, sentence: object) -> Markup:
        """Return a paragraph."""
        return Markup("<p>{}</p>").format(sentence)

    def button(self, label: str, link: str) -> Markup:
        """Return a link that looks like what it does, and its address for those whose program shows no links."""
        return Markup(
            '<p class="do"><a class="button button-primary" href="{link}">{label}</a></p>'
            '<p class="address"><a href="{link}">{link}</a></p>'
        ).format(link=link, label=label)

    def facts(self, rows: Facts) -> Markup:
        """Return a small table of name and value, rows without a value left out."""
        lines = [
            Markup("<tr><th scope='row'>{}</th><td>{}</td></tr>").format(name, value)
            for name, value in rows
            if value not in (None, "")
        ]
        return Markup("<table>{}</table>").format(Markup("").join(lines))

    def quote(self, text: str) -> Markup:
        """Return somebody's own words."""
        paragraphs = [
            Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in part.splitlines()))
            for part in re.split(r"\n\s*\n", text.strip())
        ]
        return Markup("<blockquote>{}</blockquote>").format(Markup("").join(paragraphs))

    def news(self, title: str, rows: News) -> Markup:
        """Return a list of news under its heading, each a link with its time."""
        item = Markup('<li><a href="{link}">{text}</a><br><span class="time">{time}</span></li>')
        items = [item.format(text=text, time=time, link=link) for text, time, link in rows]
        return Markup("<h2>{}</h2><ul>{}</ul>").format(title, Markup("").join(items))

    def small_print(self, text: str, links: Iterable[tuple[str, str]]) -> Markup:
        """Return what stands below a mail, its links behind it."""
        shown = [Markup(' <a href="{}">{}</a>').format(link, label) for label, link in links]
        return Markup('<p class="small-print">{}{}</p>').format(text, Markup("").join(shown))


@cache
def _plain() -> Environment:
    """Return the environment of all pages with escaping switched off, for plain text."""
    environment: Environment = engines["jinja2"].env  # type: ignore[attr-defined]  # Jinja2 backend
    return environment.overlay(autoescape=False)


def link(name: str, *args: Any) -> str:
    """Return the whole address of a page of this instance."""
    return f"{settings.BASE_URL}{reverse(name, args=args)}"


def when(moment: datetime) -> str:
    """Return a time in the reader's zone and language, to the minute, the zone named."""
    local = timezone.localtime(moment)
    day = format_date(local.date(), "full", locale=reader_locale())
    return f"{day}, {local:%H:%M} {local.tzname()}"


def compose(kind: str, *, reader: Person | None, language: str, context: dict[str, Any]) -> Letter:
    """Return the letter of this kind in `language`, with times in the reader's zone."""
    template = f"mails/{kind}.txt"
    with translation.override(language), timezone.override(zone_of(reader)):
        optional = {"topic": None, "unsubscribe": ""}
        given = {"reader": reader, "link": link, "when": when, "language": language, **optional, **context}
        subject, _mark, text = _plain().get_template(template).render({**given, **_parts(AsText())}).partition(MARK)
        page = engines["jinja2"].get_template(template).render({**given, **_parts(AsHtml())})
    return Letter(one_line(subject), _tidy(text), page.partition(MARK)[2].strip(), language)


def _parts(parts: AsText | AsHtml) -> dict[str, Any]:
    """Return the parts under the names templates use."""
    names = ("say", "button", "facts", "quote", "news", "small_print")
    return {"mark": MARK, **{name: getattr(parts, name) for name in names}}


def _tidy(text: str) -> str:
    """Return text with one empty line between its parts and none at its ends."""
    return re.sub(r"\n\s*\n+", "\n\n", text).strip() + "\n"
