"""Who fits: options compared by weighted criteria known only within ranges, and teams that fill gaps together."""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from permea_engine.checks import not_negative, real_array, whole_number
from permea_engine.errors import RangeError, UndeterminedError

Floats = NDArray[np.float64]
Order = NDArray[np.intp]
DRAWS = 400
SWAY = 30.0  # as sure of the weights as if each had been seen in thirty choices in all
MOST_TEAMS = 50_000  # sets that are all tried; beyond that they are built up one by one
BATCH = 4_000_000  # numbers drawn at once
FULL = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """How well options fit.

    Attributes
    ----------
    low, middle, high : (n,) ndarray of float
        The least, middle and most an option can score under the stated weights, 0 to 1.
    top : (n,) ndarray of float
        The share of draws of values and weights in which the option is among the best `k`.
    order : (n,) ndarray of int
        The options most often among the best first, then by middle, then as given.
    width : (n, m) ndarray of float
        How much of an option's range comes from each criterion: weight times width. Where it is large, asking pays.

    """

    low: Floats
    middle: Floats
    high: Floats
    top: Floats
    order: Order
    width: Floats


@dataclass(frozen=True, slots=True)
class Team:
    """Options that fill gaps together.

    Attributes
    ----------
    members : tuple of int
        Which options, the one that fills most alone first.
    filled : tuple of float
        How far each gap is filled by the best of them, 0 to 1.
    value : float
        The weighted share of all gaps that is filled, 0 to 1.
    is_best : bool
        Whether every set of this size was tried; if not, the value is at least 63 % of the best one's.

    """

    members: tuple[int, ...]
    filled: tuple[float, ...]
    value: float
    is_best: bool


def fit(
    low: ArrayLike,
    high: ArrayLike,
    weights: ArrayLike,
    *,
    k: int = 5,
    draws: int = DRAWS,
    seed: int = 0,
) -> Fit:
    """Compare options by weighted criteria whose values are ranges.

    The score of an option is the weighted mean of its values; its range follows from the ends of theirs. How often an
    option is among the best `k` is counted over draws in which every value lies anywhere in its range and the weights
    sway around the stated ones, as in stochastic multicriteria acceptability analysis [1]_. Weights are drawn from a
    Dirichlet distribution with the stated weights as mean, worth `SWAY` observations.

    Parameters
    ----------
    low, high : (n, m) array_like of float
        The range of each of n options in each of m criteria, from 0 (worst) to 1 (best). What is unknown is 0 to 1.
    weights : (m,) array_like of float
        How much each criterion counts; only their ratios matter. One of weight 0 does not count.
    k : int, default 5
        How many are wanted.
    draws : int
        How many draws.
    seed : int
        Of the draws.

    Returns
    -------
    Fit
        Scores, shares and order.

    Raises
    ------
    ShapeError
        If the arrays do not fit each other.
    RangeError
        If a value lies outside 0 to 1, a range is upside down, or a weight is negative.
    UndeterminedError
        If no weight is positive.

    References
    ----------
    .. [1] R. Lahdelma and P. Salminen, SMAA-2: stochastic multicriteria acceptability analysis for group decision
       making, Operations Research 49(3), 2001. doi:10.1287/opre.49.3.444.11220

    Examples
    --------
    >>> found = fit([[0.8, 0.0], [0.4, 0.4]], [[0.8, 1.0], [0.4, 0.4]], [3, 1], k=1)
    >>> found.low, found.high, found.order
    (array([0.6, 0.4]), array([0.85, 0.4 ]), array([0, 1]))

    """
    bottom, top = _ranges(low, high)
    shares = _shares(weights, bottom.shape[1])
    whole_number("k", k, minimum=1)
    whole_number("draws", draws, minimum=1)
    low_score, high_score = bottom @ shares, top @ shares
    middle = (low_score + high_score) / 2
    often = _acceptability(bottom, top, shares, k=k, draws=draws, seed=seed)
    order = np.lexsort((np.arange(len(often)), -middle, -often))
    return Fit(low_score, middle, high_score, often, order, (top - bottom) * shares)


