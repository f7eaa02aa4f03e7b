"""All texts against all: likely duplicates, and how far each text is from the rest; in blocks, so memory is bounded."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from permea_engine.similarity.terms import n_columns, n_rows

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
CELLS = 4_000_000  # similarities held at a time
CANDIDATES = 20_000  # pairs scored in full at a time
WORK = 300_000_000  # products of rare terms paid for when pairs are sought
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of texts proposed as duplicates, the most similar first; ``first < second`` in each."""

    first: Indices
    second: Indices
    scores: Floats


def best_pairs(
    vectors: sparse.csr_matrix, terms: sparse.csr_matrix, threshold: float, most: int, groups: Indices | None
) -> Pairs:
    """Return the pairs of at least `threshold` among the `most` nearest of either text.

    Candidates come from the rarest terms, as many as `WORK` products pay for. What the others can add to a score is at
    most the product of their lengths in both texts, so a candidate is scored in full only where that could suffice.
    """
    rare, common = _split(vectors, terms)
    length = np.sqrt(np.asarray(common.multiply(common).sum(axis=1)).ravel())
    rows, columns, values = [np.empty(0, np.intp)], [np.empty(0, np.intp)], [np.empty(0)]
    for start, end in _runs(rare):
        found = sparse.coo_matrix(rare[start:end] @ rare.T)
        row, column, value = found.row.astype(np.intp) + start, found.col.astype(np.intp), found.data
        could = (value + length[row] * length[column] >= threshold - ROUNDING) & (row != column)
        if groups is not None:
            could &= groups[row] == groups[column]
        row, column, value = row[could], column[could], value[could].astype(np.float64)
        value = (value + _products(common, row, column)).clip(0, 1)
        order = np.lexsort((column, -value, row))
        order = order[value[order] >= threshold]
        near = order[place_in_run(row[order]) < most]
        rows.append(row[near])
        columns.append(column[near])
        values.append(value[near])
    return pairs_once(np.concatenate(rows), np.concatenate(columns), np.concatenate(values), n_rows(vectors))


def pairs_once(row: Indices, column: Indices, value: Floats, n_texts: int) -> Pairs:
    """Return each pair once, the most similar first."""
    keys, kept = np.unique(np.minimum(row, column) * n_texts + np.maximum(row, column), return_index=True)
    order = np.argsort(-value[kept], kind="stable")
    first, second = np.divmod(keys[order], max(n_texts, 1))
    return Pairs(first, second, value[kept][order])


def _split(vectors: sparse.csr_matrix, terms: sparse.csr_matrix) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Return the vectors' rare and common terms apart; their products of rare ones are at most `WORK`."""
    holders = np.diff(terms.indptr).astype(np.float64)
    order = np.argsort(holders, kind="stable")
    is_rare = np.zeros(len(holders), dtype=bool)
    is_rare[order[(holders[order] ** 2).cumsum() <= WORK]] = True
    return _only(vectors, is_rare[vectors.indices]), _only(vectors, ~is_rare[vectors.indices])


def _only(table: sparse.csr_matrix, chosen: NDArray[np.bool_]) -> sparse.csr_matrix:
    ends = np.concatenate([[0], chosen.cumsum()])[table.indptr]
    return sparse.csr_matrix((table.data[chosen], table.indices[chosen], ends), shape=(n_rows(table), n_columns(table)))


def _runs(rare: sparse.csr_matrix) -> Iterator[tuple[int, int]]:
    """Yield from which row to which one block goes: few enough that its products fit into memory."""
    holders = np.bincount(rare.indices, minlength=n_columns(rare))
    products = np.concatenate([[0], holders[rare.indices].cumsum()])[rare.indptr]
    start = 0
    while start < n_rows(rare):
        end = max(start + 1, int(np.searchsorted(products, products[start] + CELLS, side="right")) - 1)
        yield start, end
        start = end


def _products(common: sparse.csr_matrix, row: Indices, column: Indices) -> Floats:
    """Return the product of two rows for each candidate."""
    parts = [np.empty(0)]
    for start in range(0, len(row), CANDIDATES):
        one, other = (common[which[start : start + CANDIDATES]] for which in (row, column))
        parts.append(np.asarray(one.multiply(other).sum(axis=1), dtype=np.float64).ravel())
    return np.concatenate(parts)


def place_in_run(numbers: Indices) -> Indices:
    """Return for each of some sorted numbers how many equal ones come before it."""
    starts = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]])[: len(numbers)])
    return np.arange(len(numbers)) - np.repeat(starts, np.diff(np.append(starts, len(numbers))))


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
