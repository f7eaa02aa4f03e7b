"""Deciding about texts that strangers write: what is published at once, what is held for a look, what may be done then.

A text collects points for plain signs; from two points on it is held, and the reasons are given in words. The rules
know no particular kind of text.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.dialogue.models import ModerationEntry, Question
from permea.foundation.refusals import Refusal
from permea.people.models import Person

HOLD_FROM = 2
NEW_ACCOUNT = timedelta(days=1)
LOOK_BACK = timedelta(hours=1)
LONG_TEXT = 1200
MANY_A_DAY = 3
FLOOD = 10
SAME_FROM = 0.8
SHINGLE = 3
LEAST_SECONDS, FORM_LIFE = 3, timedelta(hours=12)
LONGEST_WORDS = 1000
ENDINGS = "com|net|org|info|biz|io|ru|cn|xyz|top|shop|online|site"
LINK = re.compile(rf"https?://\S+|www\.\S+|\b[\w.-]{{2,}}\.(?:{ENDINGS})\b\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known about a text besides the text: its writer, and what was written lately by anybody."""

    is_new_account: bool
    n_today: int
    n_by_new_accounts: int
    recent_texts: Collection[str]


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that speaks against a text, how much, and the number its reason tells."""

    code: str
    points: int
    count: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What speaks against a text."""

    signs: tuple[Sign, ...]

    @property
    def is_held(self) -> bool:
        """Say whether the text waits for somebody to look at it."""
        return sum(sign.points for sign in self.signs) >= HOLD_FROM

    @property
    def noted(self) -> str:
        """Return what speaks against it as it is kept, so that everybody reads it in their language: `reasons_in`."""
        return "\n".join(f"{sign.code} {sign.count}" for sign in self.signs)


def reasons_in(noted: str) -> str:
    """Return what spoke against a text in words, a line each."""
    return "\n".join(_reason(code, int(count)) for code, count in (line.split() for line in noted.splitlines()))


def _reason(code: str, count: int) -> str:
    """Return one thing that speaks against a text in words."""
    texts = {
        "links": ngettext("It holds %(count)d link.", "It holds %(count)d links.", count),
        "long": _("It is longer than %(count)d characters."),
        "new_account": _("Its writer has been known here for less than a day."),
        "flood": _("%(count)d texts by new accounts came within an hour."),
        "many": _("Its writer has written %(count)d texts within a day."),
        "repeated": _("Much the same was written within the last hour."),
    }
    return texts[code] % {"count": count}


def judge_text(text: str, known: Circumstances) -> Verdict:
    """Return what speaks against publishing a text at once."""
    return Verdict((*_signs_in(text), *_signs_around(text, known)))


def _signs_in(text: str) -> list[Sign]:
    """Return what the text itself gives away."""
    signs = []
    n_links = len(LINK.findall(text))
    if n_links:
        signs.append(Sign("links", min(n_links, HOLD_FROM), n_links))
    if len(text) > LONG_TEXT:
        signs.append(Sign("long", 1, LONG_TEXT))
    return signs


def _signs_around(text: str, known: Circumstances) -> list[Sign]:
    """Return what its writer's account and other recent texts give away."""
    signs = []
    if known.is_new_account:
        signs.append(Sign("new_account", 1))
    if known.is_new_account and known.n_by_new_accounts >= FLOOD:
        signs.append(Sign("flood", HOLD_FROM, known.n_by_new_accounts))
    if known.n_today >= MANY_A_DAY:
        signs.append(Sign("many", HOLD_FROM, known.n_today))
    if any(is_much_the_same(text, other) for other in known.recent_texts):
        signs.append(Sign("repeated", HOLD_FROM))
    return signs


def is_much_the_same(first: str, second: str) -> bool:
    """Say whether two texts share four in five of their runs of three words, whatever case and digits."""
    one, other = _runs(first), _runs(second)
    return bool(one) and len(one & other) / len(one | other) >= SAME_FROM


