"""Which two items a judge should compare next, so that the best `k` are found soonest."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from permea_engine.checks import index_array, real_array, whole_number
from permea_engine.effort.beliefs import Floats, Indices
from permea_engine.effort.line import CANDIDATES, Reserve, Seed, as_mask, checked_k, line_weights, most_contested, pick
from permea_engine.effort.state import ComparisonState, expected_gain
from permea_engine.errors import RangeError, ShapeError

Reason = Literal["line", "finish", "reserved"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Compare `first` with `second`; `value` is worth more the larger, within one state; `reason` is one of three.

    ``"line"``: this pair tells most about who belongs to the best `k`. ``"finish"``: the same among pairs with the item
    just read, which is `first`. ``"reserved"``: `first` is owed a look.
    """

    first: int
    second: int
    value: float
    reason: Reason


def next_comparison(
    state: ComparisonState,
    *,
    k: int,
    rng: Seed = 0,
    allowed: ArrayLike | None = None,
    seen: ArrayLike = (),
    last: int | None = None,
    reuse: float = 0.0,
    reliability: float = 1.0,
    expertise: ArrayLike | None = None,
    reserve: Reserve | None = None,
) -> Suggestion | None:
    r"""Suggest to one judge the pair that tells most about who the best `k` are.

    To first order a comparison lets the chance of item `l` to be above the line vary by
    :math:`\omega_l\,\mathrm{cov}(s_l, s_i - s_j)^2\,g_{ij}`, with :math:`\omega_l` the squared density of `l` at the
    line, over its variance, and :math:`g_{ij}` what the comparison is expected to tell. The suggested pair has the
    highest sum of this over the items nearest to the line: the knowledge-gradient idea [1]_ for membership of the best
    `k`, with a measure that never falls flat when no single comparison could change the choice.

    Parameters
    ----------
    state : ComparisonState
        What is known so far.
    k : int
        How many will be chosen, fewer than there are items.
    rng : int or numpy.random.Generator, default 0
        Decides between equals, and which item stands first.
    allowed : array_like of bool, shape (n_items,), optional
        Which items this judge may see: no conflict of interest, not her own. All by default.
    seen : array_like of int, shape (n_pairs, 2)
        Pairs this judge has compared already; none of them comes again.
    last : int, optional
        The item this judge has just read.
    reuse : float, default 0.0
        How far to prefer pairs with `last`: 0 not at all, 1 by the reading it saves (one item read in place of two).
    reliability : float, default 1.0
        Of this judge.
    expertise : array_like of shape (n_items,), optional
        What the reliability is multiplied by, for each item; that of a pair is the lower one.
    reserve : Reserve, optional
        Items that may not be dropped before they were looked at.

    Returns
    -------
    Suggestion or None
        None if this judge has nothing left to compare.

    Raises
    ------
    ShapeError, RangeError
        If an input does not fit the state.

    References
    ----------
    .. [1] P. I. Frazier, W. B. Powell and S. Dayanik, "A knowledge-gradient policy for sequential information
       collection", SIAM J. Control Optim. 47(5), 2008. doi:10.1137/070693424

    Examples
    --------
    >>> from permea_engine.effort import new_comparisons, with_comparison
    >>> state = new_comparisons(3)
    >>> for first, second in [(0, 1), (0, 2), (0, 1), (0, 2)]:
    ...     state = with_comparison(state, first, second, 1)
    >>> found = next_comparison(state, k=2)
    >>> sorted([found.first, found.second])
    [1, 2]

    """
    size = len(state.looks)
    checked_k(k, size)
    draw = np.random.default_rng(rng)
    may_see = as_mask("allowed", allowed, size)
    pairs = _checked_pairs(seen, size)
    slopes = _checked_slopes(reliability, expertise, size)
    if not 0 <= reuse <= 1:
        raise RangeError(f"reuse: {reuse} given, it must be from 0 to 1")
    read = None if last is None else whole_number("last", last, minimum=0, maximum=size - 1)
    weights = line_weights(state.means, state.variances, k)
    urgency = weights * state.variances**2
    owed = None if reserve is None else _owed(state, reserve, may_see, pairs, draw)
    pool = _candidates(urgency, may_see, pairs, (read, owed), draw)
    if len(pool) < 2:  # noqa: PLR2004 (a pair)
        return None
    value = pair_values(state, pool, weights, slopes)
    value[_not_open(pool, pairs, size)] = -1.0
    if owed is not None:
        value[pool != owed] = -1.0
    return _suggestion(value, pool, draw, (read, owed), reuse)


