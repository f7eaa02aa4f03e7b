"""Assigning reviews: full, fair, within every limit; and changing an assignment as little as possible."""

from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from permea_engine.assignment import exact
from permea_engine.assignment.candidates import (
    FEW,
    SMALL,
    final_prices,
    first_prices,
    overlooked,
    pairs_of,
    promising,
)
from permea_engine.assignment.fairness import ROUNDING, ceiling, raise_the_worst
from permea_engine.assignment.flow import Pairs, cheapest_flow
from permea_engine.assignment.problem import (
    NEVER,
    AssignmentOptions,
    Floats,
    Indices,
    Problem,
    build_problem,
    checked_pairs,
)
from permea_engine.assignment.shortage import ImpossibleError, Shortage, find_shortage, least_loads_unmet
from permea_engine.assignment.table import served, totals

MANY = 2_000_000  # pairs above which newcomer limits and least loads are met among the most promising ones only
WIDE = 48  # pairs of an idea then
FAR = 0.02  # of the spread of affinities: so far below its limit the worst-served idea is tried to be raised again
EXCESS = 0.1  # what affinity above the limit counts for then


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Who judges what.

    Attributes
    ----------
    idea, judge : ndarray of int, shape (n_reviews,)
        The pairs, by idea and judge; fixed ones included.
    affinity : ndarray of shape (n_reviews,)
        Of each pair, in points of affinity.
    is_fixed : ndarray of bool, shape (n_reviews,)
        Whether it stood before.
    load : ndarray of int, shape (n_judges,)
        Reviews of each judge, those elsewhere included.
    served : ndarray of shape (n_ideas,)
        Mean affinity of each idea's judges, nan for an idea without one.
    worst, worst_bound : float
        How the worst-served idea is served, and what no assignment can exceed for it; nan if no idea has a judge.
        Fixed pairs that leave an idea nothing to assign do not count.
    total : float
        Sum of the affinities.
    missing : ndarray of int, shape (n_ideas,)
        Reviews that each idea lacks; all zero unless ``partial`` was asked for.
    shortage : Shortage or None
        Why some are missing.
    problem : Problem
        What was assigned, for `explain_assignment`.

    """

    idea: Indices
    judge: Indices
    affinity: Floats
    is_fixed: NDArray[np.bool_]
    load: Indices
    served: Floats
    worst: float
    worst_bound: float
    total: float
    missing: Indices
    shortage: Shortage | None
    problem: Problem


@dataclass(frozen=True, slots=True, eq=False)
class Adjustment:
    """An assignment changed as little as possible.

    Attributes
    ----------
    assignment : Assignment
        The new one.
    added, removed : ndarray of int, shape (n, 2)
        Pairs ``(idea, judge)`` that are new, and that are gone.

    """

    assignment: Assignment
    added: Indices
    removed: Indices


def assign_reviews(
    affinity: ArrayLike | csr_array,
    *,
    reviews_per_idea: ArrayLike,
    load: ArrayLike,
    partial: bool = False,
    worst_first: bool = True,
    **options: Unpack[AssignmentOptions],
) -> Assignment:
    r"""Assign judges to ideas: every limit holds, the worst-served idea is served best, then the total is largest.

    The largest total is the optimum of a flow [1]_, found among few promising pairs and proven for all by prices of
    judges. Then chains of swaps raise the mean affinity of the worst-served idea, the fairness asked for in [2]_. To
    serve it best is NP-hard in general: with at most 150 possible pairs it is done by branch and cut, otherwise
    `worst_bound` says how far it could be off. Equal input gives equal output.

    Parameters
    ----------
    affinity : array_like of shape (n_ideas, n_judges), or sparse array
        How well each judge suits each idea, in any unit. In a sparse array only stored pairs are possible, stored zeros
        included.
    reviews_per_idea : int or array_like of int, shape (n_ideas,)
        Reviews that each idea gets, fixed ones included.
    load : int or array_like of int, shape (n_judges,)
        Most reviews of each judge, fixed ones included.
    partial : bool, default False
        Where not all can be assigned, assign as many as possible, spread evenly over ideas, and say why.
    worst_first : bool, default True
        Raise the worst-served idea before the total; without it the largest total, which is all there is to gain where
        affinities only break ties.
    **options
        Least loads, conflicts, fixed pairs, limits for newcomers, evenness of loads: see `AssignmentOptions`.

    Returns
    -------
    Assignment
        The pairs, and how fair they are.

    Raises
    ------
    ShapeError, RangeError
        If lengths differ, an affinity is nan, an idea or judge does not exist, a pair is given twice, or a minimum lies
        above its maximum.
    ImpossibleError
        If the limits cannot hold together; it carries the ideas concerned and the smallest relaxations. With `partial`
        only if least loads cannot be reached.

    References
    ----------
    .. [1] A. V. Goldberg, "An efficient implementation of a scaling minimum-cost flow algorithm", J. Algorithms 22(1),
       1997. doi:10.1006/jagm.1995.0805
    .. [2] I. Stelmakh, N. Shah and A. Singh, "PeerReview4All: Fair and accurate reviewer assignment in peer review",
       J. Mach. Learn. Res. 22(163), 2021. doi:10.48550/arXiv.1806.06237

    Examples
    --------
    >>> found = assign_reviews([[9, 8, 1], [9, 1, 2]], reviews_per_idea=1, load=1)
    >>> found.idea, found.judge, found.worst
    (array([0, 1]), array([1, 0]), 8.0)

    """
    problem = build_problem(affinity, reviews_per_idea, load, options)
    chosen, shortage = _completed(problem, _best_total(problem), partial=partial)
    limit, worst = ceiling(problem, chosen), _worst(problem, chosen)
    if worst_first and worst < limit - ROUNDING * max(abs(limit), 1.0):
        if np.count_nonzero(problem.value > NEVER) <= exact.SMALL:
            chosen = exact.fairest(problem, chosen, worst, limit)
            limit = _worst(problem, chosen)
        else:
            chosen = _raised(problem, chosen, limit)
    return _assignment(problem, chosen, limit, shortage)


def _raised(problem: Problem, chosen: Pairs, limit: float) -> Pairs:
    """Return the assignment with its worst-served idea raised, starting again from another one if that ends far below.

    The other one counts what lies above the limit for little, so that nobody gets a judge who is better than needed.
    """
    raised = raise_the_worst(problem, chosen, limit)
    values = problem.value[problem.value > NEVER]
    is_full = len(chosen.idea) == problem.needs.sum()
    if not is_full or _worst(problem, raised) > limit - FAR * float(np.ptp(values)):
        return raised
    above = np.maximum(problem.value - limit, 0.0)
    capped = _best_total(replace(problem, value=problem.value - (1 - EXCESS) * above), is_proven=False)
    again = raise_the_worst(problem, capped, limit)
    return again if _worst(problem, again) > _worst(problem, raised) else raised


def _completed(
    problem: Problem, chosen: Pairs, *, partial: bool, had: Indices | None = None
) -> tuple[Pairs, Shortage | None]:
    """Return the assignment if it is full, else the one that is fairest to ideas that must lack some, and why."""
    shortage = None
    if len(chosen.idea) < problem.needs.sum():
        shortage = find_shortage(problem)
        if not partial:
            raise ImpossibleError(shortage)
        _, chosen = _solved(problem, pairs_of(problem), had=had, share=True)
    unmet = least_loads_unmet(problem, chosen)
    if unmet is not None:
        raise ImpossibleError(unmet)
    return chosen, shortage


def _best_total(problem: Problem, *, is_proven: bool = True) -> Pairs:
    """Return the assignment with the largest total among the fullest, or nearly so if it need not be proven."""
    if problem.value.size <= SMALL or not problem.needs.any():
        return _solved(problem, pairs_of(problem))[1]
    prices = first_prices(problem)
    if problem.new_limits or problem.least.any():
        pairs = pairs_of(problem) if problem.value.size <= MANY else promising(problem, prices, WIDE)
        chosen = _solved(problem, pairs)[1]
        is_full = len(chosen.idea) == problem.needs.sum() and least_loads_unmet(problem, chosen) is None
        return chosen if is_full else _solved(problem, pairs_of(problem))[1]
    width, columns = FEW, problem.value.shape[1]
    pairs = promising(problem, prices, width)
    places, chosen = _solved(problem, pairs)
    while len(chosen.idea) < problem.needs.sum() and width < columns:
        width *= 2
        pairs = promising(problem, prices, width)
        places, chosen = _solved(problem, pairs)
    while is_proven and width < columns:
        more = overlooked(problem, pairs, places, final_prices(problem, pairs, places))
        if more is None:
            break
        pairs = more
        places, chosen = _solved(problem, pairs)
    return chosen


def _solved(
    problem: Problem, pairs: Pairs, *, had: Indices | None = None, share: bool = False
) -> tuple[Indices, Pairs]:
    """Return which of `pairs` are chosen, as places and as pairs."""
    kept = None
    if had is not None:
        kept = np.flatnonzero(np.isin(pairs.idea * problem.n_judges + pairs.judge, had @ [problem.n_judges, 1]))
    values = problem.value[pairs.idea, pairs.cell]
    places = cheapest_flow(problem, pairs, values, kept=kept, share=share)
    return places, pairs.subset(places)


def _worst(problem: Problem, chosen: Pairs) -> float:
    movable = np.bincount(chosen.idea, minlength=problem.n_ideas) > 0
    return float(served(*totals(problem, chosen))[movable].min(initial=np.inf)) if movable.any() else np.nan


def _assignment(problem: Problem, chosen: Pairs, limit: float, shortage: Shortage | None) -> Assignment:
    idea = np.concatenate([chosen.idea, problem.fixed[:, 0]])
    judge = np.concatenate([chosen.judge, problem.fixed[:, 1]])
    value = np.concatenate([problem.value[chosen.idea, chosen.cell], problem.fixed_value])
    order = np.lexsort((judge, idea))
    total, count = totals(problem, chosen)
    return Assignment(
        idea=idea[order],
        judge=judge[order],
        affinity=value[order],
        is_fixed=order >= len(chosen.idea),
        load=problem.held + np.bincount(chosen.judge, minlength=problem.n_judges),
        served=served(total, count),
        worst=_worst(problem, chosen),
        worst_bound=limit,
        total=float(value.sum()),
        missing=problem.needs - np.bincount(chosen.idea, minlength=problem.n_ideas),
        shortage=shortage,
        problem=problem,
    )


def adjust_assignment(
    current: ArrayLike,
    affinity: ArrayLike | csr_array,
    *,
    reviews_per_idea: ArrayLike,
    load: ArrayLike,
    partial: bool = False,
    **options: Unpack[AssignmentOptions],
) -> Adjustment:
    """Make an assignment hold again after a change, keeping as many of its pairs as can be.

    After a decline, a new conflict, a new idea or a new judge: give the limits as they are now, and `current` as it
    was. As many reviews as possible come first, then as many kept pairs, then the largest total. The worst-served idea
    is not raised, since that would move pairs that can stay.

    Parameters
    ----------
    current : array_like of int, shape (n_pairs, 2)
        Pairs ``(idea, judge)`` of the assignment so far; fixed ones may be among them.
    affinity, reviews_per_idea, load, partial, **options
        As for `assign_reviews`. An idea that has more than its reviews loses the surplus.

    Returns
    -------
    Adjustment
        The new assignment, and what changed.

    Raises
    ------
    ShapeError, RangeError, ImpossibleError
        As for `assign_reviews`.

    Examples
    --------
    >>> changed = adjust_assignment(
    ...     [[0, 1], [1, 0]], [[9, 8, 1], [9, 1, 2]], reviews_per_idea=1, load=1, conflicts=[[0, 1]]
    ... )
    >>> changed.added.tolist(), changed.removed.tolist()
    ([[0, 2]], [[0, 1]])

    """
    problem = build_problem(affinity, reviews_per_idea, load, options)
    had = checked_pairs("current", current, problem.n_ideas, problem.n_judges)
    _, chosen = _solved(problem, pairs_of(problem), had=had)
    chosen, shortage = _completed(problem, chosen, partial=partial, had=had)
    found = _assignment(problem, chosen, ceiling(problem, chosen), shortage)
    now = np.stack([found.idea, found.judge], axis=1)
    codes_now, codes_had = now @ [problem.n_judges, 1], had @ [problem.n_judges, 1]
    return Adjustment(found, now[~np.isin(codes_now, codes_had)], had[~np.isin(codes_had, codes_now)])
