"""From comparisons to strengths with intervals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from permea_engine.checks import index_array
from permea_engine.errors import RangeError
from permea_engine.ranking.facts import Facts, Floats, Indices, checked, components, sum_by, summed
from permea_engine.ranking.judges import Fit, fit_all
from permea_engine.ranking.posterior import LaplacePosterior

LEVEL = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Strengths of items, reliabilities of judges, and how far to trust them; see `rank_from_comparisons`."""

    strengths: Floats
    n_comparisons: Floats
    reliabilities: Floats
    log_reliability_sd: Floats
    careless: Floats
    agreement: Floats
    n_votes: Floats
    tie_propensity: float
    strength_sd: float
    reliability_spread: float
    careless_share: float
    n_components: int
    components: Indices
    n_iterations: int
    posterior: LaplacePosterior

    @property
    def centre(self) -> Floats:
        """Return the strengths, nan for items without comparison: what `permea_engine.decisions` ranks by."""
        return np.where(self.n_comparisons > 0, self.strengths, np.nan)

    @property
    def standard_errors(self) -> Floats:
        """Return the standard deviation of each strength, worked out when first asked for."""
        return self.posterior.standard_errors

    @property
    def lower(self) -> Floats:
        """Return the lower end of the 95 % interval of each strength."""
        return self.strengths + float(ndtri((1 - LEVEL) / 2)) * self.standard_errors

    @property
    def upper(self) -> Floats:
        """Return the upper end of the 95 % interval of each strength."""
        return self.strengths - float(ndtri((1 - LEVEL) / 2)) * self.standard_errors

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` joint draws of all strengths from their posterior, of shape (n, n_items).

        An item without comparison is drawn from what items of this call are like.
        """
        return self.posterior.sample(n, rng)

    def difference_sd(self, first: ArrayLike, second: ArrayLike) -> Floats:
        """Return the standard deviation of ``strengths[first] - strengths[second]``, one for each pair given.

        Raises ShapeError or RangeError if lengths differ or an index is out of range.
        """
        firsts = index_array("first", first, size=len(self.strengths))
        return self.posterior.difference_sd(
            firsts, index_array("second", second, size=len(self.strengths), length=len(firsts))
        )


def rank_from_comparisons(
    first: ArrayLike,
    second: ArrayLike,
    outcome: ArrayLike,
    *,
    judge: ArrayLike | None = None,
    n_items: int | None = None,
    n_judges: int | None = None,
    weights: ArrayLike | None = None,
    strength_sd: float | None = None,
) -> Ranking:
    r"""Estimate how strong each item is from who was preferred to whom, by judges of unequal reliability.

    Judge `j` prefers item `a` to `b`, ties left aside, with probability :math:`1 / (1 + e^{-r_j (s_a - s_b)})` (Bradley
    and Terry; ties after Davidson [1]_). Strengths are drawn from :math:`N(0, \tau^2)`; reliabilities from a log-normal
    distribution around 1 or, for a share of careless judges, are 0. :math:`\tau` and the tie propensity are estimated
    with the strengths, how much judges differ and how many are careless is averaged over. What is known of the
    strengths is the normal distribution nearest to their posterior [2]_, found by Newton steps with conjugate gradients
    on the sparse graph of pairs.

    A reliability is never below 0: votes of somebody who decides against all others count for nothing, but are never
    turned round. Facts are summed up before anything is computed, so that their order changes nothing: exactly for
    whole weights, up to rounding else.

    Parameters
    ----------
    first, second : array_like of int, shape (n_comparisons,)
        The two items compared.
    outcome : array_like of shape (n_comparisons,)
        1 where the first was preferred, -1 where the second was, 0 for a tie.
    judge : array_like of int, shape (n_comparisons,), optional
        Who compared; without it, or with one judge, all comparisons are relied on alike.
    n_items, n_judges : int, optional
        How many there are, if not all occur; by default one more than the highest index.
    weights : array_like of shape (n_comparisons,), optional
        How often each comparison counts; 1 by default, fractions allowed, 0 leaves it out.
    strength_sd : float, optional
        :math:`\tau`, in log-odds, if it is known.

    Returns
    -------
    Ranking
        In log-odds of the ordinary judge (reliability 1), so that a difference of :math:`\ln 3` means a 3-to-1 chance:

        - ``strengths``, ``standard_errors``, ``lower``, ``upper`` (n_items,): strength with its 95 % interval, drawn to
          the mean 0 as far as an item has few comparisons. An item without any has 0 and an interval that says what
          items are like. Intervals take ``strength_sd``, the tie propensity and the reliabilities for true.
        - ``strength_sd``: :math:`\tau`; ``tie_propensity``: equal items tie with chance ``x / (2 + x)``.
        - ``n_comparisons`` (n_items,), ``n_votes`` (n_judges,): sums of weights.
        - ``reliabilities`` (n_judges,): 1 for the ordinary judge; ``log_reliability_sd``: standard deviation of its
          logarithm if the judge is not careless; ``careless``: chance that the judge decides without looking;
          ``agreement``: share of the judge's comparisons that go with the ranking, ties counting half (nan without
          any). Few votes leave a judge near 1. With one judge nothing is estimated and the two others are nan.
        - ``reliability_spread``, ``careless_share``: how much the logarithms of careful judges differ (standard
          deviation), and the share of careless judges; nan with one judge.
        - ``components`` (n_items,), ``n_components``: groups of items linked by comparisons, -1 without any. The order
          of items of different groups is undetermined: each group has the mean 0 by assumption only.
        - ``posterior``: joint draws, covariance, standard deviation of differences; ``n_iterations``.

    Raises
    ------
    ShapeError, RangeError
        If lengths differ, an index is out of range, an item is compared with itself, an outcome is none of the three, a
        weight is negative or not finite, or `strength_sd` is not above 0.
    UndeterminedError
        If there is no comparison with a weight.
    NotConvergedError
        If the strengths do not come to rest.

    Notes
    -----
    Up to 300 items, variances that enter the fit come from the inverse of the precision; beyond, from Gaussian belief
    propagation on the graph of pairs, which understates them a little where the graph has many short loops. Strengths
    are exact to 1e-5 at the estimated :math:`\tau`, which itself is found to about one per cent.

    References
    ----------
    .. [1] R. R. Davidson, "On extending the Bradley-Terry model to accommodate ties in paired comparison experiments",
       J. Am. Statist. Assoc. 65(329), 1970. doi:10.1080/01621459.1970.10481082
    .. [2] M. Opper and C. Archambeau, "The variational Gaussian approximation revisited", Neural Computation 21(3),
       2009. doi:10.1162/neco.2008.08-07-592

    Examples
    --------
    Judge 2 contradicts the others.

    >>> first, second, judge = [0, 0, 1] * 6, [1, 2, 2] * 6, [0] * 6 + [1] * 6 + [2] * 6
    >>> ranking = rank_from_comparisons(first, second, [1] * 12 + [-1] * 6, judge=judge)
    >>> ranking.strengths.round(1), ranking.agreement
    (array([ 2.4, -0. , -2.4]), array([1., 1., 0.]))
    >>> ranking.reliabilities.round(1), ranking.careless.round(1)
    (array([1.1, 1.1, 0. ]), array([0. , 0. , 0.9]))

    """
    if strength_sd is not None and not 0 < strength_sd < np.inf:
        raise RangeError(f"strength_sd: {strength_sd} given, it must be above 0")
    facts = summed(checked(first, second, outcome, judge, weights, n_items, n_judges))
    fit = fit_all(facts, variance=None if strength_sd is None else strength_sd**2)
    return _ranking(facts, fit)


def _ranking(facts: Facts, fit: Fit) -> Ranking:
    found, known = fit.strengths, fit.reliabilities
    n_groups, group = components(facts)
    ones = np.ones(facts.n_judges)
    return Ranking(
        strengths=found.values,
        n_comparisons=facts.n_comparisons,
        reliabilities=ones if known is None else known.trust,
        log_reliability_sd=ones * np.nan if known is None else known.log_sd,
        careless=ones * np.nan if known is None else known.careless,
        agreement=_agreement(facts, found.values),
        n_votes=facts.n_votes,
        tie_propensity=found.ties,
        strength_sd=1 / float(np.sqrt(found.precision.prior)),
        reliability_spread=np.nan if known is None else known.spread,
        careless_share=np.nan if known is None else known.share,
        n_components=n_groups,
        components=group,
        n_iterations=fit.n_iterations,
        posterior=LaplacePosterior(found.values, found.precision),
    )


def _agreement(facts: Facts, strengths: Floats) -> Floats:
    """Return which share of each judge's comparisons goes with the ranking, a tie or equal strengths counting half."""
    pairs, sums = facts.pairs, facts.sums
    side = np.sign(strengths[pairs.low] - strengths[pairs.high])
    if sums.judge is None:
        agreed = np.where(facts.n_votes > 0, (sums.net * side).sum(), 0.0)
    else:
        agreed = sum_by(sums.judge, sums.net * side[sums.pair], facts.n_judges)
    with np.errstate(invalid="ignore"):
        return np.asarray(0.5 + 0.5 * agreed / np.where(facts.n_votes > 0, facts.n_votes, np.nan))
