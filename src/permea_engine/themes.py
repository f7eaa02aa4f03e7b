"""What the texts of a collection are about: named themes, and where each text stands among them.

The same texts always give the same themes, in whatever order they come, and once people have changed the themes, new
texts are placed in these instead.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import linear_sum_assignment
from scipy.sparse.linalg import svds

from permea_engine.checks import real_array, whole_number
from permea_engine.errors import RangeError, ShapeError
from permea_engine.similarity.terms import WORD, Text, n_columns, n_rows, words_of

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
MOST = 12  # themes that people can keep apart on a page
NEARLY_AS_CLEAR = 0.05
DIMENSIONS = 50
AXES = 2  # of the map
SMALL = 400  # up to so many texts all likenesses are worked out at once
JOINED = 3_000  # texts joined step by step; the others go to the theme they are most like
ROUNDS = 20
SAME = 1e-6  # two directions that differ by less are one; more than rounding makes of equal texts
SHARED = 1 / 3  # of the members of two themes together, from which on they are the same theme
LOOKED_AT = 50  # telling words from which those that begin alike are dropped
SHORTEST = 3  # letters of a word that can name a theme


@dataclass(frozen=True, slots=True, eq=False)
class Themes:
    """Which theme each text belongs to, the largest theme first, and where texts and themes stand.

    `labels` has -1 for texts without words. `fits` are cosines to the middle of the theme, nan without one.
    `directions` are angles in radians: to which side a text leans, next to
    the others of its theme. `places` has a row of two coordinates
    for each theme, near where themes are alike; nan for a theme without texts.
    """

    labels: Indices
    fits: Floats
    directions: Floats
    places: Floats


def find_themes(vectors: sparse.csr_matrix | ArrayLike, *, most: int = MOST) -> Themes:
    r"""Find the themes of texts.

    Vectors are brought to their 50 main dimensions [1]_, centred and brought to length one, and joined step by step so
    that the spread within themes grows least (Ward [2]_). For each number of themes, from 2 to the root of the number
    of texts and no more than `most`, each text then moves to the theme whose middle it is most like, and it is asked
    how clearly texts are more like their own theme than the next: with distances :math:`a` and :math:`b` to both
    middles, the mean of :math:`(b - a) / \max(a, b)`, the simplified silhouette. The largest number is taken that is
    at most 0.05 below the clearest: real texts fall into two halves about as clearly as into ten themes, and ten say
    more.

    Parameters
    ----------
    vectors : sparse matrix or array_like of shape (n_texts, n_dimensions)
        One vector a text, of `Index.vectors` or of an encoder; only directions count, and a zero one is in no theme.
    most : int, default 12
        The largest number of themes.

    Returns
    -------
    Themes
        The same for the same texts, in whatever order they stand.

    Raises
    ------
    ShapeError, RangeError
        If `vectors` is no table of finite numbers, or `most` not a whole number from 1.

    References
    ----------
    .. [1] S. Deerwester et al., "Indexing by latent semantic analysis", J. Am. Soc. Inf. Sci. 41(6), 1990.
       doi:10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9
    .. [2] J. H. Ward, "Hierarchical grouping to optimize an objective function", J. Am. Stat. Assoc. 58(301), 1963.
       doi:10.1080/01621459.1963.10500845

    Examples
    --------
    >>> find_themes([[1, 0], [1, 0.1], [0, 1], [0.1, 1], [0.2, 1]]).labels
    array([1, 1, 0, 0, 0])

    """
    whole_number("most", most, minimum=1)
    table = _table(vectors)
    rows = _said(table)
    points = _points(table[rows])
    found = _best(points, min(most, math.isqrt(len(points))))
    labels = np.full(n_rows(table), -1, dtype=np.intp)
    labels[rows] = _largest_first(found)
    return _themes(labels, rows, points, int(labels.max(initial=-1)) + 1)


def place_in_themes(
    vectors: sparse.csr_matrix | ArrayLike, labels: ArrayLike, *, n_themes: int, fixed: ArrayLike | None = None
) -> Themes:
    """Place texts in themes that stay as they are.

    The middle of a theme is that of the texts it has; each text that is not `fixed` goes to the theme whose middle it
    is most like. A theme without texts stays without.

    Parameters
    ----------
    vectors : sparse matrix or array_like of shape (n_texts, n_dimensions)
        As for `find_themes`.
    labels : array_like of shape (n_texts,)
        The theme each text has so far, -1 for none.
    n_themes : int
        How many themes there are.
    fixed : array_like of shape (n_texts,), optional
        Which texts stay where they are.

    Returns
    -------
    Themes
        The themes under their numbers.

    Raises
    ------
    ShapeError, RangeError
        If `vectors` is no table of finite numbers, `labels` or `fixed` has not one entry a text, or a label is not
        between -1 and `n_themes` - 1.

    Examples
    --------
    >>> place_in_themes([[1, 0], [0, 1], [0.2, 1]], [0, 1, -1], n_themes=2).labels
    array([0, 1, 1])

    """
    table = _table(vectors)
    before = _labels("labels", labels, n_rows(table))
    if (before >= n_themes).any():
        raise RangeError(f"labels: {before.max()} given; there are {n_themes} themes")
    stays = np.zeros(len(before), dtype=bool) if fixed is None else np.array(fixed, dtype=bool)
    if stays.shape != before.shape:
        raise ShapeError(f"fixed: {len(before)} entries wanted, shape {stays.shape} given")
    rows = _said(table)
    points = _points(table[rows])
    after = before.copy()
    held = np.unique(before[rows][before[rows] >= 0])
    if len(held):
        middles = _middles(points, before[rows], n_themes)[held]
        moves = rows[~stays[rows]]
        after[moves] = held[(points @ middles.T).argmax(axis=1)][~stays[rows]]
    return _themes(after, rows, points, n_themes)


def match_themes(before: ArrayLike, after: ArrayLike) -> dict[int, int]:
    """Tell which themes of `after` are themes of `before`: by the texts they share, as many as possible in all.

    Parameters
    ----------
    before, after : array_like of shape (n_texts,)
        The theme of the same texts then and now, -1 for none.

    Returns
    -------
    dict of int to int
        For themes of `after` that share a third or more of all texts of both, their number in `before`.

    Raises
    ------
    ShapeError, RangeError
        If they are not two vectors of whole numbers from -1, of one length.

    Examples
    --------
    >>> match_themes([0, 0, 1, 1], [1, 1, 0, 2])
    {0: 1, 1: 0}

    """
    old = _labels("before", before, None)
    new = _labels("after", after, len(old))
    both = (old >= 0) & (new >= 0)
    shared = np.zeros((int(new.max(initial=-1)) + 1, int(old.max(initial=-1)) + 1))
    np.add.at(shared, (new[both], old[both]), 1)
    sizes = np.bincount(new[both], minlength=len(shared))[:, None] + np.bincount(old[both], minlength=shared.shape[1])
    rows, columns = linear_sum_assignment(-shared)
    enough = shared >= SHARED * (sizes - shared)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return {new_one: old_one for new_one, old_one in pairs if shared[new_one, old_one] and enough[new_one, old_one]}


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
    groups = _labels("labels", labels, len(texts))
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


def _table(vectors: sparse.csr_matrix | ArrayLike) -> sparse.csr_matrix:
    """Return vectors as a sparse table of rows of length one. Raises ShapeError or RangeError if they are none."""
    if isinstance(vectors, sparse.csr_matrix):
        table = sparse.csr_matrix(vectors, dtype=np.float64, copy=True)
        real_array("vectors", table.data, shape=(None,))
        table.sort_indices()
    else:
        table = sparse.csr_matrix(real_array("vectors", vectors, shape=(None, None)))
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ table)


def _labels(name: str, values: ArrayLike, length: int | None) -> Indices:
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu") or length not in {None, len(array)}:
        raise ShapeError(f"{name}: a vector of whole numbers wanted, one for each text; {array.shape} given")
    if (array < -1).any():
        raise RangeError(f"{name}: {array.min()} given; a theme is a number from 0, and -1 none")
    return array.astype(np.intp)


def _said(table: sparse.csr_matrix) -> Indices:
    """Return the rows that say something, in an order that depends on what they say alone."""
    ends = table.indptr
    cuts = list(pairwise(ends))
    keys = [(table.indices[cut:end].tobytes(), table.data[cut:end].round(6).tobytes()) for cut, end in cuts]
    rows = np.flatnonzero(np.diff(ends) > 0).tolist()
    return np.array(sorted(rows, key=lambda row: keys[row]), dtype=np.intp)


def _points(table: sparse.csr_matrix) -> Floats:
    """Return the rows in their main dimensions, of length one."""
    size = min(DIMENSIONS, n_rows(table), n_columns(table))
    if not size:
        return np.zeros((n_rows(table), 0))
    if n_rows(table) <= SMALL:
        squares, left = np.linalg.eigh((table @ table.T).toarray())
        points = left[:, ::-1][:, :size] * np.sqrt(squares[::-1][:size].clip(0))
    elif n_columns(table) <= 2 * size:
        points = table.toarray()
    else:
        start = np.cos(np.arange(min(n_rows(table), n_columns(table)), dtype=np.float64) + 1)
        left, values, _right = svds(table, k=size, v0=start)
        points = np.asarray(left)[:, ::-1] * values[::-1]
    return _directed(points - points.mean(axis=0))


def _directed(points: Floats) -> Floats:
    """Return points at length one; what is nearly zero is zero."""
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    return np.where(lengths > SAME, points / np.maximum(lengths, SAME), 0)


def _middles(points: Floats, labels: Indices, n_themes: int) -> Floats:
    """Return the direction of the middle of each theme; zero for one without texts."""
    member = labels[:, None] == np.arange(n_themes)
    return _directed(member.T.astype(np.float64) @ points)


def _best(points: Floats, most: int) -> Indices:
    """Return the theme of each text for the largest number of themes that is nearly as clear as any."""
    one = np.zeros(len(points), dtype=np.intp)
    if most <= 1 or np.abs(points).max() <= SAME:
        return one
    some = np.unique(np.linspace(0, len(points) - 1, min(len(points), JOINED)).astype(np.intp))
    tree = linkage(points[some], "ward")
    cuts = [fcluster(tree, wanted, "maxclust").astype(np.intp) - 1 for wanted in range(2, most + 1)]
    tried = [(one, 0.0), *(_settled(points, _middles(points[some], cut, cut.max() + 1)) for cut in cuts)]
    clearest = max(clarity for _labels, clarity in tried)
    return next(labels for labels, clarity in reversed(tried) if clarity >= clearest - NEARLY_AS_CLEAR)


def _settled(points: Floats, middles: Floats) -> tuple[Indices, float]:
    """Return each text's theme once it is the one whose middle it is most like, and how clear that is in the mean."""
    labels = (points @ middles.T).argmax(axis=1)
    for _round in range(ROUNDS):
        middles = _middles(points, labels, len(middles))
        moved = (points @ middles.T).argmax(axis=1)
        if (moved == labels).all():
            break
        labels = moved
    near = np.sort(1 - points @ middles.T, axis=1)
    return labels, float(((near[:, 1] - near[:, 0]) / np.maximum(near[:, 1], SAME)).mean())


