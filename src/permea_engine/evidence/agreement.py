"""How far another source agrees with the reference: the correlation of what both take ideas to be worth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from permea_engine.evidence.gaussian import Gaussian
from permea_engine.ratings.crossed import Floats

Flags = NDArray[np.bool_]

GRID = np.linspace(-0.99, 0.99, 199)
CONTRADICTS = 0.95  # chance of a correlation below 0 from which the source is left out


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """The correlation: its expectation given that it is not below 0, a 90 % interval, the chance that it is."""

    expected: float
    lower: float
    upper: float
    below_zero: float
    n_common: int


def agreement_between(reference: Gaussian, other: Gaussian, *, crowd: bool) -> Agreement:
    """Return how far two sources agree.

    Before looking, every correlation of a crowd between 0 and 1 is as likely; that of an expert source is the more
    likely the higher it is (density in proportion to it). Noise of either source is taken into account, so few facts
    say little about the correlation and leave it where it was.
    """
    common = np.isfinite(reference.variance) & np.isfinite(other.variance)
    first, second = _standard(reference, common), _standard(other, common)
    log_density = np.array([_log_density(first, second, correlation) for correlation in GRID])
    density = np.exp(log_density - log_density.max())
    below = float(density[GRID < 0].sum() / density.sum())
    prior = np.ones(len(GRID)) if crowd else np.maximum(GRID, 0.0)
    weight = np.where(GRID >= 0, density * prior, 0.0)
    weight /= weight.sum()
    cumulated = np.cumsum(weight)
    return Agreement(
        expected=float(weight @ GRID),
        lower=float(GRID[int(np.searchsorted(cumulated, 0.05))]),
        upper=float(GRID[min(int(np.searchsorted(cumulated, 0.95)), len(GRID) - 1)]),
        below_zero=below,
        n_common=int(common.sum()),
    )


def _standard(source: Gaussian, common: Flags) -> tuple[Floats, Floats]:
    """Return values and noise variances of common ideas, in units in which the worth of ideas has variance 1."""
    if not common.any():
        return np.empty(0), np.empty(0)
    value, variance = source.value[common], source.variance[common] / source.prior
    weight = 1 / (1 + variance)
    level = weight @ value / weight.sum()
    return (value - level) / np.sqrt(source.prior), variance


def _log_density(first: tuple[Floats, Floats], second: tuple[Floats, Floats], correlation: float) -> float:
    (x, of_x), (y, of_y) = first, second
    determinant = (1 + of_x) * (1 + of_y) - correlation**2
    square = ((1 + of_y) * x**2 - 2 * correlation * x * y + (1 + of_x) * y**2) / determinant
    return float(-0.5 * (np.log(determinant) + square).sum())