def team(levels: ArrayLike, weights: ArrayLike, *, size: int = 3) -> Team:
    """Find the few options that fill most of the gaps together.

    A gap is filled as far as the best of the team fills it; this is a weighted coverage problem. Up to 50,000 sets are
    all tried; of more, the option that adds most is taken again and again, which gets at least 1 - 1/e of the best
    value [1]_. Nobody is taken who adds nothing.

    Parameters
    ----------
    levels : (n, g) array_like of float
        How far each option fills each gap, 0 to 1.
    weights : (g,) array_like of float
        How much each gap counts; only their ratios matter.
    size : int, default 3
        How many options at most.

    Returns
    -------
    Team
        Who, and how far each gap is filled; nobody where no option fills anything.

    Raises
    ------
    ShapeError, RangeError, UndeterminedError
        As `fit`.

    References
    ----------
    .. [1] G. L. Nemhauser, L. A. Wolsey and M. L. Fisher, An analysis of approximations for maximizing submodular set
       functions, Mathematical Programming 14, 1978. doi:10.1007/BF01588971

    Examples
    --------
    >>> team([[0.9, 0.0, 0.5], [0.0, 0.8, 0.0], [0.6, 0.6, 0.0]], [1, 1, 1], size=2).members
    (0, 1)

    """
    filled, _same = _ranges(levels, levels)
    shares = _shares(weights, filled.shape[1])
    whole_number("size", size, minimum=1)
    useful = np.flatnonzero(filled @ shares > 0)
    most = min(size, len(useful))
    n_sets = sum(comb(len(useful), count) for count in range(1, most + 1))
    is_best = n_sets <= MOST_TEAMS
    chosen = _best_team(filled, shares, useful, most) if is_best else _grown_team(filled, shares, useful, most)
    members = tuple(sorted(chosen, key=lambda one: (-float(filled[one] @ shares), one)))
    together = filled[list(members)].max(axis=0, initial=0.0)
    return Team(members, tuple(together.tolist()), float(together @ shares), is_best)


def _ranges(low: ArrayLike, high: ArrayLike) -> tuple[Floats, Floats]:
    """Return both ends of every range, checked."""
    bottom = real_array("low", low, shape=(None, None))
    top = real_array("high", high, shape=bottom.shape)
    for name, ends in (("low", bottom), ("high", top)):
        if ((ends < 0) | (ends > 1)).any():
            raise RangeError(f"{name}: values lie between 0 and 1")
    if (bottom > top).any():
        raise RangeError("low: a range begins above its end")
    return bottom, top


def _shares(weights: ArrayLike, length: int) -> Floats:
    """Return weights that sum to one."""
    given = not_negative("weights", real_array("weights", weights, shape=(length,)))
    if not given.sum() > 0:
        raise UndeterminedError("weights: none is positive, so nothing counts")
    shares: Floats = given / given.sum()
    return shares


def _acceptability(bottom: Floats, top: Floats, shares: Floats, *, k: int, draws: int, seed: int) -> Floats:
    """Return how often each option is among the best `k`."""
    n = len(bottom)
    if n <= k:
        return np.ones(n)
    rng = np.random.default_rng(seed)
    counts = shares > 0
    bottom, spread, used = bottom[:, counts], (top - bottom)[:, counts], shares[counts]
    wins = np.zeros(n, dtype=np.intp)
    at_once = max(1, BATCH // bottom.size)
    for first in range(0, draws, at_once):
        size = min(at_once, draws - first)
        swayed = rng.dirichlet(SWAY * used, size=size)
        values = bottom + spread * rng.random((size, *bottom.shape), dtype=np.float32)
        scores = np.einsum("dnm,dm->dn", values, swayed)
        best = np.argpartition(scores, n - k, axis=1)[:, n - k :]
        wins += np.bincount(best.ravel(), minlength=n)
    return wins / draws


def _best_team(filled: Floats, shares: Floats, useful: Order, most: int) -> list[int]:
    """Return the set of the highest value, the smallest of those; all are tried."""
    best: tuple[int, ...] = ()
    value = 0.0
    for size in range(1, most + 1):
        sets = np.array(list(combinations(useful.tolist(), size)))
        values = filled[sets].max(axis=1) @ shares
        at = int(values.argmax())
        if values[at] > value + FULL:
            best, value = tuple(sets[at].tolist()), float(values[at])
    return list(best)


def _grown_team(filled: Floats, shares: Floats, useful: Order, most: int) -> list[int]:
    """Return a set built up by who adds most."""
    chosen: list[int] = []
    together = np.zeros(filled.shape[1])
    for _turn in range(most):
        added = (np.maximum(filled[useful], together) - together) @ shares
        at = int(added.argmax())
        if added[at] <= FULL:
            break
        chosen.append(int(useful[at]))
        together = np.maximum(together, filled[chosen[-1]])
    return chosen
