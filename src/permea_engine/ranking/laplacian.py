"""Linear algebra on the graph of comparisons: the precision ``prior + sum of weights (e_i - e_j)(e_i - e_j)'``."""

from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, get_lapack_funcs
from scipy.sparse import csr_array

from permea_engine.errors import NotConvergedError
from permea_engine.ranking.facts import Floats, Pairs, blocks, spread

EXACT = 300  # items up to which equations are solved and variances found by factors of the whole matrix
MAX_STEPS = 20_000
SMALLEST = 1e-300
SWEEPS = 2  # of the messages before they are used first


class Precision:
    """The precision of the strengths for given weights of the pairs, with its products and solutions."""

    def __init__(self, pairs: Pairs, weight: Floats, prior: float) -> None:
        self.pairs, self.weight, self.prior = pairs, weight, prior
        self.degree = spread(pairs, weight, weight)
        self.diagonal = self.degree + prior
        shape = (pairs.n_items, pairs.n_items)
        self._upper = csr_array((weight, pairs.columns, pairs.starts), shape=shape)
        self._lower = self._upper.T

    def with_prior(self, prior: float) -> "Precision":
        """Return the same with another precision of the prior."""
        other = copy(self)
        other.prior, other.diagonal = prior, self.degree + prior
        return other

    def times(self, vectors: Floats) -> Floats:
        """Return the product with `vectors` of shape (n_items,) or (n_items, m)."""
        product = self._upper @ vectors
        product += self._lower @ vectors
        diagonal = self.diagonal if vectors.ndim == 1 else self.diagonal[:, None]
        return np.asarray(diagonal * vectors - product)

    def solve(self, right: Floats, *, tolerance: float = 1e-8) -> Floats:
        """Return the solution: of few items directly, else by conjugate gradients with the diagonal as preconditioner.

        `tolerance` is that of the residual's norm, over that of `right`. Raises NotConvergedError if not reached.
        """
        if self.pairs.n_items <= EXACT:
            return np.asarray(cho_solve((cholesky(self.dense(), check_finite=False), False), right, check_finite=False))
        scale = 1 / (self.diagonal if right.ndim == 1 else self.diagonal[:, None])
        solution, residual = np.zeros_like(right), right.copy()
        towards = scale * residual
        direction, size = towards, _products(residual, towards)
        wanted = tolerance**2 * size
        for _ in range(MAX_STEPS):
            if np.all(size <= wanted):
                return np.asarray(solution)
            moved = self.times(direction)
            length = size / np.maximum(_products(direction, moved), SMALLEST)
            solution += length * direction
            residual -= length * moved
            towards = scale * residual
            before, size = size, _products(residual, towards)
            direction = towards + (size / np.maximum(before, SMALLEST)) * direction
        raise NotConvergedError(f"first, second: the equations of the strengths were not solved in {MAX_STEPS} steps")

    def perturbation(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` draws of a vector whose covariance is this matrix, of shape (n_items, n)."""
        drawn = np.sqrt(self.prior) * rng.standard_normal((self.pairs.n_items, n))
        for column in range(n):
            along = np.sqrt(self.weight) * rng.standard_normal(len(self.weight))
            drawn[:, column] += spread(self.pairs, along, -along)
        return np.asarray(drawn)

    def dense(self) -> Floats:
        """Return the matrix, of shape (n_items, n_items)."""
        full = np.zeros((self.pairs.n_items, self.pairs.n_items))
        full[self.pairs.low, self.pairs.high] = -self.weight
        full += full.T
        np.fill_diagonal(full, self.diagonal)
        return full

    def covariance(self) -> Floats:
        """Return the inverse, of shape (n_items, n_items)."""
        factor = cholesky(self.dense(), overwrite_a=True, check_finite=False)
        (invert,) = get_lapack_funcs(("potri",), (factor,))
        inverse, _ = invert(factor, lower=0, overwrite_c=1)
        upper = np.triu(inverse, 1)
        return np.asarray(upper + upper.T + np.diag(np.diag(inverse)))


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Variances of the items and of the differences within pairs, exact or by messages along the pairs."""

    items: Floats
    pairs: Floats
    messages: tuple[Floats, Floats] | None  # to the higher, to the lower number


def exact_spread(precision: Precision) -> Spread:
    """Return the variances from the inverse."""
    covariance, pairs = precision.covariance(), precision.pairs
    items = np.diag(covariance).copy()
    return Spread(items, items[pairs.low] + items[pairs.high] - 2 * covariance[pairs.low, pairs.high], None)


def message_spread(precision: Precision, before: Spread | None) -> Spread:
    """Return the variances by Gaussian belief propagation, which is exact where the pairs form a tree.

    Elsewhere they come out too small, the less so the more partners an item has. Goes on from the messages `before`.
    """
    up, down = (precision.weight,) * 2 if before is None or before.messages is None else before.messages
    for _ in range(0 if before is not None else SWEEPS):
        up, down, _ = _passed(precision, precision.prior + spread(precision.pairs, down, up), up, down)
    total = precision.prior + spread(precision.pairs, down, up)
    up, down, variance = _passed(precision, total, up, down)
    return Spread(1 / total, variance, (up, down))


def _passed(precision: Precision, total: Floats, up: Floats, down: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the next messages, and the variances of differences that follow from the present ones."""
    pairs, n_pairs = precision.pairs, len(up)
    next_up, next_down, variance = np.empty(n_pairs), np.empty(n_pairs), np.empty(n_pairs)
    for rows in blocks(n_pairs):
        weight = precision.weight[rows]
        low, high = total[pairs.low[rows]] - down[rows], total[pairs.high[rows]] - up[rows]
        product = low * high
        next_up[rows], next_down[rows] = weight * low / (weight + low), weight * high / (weight + high)
        low += high
        variance[rows] = low / (weight * low + product)
    return next_up, next_down, variance


def _products(first: Floats, second: Floats) -> NDArray[np.float64]:
    """Return the inner products of columns."""
    return np.asarray(first @ second if first.ndim == 1 else np.einsum("ij,ij->j", first, second))
