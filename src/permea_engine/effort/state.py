"""What comparisons have told so far, kept so that one more costs next to nothing."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.special import expit

from permea_engine.checks import whole_number
from permea_engine.effort.beliefs import (
    CORRELATED_UP_TO,
    DENSE_UP_TO,
    Beliefs,
    Dense,
    Floats,
    Indices,
    Link,
    Sparse,
    prior_beliefs,
)
from permea_engine.errors import RangeError
from permea_engine.ranking.fit import Ranking

POINTS, WEIGHTS = np.polynomial.hermite_e.hermegauss(24)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
SPREAD = 1.5
OUTCOMES = (-1.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonState:
    """What comparisons have told so far. Never changed in place: each comparison gives a new state.

    ``means`` (n_items,) and ``variances`` are strengths in log-odds: a difference of ln 3 means a 3-to-1 chance for a
    judge of reliability 1. ``looks`` says how often each item was compared, ``tie_propensity`` how much of a tie there
    is to equals, as in `permea_engine.ranking`. As an estimate it can be given to all functions of
    `permea_engine.decisions`.
    """

    beliefs: Beliefs
    looks: Indices
    n_comparisons: int
    tie_propensity: float = 0.0

    @property
    def means(self) -> Floats:
        """Return the expected strengths."""
        return self.beliefs.mean

    @property
    def variances(self) -> Floats:
        """Return the variances of the strengths."""
        return self.beliefs.variance

    @property
    def centre(self) -> Floats:
        """Return the expected strengths, nan for an item that was never compared."""
        return np.where(self.looks > 0, self.beliefs.mean, np.nan)

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` joint draws of all strengths, of shape (n, n_items).

        Beyond 2,000 items only the 500 that were compared most, which are those near the line, are drawn jointly.
        """
        joint = np.argsort(-self.looks, kind="stable")[: CORRELATED_UP_TO if len(self.looks) > DENSE_UP_TO else None]
        return self.beliefs.sample(whole_number("n", n, minimum=1), rng, joint=joint)


def new_comparisons(n_items: int, *, spread: float = SPREAD) -> ComparisonState:
    """Begin to compare items of which nothing is known.

    Parameters
    ----------
    n_items : int
        How many, at least 2.
    spread : float, default 1.5
        Standard deviation of strengths before any comparison, in log-odds. With 1.5 the better of two items drawn at
        random is preferred in about three cases of four.

    Returns
    -------
    ComparisonState
        To be given to `next_comparison` and `with_comparison`.

    Raises
    ------
    ShapeError, RangeError
        If `n_items` is not a whole number of at least 2, or `spread` is not positive and finite.

    Examples
    --------
    >>> new_comparisons(3, spread=2.0).variances
    array([4., 4., 4.])

    """
    whole_number("n_items", n_items, minimum=2)
    variance = np.full(n_items, positive("spread", spread) ** 2)
    return ComparisonState(prior_beliefs(np.zeros(n_items), variance), np.zeros(n_items, dtype=np.intp), 0)