def _largest_first(labels: Indices) -> Indices:
    """Return themes numbered by how many texts they have, then by their first; numbers without texts go."""
    used, first, places, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(used), dtype=np.intp)
    rank[np.lexsort((first, -sizes))] = np.arange(len(used))
    return rank[places] if len(labels) else labels


def _themes(labels: Indices, rows: Indices, points: Floats, n_themes: int) -> Themes:
    """Return where the texts of themes, and the themes, stand; `rows` are the texts that `points` belong to."""
    own = labels[rows]
    middles = _middles(points, own, n_themes)
    has_texts = np.isin(np.arange(n_themes), own)
    seen = middles[has_texts] if has_texts.sum() > AXES else points
    axes = _axes(seen)
    fits, directions = np.full(len(labels), np.nan), np.zeros(len(labels))
    inside = own >= 0
    theirs, group = points[inside], own[inside]
    fits[rows[inside]] = (theirs * middles[group]).sum(axis=1).clip(-1, 1)
    seen_from = np.zeros((n_themes, 2))
    np.add.at(seen_from, group, theirs @ axes)
    across, down = (theirs @ axes - seen_from[group] / np.bincount(group, minlength=n_themes)[group][:, None]).T
    directions[rows[inside]] = np.arctan2(down, across)
    centre = seen.mean(axis=0) if len(seen) else 0.0
    places = np.where(has_texts[:, None], (middles - centre) @ axes, np.nan)
    return Themes(labels, fits, directions, places)


def _axes(points: Floats) -> Floats:
    """Return the two directions in which points differ most; zero where there are fewer."""
    axes = np.zeros((points.shape[1], AXES))
    if len(points):
        centred = points - points.mean(axis=0)
        found = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :AXES]
        largest = np.abs(found).argmax(axis=0)
        axes[:, : found.shape[1]] = found * np.where(found[largest, np.arange(found.shape[1])] < 0, -1, 1)
    return axes
