"""How far each judge can be relied on, given what is known of the strengths."""

from dataclasses import dataclass, replace

import numpy as np

from permea_engine.ranking.davidson import expected_log_likelihood
from permea_engine.ranking.facts import Facts, Floats, Indices, sum_by
from permea_engine.ranking.strengths import Strengths, Task, fit_strengths

GRID = np.linspace(-3.0, 2.4, 28)  # logarithms of reliabilities of judges who are not careless
SPREADS = np.linspace(0.1, 1.5, 15)  # standard deviations of them
SPREAD_SCALE = 1.0  # of the half-normal prior of that standard deviation
CARELESS = np.array([0.01, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5])  # shares of judges who decide by chance
CARELESS_POWER = 3.0  # of the prior of that share, (1 - share) to this power
SETTLED = 2e-3  # of a reliability
MAX_ROUNDS = 40
SLACK = 50.0  # of the strengths, before the reliabilities rest
TINY = 1e-300
CERTAIN = 300.0  # logarithm of odds beyond which nothing changes


@dataclass(frozen=True, slots=True, eq=False)
class Reliabilities:
    """What is known of all judges, of shape (n_judges,) each, and how much judges differ.

    ``log_mean`` and ``log_sd`` are of the logarithm of a reliability if the judge is not careless.
    """

    log_mean: Floats
    log_sd: Floats
    careless: Floats  # chance of it
    spread: float
    share: float  # of careless judges

    @property
    def trust(self) -> Floats:
        """Return the reliabilities to compute with."""
        return (1 - self.careless) * np.exp(self.log_mean)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Strengths and reliabilities together."""

    strengths: Strengths
    reliabilities: Reliabilities | None  # None where there is nothing to tell judges apart
    n_iterations: int


def fit_all(facts: Facts, *, variance: float | None) -> Fit:
    """Return strengths and reliabilities: each is fitted to what is known of the other until both rest."""
    judge = facts.sums.judge
    if judge is None:
        found = fit_strengths(Task(facts, None, variance), None)
        return Fit(found, None, found.n_iterations)
    found = fit_strengths(Task(facts, np.ones(len(judge)), variance), None, slack=SLACK)
    n_iterations, known = found.n_iterations, _judged(facts, judge, found)
    for _ in range(MAX_ROUNDS):
        found = fit_strengths(Task(facts, known.trust[judge], variance), found, slack=SLACK)
        n_iterations += found.n_iterations
        last, known = known.trust, _judged(facts, judge, found)
        if np.abs(known.trust - last).max() <= SETTLED:
            break
    found = fit_strengths(Task(facts, known.trust[judge], variance), found)
    return Fit(found, known, n_iterations + found.n_iterations)


def _judged(facts: Facts, judge: Indices, found: Strengths) -> Reliabilities:
    """Return what the comparisons say of each judge, averaged over how much judges may differ.

    The likelihood of each reliability on a grid is averaged (in its logarithm) over what is not known of strengths.
    """
    alike = Task(facts, np.ones(len(judge)), None).seen(found.values, found.spread)
    level = np.empty((facts.n_judges, len(GRID)))
    for column, trust in enumerate(np.exp(GRID)):
        seen = replace(alike, centre=trust * alike.centre, reach=trust * alike.reach)
        rows = expected_log_likelihood(seen, found.ties)
        level[:, column] = sum_by(judge, rows, facts.n_judges)
    by_chance = expected_log_likelihood(replace(alike, centre=0 * alike.centre, reach=None), found.ties)
    return _posterior(level, sum_by(judge, by_chance, facts.n_judges))


def _posterior(level: Floats, by_chance: Floats) -> Reliabilities:
    """Return the posterior from the log-likelihoods of each judge on the grid, (n_judges, n_grid), and at 0.

    It is averaged over how much judges differ and how many are careless. The mean logarithm of those who are not is 0.
    """
    top = level.max(axis=1)
    likelihood = np.exp(level - top[:, None])
    priors = np.exp(-0.5 * (GRID / SPREADS[:, None]) ** 2)
    priors /= priors.sum(axis=1, keepdims=True)
    careful = likelihood @ priors.T + TINY  # (n_judges, n_spreads)
    odds = (by_chance - top)[:, None, None] - np.log(careful)[:, :, None] + np.log(CARELESS / (1 - CARELESS))
    odds = np.exp(np.clip(odds, -CERTAIN, CERTAIN))  # of being careless
    total = (np.log(careful)[:, :, None] + np.log((1 - CARELESS) * (1 + odds))).sum(axis=0)
    total += CARELESS_POWER * np.log(1 - CARELESS) - 0.5 * (SPREADS[:, None] / SPREAD_SCALE) ** 2
    weights = np.exp(total - total.max())
    weights /= weights.sum()
    kept = (weights / (1 + odds)).sum(axis=2)  # (n_judges, n_spreads)
    density = likelihood * ((kept / careful) @ priors)
    density /= density.sum(axis=1, keepdims=True)
    mean = density @ GRID
    spread = np.sqrt(np.maximum(density @ GRID**2 - mean**2, 0.0))
    doubted = (weights * odds / (1 + odds)).sum(axis=(1, 2))
    centre = float(kept.sum(axis=1) @ mean) / float(kept.sum())
    return Reliabilities(
        mean - centre, spread, doubted, float(weights.sum(axis=1) @ SPREADS), float(weights.sum(axis=0) @ CARELESS)
    )
