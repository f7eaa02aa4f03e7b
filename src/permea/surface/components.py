"""The little reckoning behind the components of a page: templates hold none."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher

NEAR = timedelta(days=3)
MOST_PAIRS, MOST_PAIRS_IN_ALL = 20_000, 300_000
STOPS = ".!?\u2026\u3002\uff01\uff1f\u0964\u061f"
UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
LEAST_SHARED = 0.3
JOINER = "\u200d"
# Lines, sentences, words: scripts that put no spaces between words are cut at every sign.
PARTS = (
    re.compile(r"[^\n]*\n|[^\n]+"),
    re.compile(rf"[^{STOPS}]*(?:[{STOPS}]+\s*|$)"),
    re.compile(rf"\s+|[{UNSPACED}]|[^\W{UNSPACED}]+|[^\w\s]"),
)


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
    """Return what changed from `before` to `after`, word by word, in a time that grows with their length only.

    Lines are compared first, then the sentences of lines that differ, then the words of sentences that differ.
    """
    joined: list[Piece] = []
    for piece in _Comparison().pieces(before, after):
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return tuple(joined)


def diff_sides(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return what changed as two texts to stand side by side: the one before, and the one after."""
    pieces = word_diff(before, after)
    return tuple(one for one in pieces if one.kind != "in"), tuple(one for one in pieces if one.kind != "out")


class _Comparison:
    """The comparison of two texts, which stops looking closer once it has looked at very many parts."""

    def __init__(self) -> None:
        self.n_pairs = 0

    def pieces(self, before: str, after: str, level: int = 0) -> Iterator[Piece]:
        """Yield the pieces of two texts by the parts of this level, those that differ by the parts of the next one."""
        old, new = _parts_of(before, level), _parts_of(after, level)
        is_quick, is_last = self._is_quick(old, new), level + 1 == len(PARTS)
        if not (_are_alike(old, new) if is_last else is_quick):
            yield from self._replaced(before, after, level + 1)
            return
        for tag, old_from, old_to, new_from, new_to in _steps(old, new, is_quick=is_quick):
            if tag != "equal":
                yield from self._changed(old[old_from:old_to], new[new_from:new_to], level + 1)
            elif old_to > old_from:
                yield Piece("same", "".join(old[old_from:old_to]))

    def _changed(self, old: list[str], new: list[str], level: int) -> Iterator[Piece]:
        """Yield how some parts take the place of others: one by one where there are as many, else all at once."""
        is_paired = len(old) == len(new) and level < len(PARTS)
        for out, put in zip(old, new, strict=True) if is_paired else [("".join(old), "".join(new))]:
            yield from self._replaced(out, put, level)

    def _replaced(self, out: str, put: str, level: int) -> Iterator[Piece]:
        """Yield how one text takes another's place: in parts, if both say something and there are smaller parts."""
        if out and put and level < len(PARTS):
            yield from self.pieces(out, put, level)
            return
        if out:
            yield Piece("out", out)
        if put:
            yield Piece("in", put)

    def _is_quick(self, old: list[str], new: list[str]) -> bool:
        """Say whether two lists of parts are compared in no time: how many pairs of equal parts there are decides."""
        first, second = Counter(old), Counter(new)
        n_pairs = sum(number * second[part] for part, number in first.items())
        is_quick = n_pairs <= MOST_PAIRS and self.n_pairs + n_pairs <= MOST_PAIRS_IN_ALL
        self.n_pairs += n_pairs if is_quick else 0
        return is_quick


def _are_alike(old: list[str], new: list[str]) -> bool:
    """Say whether two lists of words have enough in common for their differences to be read one by one."""
    first, second = (Counter(word for word in words if not word.isspace()) for words in (old, new))
    return (first & second).total() >= LEAST_SHARED * max(first.total(), second.total())


def _steps(old: list[str], new: list[str], *, is_quick: bool) -> Iterable[tuple[str, int, int, int, int]]:
    """Return the steps from one list of parts to the other; where finding them takes long, only where both differ."""
    if is_quick:
        return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    start = _n_alike(old, new)
    end = _n_alike(old[start:][::-1], new[start:][::-1])
    old_end, new_end = len(old) - end, len(new) - end
    return [
        ("equal", 0, start, 0, start),
        ("replace", start, old_end, start, new_end),
        ("equal", old_end, len(old), new_end, len(new)),
    ]


def _n_alike(old: list[str], new: list[str]) -> int:
    """Return with how many equal parts two lists begin."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (first, second) in pairs if first != second), min(len(old), len(new)))


def _parts_of(text: str, level: int) -> list[str]:
    """Return the parts of a text; a sign that belongs to the letter before it, an accent say, is never cut off."""
    found: list[str] = PARTS[level].findall(text)
    if level + 1 < len(PARTS):
        return found
    words: list[str] = []
    for part in found:
        is_bound = bool(words) and (_belongs_to_former(part[0]) or words[-1].endswith(JOINER))
        if is_bound or (words and part[0].isalnum() and _belongs_to_former(words[-1][-1])):
            words[-1] += part
        else:
            words.append(part)
    return words


def _belongs_to_former(letter: str) -> bool:
    """Say whether a sign is part of the letter before it."""
    return letter == JOINER or unicodedata.category(letter).startswith("M")
