"""All texts against all: likely duplicates, and how far each text is from the rest; in blocks, so memory is bounded."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from permea_engine.similarity.terms import n_rows

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
CELLS = 4_000_000  # similarities held at a time


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of texts proposed as duplicates, the most similar first; ``first < second`` in each."""

    first: Indices
    second: Indices
    scores: Floats


def best_pairs(
    vectors: sparse.csr_matrix, terms: sparse.csr_matrix, threshold: float, most: int, groups: Indices | None
) -> Pairs:
    """Return the pairs of at least `threshold` among the `most` nearest of either text."""
    rows, columns, values = [np.empty(0, np.intp)], [np.empty(0, np.intp)], [np.empty(0)]
    for start, scores in _blocks(vectors, terms):
        if groups is not None:
            scores[groups[start : start + len(scores), None] != groups] = 0
        for number, row in enumerate(scores):
            near = np.flatnonzero(row >= threshold)
            near = near[np.argsort(-row[near], kind="stable")[:most]]
            rows.append(np.full(len(near), start + number))
            columns.append(near)
            values.append(row[near])
    row, column = np.concatenate(rows), np.concatenate(columns)
    value = np.concatenate(values, dtype=np.float64)
    n_texts = n_rows(vectors)
    keys, kept = np.unique(np.minimum(row, column) * n_texts + np.maximum(row, column), return_index=True)
    order = np.argsort(-value[kept], kind="stable")
    first, second = np.divmod(keys[order], max(n_texts, 1))
    return Pairs(first, second, value[kept][order])


def mean_nearest(vectors: sparse.csr_matrix, terms: sparse.csr_matrix, neighbours: int) -> Floats:
    """Return the mean similarity of each text to its nearest `neighbours` others."""
    means = [np.empty(0)]
    for _, scores in _blocks(vectors, terms):
        means.append(-np.partition(-scores, neighbours - 1, axis=1)[:, :neighbours].mean(axis=1))
    return np.concatenate(means)


def _blocks(vectors: sparse.csr_matrix, terms: sparse.csr_matrix) -> Iterator[tuple[int, Floats]]:
    """Yield similarities of some texts at a time to all, that to itself being zero."""
    n_texts = n_rows(vectors)
    size = max(1, CELLS // max(n_texts, 1))
    for start in range(0, n_texts, size):
        scores = (vectors[start : start + size] @ terms).toarray().astype(np.float64).clip(0, 1)
        own = np.arange(len(scores))
        scores[own, start + own] = 0
        yield start, scores
