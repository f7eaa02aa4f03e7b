"""Variances of large panels: few steps of average-information REML instead of many likelihoods.

Up to `DIRECT` judges (or ideas, if those are fewer) the equations are solved directly. Above that they are never
written out: conjugate gradients use only who reviewed what, traces and covariances come from a fixed set of random
probes. Memory is then proportional to the number of reviews.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.sparse import csr_array

from permea_engine.errors import NotConvergedError
from permea_engine.ratings.crossed import (
    Floats,
    Layout,
    Solution,
    bordered,
    precision,
    residual_of,
    right_side,
)

DIRECT = 1200
N_PROBES = 24
N_DRAWS = 128
BLOCK = 32  # draws solved at once
SEED = 20040  # of the probes: the answer depends on nothing but the reviews
MAX_ROUNDS = 2000
TOLERANCE = 1e-8  # of scores, relative
ROUGH = 1e-5  # of probes and draws
MAX_STEPS = 40
FURTHEST = 2.0  # step of a log ratio
STILL = 1e-3
FLATTEST = 0.05  # least curvature that a step is taken for
HIGHEST = 14.0  # log of a ratio

PriorSlope = Callable[[Floats], tuple[Floats, Floats]]


class Equations(Protocol):
    """The equations of (small effects, mean) at one pair of ratios."""

    shrink: Floats

    def solve(self, right: Floats) -> Floats:
        """Return the solution for each column of `right`."""
        ...

    def traces(self) -> tuple[float, float]:
        """Return the traces of the covariances of large and of small effects, in units of the noise variance."""
        ...

    def root(self) -> tuple[Floats | None, Floats | None]:
        """Return the Cholesky factor of the equations, or a root of their inverse."""
        ...


class Direct:
    """The equations written out."""

    def __init__(self, layout: Layout, large_ratio: float, small_ratio: float) -> None:
        """Factor them."""
        self.layout = layout
        self.shrink = large_ratio / (1 + large_ratio * layout.large_counts)
        self.factor = cholesky(precision(layout, self.shrink, small_ratio), lower=False, check_finite=False)

    def solve(self, right: Floats) -> Floats:
        """Return the solution for each column of `right`."""
        return np.asarray(cho_solve((self.factor, False), right, check_finite=False))

    def traces(self) -> tuple[float, float]:
        """Return the traces of the covariances of large and of small effects."""
        root = solve_triangular(self.factor, np.eye(len(self.factor)), lower=False, check_finite=False)
        large = bordered(self.layout, self.shrink**2)
        return float(self.shrink.sum() + np.vdot(root, large @ root)), float((root[:-1] ** 2).sum())

    def root(self) -> tuple[Floats | None, Floats | None]:
        """Return the Cholesky factor."""
        return self.factor, None


class Iterative:
    """The equations applied, never written out."""

    def __init__(self, layout: Layout, large_ratio: float, small_ratio: float) -> None:
        """Keep what applying them needs."""
        self.layout, self.table = layout, csr_array(layout.table)
        self.turned = csr_array(self.table.T)
        self.large_ratio, self.small_ratio = large_ratio, small_ratio
        self.shrink = large_ratio / (1 + large_ratio * layout.large_counts)
        own = csr_array((self.turned.data**2, self.turned.indices, self.turned.indptr), shape=self.turned.shape)
        self.diagonal = np.append(
            layout.small_counts + 1 / small_ratio - own @ self.shrink,
            layout.large_counts.sum() - self.shrink @ layout.large_counts**2,
        )

    def apply(self, values: Floats) -> Floats:
        """Return the left-hand sides for each column of `values`."""
        small, mean, layout = values[:-1], values[-1], self.layout
        inner = self.shrink[:, None] * (self.table @ small + layout.large_counts[:, None] * mean)
        first = (layout.small_counts + 1 / self.small_ratio)[:, None] * small + layout.small_counts[:, None] * mean
        last = layout.small_counts @ small + layout.large_counts.sum() * mean - layout.large_counts @ inner
        return np.vstack([first - self.turned @ inner, last])

    def solve(self, right: Floats, tolerance: float = TOLERANCE) -> Floats:
        """Return the solution for each column of `right`, by preconditioned conjugate gradients."""
        scale = 1 / self.diagonal[:, None]
        found, left_over = np.zeros_like(right), right.copy()
        direction = scale * left_over
        size = (left_over * direction).sum(axis=0)
        enough = tolerance**2 * np.maximum(size, np.finfo(np.float64).tiny)
        for _ in range(MAX_ROUNDS):
            if (size <= enough).all():
                return found
            moved = self.apply(direction)
            step = size / np.maximum((direction * moved).sum(axis=0), np.finfo(np.float64).tiny)
            found += step * direction
            left_over -= step * moved
            better = scale * left_over
            new_size = (left_over * better).sum(axis=0)
            direction = better + new_size / np.maximum(size, np.finfo(np.float64).tiny) * direction
            size = new_size
        raise NotConvergedError(f"reviews: the equations of the judges were not solved in {MAX_ROUNDS} rounds")

    def traces(self) -> tuple[float, float]:
        """Return the traces of the covariances of large and of small effects, estimated from probes."""
        rng = np.random.default_rng(SEED)
        large = rng.choice((-1.0, 1.0), (len(self.shrink), N_PROBES)) * self.shrink[:, None]
        seen = np.vstack([self.turned @ large, self.layout.large_counts @ large])
        small = np.vstack([rng.choice((-1.0, 1.0), (len(self.diagonal) - 1, N_PROBES)), np.zeros((1, N_PROBES))])
        of_large, of_small = (np.vdot(one, self.solve(one, ROUGH)) for one in (seen, small))
        return float(self.shrink.sum() + of_large / N_PROBES), float(of_small / N_PROBES)

    def root(self) -> tuple[Floats | None, Floats | None]:
        """Return a root of the covariance: draws from it, each row scaled to its estimated variance."""
        rng = np.random.default_rng(SEED)
        draws = np.hstack([self.solve(noise, ROUGH) for noise in self._noise(rng)]) / np.sqrt(N_DRAWS)
        probes = np.vstack([rng.choice((-1.0, 1.0), (len(self.diagonal) - 1, BLOCK)), np.zeros((1, BLOCK))])
        least = 1 / self.diagonal[:-1]  # the variance were all others known
        variance = np.maximum((probes * self.solve(probes, ROUGH))[:-1].mean(axis=1), least)
        draws[:-1] *= np.sqrt(variance / (draws[:-1] ** 2).sum(axis=1))[:, None]
        return None, draws

    def _noise(self, rng: np.random.Generator) -> Iterator[Floats]:
        """Yield right-hand sides whose covariance is that of the equations, in blocks."""
        row = np.repeat(np.arange(len(self.shrink)), np.diff(self.table.indptr))
        spread = np.sqrt(self.table.data)
        n_small = len(self.diagonal) - 1
        for _ in range(N_DRAWS // BLOCK):
            columns = []
            for _ in range(BLOCK):
                noise = spread * rng.standard_normal(len(spread))
                large = np.bincount(row, weights=noise, minlength=len(self.shrink))
                large += rng.standard_normal(len(large)) / np.sqrt(self.large_ratio)
                small = np.bincount(self.table.indices, weights=noise, minlength=n_small)
                small += rng.standard_normal(n_small) / np.sqrt(self.small_ratio)
                weighted = self.shrink * large
                last = noise.sum() - self.layout.large_counts @ weighted
                columns.append(np.append(small - self.turned @ weighted, last))
            yield np.column_stack(columns)


@dataclass(frozen=True, slots=True, eq=False)
class Slope:
    """The restricted log-likelihood near one pair of log ratios (ideas, judges), noise variance profiled out."""

    gradient: Floats  # (2,)
    information: Floats  # (2, 2) average information


def equations_at(layout: Layout, idea_ratio: float, judge_ratio: float) -> Equations:
    """Return the equations, written out if they are few."""
    ratios = (idea_ratio, judge_ratio) if layout.ideas_are_large else (judge_ratio, idea_ratio)
    kind = Direct if len(layout.small_counts) <= DIRECT else Iterative
    return kind(layout, *ratios)


def solve_large(layout: Layout, idea_ratio: float, judge_ratio: float) -> Solution:
    """Return the solution of the mixed-model equations, without its log-likelihood."""
    equations = equations_at(layout, idea_ratio, judge_ratio)
    return _solution(layout, equations, *equations.root())


def rough_solution(layout: Layout, idea_ratio: float, judge_ratio: float) -> Solution:
    """Return the same without its covariance."""
    return _solution(layout, equations_at(layout, idea_ratio, judge_ratio), None, None)


def _solution(layout: Layout, equations: Equations, factor: Floats | None, root: Floats | None) -> Solution:
    right = right_side(layout, equations.shrink)
    effects = equations.solve(right)
    residual = residual_of(layout, equations.shrink, right, effects)
    return Solution(np.nan, residual, equations.shrink, factor, root, effects)


def slope(layout: Layout, point: Floats) -> Slope:
    """Return gradient and average information of the restricted log-likelihood at log ratios `point`.

    Notes
    -----
    With ``u`` the effects of one factor, ``g`` its ratio, ``q`` its levels, ``C`` its covariance and ``s`` the noise
    variance, the gradient is ``(u'u / (g s) - q + tr(C) / g) / 2``. The information is that of [1]_.

    References
    ----------
    .. [1] A. R. Gilmour, R. Thompson and B. R. Cullis, "Average information REML", Biometrics 51(4), 1995.
       doi:10.2307/2533274

    """
    ratios = np.exp(point if layout.ideas_are_large else point[::-1])  # of the large and of the small factor
    equations = equations_at(layout, *np.exp(point))
    right = right_side(layout, equations.shrink)[:, :1]
    effects = equations.solve(right)
    residual = residual_of(layout, equations.shrink, right, effects)
    noise = residual / (layout.n_reviews - 1)
    large = equations.shrink * (layout.large_sums[:, 0] - layout.large_counts * effects[-1, 0])
    large -= equations.shrink * (layout.table @ effects[:-1, 0])
    small = effects[:-1, 0]
    sizes = np.array([large @ large, small @ small]) / ratios
    levels = np.array([len(large), len(small)])
    gradient = (sizes / noise - levels + np.array(equations.traces()) / ratios) / 2
    information = _average_information(layout, equations, large, small) - np.outer(sizes, sizes) / residual
    turn = slice(None) if layout.ideas_are_large else slice(None, None, -1)
    return Slope(gradient[turn], information[turn, turn] / (2 * noise))


def _average_information(layout: Layout, equations: Equations, large: Floats, small: Floats) -> Floats:
    """Return ``f_k' P f_l`` for the marks that either factor alone would give."""
    table = layout.table
    cross = float(large @ (table @ small))
    gram = np.array([[layout.large_counts @ large**2, cross], [cross, layout.small_counts @ small**2]])
    large_sums = np.column_stack([layout.large_counts * large, table @ small])
    small_sums = np.column_stack([table.T @ large, layout.small_counts * small])
    weighted = equations.shrink[:, None] * large_sums
    totals = np.array([layout.large_counts @ large, layout.small_counts @ small])
    right = np.vstack([small_sums - table.T @ weighted, totals - layout.large_counts @ weighted])
    return np.asarray(gram - large_sums.T @ weighted - right.T @ equations.solve(right))


def climb(layout: Layout, start: Floats, prior: PriorSlope, lowest: Floats) -> Floats:
    """Return where likelihood times prior is highest, by scoring steps from log ratios `start`.

    `prior` gives the gradient and the negative curvature of the log prior of each log ratio. A ratio that falls below
    `lowest` stays there: it counts as zero. Raises NotConvergedError if it does not come to rest.
    """
    point, last, share = start, np.zeros(2), 1.0
    for _ in range(MAX_STEPS):
        here, (pull, bend) = slope(layout, point), prior(point)
        values, axes = np.linalg.eigh(here.information + np.diag(bend))
        step = axes @ ((axes.T @ (here.gradient + pull)) / np.maximum(values, FLATTEST))
        step *= min(1.0, FURTHEST / float(np.abs(step).max()))
        share = share / 2 if step @ last < 0 else min(1.0, 1.5 * share)  # turning back: the last one went too far
        moved = np.asarray(np.clip(point + share * step, lowest, HIGHEST), dtype=np.float64)
        if np.abs(moved - point).max() < STILL * share:
            return moved
        point, last = moved, step
    raise NotConvergedError(f"reviews: the variances were still moving after {MAX_STEPS} steps")
