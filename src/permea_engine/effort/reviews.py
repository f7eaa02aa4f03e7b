"""Which idea a reviewer should mark next, and how further reviews are best dealt out, allowing for the judges."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from permea_engine.checks import index_array, not_negative, real_array, whole_number
from permea_engine.effort.beliefs import Floats, Indices
from permea_engine.effort.line import CANDIDATES, Reserve, Seed, as_mask, checked_k, line_weights, most_contested, pick
from permea_engine.effort.review_state import ReviewState, expecting_review
from permea_engine.errors import ShapeError


@dataclass(frozen=True, slots=True)
class ReviewSuggestion:
    """Let `judge` review `idea`; `value` is worth more the larger, within one state.

    ``reason`` is ``"line"`` (it tells most about who belongs to the best `k`) or ``"reserved"`` (it is owed a look).
    """

    idea: int
    judge: int
    value: float
    reason: Literal["line", "reserved"]


def next_review(
    state: ReviewState,
    judge: int,
    *,
    k: int,
    rng: Seed = 0,
    allowed: ArrayLike | None = None,
    seen: ArrayLike = (),
    expertise: ArrayLike | None = None,
    reserve: Reserve | None = None,
) -> ReviewSuggestion | None:
    """Suggest to one judge the idea whose review tells most about who the best `k` are.

    The measure is that of `next_comparison`. A judge of known leaning tells more than a new one, a judge with little
    noise more than an erratic one, and an idea is worth more the nearer it is to the line and the less is known of it.

    Parameters
    ----------
    state : ReviewState
        What is known so far.
    judge : int
        Who will review.
    k : int
        How many will be chosen, fewer than there are ideas.
    rng : int or numpy.random.Generator, default 0
        Decides between equals.
    allowed : array_like of bool, shape (n_ideas,), optional
        Which ideas this judge may see: no conflict of interest, not her own. All by default.
    seen : array_like of int, shape (n_seen,)
        Ideas this judge has reviewed or been given already; none of them comes again.
    expertise : array_like of shape (n_ideas,), optional
        How much of a full review one of hers is worth, for each idea: its noise variance is divided by it.
    reserve : Reserve, optional
        Ideas that may not be dropped before they were looked at.

    Returns
    -------
    ReviewSuggestion or None
        None if this judge has nothing left to review.

    Raises
    ------
    ShapeError, RangeError
        If an input does not fit the state.

    Examples
    --------
    >>> from permea_engine.effort import new_reviews, with_review
    >>> state = with_review(with_review(new_reviews(3, 2), 0, 0, 3.0), 1, 0, -3.0)
    >>> next_review(state, 1, k=1).idea
    2

    """
    size = len(state.looks)
    checked_k(k, size)
    draw = np.random.default_rng(rng)
    whole_number("judge", judge, minimum=0, maximum=len(state.noise) - 1)
    open_ = as_mask("allowed", allowed, size).copy()
    open_[index_array("seen", np.asarray(seen, dtype=np.intp) if not np.size(seen) else seen, size=size)] = False
    skill = (
        np.ones(size)
        if expertise is None
        else not_negative("expertise", real_array("expertise", expertise, shape=(size,)))
    )
    owed = open_ & reserve.owed(state.looks, 1) if reserve is not None else np.zeros(size, dtype=bool)
    if owed.any():
        open_ = owed
    if not open_.any():
        return None
    pool, value = _review_values(state, judge, k, open_, skill, draw)
    if owed.any():  # first those who had fewest looks
        value = value + (state.looks[pool] == state.looks[pool].min()) * (value.max() + 1.0)
    best = pick(value, draw)
    return ReviewSuggestion(int(pool[best]), judge, float(value[best]), "reserved" if owed.any() else "line")


def deal_reviews(
    state: ReviewState,
    n: int,
    *,
    k: int,
    load: ArrayLike,
    rng: Seed = 0,
    allowed: ArrayLike | None = None,
    reserve: Reserve | None = None,
) -> tuple[ReviewSuggestion, ...]:
    """Deal out `n` reviews at once, each given the expected effect of those before.

    The judge with most of her load left is next, so that loads stay even.

    Parameters
    ----------
    state : ReviewState
        What is known so far.
    n : int
        Reviews to deal out.
    k : int
        How many ideas will be chosen.
    load : array_like of int, shape (n_judges,)
        How many of them each judge takes at most.
    rng : int or numpy.random.Generator, default 0
        Decides between equals.
    allowed : array_like of bool, shape (n_ideas, n_judges), optional
        Who may see what and has not reviewed it. All by default.
    reserve : Reserve, optional
        Ideas that may not be dropped before they were looked at.

    Returns
    -------
    tuple of ReviewSuggestion
        Fewer than `n` if loads are full or nobody is left who may review what is left.

    Raises
    ------
    ShapeError, RangeError
        If an input does not fit the state.

    Examples
    --------
    >>> from permea_engine.effort import new_reviews
    >>> [one.judge for one in deal_reviews(new_reviews(4, 2), 3, k=1, load=[1, 5])]
    [1, 1, 1]

    """
    draw = np.random.default_rng(rng)
    n_judges = len(state.noise)
    left = index_array("load", load, length=n_judges).copy()
    open_ = _checked_table(allowed, (len(state.looks), n_judges))
    checked_k(k, len(state.looks))
    dealt: list[ReviewSuggestion] = []
    wanted = whole_number("n", n, minimum=0)
    while len(dealt) < wanted and left.any():
        judge = pick(left.astype(np.float64), draw)
        found = next_review(state, judge, k=k, rng=draw, allowed=open_[:, judge], reserve=reserve)
        left[judge] = 0 if found is None else left[judge] - 1
        if found is not None:
            dealt.append(found)
            open_[found.idea, judge] = False
            state = expecting_review(state, found.idea, judge)
    return tuple(dealt)


def _review_values(
    state: ReviewState, judge: int, k: int, open_: NDArray[np.bool_], skill: Floats, rng: np.random.Generator
) -> tuple[Indices, Floats]:
    """Return the open ideas nearest to the line, and what a review of each by `judge` is worth."""
    size = len(state.looks)
    weights = line_weights(state.means, state.variances, k)
    pool = most_contested(weights * state.variances**2, open_, CANDIDATES, rng)
    near = most_contested(weights * state.variances**2, np.ones(size, dtype=bool), CANDIDATES, rng)
    at = np.append(np.union1d(pool, near), size + judge)
    block = state.beliefs.block(at)
    pull = block[:-1, :-1] + block[:-1, -1:]  # covariance of each score with the mark of each idea
    variance = block.diagonal()[:-1] + 2 * block[:-1, -1] + block[-1, -1]
    skilled = skill[at[:-1]]
    gain = skilled / (state.noise[judge] + skilled * np.maximum(variance, 0.0))
    value = (weights[at[:-1], None] * pull**2).sum(axis=0) * gain
    return pool, np.asarray(value[np.searchsorted(at[:-1], pool)])


def _checked_table(allowed: ArrayLike | None, shape: tuple[int, int]) -> NDArray[np.bool_]:
    if allowed is None:
        return np.ones(shape, dtype=bool)
    array = np.asarray(allowed)
    if array.shape != shape or array.dtype != np.bool_:
        raise ShapeError(f"allowed: {shape} times yes or no wanted, {array.shape} of {array.dtype} given")
    return array.copy()
