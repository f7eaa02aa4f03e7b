"""Strengths as a normal distribution, the spread of items and the tie propensity, all found together.

The normal distribution is the one nearest to the posterior (variational): its mean and precision satisfy the
equations of the posterior mode with the likelihood's derivatives averaged over the distribution itself. Taking the
mode instead makes the items' variance too small where comparisons are few.
"""

from dataclasses import dataclass, replace

import numpy as np

from permea_engine.errors import NotConvergedError
from permea_engine.ranking.davidson import Seen, expected_slope, tie_propensity
from permea_engine.ranking.facts import Facts, Floats, spread, sum_by
from permea_engine.ranking.laplacian import EXACT, Precision, Spread, exact_spread, message_spread

TOLERANCE = 1e-6  # of a strength, in log-odds, at given variances
SETTLED = 1e-3  # of the logarithms of the items' variance and of the tie propensity
MAX_ITERATIONS = 1000
PATIENCE = 60  # iterations after which steps of the variances become smaller, so that they cannot swing for ever
SHORTER, LONGER = 0.5, 1.25  # factors of those steps after one that turned round, and after one that did not
LARGEST_STEP = 3.0
OVERSHOT = -0.7  # slope at the end of a step, over that at its beginning
SMALLEST_SHARE = 1e-6
VARIANCES = (0.05**2, 6.0**2)  # limits of the items' variance where it is estimated
VAGUE = 1.0  # standard deviation of the normal prior of the logarithm of the items' variance
EVEN, UNEVEN = 2, 0.05  # steps looked back at to see whether they change evenly, difference of two ratios
SLOWEST = 0.97  # ratio that larger ones are taken for, so that a jump is some 30 steps at most
LARGEST_JUMP = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Strengths:
    """A fit for given reliabilities."""

    values: Floats  # (n_items,)
    ties: float
    precision: Precision
    spread: Spread
    n_iterations: int


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """What else than the strengths the comparisons determine: the items' variance and the tie propensity."""

    prior: float  # 1 / variance
    ties: float
    share: float  # of the change wanted that is made
    steps: tuple[float, ...]  # latest changes wanted of the logarithm of the prior, two at most
    is_settled: bool


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is to be fitted: comparisons, how far each row of their sums is relied on, the variance if it is given."""

    facts: Facts
    trust: Floats | None  # (n_rows,), None where rows are pairs: 1
    variance: float | None

    def seen(self, values: Floats, known: Spread | None) -> Seen:
        """Return the comparisons with the differences of strengths `values` as the judges see them."""
        pairs, sums = self.facts.pairs, self.facts.sums
        centre = values[pairs.low] - values[pairs.high]
        reach = None if known is None else np.sqrt(3 * known.pairs)
        if self.trust is not None:
            centre = self.trust * centre[sums.pair]
            reach = None if reach is None else self.trust * reach[sums.pair]
        return Seen(centre, reach, sums.net, sums.total)

    def slope(self, values: Floats, known: Spread | None, ties: float) -> tuple[Floats, Floats]:
        """Return the gradient of the averaged log-likelihood in the strengths, and the weight of each pair."""
        pairs, pair = self.facts.pairs, self.facts.sums.pair
        gradient, weight = expected_slope(self.seen(values, known), ties)
        if self.trust is not None:
            gradient = sum_by(pair, self.trust * gradient, len(pairs.low))
            weight = sum_by(pair, self.trust**2 * weight, len(pairs.low))
        return spread(pairs, gradient, -gradient), weight


def fit_strengths(task: Task, start: Strengths | None, *, slack: float = 1.0) -> Strengths:
    """Return the fit, beginning at `start`, with tolerances `slack` times as wide. Raises NotConvergedError."""
    facts = task.facts
    values = np.zeros(facts.pairs.n_items) if start is None else start.values
    known = None if start is None else start.spread
    level = _first_level(task, start)
    gradient, weight = task.slope(values, known, level.ties)
    for iteration in range(1, MAX_ITERATIONS + 1):
        precision = Precision(facts.pairs, weight, level.prior)
        if not level.is_settled:
            known = _next_spread(precision, known, min(level.share, PATIENCE / iteration))
            if iteration > 1:
                level = _next_level(task, values, known, level, SETTLED * slack)
            precision = precision.with_prior(level.prior)
        uphill = gradient - level.prior * values
        distance = float(np.abs(uphill / precision.diagonal).max())
        if level.is_settled and known is not None and distance <= TOLERANCE * slack**2:
            return Strengths(values, level.ties, precision, known, iteration)
        step = precision.solve(uphill, tolerance=min(0.05, max(1e-6, distance)))
        values, gradient, weight = _ahead(task, values, uphill, step, known, level)
    raise NotConvergedError(f"first, second: strengths still moving after {MAX_ITERATIONS} iterations")


def _first_level(task: Task, start: Strengths | None) -> Level:
    if start is not None:
        return Level(start.precision.prior, start.ties, 1.0, (), False)
    return Level(1 / (task.variance or 1.0), 1.0 if task.facts.n_ties else 0.0, 1.0, (), False)


def _next_spread(precision: Precision, before: Spread | None, share: float) -> Spread:
    """Return the variances, those of pairs only a `share` of the way from what they were, in their logarithm."""
    found = exact_spread(precision) if precision.pairs.n_items <= EXACT else message_spread(precision, before)
    if before is None or share == 1:
        return found
    return replace(found, pairs=before.pairs ** (1 - share) * found.pairs**share)


def _next_level(task: Task, values: Floats, known: Spread, level: Level, tolerance: float) -> Level:
    """Return part of the way to what the strengths ask for; settled where the whole is within `tolerance`."""
    step = 0.0 if task.variance else _evidence_step(values, level.prior, known)
    turned = bool(level.steps) and step * level.steps[-1] < 0
    share = level.share * SHORTER if turned else min(1.0, level.share * LONGER)
    jump, is_even = _jump(step, level.steps)
    prior = float(np.clip(level.prior * np.exp(share * jump), 1 / VARIANCES[1], 1 / VARIANCES[0]))
    ties = level.ties
    if ties:
        ties = tie_propensity(task.seen(values, known), task.facts.n_ties, ties)
    moved = max(abs(np.log(prior / level.prior)), abs(np.log(ties / level.ties)) if ties else 0.0)
    return Level(prior, ties, share, () if is_even else (*level.steps[-1:], step), bool(moved < tolerance * share))


def _jump(step: float, steps: tuple[float, ...]) -> tuple[float, bool]:
    """Return how far to go: all the way at once where steps change evenly, and whether they do."""
    if len(steps) == EVEN and all(steps):
        rate, before = step / steps[1], steps[1] / steps[0]
        if rate > 0 and abs(rate - before) < UNEVEN:
            jump = step / (1 - min(rate, SLOWEST))
            return float(np.clip(jump, -LARGEST_JUMP, LARGEST_JUMP)), True
    return step, False


def _evidence_step(values: Floats, prior: float, known: Spread) -> float:
    """Return by how much the logarithm of the prior's precision must change to fit the strengths and their spread.

    With g the number of strengths that the comparisons determine, g times the variance is their sum of squares, but
    for the vague prior of the logarithm of the variance. Equal strengths say nothing of it.
    """
    square = float(values @ values)
    if not square:
        return 0.0
    determined = max(0.0, len(values) - prior * float(known.items.sum()))
    log_variance = -np.log(prior)
    for _ in range(20):  # Newton's method for determined + x / VAGUE^2 = square * exp(-x)
        part = square * np.exp(-log_variance)
        log_variance -= (determined + log_variance / VAGUE**2 - part) / (1 / VAGUE**2 + part)
    return float(-np.log(prior) - log_variance)


def _ahead(
    task: Task, values: Floats, uphill: Floats, step: Floats, known: Spread | None, level: Level
) -> tuple[Floats, Floats, Floats]:
    """Return strengths, gradient and weights a step ahead, or a part of it where the whole would overshoot."""
    share = min(1.0, LARGEST_STEP / max(float(np.abs(step).max()), 1e-300))
    least = OVERSHOT * float(uphill @ step)
    while True:
        moved = values + share * step
        gradient, weight = task.slope(moved, known, level.ties)
        if float((gradient - level.prior * moved) @ step) >= least or share < SMALLEST_SHARE:
            return moved, gradient, weight
        share /= 2
