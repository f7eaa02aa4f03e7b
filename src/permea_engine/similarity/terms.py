"""What a text is compared by: its words, and the pieces of 3 to 5 characters that its words are made of."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy import sparse

from permea_engine.errors import ShapeError

Text = str | tuple[str, str]
"""A text, or a title and a body."""

WORD = re.compile(r"[^\W_]+")
SIZES = (3, 4, 5)
PARTS = 2  # title and body
TITLE = 3  # times as often counts what the title says
WHOLE = "="  # marks a whole word among terms; no word holds it


def words_of(text: Text) -> list[str]:
    """Return the words of `text`, in order, in the form in which they are compared.

    Compatible characters are made one (NFKC), case is folded and accents are taken off, so that "Straße", "STRASSE"
    and "Mobilität", "mobilitat" are the same. Punctuation and emoji are no words.

    Parameters
    ----------
    text : str or (str, str)
        A text, or a title and a body.

    Returns
    -------
    list of str
        The words; empty if there are none.

    Raises
    ------
    ShapeError
        If `text` is neither.

    Examples
    --------
    >>> words_of(("Més carrils bici!", "Straße"))
    ['mes', 'carrils', 'bici', 'strasse']

    """
    parts = (text,) if isinstance(text, str) else text
    if not isinstance(parts, tuple) or len(parts) > PARTS or not all(isinstance(part, str) for part in parts):
        raise ShapeError(f"text: a text, or a title and a body wanted, {type(text).__name__} given")
    folded = unicodedata.normalize("NFKC", "\n".join(parts)).casefold()
    if not folded.isascii():
        letters = unicodedata.normalize("NFD", folded)
        folded = unicodedata.normalize("NFC", "".join(one for one in letters if unicodedata.category(one) != "Mn"))
    return WORD.findall(folded)


def spelling_of(text: Text) -> dict[str, str]:
    """Return how `text` spells its words, in small letters, by the form in which they are compared.

    Where it spells one in several ways, the first counts.

    Examples
    --------
    >>> spelling_of("Nächste Straße")
    {'nachste': 'nächste', 'strasse': 'straße'}

    """
    whole = unicodedata.normalize("NFKC", text if isinstance(text, str) else "\n".join(text)).lower()
    spelled: dict[str, str] = {}
    for word in WORD.findall(whole):
        for compared in words_of(word):
            spelled.setdefault(compared, word)
    return spelled


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """How often each text holds each term, and by which words it does."""

    words: tuple[str, ...]
    holds: sparse.csr_matrix  # (n_texts, n_words) times each text holds each word
    spells: sparse.csr_matrix  # (n_words, n_terms) times each word holds each term
    terms: sparse.csr_matrix  # (n_texts, n_terms)
    fresh: dict[str, int]  # terms that were not known before, by their number


def count_terms(texts: Sequence[Text], known: Mapping[str, int]) -> Counted:
    """Return what is in `texts`; terms that are not `known` are numbered after those that are."""
    numbers: dict[str, int] = {}
    columns: list[int] = []
    times: list[int] = []
    ends = [0]
    for text in texts:
        found = Counter(words_of(text))
        if isinstance(text, tuple) and len(text) == PARTS:
            found.update((TITLE - 1) * words_of(text[0]))
        columns += [numbers.setdefault(word, len(numbers)) for word in found]
        times += found.values()
        ends.append(len(columns))
    fresh: dict[str, int] = {}
    holds = _table(columns, times, ends, len(numbers))
    spells = _spelling(numbers, known, fresh)
    return Counted(tuple(numbers), holds, spells, sparse.csr_matrix(holds @ spells), fresh)


def n_rows(table: sparse.csr_matrix) -> int:
    """Return how many rows a table has."""
    return len(table.indptr) - 1


def n_columns(table: sparse.csr_matrix) -> int:
    """Return how many columns a table has."""
    return cast("tuple[int, int]", table.shape)[1]


def _spelling(words: Iterable[str], known: Mapping[str, int], fresh: dict[str, int]) -> sparse.csr_matrix:
    columns: list[int] = []
    times: list[int] = []
    ends = [0]
    for word in words:
        found = Counter(_terms_of(word))
        for term in found:
            number = known.get(term)
            columns.append(fresh.setdefault(term, len(known) + len(fresh)) if number is None else number)
        times += found.values()
        ends.append(len(columns))
    return _table(columns, times, ends, len(known) + len(fresh))


def _terms_of(word: str) -> list[str]:
    padded = f" {word} "
    pieces = [padded[start : start + size] for size in SIZES for start in range(len(padded) - size + 1)]
    return [WHOLE + word, *pieces]


def _table(columns: list[int], values: list[int], ends: list[int], width: int) -> sparse.csr_matrix:
    parts = np.array(values, dtype=np.float32), np.array(columns, dtype=np.int32), np.array(ends, dtype=np.int64)
    return sparse.csr_matrix(parts, shape=(len(ends) - 1, width))
