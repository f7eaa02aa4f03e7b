"""What is known about all strengths at once: a normal distribution around the mode (Laplace)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import cholesky, solve_triangular

from permea_engine.checks import whole_number
from permea_engine.ranking.facts import Floats, Indices
from permea_engine.ranking.laplacian import Precision

DENSE = 2000  # items up to which the inverse is taken whole
BLOCK = 2_000_000  # cells drawn at once where equations are solved by iteration
DRAW_TOLERANCE = 1e-4
N_PROBES = 64


@dataclass(frozen=True, eq=False)
class LaplacePosterior:
    """Normal with the mode as its mean and the inverse of the precision as its covariance.

    Up to 2,000 items covariances and draws come from the dense inverse and factor. Beyond, a draw is the solution of
    the same equations with a right-hand side that has the precision as its covariance (perturb and solve), and the
    standard errors are estimated from 64 such draws, each variance being the conditional one plus that of the
    conditional mean: their own error is then a few per cent.
    """

    mean: Floats  # (n_items,)
    precision: Precision

    @cached_property
    def covariance(self) -> Floats:
        """Return the covariance, of shape (n_items, n_items): for thousands of items it needs much time and memory."""
        return self.precision.covariance()

    @cached_property
    def standard_errors(self) -> Floats:
        """Return the standard deviation of each strength, of shape (n_items,)."""
        if len(self.mean) <= DENSE:
            return np.sqrt(np.diag(self.covariance))
        return self._estimated()

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` joint draws, of shape (n, n_items)."""
        whole_number("n", n, minimum=1)
        n_items = len(self.mean)
        if n_items <= DENSE:
            noise = rng.standard_normal((n_items, n))
            draws = solve_triangular(self._factor, noise, lower=False, overwrite_b=True, check_finite=False)
            return np.asarray(draws.T + self.mean)
        size = max(1, BLOCK // n_items)
        return np.concatenate([self._drawn(min(size, n - done), rng) for done in range(0, n, size)]) + self.mean

    def difference_sd(self, first: Indices, second: Indices) -> Floats:
        """Return the standard deviation of ``strength[first] - strength[second]``, of the shape of both."""
        if len(self.mean) <= DENSE:
            own = np.diag(self.covariance)
            return np.sqrt(np.maximum(own[first] + own[second] - 2 * self.covariance[first, second], 0.0))
        spread = np.empty(len(first))
        columns = np.arange(len(first))
        for start in range(0, len(first), size := max(1, BLOCK // len(self.mean))):
            some = columns[start : start + size]
            right = np.zeros((len(self.mean), len(some)))
            np.add.at(right, (first[some], some - start), 1.0)
            np.add.at(right, (second[some], some - start), -1.0)
            spread[some] = np.sqrt((right * self.precision.solve(right)).sum(axis=0))
        return spread

    @cached_property
    def _factor(self) -> Floats:
        return np.asarray(cholesky(self.precision.dense(), lower=False, check_finite=False))

    def _drawn(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` draws around zero, of shape (n, n_items)."""
        right = self.precision.perturbation(n, rng)
        return np.ascontiguousarray(self.precision.solve(right, tolerance=DRAW_TOLERANCE).T)

    def _estimated(self) -> Floats:
        rng, diagonal = np.random.default_rng(0), self.precision.diagonal
        size = max(1, BLOCK // len(self.mean))
        square = np.zeros(len(self.mean))
        for done in range(0, N_PROBES, size):
            draws = self._drawn(min(size, N_PROBES - done), rng)
            neighbours = draws - (self.precision.times(np.ascontiguousarray(draws.T)) / diagonal[:, None]).T
            square += (neighbours**2).sum(axis=0)
        return np.sqrt(1 / diagonal + square / N_PROBES)
