"""The words that tell a theme apart."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from permea_engine.checks import whole_number
from permea_engine.similarity.terms import WORD, Text, words_of
from permea_engine.themes.points import theme_numbers

LOOKED_AT = 50  # telling words from which those that begin alike are dropped
SHORTEST = 3  # letters of a word that can name a theme


def telling_words(texts: Sequence[Text], labels: ArrayLike, *, n: int = 5) -> list[list[str]]:
    r"""Name the words that tell each theme apart, as people wrote them most often, the most telling first.

    A class-based TF-IDF without stop words: with :math:`p` the share of the theme's texts that hold the word and
    :math:`q` that of all other texts (half a text added to both), a word scores :math:`p \ln (p / q)`, so that what all
    texts say tells nothing. A word must be in two texts of a theme that has two, and have three
    letters; of words that begin alike ("game", "games") the more telling stands for all.

    Parameters
    ----------
    texts : sequence of str or (str, str)
        The texts, or titles and bodies.
    labels : array_like of shape (n_texts,)
        The theme of each, -1 for none.
    n : int, default 5
        How many words a theme at most.

    Returns
    -------
    list of list of str
        The words of each theme; fewer, or none, where too few tell it apart.

    Raises
    ------
    ShapeError, RangeError
        If `labels` has not one whole number from -1 for each text, or `n` is not a whole number from 1.

    Examples
    --------
    >>> telling_words(["Solar roofs", "A solar park", "Quiet night trains", "Night trains"], [0, 0, 1, 1])
    [['Solar'], ['Night', 'trains']]

    """
    whole_number("n", n, minimum=1)
    groups = theme_numbers("labels", labels, len(texts))
    sizes = np.bincount(groups[groups >= 0])
    holders: list[Counter[str]] = [Counter() for _ in sizes]
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for text, group in zip(texts, groups.tolist(), strict=True):
        if group >= 0:
            found = _spelt(text)
            holders[group].update(found.keys())
            for folded, spelling in found.items():
                written[folded][spelling] += 1
    everywhere = sum(holders, Counter[str]())
    return [
        [_usual(written[word]) for word in _most_telling(one, everywhere, int(size), int(sizes.sum()))[:n]]
        for one, size in zip(holders, sizes, strict=True)
    ]


def _most_telling(holders: Counter[str], everywhere: Counter[str], size: int, n_texts: int) -> list[str]:
    scores = {}
    for word, times in holders.items():
        within = (times + 0.5) / (size + 1)
        without = (everywhere[word] - times + 0.5) / (n_texts - size + 1)
        if times >= min(size, 2) and (within > without or size == n_texts):
            scores[word] = within * math.log(within / without)
    return _unlike(sorted(scores, key=lambda word: (-scores[word], word))[:LOOKED_AT])


def _unlike(words: list[str]) -> list[str]:
    """Return words without those that begin like an earlier one: of "game" and "games" the more telling stays."""
    kept: list[str] = []
    for word in words:
        if not any(word.startswith(other) or other.startswith(word) for other in kept):
            kept.append(word)
    return kept


def _spelt(text: Text) -> dict[str, str]:
    """Return the words of a text that could name a theme: folded, with how each is first written there."""
    found: dict[str, str] = {}
    for written in WORD.findall(text if isinstance(text, str) else "\n".join(text)):
        if len(written) >= SHORTEST and written.isalpha():
            found.setdefault("".join(words_of(written)), written)
    return found


def _usual(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda one: (-spellings[one], one))
