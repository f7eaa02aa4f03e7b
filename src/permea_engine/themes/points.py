"""Texts as points: their vectors in their main dimensions, of length one, and the middles of themes of them."""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse.linalg import svds

from permea_engine.checks import real_array
from permea_engine.errors import RangeError, ShapeError
from permea_engine.similarity.terms import n_columns, n_rows

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
DIMENSIONS = 50
SMALL = 400  # up to so many texts all likenesses are worked out at once
SAME = 1e-6  # two directions that differ by less are one; more than rounding makes of equal texts


def theme_numbers(name: str, values: ArrayLike, length: int | None) -> Indices:
    """Return `values` as numbers of themes, -1 for none. Raises ShapeError or RangeError if they are none."""
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu") or length not in {None, len(array)}:
        raise ShapeError(f"{name}: a vector of whole numbers wanted, one for each text; {array.shape} given")
    if (array < -1).any():
        raise RangeError(f"{name}: {array.min()} given; a theme is a number from 0, and -1 none")
    return array.astype(np.intp)


def unit_rows(vectors: sparse.csr_matrix | ArrayLike) -> sparse.csr_matrix:
    """Return vectors as a sparse table of rows of length one. Raises ShapeError or RangeError if they are none."""
    if isinstance(vectors, sparse.csr_matrix):
        table = sparse.csr_matrix(vectors, dtype=np.float64, copy=True)
        real_array("vectors", table.data, shape=(None,))
        table.sort_indices()
    else:
        table = sparse.csr_matrix(real_array("vectors", vectors, shape=(None, None)))
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ table)


def said_rows(table: sparse.csr_matrix) -> Indices:
    """Return the rows that say something, in an order that depends on what they say alone."""
    ends = table.indptr
    cuts = list(pairwise(ends))
    keys = [(table.indices[cut:end].tobytes(), table.data[cut:end].round(6).tobytes()) for cut, end in cuts]
    rows = np.flatnonzero(np.diff(ends) > 0).tolist()
    return np.array(sorted(rows, key=lambda row: keys[row]), dtype=np.intp)


def main_points(table: sparse.csr_matrix) -> Floats:
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
    return directed(points - points.mean(axis=0))


def directed(points: Floats) -> Floats:
    """Return points at length one; what is nearly zero is zero."""
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    return np.where(lengths > SAME, points / np.maximum(lengths, SAME), 0)


def middles_of(points: Floats, labels: Indices, n_themes: int) -> Floats:
    """Return the direction of the middle of each theme; zero for one without texts."""
    member = labels[:, None] == np.arange(n_themes)
    return directed(member.T.astype(np.float64) @ points)
