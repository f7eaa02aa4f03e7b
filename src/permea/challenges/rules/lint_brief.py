"""A brief as the linter reads it, and what it says about one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from zlib import crc32

from permea.challenges.rules.lint_notes import NOTES, Note
from permea.challenges.rules.lint_text import Passage

MOST_PLACES = 6
LONGEST_PLACE = 120
EMPTY = Passage("")


@dataclass(frozen=True, slots=True)
class Brief:
    """Texts and figures of a challenge; nothing else is looked at."""

    texts: Mapping[str, Passage]
    language: str
    prize_amount: Decimal | None = None
    n_winners: int = 1
    currency: str = "EUR"
    has_ip_terms: bool = False
    maturity_from: int | None = None
    days_open: float | None = None
    own_name: str = ""

    def __getitem__(self, field: str) -> Passage:
        """Return the text of a field."""
        return self.texts.get(field, EMPTY)

    def joined(self, *fields: str) -> Passage:
        """Return the texts of some fields one after the other."""
        return Passage("\n".join(self[field].text for field in fields))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that could be mended: what, in which field, and the words it is about."""

    code: str
    field: str
    is_weak: bool  # else it is a hint
    places: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return what names it in a form."""
        return f"{self.code}:{self.field}"

    @property
    def anchor(self) -> str:
        """Return what names it in a page; another one as soon as its words are others."""
        return f"finding-{self.code}-{self.field}-{crc32('|'.join(self.places).encode()):08x}"

    @property
    def note(self) -> Note:
        """Return what it means, why it matters and how to mend it."""
        return NOTES[self.code]


def finding(code: str, field: str, places: Iterable[str] = (), *, is_weak: bool = True) -> Finding:
    """Return a finding with the first of its places, each cut to a line."""
    cut = [place if len(place) <= LONGEST_PLACE else f"{place[: LONGEST_PLACE - 2].rstrip()} …" for place in places]
    return Finding(code, field, is_weak, tuple(cut[:MOST_PLACES]))
