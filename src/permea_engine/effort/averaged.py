"""A ranking whose certainty also allows for not knowing how much ideas differ."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import roots_hermitenorm

from permea_engine.checks import whole_number
from permea_engine.effort.beliefs import Floats, Indices
from permea_engine.effort.state import SPREAD
from permea_engine.ranking.fit import Ranking, rank_from_comparisons

POINTS, WEIGHTS = roots_hermitenorm(15)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
COARSE, FINE = (0.25, 0.5, 2.0, 4.0), (0.6, 0.7, 0.84, 1.19, 1.41, 1.68)  # spreads tried: of 1, then of the best
AVERAGED_UP_TO = 300
CENTRE, VAGUE = SPREAD, 0.75  # of the log-normal prior of the spread
NEGLIGIBLE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class AveragedRanking:
    """Rankings for several spreads of the items, with the ``weights`` (n_rankings,) that the comparisons give them.

    As an estimate it can be given to `stop_advice` and to all functions of `permea_engine.decisions`.
    """

    rankings: tuple[Ranking, ...]
    weights: Floats

    @property
    def centre(self) -> Floats:
        """Return the expected strengths, nan for items without comparison."""
        return np.asarray(sum(weight * one.centre for weight, one in zip(self.weights, self.rankings, strict=True)))

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` joint draws of all strengths, of shape (n, n_items)."""
        counts = rng.multinomial(whole_number("n", n, minimum=1), self.weights)
        drawn = [one.sample(int(count), rng) for one, count in zip(self.rankings, counts, strict=True) if count]
        return np.concatenate(drawn)[rng.permutation(n)]


def average_rankings(
    first: ArrayLike,
    second: ArrayLike,
    outcome: ArrayLike,
    *,
    judge: ArrayLike | None = None,
    n_items: int | None = None,
    n_judges: int | None = None,
) -> AveragedRanking:
    r"""Rank items from comparisons without taking the estimated spread of their strengths for true.

    Comparisons that were chosen near the line say little about how much ideas differ at large, and the chance that a
    choice is right depends on it. The ranking is fitted at several spreads :math:`\tau`, each weighted by the evidence
    for it, :math:`\mathrm{E}_q \log p(y \mid s) - \mathrm{KL}(q \,\|\, \mathrm{N}(0, \tau^2))` [1]_, and by a vague
    prior (log-normal around 1.5 log-odds, what `new_comparisons` starts from). Beyond 300 items the estimate is good
    enough.

    Parameters
    ----------
    first, second, outcome, judge, n_items, n_judges
        As for `permea_engine.ranking.rank_from_comparisons`.

    Returns
    -------
    AveragedRanking
        For `stop_advice`.

    Raises
    ------
    ShapeError, RangeError, UndeterminedError, NotConvergedError
        As for `permea_engine.ranking.rank_from_comparisons`.

    References
    ----------
    .. [1] D. M. Blei, A. Kucukelbir and J. D. McAuliffe, "Variational inference: a review for statisticians", J. Am.
       Statist. Assoc. 112(518), 2017. doi:10.1080/01621459.2017.1285773

    Examples
    --------
    >>> averaged = average_rankings([0, 0, 1, 0], [1, 1, 2, 2], [1, 1, 1, 1])
    >>> float(averaged.weights.sum().round(6)), averaged.centre.argmax()
    (1.0, np.int64(0))

    """
    fit = partial(rank_from_comparisons, first, second, outcome, judge=judge, n_items=n_items, n_judges=n_judges)
    found = fit(strength_sd=1.0)
    if len(found.strengths) > AVERAGED_UP_TO:
        return AveragedRanking((fit(),), np.ones(1))
    who = None if judge is None else np.asarray(judge)
    facts = _Facts(np.asarray(first), np.asarray(second), np.asarray(outcome), who)
    tried = {1.0: (found, _evidence(found, facts))}
    for factors in (COARSE, FINE):
        middle = max(tried, key=lambda spread: tried[spread][1])
        for spread in (middle * factor for factor in factors):
            one = fit(strength_sd=spread)
            tried[spread] = one, _evidence(one, facts)
    order = sorted(tried)
    scores = np.array([tried[spread][1] for spread in order])
    weights = np.exp(scores - scores.max()) * np.gradient(np.log(order))  # by the trapezoidal rule
    kept = np.flatnonzero(weights > NEGLIGIBLE * weights.max())
    return AveragedRanking(tuple(tried[order[one]][0] for one in kept), weights[kept] / weights[kept].sum())


@dataclass(frozen=True, slots=True, eq=False)
class _Facts:
    """The comparisons."""

    first: Indices
    second: Indices
    outcome: Indices
    judge: Indices | None


def _evidence(ranking: Ranking, facts: _Facts) -> float:
    """Return the lower bound of the logarithm of the evidence, with that of the prior of the spread."""
    slope = np.ones(len(facts.first)) if facts.judge is None else ranking.reliabilities[facts.judge]
    centre = slope * (ranking.strengths[facts.first] - ranking.strengths[facts.second])
    reach = slope * ranking.difference_sd(facts.first, facts.second)
    at = centre[:, None] + reach[:, None] * POINTS
    size = np.abs(at)
    tied = np.log(max(ranking.tie_propensity, 1e-300)) * (facts.outcome == 0)
    decided = (facts.outcome[:, None] * at - size) / 2
    level = decided - np.log1p(np.exp(-size) + ranking.tie_propensity * np.exp(-size / 2))
    spread, covariance = ranking.strength_sd, ranking.posterior.covariance
    apart = (np.trace(covariance) + ranking.strengths @ ranking.strengths) / spread**2 - len(covariance)
    apart += 2 * len(covariance) * np.log(spread) - np.linalg.slogdet(covariance)[1]
    return float((level @ WEIGHTS + tied).sum() - apart / 2 - (np.log(spread / CENTRE) / VAGUE) ** 2 / 2)