def comparisons_from(ranking: Ranking) -> ComparisonState:
    """Begin from a ranking that was fitted to all comparisons at once.

    Takes over its strengths, the precision around them, and what it found out about ties.

    Parameters
    ----------
    ranking : Ranking
        From `permea_engine.ranking.rank_from_comparisons`.

    Returns
    -------
    ComparisonState
        To be given to `next_comparison` and `with_comparison`.

    Raises
    ------
    RangeError
        If there are fewer than 2 items.

    Examples
    --------
    >>> from permea_engine.ranking import rank_from_comparisons
    >>> state = comparisons_from(rank_from_comparisons([0, 0, 1, 0], [1, 1, 2, 2], [1, 1, 1, 1]))
    >>> state.looks, state.means.argmax()
    (array([3, 3, 2]), np.int64(0))

    """
    size = whole_number("ranking: number of items", len(ranking.strengths), minimum=2)
    known = ranking.posterior.precision
    if size <= DENSE_UP_TO:
        covariance = ranking.posterior.covariance.copy()
        beliefs = Beliefs(ranking.strengths, covariance.diagonal().copy(), Dense(covariance))
    else:
        ends = (np.append(known.pairs.low, known.pairs.high), np.append(known.pairs.high, known.pairs.low))
        links = csr_array((np.tile(-known.weight, 2), ends), shape=(size, size))
        precision = Sparse(csr_array(links + diags_array(known.diagonal)))
        beliefs = Beliefs(ranking.strengths, ranking.standard_errors**2, precision)
    looks = np.rint(ranking.n_comparisons).astype(np.intp)
    return ComparisonState(beliefs, looks, int(looks.sum()) // 2, ranking.tie_propensity)


def with_comparison(
    state: ComparisonState, first: int, second: int, outcome: float, *, reliability: float = 1.0
) -> ComparisonState:
    r"""Learn from one comparison.

    The posterior is replaced by the normal distribution with the same mean and covariance (assumed-density filtering
    [1]_), which for a comparison needs only the mean and the variance of one difference. Arrival in another order
    gives nearly, not exactly, the same: begin anew from all comparisons with `comparisons_from` now and then.

    Parameters
    ----------
    state : ComparisonState
        What is known so far; it is not changed.
    first, second : int
        The items compared.
    outcome : {1, -1, 0}
        1 if the first was preferred, -1 if the second, 0 for a tie (Davidson's model).
    reliability : float, default 1.0
        Of the judge: the chance of preferring the first is ``expit(reliability * (s_first - s_second))``.

    Returns
    -------
    ComparisonState
        What is known then.

    Raises
    ------
    ShapeError, RangeError
        If an item is out of range or compared with itself, `outcome` is none of the three, or `reliability` is
        negative.

    References
    ----------
    .. [1] M. Opper, "A Bayesian approach to on-line learning", in "On-line Learning in Neural Networks", Cambridge
       University Press, 1998. doi:10.1017/CBO9780511569920.017

    Examples
    --------
    >>> state = with_comparison(new_comparisons(2), 0, 1, 1)
    >>> state.means.round(2)
    array([ 0.66, -0.66])

    """
    link = _link(state, first, second, reliability)
    if outcome not in OUTCOMES:
        raise RangeError(f"outcome: {outcome} given, it must be 1, -1 or 0")
    pull = state.beliefs.cover.along(link)
    mean, variance = link.of(state.means), max(link.of(pull), 0.0)
    shift, shrink = _moments(mean, variance, float(outcome), state.tie_propensity)
    return _looked(state, link, state.beliefs.narrowed(link, pull, shift, shrink))


def expecting_comparison(
    state: ComparisonState, first: int, second: int, *, reliability: float = 1.0
) -> ComparisonState:
    """Allow for a comparison that somebody is making just now: certainty grows as expected, nobody moves.

    Parameters
    ----------
    state, first, second, reliability
        As for `with_comparison`.

    Returns
    -------
    ComparisonState
        From which `next_comparison` will suggest something else to the next judge.

    Raises
    ------
    ShapeError, RangeError
        As for `with_comparison`.

    Examples
    --------
    >>> expecting_comparison(new_comparisons(2), 0, 1).variances.round(2)
    array([1.8, 1.8])

    """
    link = _link(state, first, second, reliability)
    pull = state.beliefs.cover.along(link)
    variance = max(link.of(pull), 0.0)
    gain = float(expected_gain(np.array(link.of(state.means)), np.array(variance), 1.0))
    return _looked(state, link, state.beliefs.narrowed(link, pull, 0.0, gain))


def expected_gain(mean: Floats, variance: Floats, slope: Floats | float) -> Floats:
    """Return how much a comparison lowers variances, over the square of their covariance with the difference.

    The difference has `mean` and `variance`; the chance of the first is ``expit(slope * difference)``. Logistic and
    normal are joined by MacKay's approximation.
    """
    squared = np.square(slope)
    flatter = 1 / np.sqrt(1 + np.pi / 8 * squared * variance)
    chance = expit(flatter * slope * mean)
    information = squared * flatter * chance * (1 - chance)
    return np.asarray(information / (1 + information * variance))


def positive(name: str, value: float) -> float:
    """Return `value` if it is finite and above zero. Raises RangeError otherwise."""
    if not 0 < value < np.inf:
        raise RangeError(f"{name}: {value} given, it must be positive and finite")
    return float(value)


def _link(state: ComparisonState, first: int, second: int, reliability: float) -> Link:
    last = len(state.looks) - 1
    ends = (
        whole_number("first", first, minimum=0, maximum=last),
        whole_number("second", second, minimum=0, maximum=last),
    )
    if ends[0] == ends[1]:
        raise RangeError(f"second: item {ends[0]} is compared with itself")
    if not 0 <= reliability < np.inf:
        raise RangeError(f"reliability: {reliability} given, it must not be negative, and finite")
    return Link(ends, (float(reliability), -float(reliability)))


def _moments(mean: float, variance: float, outcome: float, ties: float) -> tuple[float, float]:
    """Return by how much the mean moves, and the variance shrinks, over the covariance with the difference."""
    if variance < 1e-12:  # noqa: PLR2004 (nothing left to learn, or a judge who tells nothing)
        return 0.0, 0.0
    at = mean + np.sqrt(variance) * POINTS
    size = np.abs(at)
    weight = WEIGHTS * np.exp((outcome * at - size) / 2) / (1 + np.exp(-size) + ties * np.exp(-size / 2))
    weight /= weight.sum()
    centre = float(weight @ at)
    width = float(weight @ (at - centre) ** 2)
    return (centre - mean) / variance, max(0.0, (1 - width / variance) / variance)


def _looked(state: ComparisonState, link: Link, beliefs: Beliefs) -> ComparisonState:
    looks = state.looks.copy()
    looks[list(link.at)] += 1
    return replace(state, beliefs=beliefs, looks=looks, n_comparisons=state.n_comparisons + 1)
