"""Texts made ready to be searched for the nearest, by weighted words and pieces of words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from permea_engine.checks import index_array, share, whole_number
from permea_engine.errors import ShapeError, UndeterminedError
from permea_engine.similarity.pairs import Pairs, best_pairs, mean_nearest
from permea_engine.similarity.terms import WHOLE, Counted, Text, count_terms, n_rows, spelling_of, words_of

Floats = NDArray[np.float64]
Weights = NDArray[np.float32]
Indices = NDArray[np.intp]
PART_OF_WORDS = 0.5  # of a score; the rest is that of pieces
POSTINGS = 400_000  # read for one quick search, rarest terms first


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Texts by their position in the index, the most similar first, with scores between 0 and 1."""

    positions: Indices
    scores: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Texts that can be searched; made by `build_index`, never changed."""

    vectors: sparse.csr_matrix = field(repr=False)  # (n_texts, n_terms), rows of length one, or zero
    terms: sparse.csr_matrix = field(repr=False)  # the same, transposed: which texts hold a term
    numbers: dict[str, int] = field(repr=False)
    rarity: Weights = field(repr=False)  # (n_terms,)
    whole: NDArray[np.bool_] = field(repr=False)  # (n_terms,) which terms are whole words
    n_built: int  # how many texts the rarity of terms was learnt from

    def __len__(self) -> int:
        """Return how many texts there are."""
        return n_rows(self.vectors)

    def nearest(self, text: Text, n: int = 10, *, exact: bool = False) -> Matches:
        """Find the `n` texts most similar to `text`; those that share nothing with it are left out.

        Unless `exact`, candidates are found by the rarest terms of `text` alone, reading a bounded number of entries,
        and then scored exactly: scores are always true, but a text that shares only common terms may be missing.

        Raises
        ------
        ShapeError, RangeError
            If `text` is no text, or `n` not a whole number from 1.

        """
        whole_number("n", n, minimum=1)
        query = self._weighed(count_terms([text], self.numbers))
        known = query.indices < len(self.rarity)
        term = np.asarray(query.indices[known], dtype=np.int32)
        weight = np.asarray(query.data[known], dtype=np.float32)
        positions = self._candidates(term, weight, n, exact=exact)
        wanted = np.zeros(len(self.rarity), dtype=np.float32)
        wanted[term] = weight
        scores = np.asarray(self.vectors[positions] @ wanted, dtype=np.float64).clip(0, 1)
        order = np.lexsort((positions, -scores))[:n]
        order = order[scores[order] > 0]
        return Matches(positions[order], scores[order])

    def pairs(self, threshold: float, *, most: int = 10, groups: ArrayLike | None = None) -> Pairs:
        """Propose pairs of texts as duplicates: of score `threshold` or more, and among the `most` nearest of either.

        With `groups`, one number for each text (its district, say), only texts of the same group are paired.

        Candidates are found by the rarest terms, as many as a bounded number of products pays for: every pair proposed
        has its true score, and a pair is missing only if its texts share none of these terms. With few texts all terms
        are paid for.

        Raises
        ------
        ShapeError, RangeError
            If `threshold` is not between 0 and 1, `most` not a whole number from 1, or `groups` not one for each text.

        """
        share("threshold", threshold)
        whole_number("most", most, minimum=1)
        group = None if groups is None else index_array("groups", groups, length=len(self))
        return best_pairs(self.vectors, self.terms, threshold, most, group)

    def distances_from_core(self, neighbours: int = 10) -> Floats:
        """Compute how far each text is from the others: 1 less its mean similarity to its `neighbours` nearest.

        Not the distance from the mean of all: ideas come in themes, and every text of a small theme with many members
        is far from that mean, but not alone. nan for a text without words.

        Raises
        ------
        ShapeError, RangeError
            If `neighbours` is not a whole number from 1.
        UndeterminedError
            If there are fewer than two texts.

        """
        whole_number("neighbours", neighbours, minimum=1)
        if len(self) <= 1:
            raise UndeterminedError(f"texts: {len(self)} given; one alone is neither near nor far")
        near = mean_nearest(self.vectors, self.terms, min(neighbours, len(self) - 1))
        return np.where(np.diff(self.vectors.indptr) > 0, 1 - near, np.nan)

    def added(self, texts: Sequence[Text]) -> "Index":
        """Return an index that also has `texts`, after the others.

        Scores between earlier texts stay exactly the same: how rare a term is stays as learnt from the first `n_built`
        texts, and new terms count as rarest. Build anew from time to time, say when there are a tenth more.

        Raises
        ------
        ShapeError
            If `texts` is not a sequence of texts.

        """
        counted = count_terms(_checked(texts), self.numbers)
        rarity, whole = self._known_with(counted)
        rows = _weigh(counted.terms, rarity, whole)
        before = self.vectors
        wider = sparse.csr_matrix((before.data, before.indices, before.indptr), shape=(len(self), len(rarity)))
        vectors = sparse.csr_matrix(sparse.vstack([wider, rows], format="csr"))
        return _ready(vectors, self.numbers | counted.fresh, rarity, whole, self.n_built)

    def explain(self, text: Text, other: Text) -> dict[str, float]:
        """Tell by which words of `text` it is similar to `other`: the points of each, which add up to the score.

        A word has points if `other` has it too, or has a word that is spelt in part alike. Most points first.

        Raises
        ------
        ShapeError
            If one is no text.

        """
        counted = count_terms([text, other], self.numbers)
        weighed = self._weighed(counted)
        products = weighed[0].multiply(weighed[1]).tocsr()
        each = np.zeros(len(self.rarity) + len(counted.fresh))
        times = counted.terms[0]
        each[products.indices] = products.data
        each[times.indices] /= times.data
        points = (counted.spells @ each) * counted.holds[0].toarray()[0]
        order = np.argsort(-points, kind="stable")
        return {counted.words[number]: float(points[number]) for number in order if points[number] > 0}

    def shared(self, text: Text, other: Text) -> list[str]:
        """Return the words that both texts hold, as `text` spells them in small letters, the rarest first.

        Raises
        ------
        ShapeError
            If one is no text.

        """
        return self._rarest_first(set(words_of(text)) & set(words_of(other)), spelling_of(text))

    def missing(self, text: Text, other: Text) -> list[str]:
        """Return the words of `text` that `other` does not hold, as it spells them in small letters, the rarest first.

        Raises
        ------
        ShapeError
            If one is no text.

        """
        return self._rarest_first(set(words_of(text)) - set(words_of(other)), spelling_of(text))

    def _rarest_first(self, words: set[str], spelled: dict[str, str]) -> list[str]:
        known = {word: float(self.rarity[self.numbers[WHOLE + word]]) for word in words if WHOLE + word in self.numbers}
        return [spelled.get(word, word) for word in sorted(words, key=lambda word: (-known.get(word, np.inf), word))]

    def _candidates(self, term: NDArray[np.int32], weight: Weights, n: int, *, exact: bool) -> Indices:
        begins, ends = self.terms.indptr[term], self.terms.indptr[term + 1]
        order = np.argsort(ends - begins, kind="stable")
        if not exact:
            order = order[(ends - begins)[order].cumsum() <= POSTINGS]
        slices = [slice(begins[one], ends[one]) for one in order]
        if not slices:
            return np.empty(0, dtype=np.intp)
        holders = np.concatenate([self.terms.indices[one] for one in slices])
        entries = np.concatenate([self.terms.data[one] * weight[i] for one, i in zip(slices, order, strict=True)])
        scores = np.bincount(holders, weights=entries, minlength=len(self))
        kept = min(len(self), 10 * n + 100)
        best = np.argpartition(-scores, kept - 1)[:kept]
        return best[scores[best] > 0]

    def _known_with(self, counted: Counted) -> tuple[Weights, NDArray[np.bool_]]:
        rarity = _rarity(np.zeros(len(counted.fresh)), self.n_built)
        whole = np.array([term[0] == WHOLE for term in counted.fresh], dtype=bool)
        return np.concatenate([self.rarity, rarity]), np.concatenate([self.whole, whole])

    def _weighed(self, counted: Counted) -> sparse.csr_matrix:
        return _weigh(counted.terms, *self._known_with(counted))


def build_index(texts: Sequence[Text]) -> Index:
    r"""Make texts ready to be searched.

    Each text is the vector of its terms: whole words, and pieces of 3 to 5 characters inside words. A term found `f`
    times in the text (each time in its title counts as three) and in :math:`d` of :math:`n` texts weighs
    :math:`(1 + \ln f) \ln(1 + (n - d + 1/2)/(d + 1/2))` [1]_, so that words that all texts hold hardly count. Words and
    pieces are each brought to length one, and the score of two texts is the mean of the two cosines.

    Parameters
    ----------
    texts : sequence of str or (str, str)
        Texts, or titles and bodies; any may be empty, and then nothing is similar to it.

    Returns
    -------
    Index
        Searched with `nearest`, `pairs`, `distances_from_core`, `explain` and `shared`.

    Raises
    ------
    ShapeError
        If `texts` is not a sequence of texts.

    References
    ----------
    .. [1] S. Robertson and H. Zaragoza, "The probabilistic relevance framework: BM25 and beyond", Found. Trends Inf.
       Retr. 3(4), 2009. doi:10.1561/1500000019

    Examples
    --------
    >>> index = build_index(["More cycle lanes", "A new library", "Lanes for cycling"])
    >>> index.nearest("cycle lane").positions
    array([0, 2])

    """
    counted = count_terms(_checked(texts), {})
    n_texts = n_rows(counted.terms)
    holders = np.bincount(counted.terms.indices, minlength=len(counted.fresh))
    rarity = _rarity(holders, n_texts)
    whole = np.array([term[0] == WHOLE for term in counted.fresh], dtype=bool)
    return _ready(_weigh(counted.terms, rarity, whole), counted.fresh, rarity, whole, n_texts)


def _checked(texts: Sequence[Text]) -> Sequence[Text]:
    if isinstance(texts, str) or not isinstance(texts, Sequence):
        raise ShapeError(f"texts: a sequence of texts wanted, {type(texts).__name__} given")
    return texts


def _ready(
    vectors: sparse.csr_matrix, numbers: dict[str, int], rarity: Weights, whole: NDArray[np.bool_], n_built: int
) -> Index:
    return Index(vectors, sparse.csr_matrix(vectors.T.tocsr()), numbers, rarity, whole, n_built)


def _rarity(holders: NDArray[np.int_] | Floats, n_texts: int) -> Weights:
    return np.log1p((n_texts - holders + 0.5) / (holders + 0.5)).astype(np.float32)


def _weigh(terms: sparse.csr_matrix, rarity: Weights, whole: NDArray[np.bool_]) -> sparse.csr_matrix:
    """Return term counts as weights, words and pieces of each text brought to their part of length one."""
    weights = (1 + np.log(terms.data)) * rarity[terms.indices]
    kind = whole[terms.indices].astype(np.intp)
    row = np.repeat(np.arange(n_rows(terms)), np.diff(terms.indptr))
    squares = np.bincount(2 * row + kind, weights=weights.astype(np.float64) ** 2, minlength=2 * n_rows(terms))
    part = np.where(kind == 1, PART_OF_WORDS, 1 - PART_OF_WORDS)
    scaled = (weights * np.sqrt(part / squares[2 * row + kind])).astype(np.float32)
    return sparse.csr_matrix((scaled, terms.indices, terms.indptr), shape=(n_rows(terms), len(rarity)))
