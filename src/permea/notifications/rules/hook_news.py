"""What is told to webhooks, and its form for Slack, Teams, Matrix and programs of one's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import escape

VERSION = 1
CARD = "application/vnd.microsoft.card.adaptive"
_SLACK = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class News:
    """What happened, as far as it may leave the house: titles of challenges and boxes, counts, times, pages.

    `facts` go to programs only; `place` names the page it leads to and the key in its address.
    """

    event: str
    about: str
    title: str
    place: tuple[str, str]
    number: int = 0
    is_sooner: bool = False
    facts: dict[str, Any] = field(default_factory=dict)


def sentence(news: News) -> str:
    """Return what happened in one line."""
    return _SENTENCES[news.event](news) % {"title": news.title, "num": news.number}


def _timetable(news: News) -> str:
    return _("Entries close sooner: “%(title)s”") if news.is_sooner else _("More time: “%(title)s”")


def _closed(news: News) -> str:
    return ngettext("“%(title)s” is closed: %(num)s entry", "“%(title)s” is closed: %(num)s entries", news.number)


def _entry(news: News) -> str:
    return ngettext(
        "An entry was handed in: “%(title)s” has %(num)s",
        "An entry was handed in: “%(title)s” has %(num)s",
        news.number,
    )


_SENTENCES: dict[str, Callable[[News], str]] = {
    "challenge.published": lambda _news: _("A challenge is published: “%(title)s”"),
    "challenge.timetable_changed": _timetable,
    "challenge.closed": _closed,
    "entry.received": _entry,
    "question.asked": lambda _news: _("A question waits for its public answer: “%(title)s”"),
    "posting.received": lambda _news: _("Something was put into the box “%(title)s”"),
    "selection.settled": lambda _news: _("The selection is settled: “%(title)s”"),
    "challenge.decided": lambda _news: _("All answers are out: “%(title)s”"),
    "award.rights_accepted": lambda _news: _("A winner has accepted the rights: “%(title)s”"),
    "test": lambda _news: _("This is a test of the webhook “%(title)s”"),
}


def body_for(shape: str, news: News, *, key: str, organisation: str, link: str, at: datetime) -> str:
    """Return the body of a message in the form its reader understands."""
    text = sentence(news)
    if shape == "plain":
        told = {
            "version": VERSION,
            "id": key,
            "event": news.event,
            "at": at.isoformat(),
            "organisation": organisation,
            "about": {"key": news.about, "title": news.title, **news.facts},
            "text": text,
            "link": link,
        }
        return json.dumps(told, ensure_ascii=False)
    made = {"slack": _slack, "teams": _teams, "matrix": _matrix}[shape](text, link, organisation)
    return json.dumps(made, ensure_ascii=False)


def _slack(text: str, link: str, organisation: str) -> dict[str, Any]:
    """Return a message for an incoming webhook of Slack; nothing from outside becomes a mention or a link."""
    return {"text": f"{text.translate(_SLACK)}\n<{link}|{organisation.translate(_SLACK).replace('|', ' ')}>"}


def _teams(text: str, link: str, organisation: str) -> dict[str, Any]:
    """Return a message for a workflow of Teams: a card whose text runs know no markup."""
    runs = [{"type": "TextRun", "text": text, "weight": "Bolder"}]
    small = [{"type": "TextRun", "text": organisation, "isSubtle": True}]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "RichTextBlock", "inlines": runs}, {"type": "RichTextBlock", "inlines": small}],
        "actions": [{"type": "Action.OpenUrl", "title": _("Open in Permea"), "url": link}],
    }
    return {"type": "message", "attachments": [{"contentType": CARD, "contentUrl": None, "content": card}]}


def _matrix(text: str, link: str, organisation: str) -> dict[str, Any]:
    """Return the content of an m.room.message; `text` and `html` say the same for bridges that read these."""
    plain = f"{text}\n{organisation}: {link}"
    rich = f'{escape(text)}<br><a href="{escape(link)}">{escape(organisation)}</a>'
    content = {"msgtype": "m.notice", "body": plain, "format": "org.matrix.custom.html", "formatted_body": rich}
    return {**content, "text": plain, "html": rich}
