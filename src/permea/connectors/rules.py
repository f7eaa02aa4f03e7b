"""Deciding about mails that come in: what is not taken, so that machines never talk to each other."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta

from permea.connectors.imap.mapping import Letter
from permea.connectors.models import ReceivedMail

Reason = ReceivedMail.Reason
MOST_BYTES = 25 * 1024 * 1024
MOST_AN_HOUR, HOUR = 10, timedelta(hours=1)
PAUSE = timedelta(minutes=2)
KEPT = timedelta(days=30)
PER_READING = 50
MACHINES = frozenset({"mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce"})


def reason_to_leave(letter: Letter, *, ours: Collection[str], is_own_message: bool, n_lately: int) -> str:
    """Return why a mail is not taken, or nothing if it is; `n_lately` mails of its sender came within an hour."""
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        (Reason.NO_SENDER, lambda: not letter.sender),
        (Reason.OWN, lambda: is_own_message or letter.sender in ours),
        (Reason.BOUNCE, lambda: _is_bounce(letter)),
        (Reason.AUTOMATIC, lambda: _is_automatic(letter)),
        (Reason.BULK, lambda: _is_bulk(letter)),
        (Reason.SPAM, lambda: _is_spam(letter)),
        (Reason.TOO_MANY, lambda: n_lately >= MOST_AN_HOUR),
        (Reason.NO_TEXT, lambda: not letter.text),
    )
    return next((str(reason) for reason, holds in checks if holds()), "")


def _is_bounce(letter: Letter) -> bool:
    """Say whether a mail server reports something."""
    place = letter.sender.partition("@")[0]
    return letter.is_report or letter.marks.get("return-path") == "<>" or place in MACHINES


def _is_automatic(letter: Letter) -> bool:
    """Say whether a mail says of itself that a machine wrote it (RFC 3834), or wants no machine to answer it."""
    marks = letter.marks
    if marks.get("auto-submitted", "no").partition(";")[0].strip() != "no":
        return True
    if {"x-autoreply", "x-autorespond", "x-loop"} & marks.keys() or marks.get("precedence") == "auto_reply":
        return True
    return marks.get("x-auto-response-suppress", "none") != "none"


def _is_spam(letter: Letter) -> bool:
    """Say whether the mail server on the way here found the mail to be spam, or its sender forged (DMARC)."""
    flags = (letter.marks.get("x-spam-flag", ""), letter.marks.get("x-spam-status", ""))
    return any(flag.startswith("yes") for flag in flags) or "dmarc=fail" in letter.marks.get(
        "authentication-results", ""
    )


def _is_bulk(letter: Letter) -> bool:
    """Say whether a mail went to many."""
    return bool({"list-id", "list-unsubscribe"} & letter.marks.keys()) or letter.marks.get("precedence") in {
        "bulk", "list", "junk",
    }  # fmt: skip
