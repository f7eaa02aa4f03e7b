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

from permea.dialogue.models import Moderated, ModerationEntry
from permea.foundation.refusals import Refusal
from permea.people.models import Person

HOLD_FROM = 2
NEW_ACCOUNT = timedelta(days=1)
LOOK_BACK = timedelta(hours=1)
LONG_TEXT = 1200
MANY_A_DAY = 3
FLOOD = 10
WAVE, WAVE_FROM, WAVE_WORDS = 2, 0.25, 40
FEW_WORDS = 8
SAME_FROM = 0.8
SHINGLE = 3
LEAST_SECONDS, FORM_LIFE = 3, timedelta(hours=12)
LONGEST_WORDS = 1000
ENDINGS = "com|net|org|info|biz|io|ru|cn|xyz|top|shop|online|site"
LINK = re.compile(rf"https?://\S+|www\.\S+|(?<![\w.-])[\w.-]{{2,}}\.(?:{ENDINGS})\b\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known about a text besides the text: its writer, and what was written lately by anybody.

    `texts_of_new_accounts` holds one text of each other new account. `many_a_day` is what one person may write a day,
    and `may_echo` says that a few words may be said twice ("me too").
    """

    is_new_account: bool
    n_today: int
    n_by_new_accounts: int
    recent_texts: Collection[str]
    texts_of_new_accounts: Collection[str] = ()
    many_a_day: int = MANY_A_DAY
    may_echo: bool = False


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
        "wave": _("%(count)d long texts like this by other new accounts came within an hour."),
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
    signs = _signs_of_new_account(text, known) if known.is_new_account else []
    if known.n_today >= known.many_a_day:
        signs.append(Sign("many", HOLD_FROM, known.n_today))
    is_echo = known.may_echo and len(_words(text)) < FEW_WORDS
    if not is_echo and any(is_much_the_same(text, other) for other in known.recent_texts):
        signs.append(Sign("repeated", HOLD_FROM))
    return signs


def _signs_of_new_account(text: str, known: Circumstances) -> list[Sign]:
    """Return what speaks against a text because its writer is new here."""
    signs = [Sign("new_account", 1)]
    if known.n_by_new_accounts >= FLOOD:
        signs.append(Sign("flood", HOLD_FROM, known.n_by_new_accounts))
    n_alike = count_alike(text, known.texts_of_new_accounts)
    if n_alike >= WAVE:
        signs.append(Sign("wave", HOLD_FROM, n_alike))
    return signs


def count_alike(text: str, others: Collection[str]) -> int:
    """Return how many other long texts share a quarter of their runs of three words with a long text.

    So texts that a program makes from one template are found although each is different; people who write long texts
    about one thing share far fewer runs.
    """
    if len(_words(text)) < WAVE_WORDS:
        return 0
    return sum(len(_words(other)) >= WAVE_WORDS and _shared(text, other) >= WAVE_FROM for other in others)


def is_much_the_same(first: str, second: str) -> bool:
    """Say whether two texts share four in five of their runs of three words, whatever case and digits."""
    return _shared(first, second) >= SAME_FROM


def _shared(first: str, second: str) -> float:
    """Return which part of all their runs of three words two texts share, from 0 to 1."""
    one, other = _runs(first), _runs(second)
    return len(one & other) / len(one | other) if one else 0.0


def _words(text: str) -> list[str]:
    """Return the words of a text without case and digits."""
    return re.findall(r"[^\W\d_]+", text.casefold())


def _runs(text: str) -> set[tuple[str, ...]]:
    """Return every run of three words of a text, the whole of it if it is shorter."""
    words = _words(text)
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


def why_not_release(text: Moderated) -> Refusal | None:
    """Return why the text cannot be let through, or None if it can."""
    if text.status != text.HELD:
        return Refusal("moderation.not_held", _("This text is not held any more."))
    return None


def why_not_hide(text: Moderated, reason: str, words: str) -> Refusal | None:
    """Return why the text may not be hidden like this, or None if it may."""
    if text.status in {text.HIDDEN, text.WITHDRAWN}:
        return Refusal("moderation.not_shown", _("This text is not shown any more."))
    return _why_not_reason(reason) or _why_not_words(words)


def why_not_appeal(text: Moderated, actor: Person, words: str) -> Refusal | None:
    """Return why `actor` may not object to the hiding of the text, or None if they may: once, with a reason."""
    if text.written_by_id != actor.pk:
        return Refusal("moderation.not_yours", _("Only its writer can do this."))
    if text.status != text.HIDDEN:
        return Refusal("moderation.not_hidden", _("This text is not hidden."))
    if text.appealed_at is not None:
        return Refusal("moderation.appealed", _("You have objected once; that is decided or being decided."))
    return _why_not_words(words)


def why_not_decide_appeal(text: Moderated, words: str) -> Refusal | None:
    """Return why an objection cannot be decided like this, or None if it can."""
    if not text.is_appeal_open:
        return Refusal("moderation.no_appeal", _("No objection waits for a decision here."))
    return _why_not_words(words)


def why_not_report(text: Moderated, actor: Person, reason: str, words: str) -> Refusal | None:
    """Return why `actor` may not report the text, or None if they may."""
    if text.status != text.PUBLIC:
        return Refusal("moderation.not_shown", _("This text is not shown any more."))
    if text.written_by_id == actor.pk:
        return Refusal("moderation.own_text", _("This is your own text."))
    return _why_not_reason(reason) or _why_not_words(words)


def why_not_dismiss(text: Moderated, words: str) -> Refusal | None:
    """Return why reports cannot be set aside like this, or None if they can."""
    if text.reported_at is None:
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