def _runs(text: str) -> set[tuple[str, ...]]:
    """Return every run of three words of a text, the whole of it if it is shorter."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if not words:
        return set()
    return {tuple(words[start : start + SHINGLE]) for start in range(max(1, len(words) - SHINGLE + 1))}


def why_not_form(*, is_trap_filled: bool, began_at: datetime | None, at: datetime) -> Refusal | None:
    """Return why a sent form looks as if a program filled it in, or None: what a person does passes at the second try.

    `began_at` is when the form was handed out, None if that cannot be told.
    """
    if is_trap_filled:
        return Refusal(
            "moderation.trap", _("A field that has to stay empty was filled in. Your text is kept: send it again.")
        )
    if began_at is None or not is_form_fresh(began_at, at=at):
        return Refusal("moderation.old_form", _("This page was open for long. Your text is kept: send it again."))
    if at - began_at < timedelta(seconds=LEAST_SECONDS):
        return Refusal("moderation.too_fast", _("That was very quick. Read your text once more, then send it again."))
    return None


def is_form_fresh(began_at: datetime | None, *, at: datetime) -> bool:
    """Say whether a form handed out at `began_at` may still be sent."""
    return began_at is not None and at - began_at <= FORM_LIFE


def why_not_release(question: Question) -> Refusal | None:
    """Return why the question cannot be let through, or None if it can."""
    if question.status != Question.Status.HELD:
        return Refusal("moderation.not_held", _("This text is not held any more."))
    return None


def why_not_hide(question: Question, reason: str, words: str) -> Refusal | None:
    """Return why the question may not be hidden like this, or None if it may."""
    if question.status in {Question.Status.HIDDEN, Question.Status.WITHDRAWN}:
        return Refusal("moderation.not_shown", _("This text is not shown any more."))
    return _why_not_reason(reason) or _why_not_words(words)


def why_not_appeal(question: Question, actor: Person, words: str) -> Refusal | None:
    """Return why `actor` may not object to the hiding of the question, or None if they may: once, with a reason."""
    if question.asker_id != actor.pk:
        return Refusal("question.not_yours", _("Only its asker can do this."))
    if question.status != Question.Status.HIDDEN:
        return Refusal("moderation.not_hidden", _("This text is not hidden."))
    if question.appealed_at is not None:
        return Refusal("moderation.appealed", _("You have objected once; that is decided or being decided."))
    return _why_not_words(words)


def why_not_decide_appeal(question: Question, words: str) -> Refusal | None:
    """Return why an objection cannot be decided like this, or None if it can."""
    if not question.is_appeal_open:
        return Refusal("moderation.no_appeal", _("No objection waits for a decision here."))
    return _why_not_words(words)


def why_not_report(question: Question, actor: Person, reason: str, words: str) -> Refusal | None:
    """Return why `actor` may not report the question, or None if they may."""
    if question.status != Question.Status.ANSWERED:
        return Refusal("moderation.not_shown", _("This text is not shown any more."))
    if question.asker_id == actor.pk:
        return Refusal("moderation.own_text", _("This is your own question."))
    return _why_not_reason(reason) or _why_not_words(words)


def why_not_dismiss(question: Question, words: str) -> Refusal | None:
    """Return why reports cannot be set aside like this, or None if they can."""
    if question.reported_at is None:
        return Refusal("moderation.no_report", _("No report waits here."))
    return _why_not_words(words)


def _why_not_reason(reason: str) -> Refusal | None:
    """Return why a code is no reason, or None if it is."""
    if reason in ModerationEntry.Reason.values:
        return None
    return Refusal("moderation.no_reason", _("Please choose a reason."))


def _why_not_words(words: str) -> Refusal | None:
    """Return why words do not explain, or None if they do."""
    if not words:
        return Refusal("moderation.no_words", _("Please say why in your own words."))
    if len(words) > LONGEST_WORDS:
        return Refusal("moderation.words_too_long", _("At most %(limit)d characters.") % {"limit": LONGEST_WORDS})
    return None
