"""Whether to stop: how certain the choice is now, and how certain so many more comparisons or reviews would make it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from permea_engine.checks import share, whole_number
from permea_engine.decisions import Estimate, in_top, top_k_certainty
from permea_engine.effort.beliefs import Beliefs, Dense, Floats, Indices, root_of
from permea_engine.effort.comparisons import next_comparison
from permea_engine.effort.line import Seed, checked_k
from permea_engine.effort.review_state import ReviewState, expecting_review
from permea_engine.effort.reviews import next_review
from permea_engine.effort.state import ComparisonState, expecting_comparison, positive
from permea_engine.errors import UndeterminedError

Measure = Literal["set", "share", "regret"]
State = ComparisonState | ReviewState
NEAR = 100  # ideas looked at ahead
EACH, MOST = 20, 2000  # steps looked ahead, for each idea and in all
GROWTH = 1.25
N_SAMPLES = 4000
N_AHEAD = 2000


@dataclass(frozen=True, slots=True, eq=False)
class StopAdvice:
    """Whether to stop comparing or reviewing, and why.

    ``chosen`` are the `k` best as known now, best first; ``set_right`` is the chance that exactly these are the best
    `k`, ``share_right`` the expected share of them that belongs there, ``expected_regret`` what is lost on average, per
    chosen idea, by stopping now. ``stop`` says whether the measure asked for has reached its target. If not, ``n_more``
    comparisons or reviews would bring it from ``now`` to ``then``; ``reached`` is false where that falls short of the
    target within what was looked at.
    """

    stop: bool
    chosen: Indices
    set_right: float
    share_right: float
    expected_regret: float
    now: float
    then: float
    n_more: int
    reached: bool


def stop_advice(
    estimate: Estimate,
    k: int,
    *,
    target: float = 0.9,
    measure: Measure = "set",
    ahead: State | None = None,
    most: int | None = None,
    n_samples: int = N_SAMPLES,
    seed: Seed = 0,
) -> StopAdvice:
    """Say whether the best `k` are known well enough, and what going on would buy.

    Certainty now is counted in joint draws from what is known. Going on is looked at ahead: the comparisons or reviews
    that would be suggested are added one by one with their expected effect on the covariance; the means that may
    result, and the truth around them, are drawn (preposterior analysis [1]_), and it is counted how often the `k` then
    highest are the right ones. What is found on the way changes real suggestions, not those looked ahead at: reality
    does a little better.

    Parameters
    ----------
    estimate : Estimate
        What is known: a `ComparisonState` or `ReviewState`, or anything with ``centre`` and ``sample``, such as
        `Ratings` or `Ranking`.
    k : int
        How many are chosen, fewer than there are ideas.
    target : float, default 0.9
        Chance or share wanted; with the measure "regret" the most that may be lost, in the unit of the estimate.
    measure : {"set", "share", "regret"}, default "set"
        What must reach it: the chance that the whole set is right, the expected share of it that is, or the regret.
    ahead : ComparisonState or ReviewState, optional
        What going on begins from, by default `estimate` if it is one; otherwise nothing is said about it.
    most : int, optional
        Comparisons or reviews to look ahead at most: 20 an idea by default, and no more than 2,000 in all.
    n_samples : int, default 4000
        Joint draws; the error of a chance of one half is about ``0.5 / sqrt(n_samples)``.
    seed : int or numpy.random.Generator, default 0
        Source of the draws.

    Returns
    -------
    StopAdvice
        Without `ahead`, ``n_more`` is 0 and ``then`` is ``now``.

    Raises
    ------
    ShapeError, RangeError
        If `k`, `target` or `most` is out of range.
    UndeterminedError
        If fewer than `k` ideas have been looked at.

    References
    ----------
    .. [1] H. Raiffa and R. Schlaifer, "Applied Statistical Decision Theory", Harvard University, 1961.

    Examples
    --------
    >>> from permea_engine.effort import new_comparisons, with_comparison
    >>> state = new_comparisons(3)
    >>> for first, second in [(0, 1), (0, 2), (0, 1), (0, 2), (1, 2)]:
    ...     state = with_comparison(state, first, second, 1)
    >>> advice = stop_advice(state, 1)
    >>> advice.stop, advice.n_more > 0, advice.then > advice.now
    (False, True, True)

    """
    size = len(estimate.centre)
    checked_k(k, size)
    observed = int(np.count_nonzero(~np.isnan(estimate.centre)))
    if observed < k:
        raise UndeterminedError(f"estimate: {k} ideas wanted, but only {observed} have been looked at")
    wanted = positive("target", target) if measure == "regret" else share("target", target)
    rng = np.random.default_rng(seed)
    limit = min(MOST, EACH * size) if most is None else whole_number("most", most, minimum=1)
    known = top_k_certainty(estimate, k, n_samples=n_samples, seed=rng)
    now = {"set": known.set_right, "share": known.share_right, "regret": known.expected_regret}[measure]
    state = estimate if ahead is None and isinstance(estimate, ComparisonState | ReviewState) else ahead
    n_more, then = 0, now
    if state is not None and not _meets(now, wanted, measure):
        n_more, found = _looked_ahead(state, k, limit, (wanted, measure), rng)
        then = min(now, found) if measure == "regret" else max(now, found)
    return StopAdvice(
        stop=_meets(now, wanted, measure),
        chosen=known.chosen,
        set_right=known.set_right,
        share_right=known.share_right,
        expected_regret=known.expected_regret,
        now=now,
        then=then,
        n_more=n_more,
        reached=_meets(then, wanted, measure),
    )


def _looked_ahead(
    state: State, k: int, limit: int, goal: tuple[float, Measure], rng: np.random.Generator
) -> tuple[int, float]:
    """Return how many steps reach the goal, or how many there are, and the measure then."""
    near, left = _near_line(state, k)
    n_more, then = 0, np.nan
    for n_more, then in _outlook(near, left, limit, goal[1], rng):  # noqa: B007 (the last ones count)
        if _meets(then, *goal):
            break
    return n_more, then


def _meets(value: float, wanted: float, measure: Measure) -> bool:
    return value <= wanted if measure == "regret" else value >= wanted


def _near_line(state: State, k: int) -> tuple[State, int]:
    """Return the state of the ideas nearest to the line alone, and how many of them are chosen."""
    mean, spread = state.means, np.sqrt(state.variances)
    order = np.argsort(-mean, kind="stable")
    line = (mean[order[k - 1]] + mean[order[k]]) / 2
    distance = np.abs(mean - line) / np.maximum(spread, 1e-12)
    distance[order[k - 1 : k + 1]] = -1.0  # one on each side
    kept = np.sort(np.argsort(distance, kind="stable")[:NEAR])
    left = int(np.isin(order[:k], kept).sum())
    at = kept
    if isinstance(state, ReviewState):
        at = np.append(kept, len(mean) + np.arange(len(state.noise)))
    covariance = state.beliefs.block(at)
    beliefs = Beliefs(state.beliefs.mean[at], covariance.diagonal().copy(), Dense(covariance))
    return replace(state, beliefs=beliefs, looks=state.looks[kept]), left


def _outlook(
    state: State, k: int, most: int, measure: Measure, rng: np.random.Generator
) -> Iterator[tuple[int, float]]:
    """Yield numbers of steps, each a quarter more than the one before, and the measure expected then."""
    size, mean = len(state.looks), state.means
    at = np.arange(size)
    before, done, goal = state.beliefs.block(at), 0, 1
    while done < most and (following := _step(state, k, done, rng)) is not None:
        state, done = following, done + 1
        if done in {goal, most}:
            yield done, _expected(mean, before, state.beliefs.block(at), k, measure, rng)
            goal = max(goal + 1, int(np.ceil(goal * GROWTH)))


def _step(state: State, k: int, done: int, rng: np.random.Generator) -> State | None:
    """Return the state with the expected effect of what would be suggested next; judges take turns."""
    if isinstance(state, ComparisonState):
        pair = next_comparison(state, k=k, rng=rng)
        return None if pair is None else expecting_comparison(state, pair.first, pair.second)
    judge = done % len(state.noise)
    found = next_review(state, judge, k=k, rng=rng)
    return None if found is None else expecting_review(state, found.idea, judge)


def _expected(mean: Floats, before: Floats, after: Floats, k: int, measure: Measure, rng: np.random.Generator) -> float:
    """Return the measure expected when the covariance has fallen from `before` to `after`."""
    shape = (N_AHEAD, len(mean))
    means = mean + rng.standard_normal(shape) @ root_of(before - after).T
    truth = means + rng.standard_normal(shape) @ root_of(after).T
    chosen, best = in_top(means, k), in_top(truth, k)
    if measure == "regret":
        return float(((truth * best).sum(axis=1) - (truth * chosen).sum(axis=1)).mean() / k)
    hits = (chosen & best).sum(axis=1)
    return float((hits == k).mean() if measure == "set" else hits.mean() / k)
