"""Texts compared by vectors of what they mean; whoever asks brings the vectors, no model is known here."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from permea_engine.checks import index_array, real_array, share, whole_number
from permea_engine.errors import ShapeError
from permea_engine.similarity.pairs import CELLS, Pairs, pairs_once, place_in_run

Floats = NDArray[np.float64]


def joined_vectors(*parts: ArrayLike) -> Floats:
    """Compute one vector a text from those of its parts (title and body, say), each part counting the same.

    Parameters
    ----------
    *parts : array_like of shape (n_texts, n_dimensions)
        Vectors of one part of each text; only their direction counts.

    Returns
    -------
    ndarray of shape (n_texts, n_dimensions)
        The mean direction, of length one; zero where all parts are.

    Raises
    ------
    ShapeError, RangeError
        If there is no part, parts differ in shape, or a number is not finite.

    Examples
    --------
    >>> joined_vectors([[2, 0]], [[0, 1]]).round(3)
    array([[0.707, 0.707]])

    """
    if not parts:
        raise ShapeError("parts: one or more wanted, none given")
    first = real_array("parts", parts[0], shape=(None, None))
    others = [real_array("parts", part, shape=first.shape) for part in parts[1:]]
    return _directions(np.sum([_directions(part) for part in (first, *others)], axis=0))


def vector_pairs(vectors: ArrayLike, threshold: float, *, most: int = 10, across: ArrayLike | None = None) -> Pairs:
    """Propose pairs of texts that mean the same: of cosine `threshold` or more, among the `most` nearest of either.

    All are compared with all, in blocks: no pair is missed, and memory is bounded.

    Parameters
    ----------
    vectors : array_like of shape (n_texts, n_dimensions)
        One vector a text; only its direction counts, and a zero one is like no other.
    threshold : float
        From which cosine on a pair is proposed, above 0 and below 1.
    most : int, default 10
        How many of the nearest of each text are looked at.
    across : array_like of shape (n_texts,), optional
        One number for each text (its language, say): only texts of different numbers are paired.

    Returns
    -------
    Pairs
        The most similar first.

    Raises
    ------
    ShapeError, RangeError
        If `vectors` is no table of finite numbers, `threshold` not between 0 and 1, `most` not a whole number from 1,
        or `across` not one for each text.

    Examples
    --------
    >>> vector_pairs([[1, 0], [0.9, 0.1], [0, 1]], 0.5).first
    array([0])

    """
    unit = _directions(real_array("vectors", vectors, shape=(None, None)))
    share("threshold", threshold)
    whole_number("most", most, minimum=1)
    n_texts = len(unit)
    group = np.arange(n_texts) if across is None else index_array("across", across, length=n_texts)
    rows, columns, values = [np.empty(0, np.intp)], [np.empty(0, np.intp)], [np.empty(0)]
    size = max(1, CELLS // max(n_texts, 1))
    for start in range(0, n_texts, size):
        scores = unit[start : start + size] @ unit.T
        scores[group[start : start + size, None] == group] = -1
        row, column = np.nonzero(scores >= threshold)
        value = scores[row, column]
        order = np.lexsort((column, -value, row))
        near = order[place_in_run(row[order]) < most]
        rows.append(row[near] + start)
        columns.append(column[near])
        values.append(value[near].clip(0, 1))
    return pairs_once(np.concatenate(rows), np.concatenate(columns), np.concatenate(values), n_texts)


def _directions(vectors: Floats) -> Floats:
    """Return vectors of length one; zero stays zero."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(length > 0, length, 1)
