"""What a notice says: made from what it is about when it is shown, in the language of who reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.notifications.models import Notice
from permea.selection.models import Award

OWN = frozenset({"receipt", "withdrawal", "answer", "reply", "payment", "coauthor_news", "shares_asked", "built_on"})
STANDING = frozenset({"timetable", "steps"})
JUDGING = frozenset({"assignments", "panel_invitation"})
MANAGING = frozenset({"entries_closed", "question", "question_asked", "rights", "answers_near", "answers_overdue"})
TALKING = frozenset({"comment_posted"})
VOTING = frozenset({"votes_counted"})
NOTED = OWN | STANDING | JUDGING | MANAGING | TALKING | VOTING
SOONER = "sooner"


def facts_of(kind: str, told: Mapping[str, Any]) -> tuple[int, str]:
    """Return the number and the variant a notice keeps of what its letter tells."""
    if kind == "receipt":
        return told["idea"].n_versions, ""
    if kind == "payment":
        return 0, told["award"].payment
    if kind == "coauthor_news":
        return 0, told["happened"]
    if kind == "timetable":
        return 0, "" if told["change"].is_extension else SOONER
    if kind == "assignments":
        return told["n_open"], ""
    return (told["challenge"].n_entries, "") if kind == "entries_closed" else (0, "")


def headline(notice: Notice) -> str:
    """Return what a notice says in one line."""
    title = notice.challenge.title if notice.idea is None else notice.idea.title or _("Draft without a title")
    return _HEADLINES[notice.kind](notice, title)


def place_of(notice: Notice) -> tuple[str, str]:
    """Return the name of the page a notice leads to, and the key in its address, empty where it has none."""
    page, of = _PLACES[notice.kind]
    key = {"idea": notice.idea.key if notice.idea else "", "challenge": notice.challenge.key, "": ""}[of]
    return page, key


def _timetable(notice: Notice, title: str) -> str:
    if notice.variant == SOONER:
        return _("Entries close sooner: “%(title)s”") % {"title": title}
    return _("More time: “%(title)s”") % {"title": title}


def _payment(notice: Notice, title: str) -> str:
    state = dict(Award.Payment.choices).get(notice.variant, notice.variant)
    return _("Your prize for “%(title)s”: %(state)s") % {"title": title, "state": state}


def _closed(notice: Notice, title: str) -> str:
    text = ngettext("“%(title)s” is closed: %(num)s entry", "“%(title)s” is closed: %(num)s entries", notice.number)
    return text % {"title": title, "num": notice.number}


def _assignments(notice: Notice, title: str) -> str:
    del title
    text = ngettext("%(num)s entry waits for your review", "%(num)s entries wait for your review", notice.number)
    return text % {"num": notice.number}


def _asked(_notice: Notice, title: str) -> str:
    return _("A question waits for its public answer: “%(title)s”") % {"title": title}


def _receipt(notice: Notice, title: str) -> str:
    told = {"title": title, "version": notice.number}
    return _("Receipt: “%(title)s”, version %(version)s") % told


def _together(notice: Notice, title: str) -> str:
    texts = {
        "joined": _("Somebody writes “%(title)s” with you now"),
        "declined": _("Somebody you asked does not write “%(title)s” with you"),
        "left": _("Somebody has left “%(title)s”"),
        "refused": _("Somebody does not agree to the shares of “%(title)s”"),
        "agreed": _("Everybody agreed to the shares of “%(title)s”"),
    }
    return texts.get(notice.variant, _("Who writes “%(title)s”")) % {"title": title}


_HEADLINES: dict[str, Callable[[Notice, str], str]] = {
    "receipt": _receipt,
    "withdrawal": lambda _notice, title: _("Taken back: “%(title)s”") % {"title": title},
    "answer": lambda _notice, title: _("Our answer to “%(title)s”") % {"title": title},
    "reply": lambda _notice, title: _("Reply to your question about “%(title)s”") % {"title": title},
    "payment": _payment,
    "coauthor_news": _together,
    "shares_asked": lambda _notice, title: _("Do you agree to the shares of “%(title)s”?") % {"title": title},
    "built_on": lambda _notice, title: _("An entry that builds on “%(title)s” was chosen") % {"title": title},
    "comment_posted": lambda _notice, title: _("New comments on “%(title)s”") % {"title": title},
    "votes_counted": lambda _notice, title: _("The votes are counted: “%(title)s”") % {"title": title},
    "timetable": _timetable,
    "steps": lambda _notice, title: _("Other steps after the deadline: “%(title)s”") % {"title": title},
    "assignments": _assignments,
    "panel_invitation": lambda _notice, title: _("Will you judge entries for “%(title)s”?") % {"title": title},
    "entries_closed": _closed,
    "question": lambda _notice, title: _("A question about your answer to “%(title)s”") % {"title": title},
    "question_asked": _asked,
    "rights": lambda _notice, title: _("Rights settled: “%(title)s”") % {"title": title},
    "answers_near": lambda _notice, title: _("Answers fall due: “%(title)s”") % {"title": title},
    "answers_overdue": lambda _notice, title: _("Answers are overdue: “%(title)s”") % {"title": title},
}
_PLACES = {
    "receipt": ("selection:status", "idea"),
    "withdrawal": ("ideas:entry", "idea"),
    "answer": ("selection:status", "idea"),
    "reply": ("selection:status", "idea"),
    "payment": ("selection:status", "idea"),
    "coauthor_news": ("ideas:coauthors", "idea"),
    "shares_asked": ("ideas:coauthors", "idea"),
    "built_on": ("selection:credits", ""),
    "comment_posted": ("dialogue:talk", "idea"),
    "votes_counted": ("ideas:vote_result", "challenge"),
    "timetable": ("ideas:mine", ""),
    "steps": ("challenges:public", "challenge"),
    "assignments": ("evaluation:queue", ""),
    "panel_invitation": ("evaluation:queue", ""),
    "entries_closed": ("evaluation:panel", "challenge"),
    "question": ("selection:decide", "challenge"),
    "question_asked": ("dialogue:manage", "challenge"),
    "rights": ("selection:awards", "challenge"),
    "answers_near": ("selection:decide", "challenge"),
    "answers_overdue": ("selection:decide", "challenge"),
}
