"""The crossed model `mark = mean + idea + judge + noise`: its restricted likelihood and its solution.

The factor with more levels is absorbed (its equations are diagonal), the other is solved densely, so that the cost
is that of one Cholesky factor of the smaller number of levels. Variances of ideas and judges enter as ratios to the
noise variance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.sparse import coo_array, csr_array

Floats = NDArray[np.float64]
DENSE_SHARE = 0.1
DENSE_CELLS = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Who marked what, and sums of the centred marks: all that the model needs of the data.

    ``large`` stands for the factor with more levels, ``small`` for the other.
    """

    table: Floats | csr_array  # (n_large, n_small) number of reviews, or sum of their weights
    large_counts: Floats
    small_counts: Floats
    large_sums: Floats  # (n_large, n_columns)
    small_sums: Floats  # (n_small, n_columns)
    totals: Floats  # (n_columns,)
    square: float  # weighted sum of squares of column 0
    n_reviews: int
    ideas_are_large: bool


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """The solution of the model for given variance ratios, variances in units of the noise variance."""

    log_likelihood: float  # restricted, noise variance profiled out, up to a constant
    residual: float  # generalised residual sum of squares of column 0
    shrink: Floats  # (n_large,) 1 / (count + 1 / ratio)
    factor: Floats | None  # upper Cholesky factor of the precision of (small effects, mean); None where too large
    root: Floats | None  # where `factor` is None: a root of the covariance, estimated from draws
    effects: Floats  # (n_small + 1, n_columns) small effects and the mean


def build_layout(
    idea: NDArray[np.intp], judge: NDArray[np.intp], columns: Floats, review_weights: Floats | None = None
) -> Layout:
    """Return the layout of reviews; ideas and judges must be numbered without gaps, `columns` be centred.

    A review of weight `w` has the noise variance divided by `w`; every weight is 1 by default.
    """
    worth = np.ones(len(idea)) if review_weights is None else review_weights
    weighted = columns * worth[:, None]
    n_ideas, n_judges = int(idea.max()) + 1, int(judge.max()) + 1
    ideas_are_large = n_ideas > n_judges
    large, small = (idea, judge) if ideas_are_large else (judge, idea)
    shape = (max(n_ideas, n_judges), min(n_ideas, n_judges))
    table = coo_array((worth, (large, small)), shape=shape).tocsr()
    cells = shape[0] * shape[1]
    is_dense = cells <= DENSE_CELLS or table.nnz >= DENSE_SHARE * cells
    return Layout(
        table=table.toarray() if is_dense else table,
        large_counts=np.bincount(large, weights=worth, minlength=shape[0]).astype(np.float64),
        small_counts=np.bincount(small, weights=worth, minlength=shape[1]).astype(np.float64),
        large_sums=sum_by(large, weighted, shape[0]),
        small_sums=sum_by(small, weighted, shape[1]),
        totals=weighted.sum(axis=0),
        square=float(columns[:, 0] @ weighted[:, 0]),
        n_reviews=len(large),
        ideas_are_large=ideas_are_large,
    )


def sum_by(group: NDArray[np.intp], columns: Floats, n_groups: int) -> Floats:
    """Return the sums of `columns` (n, n_columns) within each group, of shape (n_groups, n_columns)."""
    sums: list[Floats] = [
        np.bincount(group, weights=column, minlength=n_groups).astype(np.float64) for column in columns.T
    ]
    return np.stack(sums, axis=1)


def solve(layout: Layout, idea_ratio: float, judge_ratio: float) -> Solution:
    """Return the solution of the mixed-model equations at given ratios of variances to the noise variance.

    Notes
    -----
    With the larger factor absorbed, ``A`` the precision of (small effects, mean) and ``h`` its right-hand side, the
    residual is ``y'Qy - h'A^{-1}h`` and twice the restricted log-likelihood is minus ``(n - 1) log residual + log|I
    + g Z'Z| + log|A| + S log g``.

    """
    large_ratio, small_ratio = (idea_ratio, judge_ratio) if layout.ideas_are_large else (judge_ratio, idea_ratio)
    shrink = large_ratio / (1 + large_ratio * layout.large_counts)
    factor = cholesky(precision(layout, shrink, small_ratio), lower=False, check_finite=False)
    right = right_side(layout, shrink)
    effects = cho_solve((factor, False), right, check_finite=False)
    residual = residual_of(layout, shrink, right, effects)
    log_determinant = (
        np.log1p(large_ratio * layout.large_counts).sum()
        + 2 * np.log(np.diag(factor)).sum()
        + len(layout.small_counts) * np.log(small_ratio)
    )
    log_likelihood = -0.5 * ((layout.n_reviews - 1) * np.log(residual) + float(log_determinant))
    return Solution(float(log_likelihood), residual, shrink, factor, None, effects)


def precision(layout: Layout, shrink: Floats, small_ratio: float) -> Floats:
    """Return the precision of (small effects, mean) with the large factor absorbed."""
    found = -bordered(layout, shrink)
    diagonal = np.arange(len(layout.small_counts))
    found[diagonal, diagonal] += layout.small_counts + 1 / small_ratio
    found[:-1, -1] += layout.small_counts
    found[-1, :-1] += layout.small_counts
    found[-1, -1] += layout.large_counts.sum()
    return found


def bordered(layout: Layout, scale: Floats) -> Floats:
    """Return ``R' diag(scale) R``, where a row of ``R`` holds the reviews of a large level by small one and in all."""
    n_small = len(layout.small_counts)
    found = np.empty((n_small + 1, n_small + 1))
    found[:n_small, :n_small] = _cross_product(layout.table, scale)
    found[:n_small, n_small] = layout.table.T @ (scale * layout.large_counts)
    found[n_small, :n_small] = found[:n_small, n_small]
    found[n_small, n_small] = scale @ layout.large_counts**2
    return found


def right_side(layout: Layout, shrink: Floats) -> Floats:
    """Return the right-hand sides that go with `precision`."""
    weighted = shrink[:, None] * layout.large_sums
    return np.vstack([layout.small_sums - layout.table.T @ weighted, layout.totals - layout.large_counts @ weighted])


def residual_of(layout: Layout, shrink: Floats, right: Floats, effects: Floats) -> float:
    """Return the generalised residual sum of squares of column 0, never below what rounding leaves."""
    residual = layout.square - shrink @ layout.large_sums[:, 0] ** 2 - right[:, 0] @ effects[:, 0]
    return max(float(residual), 1e-12 * layout.square)


def large_effects(layout: Layout, solution: Solution) -> Floats:
    """Return the estimated effects of the absorbed factor, of shape (n_large, n_columns)."""
    small, mean = solution.effects[:-1], solution.effects[-1]
    left_over = layout.large_sums - layout.large_counts[:, None] * mean - layout.table @ small
    return np.asarray(solution.shrink[:, None] * left_over)


def covariance_root(solution: Solution) -> Floats:
    """Return ``R`` with ``R R'`` the covariance of (small effects, mean) in units of the noise variance."""
    if solution.root is not None:
        return solution.root
    identity = np.eye(len(solution.effects))
    return np.asarray(solve_triangular(solution.factor, identity, lower=False, check_finite=False))


def _cross_product(table: Floats | csr_array, scale: Floats) -> Floats:
    if isinstance(table, csr_array):
        scaled = csr_array(
            (table.data * np.repeat(scale, np.diff(table.indptr)), table.indices, table.indptr), shape=table.shape
        )
        return np.asarray((table.T @ scaled).toarray())
    return np.asarray(table.T @ (scale[:, None] * table))
