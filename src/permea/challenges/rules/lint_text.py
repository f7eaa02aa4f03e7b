"""Reading the text of a brief: its sentences, its words, the measures in it and how hard it is to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LONGEST = 20_000  # characters of one field that are looked at
SHORTEST_TO_RATE = 40  # words; below, a reading formula says little
YEARS = range(1980, 2061)
UNITS = frozenset(
    (
        "eur",
        "usd",
        "gbp",
        "chf",
        "%",
        "€",
        "$",
        "£",
        "kg",
        "g",
        "t",
        "mm",
        "cm",
        "m",
        "km",
        "ml",
        "l",
        "kwh",
        "w",
        "v",
        "h",
    )
)

_WORD = re.compile(r"[^\W\d_]++(?:[-'’][^\W\d_]++)*+")
_MEASURE = re.compile(r"(?<![\w.,-])(\d++(?:[.,:]\d++)*+)(?!-\d)(?: ?([%€$£°]|[^\W\d_]{1,12}))?")
_LIST_NUMBER = re.compile(r"(?m)^[ \t]{0,8}\d{1,2}[.)][ \t]")
_BREAK = re.compile(r"(?<=[.!?])\s+|\n+")
_BRACKETS = re.compile(r"\[([^\[\]\n]{1,60})\](?!\()")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE = re.compile(r"(?<![\w.,])(?:\+\d{1,3}|0\d{2,4})[ /()-]{1,3}\d[\d /()-]{4,18}\d(?![\w])")
_VOWELS = re.compile(r"[aeiouyäöüáéíóúàèìòùâêîôûëïœæ]+")
_SILENT = {"en": re.compile(r"(?<![aeiouy])(?<!l)e$"), "fr": re.compile(r"(?:e|es|ent)$")}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words and phrases to look for, in small letters; one that ends with a star stands for all that begin so."""

    exact: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Vocabulary:
        """Return the vocabulary of these entries."""
        rows = list(entries)
        starred = tuple(row[:-1] for row in rows if row.endswith("*"))
        return cls(frozenset(row for row in rows if not row.endswith("*")), starred)

    def found(self, words: Sequence[str]) -> list[str]:
        """Return which words, and phrases of up to four words, are in the vocabulary: each once, in their order."""
        hits: dict[str, None] = {}
        for start in range(len(words)):
            for length in range(1, 5):
                phrase = " ".join(words[start : start + length])
                low = phrase.lower()
                if low in self.exact or (bool(self.beginnings) and low.startswith(self.beginnings)):
                    hits.setdefault(phrase)
                    break
        return list(hits)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the linter knows of one language; without words only what does not hang on the language is checked."""

    language: str
    is_full: bool = False
    words: Mapping[str, Vocabulary] = field(default_factory=dict)
    abbreviations: frozenset[str] = frozenset()
    deliverables: Mapping[str, int] = field(default_factory=dict)
    legal_forms: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> Vocabulary:
        """Return a vocabulary, an empty one for a language without word lists."""
        return self.words.get(name, Vocabulary())


@dataclass(frozen=True, slots=True)
class Passage:
    """One field of a brief as the checks read it."""

    text: str

    @classmethod
    def of(cls, text: str) -> Passage:
        """Return a text without the square brackets of its template, cut to what is looked at."""
        return cls(_BRACKETS.sub(r"\1", text[:LONGEST]))

    @property
    def sentences(self) -> list[str]:
        """Return its sentences; a line of a list is one."""
        return [part for part in _BREAK.split(self.text) if part.strip()]

    @property
    def words(self) -> list[str]:
        """Return its words, numbers apart."""
        return words_of(self.text)

    @property
    def contacts(self) -> list[str]:
        """Return addresses of mail and telephone numbers."""
        return [match.group() for pattern in (_MAIL, _PHONE) for match in pattern.finditer(self.text)]


def words_of(text: str) -> list[str]:
    """Return the words of a text, numbers apart."""
    return _WORD.findall(text)


def n_measures(text: str, lexicon: Lexicon) -> int:
    """Return how many figures a text holds that measure something: no years, no addresses, no parts of a name."""
    without = text
    for pattern in (_MAIL, _PHONE, _LIST_NUMBER):
        without = pattern.sub(" ", without)
    figures = [match for match in _MEASURE.finditer(without) if not _is_year(match[1], match[2] or "")]
    return len(figures) + len(lexicon["number_words"].found(words_of(without)))


def _is_year(figure: str, unit: str) -> bool:
    """Say whether a figure is rather a year than a measure."""
    return figure.isdecimal() and int(figure[:9]) in YEARS and unit.lower() not in UNITS


def syllables(word: str, language: str) -> int:
    """Return about how many syllables a word has: groups of vowels, but for a silent e at its end."""
    low = word.lower()
    silent = _SILENT.get(language)
    if silent is not None and len(low) > 3:  # noqa: PLR2004 - "the" keeps its only vowel
        low = silent.sub("", low)
    return max(1, len(_VOWELS.findall(low)))


@dataclass(frozen=True, slots=True)
class Formula:
    """A published formula for how easy a text reads, and below which of its points it is hard, and too hard."""

    name: str
    constant: float
    per_sentence: float  # points taken for each word that a sentence has on average
    per_syllable: float  # points taken for each syllable that a word has on average
    hard: float = 40
    too_hard: float = 20


FORMULAS = {
    "en": Formula("Flesch", 206.835, 1.015, 84.6),
    "de": Formula("Amstad", 180, 1, 58.5),
    "fr": Formula("Kandel, Moles", 207, 1.015, 73.6),
    "es": Formula("Fernández Huerta", 206.84, 1.02, 60),
    "it": Formula("Gulpease", 89, 0, 0, hard=50, too_hard=40),
}


def reading_ease(passage: Passage, language: str) -> float | None:
    """Return how easy a text reads in the points of its language's formula, or None if it is too short to say."""
    words, formula = passage.words, FORMULAS.get(language)
    if formula is None or len(words) < SHORTEST_TO_RATE:
        return None
    n_words, n_sentences = len(words), len(passage.sentences)
    if language == "it":
        return formula.constant + (300 * n_sentences - 10 * sum(map(len, words))) / n_words
    per_word = sum(syllables(word, language) for word in words) / n_words
    return formula.constant - formula.per_sentence * n_words / n_sentences - formula.per_syllable * per_word