def pair_values(state: ComparisonState, pool: Indices, weights: Floats, slopes: Floats) -> Floats:
    """Return what a comparison of each two items of `pool` is worth, of shape (n_pool, n_pool)."""
    block = state.beliefs.block(pool)
    moved = block @ (weights[pool, None] * block)
    variance = _differences(block)
    mean = state.means[pool][:, None] - state.means[pool]
    slope = np.minimum(slopes[pool][:, None], slopes[pool])
    return np.asarray(np.maximum(_differences(moved), 0.0) * expected_gain(mean, np.maximum(variance, 0.0), slope))


def _differences(block: Floats) -> Floats:
    own = block.diagonal()
    return np.asarray(own[:, None] + own - 2 * block)


def _owed(
    state: ComparisonState, reserve: Reserve, may_see: NDArray[np.bool_], pairs: Indices, rng: np.random.Generator
) -> int | None:
    """Return an item that is owed a look and that this judge can still compare; None if there is none."""
    met = np.bincount(pairs.ravel(), minlength=len(may_see))
    open_ = reserve.owed(state.looks, 2) & may_see & (met < may_see.sum() - 1)
    if not open_.any():
        return None
    return int(np.flatnonzero(open_)[pick(-state.looks[open_].astype(np.float64), rng)])


def _candidates(
    urgency: Floats,
    may_see: NDArray[np.bool_],
    pairs: Indices,
    wanted: tuple[int | None, int | None],
    rng: np.random.Generator,
) -> Indices:
    """Return allowed items near the line, so many that a pair not yet seen is among them, and the wanted ones."""
    read, owed = wanted
    if owed is None:
        enough = int(np.ceil(np.sqrt(2 * len(pairs)))) + 2
        pool = most_contested(urgency, may_see, max(CANDIDATES, enough), rng)
    else:
        partners = may_see.copy()
        partners[pairs[(pairs == owed).any(axis=1)].ravel()] = False
        partners[owed] = False
        pool = np.append(most_contested(urgency, partners, CANDIDATES, rng), owed)
    if read is not None and may_see[read] and read not in pool:
        pool = np.append(pool, read)
    return pool


def _not_open(pool: Indices, pairs: Indices, size: int) -> NDArray[np.bool_]:
    """Return which pairs of `pool` cannot be suggested: an item with itself, or a pair already seen."""
    place = np.full(size, -1)
    place[pool] = np.arange(len(pool))
    inside = place[pairs]
    inside = inside[(inside >= 0).all(axis=1)]
    closed = np.eye(len(pool), dtype=bool)
    closed[inside[:, 0], inside[:, 1]] = closed[inside[:, 1], inside[:, 0]] = True
    return closed


def _suggestion(
    value: Floats, pool: Indices, rng: np.random.Generator, wanted: tuple[int | None, int | None], reuse: float
) -> Suggestion | None:
    read, owed = wanted
    saved = value.copy()
    if read is not None:
        has_read = (pool == read)[:, None] | (pool == read)
        saved[has_read & (value >= 0)] /= 1 - reuse / 2
    one, other = np.unravel_index(pick(np.where(saved < 0, -np.inf, saved), rng), value.shape)
    worth = float(value[one, other])
    if worth < 0:
        return None
    first, second = int(pool[one]), int(pool[other])
    reason: Reason = "line"
    if owed is not None:
        reason = "reserved"
    elif reuse > 0 and read in {first, second}:
        reason = "finish"
    leads_second = {"line": rng.random() < 0.5, "finish": second == read, "reserved": second == owed}[reason]  # noqa: PLR2004 (even odds)
    return Suggestion(*((second, first) if leads_second else (first, second)), value=worth, reason=reason)


def _checked_pairs(seen: ArrayLike, size: int) -> Indices:
    pairs = np.asarray(seen)
    if pairs.size == 0:
        return np.empty((0, 2), dtype=np.intp)
    if pairs.ndim != 2 or pairs.shape[1] != 2:  # noqa: PLR2004 (pairs)
        raise ShapeError(f"seen: pairs wanted, shape {pairs.shape} given")
    return index_array("seen", pairs.ravel(), size=size).reshape(-1, 2)


def _checked_slopes(reliability: float, expertise: ArrayLike | None, size: int) -> Floats:
    if not 0 <= reliability < np.inf:
        raise RangeError(f"reliability: {reliability} given, it must not be negative, and finite")
    if expertise is None:
        return np.full(size, float(reliability))
    known = real_array("expertise", expertise, shape=(size,))
    if (known < 0).any():
        raise RangeError(f"expertise: item {np.flatnonzero(known < 0)[0]} is negative")
    return known * reliability
