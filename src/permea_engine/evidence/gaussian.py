"""Normal information on what a source takes ideas to be worth, and its algebra."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_solve, cholesky, solve_triangular

from permea_engine.ratings.crossed import Floats

LEAST_SHARE = 1e-6  # of the prior precision: less information than this is none


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What a source says at one point of the grid of its variances.

    The likelihood of what the ideas are worth, `a`, is ``exp(pull'a - a'matrix a / 2)``; their prior is normal with
    mean 0. A score is ``a + level - tilt'a``, and what remains unsure of the level is common to all. Where ideas are
    too many for a full matrix, `matrix` holds its diagonal only.
    """

    weight: float
    prior: float  # variance of the worth of ideas
    matrix: Floats  # (n_ideas, n_ideas) or (n_ideas,)
    pull: Floats  # (n_ideas,)
    level: float
    tilt: Floats  # (n_ideas,)
    level_variance: float


@dataclass(frozen=True, slots=True, eq=False)
class Gaussian:
    """A source on its own scale: its parts, and one independent observation of each idea that comes near to them."""

    parts: tuple[Part, ...]  # heaviest first; none where the source tells no two ideas apart
    value: Floats  # (n_ideas,) what is observed
    variance: Floats  # (n_ideas,) of its noise, infinite where there is nothing
    noise: float  # variance of one more review; nan for other kinds

    @property
    def prior(self) -> float:
        """Return the variance of what the source takes ideas to be worth."""
        return self.parts[0].prior


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What another source adds, for a worth of variance 1: matrix and pull, as in `Part`."""

    matrix: Floats
    pull: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """The posterior of the worth of ideas at one point: its mean, and a root or the diagonal of its covariance."""

    mean: Floats
    root: Floats | None  # (n_ideas, n_ideas)
    variance: Floats  # (n_ideas,)
    evidence: float  # log, up to a constant of the point


def observations(mean: Floats, variance: Floats, prior: float) -> tuple[Floats, Floats]:
    """Return the independent observations that turn a prior of mean 0 into this mean and variance of each idea."""
    precision = 1 / variance - 1 / prior
    known = precision > LEAST_SHARE / prior
    precision = np.where(known, precision, 1.0)
    return np.where(known, mean / variance / precision, 0.0), np.where(known, 1 / precision, np.inf)


def independent(value: Floats, variance: Floats, prior: float, *, dense: bool, weight: float = 1.0) -> Part:
    """Return the part that independent observations make, their mean unknown."""
    precision = 1 / variance  # 0 where nothing was observed
    total = precision.sum()
    level = float(precision @ value / total)
    matrix = np.diag(precision) - np.outer(precision, precision) / total if dense else precision
    tilt = precision / total if dense else np.zeros(len(value))
    return Part(weight, prior, matrix, precision * (value - level), level, tilt, float(1 / total))


def silent(n_ideas: int) -> Gaussian:
    """Return a source that says nothing."""
    return Gaussian((), np.zeros(n_ideas), np.full(n_ideas, np.inf), np.nan)


def from_parts(parts: tuple[Part, ...], noise: float = np.nan) -> Gaussian:
    """Return a source from its parts, heaviest first."""
    joined = join(parts[0], ())
    return Gaussian(parts, *observations(joined.mean, joined.variance, parts[0].prior), noise)


def tell(part: Part, agreement: float) -> Told:
    """Return what a source tells of what the reference measures.

    Its own scale has variance ``part.prior``, of which the share `agreement` squared is due to what the reference
    measures; the rest is its own opinion, which counts as noise.
    """
    own = part.prior * (1 - agreement**2)
    loading = agreement * np.sqrt(part.prior)
    if part.matrix.ndim == 1:
        damped = 1 + own * part.matrix
        return Told(loading**2 * part.matrix / damped, loading * part.pull / damped)
    factor = cholesky(np.eye(len(part.pull)) + own * part.matrix, check_finite=False)
    solved = cho_solve((factor, False), np.column_stack([part.matrix, part.pull]), check_finite=False)
    matrix = solved[:, :-1]
    return Told(loading**2 * (matrix + matrix.T) / 2, loading * solved[:, -1])


def join(part: Part, told: tuple[Told, ...], *, with_part: bool = True) -> Joined:
    """Return what all sources say together, or the others without the reference itself."""
    precision = part.matrix * float(with_part)
    pull = part.pull * float(with_part)
    for other in told:
        precision = precision + other.matrix / part.prior
        pull = pull + other.pull / np.sqrt(part.prior)
    if precision.ndim == 1:
        precision = precision + 1 / part.prior
        mean = pull / precision
        return Joined(mean, None, 1 / precision, 0.5 * float(pull @ mean - np.log(precision).sum()))
    precision = precision + np.eye(len(pull)) / part.prior
    factor = cholesky(precision, check_finite=False)
    root = solve_triangular(factor, np.eye(len(pull)), check_finite=False)
    mean = root @ (root.T @ pull)
    evidence = 0.5 * float(pull @ mean) - float(np.log(np.diag(factor)).sum())
    return Joined(mean, root, (root**2).sum(axis=1), evidence)
