"""How large idea, judge and noise variance are: REML estimates, and a grid of plausible values with weights."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from permea_engine.errors import NotConvergedError
from permea_engine.ratings.crossed import Floats, Layout, Solution, solve
from permea_engine.ratings.large import DIRECT, PriorSlope, climb, rough_solution, slope, solve_large

LOWEST, HIGHEST = -14.0, 14.0  # log of a variance ratio
NOTHING = 7.0  # a variance whose log is by so much below that of a mean's noise counts as zero
EDGE = 0.1  # beyond these ends, for differences taken at them
SHARP = 0.15  # standard deviation of log ratios below which one point stands for all
STEP = 1.0  # of the grid, in standard deviations
DROP = 6.0  # of the log density, where the grid ends
MANY = 20_000  # reviews above which steps along the slope replace many likelihoods
REACH = 8  # steps of the grid at most to each side


@dataclass(frozen=True, slots=True, eq=False)
class Variances:
    """REML estimates, and the points over which the scores are averaged."""

    idea: float
    judge: float
    noise: float
    points: tuple[tuple[float, float], ...]  # (idea ratio, judge ratio)
    weights: Floats
    solutions: tuple[Solution, ...]


class Target:
    """What the variance ratios are judged by: likelihood and prior of the log ratios (ideas, judges).

    The priors are those of uniform shrinkage: ``g / (1 + g) ~ U(0, 1)`` for the ratio ``g`` of ideas, so that any
    reliability of one review is as likely; ``m g / (1 + m g) ~ U(0, 1)`` for that of judges, with ``m`` the typical
    number of reviews of a judge. They are proper, so the posterior is, and do not depend on the unit of the marks.
    """

    def __init__(self, layout: Layout) -> None:
        """Centre the prior."""
        by_judge = layout.small_counts if layout.ideas_are_large else layout.large_counts
        self.layout, self.centre = layout, np.array([0.0, -np.log(harmonic_mean(by_judge))])
        self.start = np.clip(self.centre + 1.0, -3.0, 3.0)

    def log_likelihood(self, point: Floats) -> float:
        """Return the restricted log-likelihood."""
        return solve(self.layout, float(np.exp(point[0])), float(np.exp(point[1]))).log_likelihood

    def log_posterior(self, point: Floats) -> float:
        """Return the log-likelihood plus the log prior."""
        if np.abs(point).max() > HIGHEST + EDGE:
            return -np.inf  # the grid ends where rounding would leave the equations singular
        away = point - self.centre
        return self.log_likelihood(point) + float((away - 2 * np.logaddexp(0, away)).sum())

    def prior_slope(self, point: Floats) -> tuple[Floats, Floats]:
        """Return gradient and negative curvature of the log prior."""
        share = expit(point - self.centre)
        return 1 - 2 * share, 2 * share * (1 - share)


def is_large(layout: Layout) -> bool:
    """Return whether steps along the slope replace many likelihoods."""
    return layout.n_reviews > MANY or len(layout.small_counts) > DIRECT


def most_plausible(layout: Layout, start: Floats | None = None) -> Floats:
    """Return the mode of the posterior of the log ratios."""
    target = Target(layout)
    begin = target.start if start is None else start
    if is_large(layout):
        return _climbed(target.log_posterior, layout, begin, target.prior_slope, np.full(2, LOWEST))
    return _maximum(target.log_posterior, begin)


def estimate_variances(layout: Layout) -> Variances:
    """Return REML estimates and the grid over the posterior of the two variance ratios."""
    target, large = Target(layout), is_large(layout)
    mode = most_plausible(layout)
    floor = target.centre - NOTHING
    best = (
        _climbed(target.log_likelihood, layout, mode, _flat, floor) if large else _maximum(target.log_likelihood, mode)
    )
    estimate = np.where(best <= floor, 0.0, np.exp(best))
    noise = (rough_solution if large else solve)(layout, *np.exp(best)).residual / (layout.n_reviews - 1)
    grid, weights = _large_grid(target, mode) if large else _grid(target, mode, _covariance(target.log_posterior, mode))
    points = tuple((float(np.exp(point[0])), float(np.exp(point[1]))) for point in grid)
    solutions = tuple((solve_large if large else solve)(layout, *point) for point in points)
    return Variances(float(estimate[0]) * noise, float(estimate[1]) * noise, noise, points, weights, solutions)


def _climbed(
    function: Callable[[Floats], float], layout: Layout, start: Floats, prior: PriorSlope, lowest: Floats
) -> Floats:
    try:
        return climb(layout, start, prior, lowest)
    except NotConvergedError:
        if len(layout.small_counts) > DIRECT:
            raise
        return _maximum(function, start)  # marks without noise: steps go astray in rounding, the likelihood does not


def _flat(_: Floats) -> tuple[Floats, Floats]:
    return np.zeros(2), np.zeros(2)


def _large_grid(target: Target, mode: Floats) -> tuple[list[Floats], Floats]:
    information = slope(target.layout, mode).information + np.diag(target.prior_slope(mode)[1])
    covariance: Floats = np.linalg.inv(information).astype(np.float64)
    spreads, axes = np.linalg.eigh(covariance)
    if spreads.max() < SHARP**2 or len(target.layout.small_counts) <= DIRECT:
        return _grid(target, mode, covariance)
    # the likelihood itself is out of reach: three points on each axis of a normal distribution
    sides = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    weights = np.array([(4 / 6) ** (2 - abs(i) - abs(j)) / 6 ** (abs(i) + abs(j)) for i, j in sides])
    return [mode + np.sqrt(3 * spreads) * axes @ side for side in sides], weights


def harmonic_mean(counts: Floats) -> float:
    """Return the harmonic mean, the typical number of reviews where a variance of a mean is concerned."""
    return float(len(counts) / (1 / counts).sum())


def _maximum(function: Callable[[Floats], float], start: Floats) -> Floats:
    found = minimize(
        lambda point: -function(point),
        start,
        method="L-BFGS-B",
        bounds=[(LOWEST, HIGHEST)] * 2,
        options={"eps": 1e-5, "ftol": 1e-11, "gtol": 1e-4},
    )
    return np.asarray(found.x, dtype=np.float64)


def _grid(target: Target, mode: Floats, covariance: Floats) -> tuple[list[Floats], Floats]:
    spreads, axes = np.linalg.eigh(covariance)
    if spreads.max() < SHARP**2:
        return [mode], np.ones(1)
    log_density = target.log_posterior
    steps = [STEP * np.sqrt(spread) * axis for spread, axis in zip(spreads, axes.T, strict=True)]
    top = log_density(mode)
    ranges = [_range(log_density, mode, step, top) for step in steps]
    points = [mode + first * steps[0] + second * steps[1] for first in ranges[0] for second in ranges[1]]
    heights = np.array([log_density(point) - top for point in points])
    kept = heights > -DROP
    weights = np.exp(heights[kept])
    return [point for point, keep in zip(points, kept, strict=True) if keep], weights / weights.sum()


def _range(log_density: Callable[[Floats], float], mode: Floats, step: Floats, top: float) -> range:
    ends = []
    for side in (-1, 1):
        reach = 1
        while reach < REACH and log_density(mode + side * (reach + 1) * step) > top - DROP:
            reach += 1
        ends.append(side * reach)
    return range(ends[0], ends[1] + 1)


def _covariance(log_density: Callable[[Floats], float], mode: Floats, width: float = 0.02) -> Floats:
    first, second = width * np.eye(2)
    centre = log_density(mode)
    at = {
        (i, j): log_density(mode + i * first + j * second)
        for i, j in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1))
    }
    own = [(2 * centre - at[1, 0] - at[-1, 0]) / width**2, (2 * centre - at[0, 1] - at[0, -1]) / width**2]
    cross = (at[1, 0] + at[-1, 0] + at[0, 1] + at[0, -1] - 2 * centre - at[1, 1] - at[-1, -1]) / (2 * width**2)
    values, axes = np.linalg.eigh(np.array([[own[0], cross], [cross, own[1]]]))
    return np.asarray((axes / np.clip(values, 0.05, None)) @ axes.T)
