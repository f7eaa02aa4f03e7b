"""What somebody types into a search: words that are looked up, and signs and scripts that only a scan can find."""

from __future__ import annotations

import re
from dataclasses import dataclass

from permea.ideas.rules import content

MOST_WORDS = 12
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What every found text must hold: words, or beginnings of words, and pieces that may stand anywhere in it."""

    words: tuple[str, ...]
    pieces: tuple[str, ...]

    @property
    def sqlite(self) -> str:
        """The words in the language of FTS5: each in quotation marks, so that none is an operator."""
        return " ".join(f'"{word}"*' for word in self.words)

    @property
    def postgresql(self) -> str:
        """The words in the language of `to_tsquery`: each in quotation marks, so that none is an operator."""
        return " & ".join(f"'{word}':*" for word in self.words)


def wanted_words(text: str) -> Wanted:
    """Return what is looked for; every sign but letters and digits parts words, none of them means anything.

    Scripts that put no space between words, and bits without any letter such as "++", are looked for as they stand.
    """
    words: dict[str, None] = {}
    pieces: dict[str, None] = {}
    for bit in content.search_text_of(text, "").split():
        found = _WORD.findall(bit)
        if not found or _UNSPACED.search(bit):
            pieces.setdefault(bit)
        else:
            words.update(dict.fromkeys(found))
    return Wanted(tuple(words)[:MOST_WORDS], tuple(pieces)[:MOST_WORDS])
