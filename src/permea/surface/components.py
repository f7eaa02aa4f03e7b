"""The little reckoning behind the components of a page: templates hold none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

NEAR = timedelta(days=3)
LONGEST_DIFF = 6000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed ("same"), was taken out ("out") or put in ("in")."""

    kind: str
    text: str


def deadline_tone(due_at: datetime | None, at: datetime, *, is_done: bool = False) -> str:
    """Return how a deadline presses at `at`: none, done, past, near (within three days) or far."""
    if due_at is None:
        return "none"
    if is_done:
        return "done"
    if due_at <= at:
        return "past"
    return "near" if due_at - at <= NEAR else "far"


def initials(name: str) -> str:
    """Return up to two initials of a name, a dot for none."""
    words: list[str] = re.findall(r"\w+", name)
    if not words:
        return "·"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Return what changed from `before` to `after`, word by word; very long texts are compared line by line."""
    pattern = r"\s+|\w+|[^\w\s]" if len(before) + len(after) <= LONGEST_DIFF else r"[^\n]*\n|[^\n]+"
    old, new = re.findall(pattern, before), re.findall(pattern, after)
    pieces: list[Piece] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[old_from:old_to])))
            continue
        if old_to > old_from:
            pieces.append(Piece("out", "".join(old[old_from:old_to])))
        if new_to > new_from:
            pieces.append(Piece("in", "".join(new[new_from:new_to])))
    return tuple(pieces)
