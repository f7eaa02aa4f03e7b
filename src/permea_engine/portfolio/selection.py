"""The best set of items under limits, those that come next, and limits that are broken or cannot hold."""

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from permea_engine.checks import real_array, whole_number
from permea_engine.portfolio.certificate import (
    GAP,
    TIME_LIMIT,
    Selection,
    best,
    checked,
    cut_off,
    program_of,
    selection_of,
)
from permea_engine.portfolio.conflict import smallest_conflict
from permea_engine.portfolio.limits import Limit, LimitOptions, build_limits


def select_portfolio(
    values: ArrayLike,
    costs: ArrayLike,
    capacities: ArrayLike,
    *,
    gap: float = GAP,
    time_limit: float = TIME_LIMIT,
    **limits: Unpack[LimitOptions],
) -> Selection:
    """Choose the set of items with the largest total value that keeps all limits.

    Solves the 0/1 program by branch and cut [1]_. Equal input gives equal output.

    Parameters
    ----------
    values : array_like of shape (n_items,)
        Value of each item, in any unit; may be negative.
    costs : array_like of shape (n_items, n_budgets) or (n_items,)
        What each item takes of each budget, in its unit.
    capacities : array_like of shape (n_budgets,)
        What each budget holds.
    gap : float, default 1e-4
        Stop when no set can be better by more than this share of the value.
    time_limit : float, default 10
        Stop after so many seconds.
    **limits
        Buckets, exclusions, dependencies, forced items, a largest number, part funding and synergies: see
        `LimitOptions`.

    Returns
    -------
    Selection
        The set with its certificate.

    Raises
    ------
    ShapeError, RangeError
        If lengths differ, an item or budget does not exist, a cost or limit is negative, or a least share is not above
        0 and at most 1.
    InfeasibleError
        If no set keeps all limits; it carries a smallest set of limits that cannot hold together.
    NotConvergedError
        If no set was found in the time given.

    References
    ----------
    .. [1] Q. Huangfu and J. A. J. Hall, "Parallelizing the dual revised simplex method", Math. Program. Comput. 10(1),
       2018. doi:10.1007/s12532-017-0130-5

    Examples
    --------
    >>> selection = select_portfolio([6, 5, 4], costs=[50, 30, 20], capacities=[60])
    >>> selection.chosen, selection.value, selection.status
    (array([False,  True,  True]), 9.0, 'optimal')

    An item that can be funded from a fifth on, and two that are worth more together:

    >>> select_portfolio([6, 5, 4], [50, 30, 20], [60], least_shares=[0.2, 1, 1]).shares
    array([0.2, 1. , 1. ])
    >>> select_portfolio([6, 5, 4], [40, 30, 20], [60], synergies=[(0, 2, 2.0)]).chosen
    array([ True, False,  True])

    Levels of funding with values of their own are items that exclude each other:

    >>> select_portfolio([6, 4.5, 4], [50, 25, 30], [60], exclusions=[(0, 1)]).chosen
    array([False,  True,  True])

    """
    value, rows = checked(values, costs, capacities, gap, time_limit, limits)
    return best(value, rows, program_of(rows, gap, time_limit))


def runner_up(
    values: ArrayLike,
    costs: ArrayLike,
    capacities: ArrayLike,
    *,
    chosen: ArrayLike,
    gap: float = GAP,
    time_limit: float = TIME_LIMIT,
    **limits: Unpack[LimitOptions],
) -> Selection | None:
    """Choose the best set that differs from `chosen`.

    Parameters
    ----------
    values, costs, capacities, gap, time_limit, **limits
        As for `select_portfolio`.
    chosen : array_like of bool, shape (n_items,)
        The set it must differ from in one item at least.

    Returns
    -------
    Selection or None
        None if no other set keeps all limits. If `chosen` is best only within a gap, this one may be better by as much.

    Raises
    ------
    ShapeError, RangeError, NotConvergedError
        As for `select_portfolio`, and if `chosen` has another length.

    Examples
    --------
    >>> best = select_portfolio([6, 5, 4], costs=[50, 30, 20], capacities=[60])
    >>> runner_up([6, 5, 4], costs=[50, 30, 20], capacities=[60], chosen=best.chosen).chosen
    array([ True, False, False])

    """
    value, rows = checked(values, costs, capacities, gap, time_limit, limits)
    taken = real_array("chosen", chosen, shape=(len(value),)) > 0
    program = program_of(rows, gap, time_limit, [cut_off(rows, taken, 1)])
    outcome = program.maximise(rows.columns.objective(value))
    return None if outcome is None else selection_of(value, rows, outcome)


def best_sets(
    values: ArrayLike,
    costs: ArrayLike,
    capacities: ArrayLike,
    *,
    n_sets: int = 3,
    differing_by: int = 1,
    gap: float = GAP,
    time_limit: float = TIME_LIMIT,
    **limits: Unpack[LimitOptions],
) -> tuple[Selection, ...]:
    """Choose the best set, the best one that differs from it, the best one that differs from both, and so on.

    Parameters
    ----------
    values, costs, capacities, gap, time_limit, **limits
        As for `select_portfolio`; the time is for each set.
    n_sets : int, default 3
        How many sets.
    differing_by : int, default 1
        In how many items at least each set differs from each one before it. Other shares of the same items are the
        same set.

    Returns
    -------
    tuple of Selection
        Best first; fewer than `n_sets` if no other set keeps all limits. A bound holds for the sets that were left.

    Raises
    ------
    ShapeError, RangeError, InfeasibleError, NotConvergedError
        As for `select_portfolio`, and if `n_sets` or `differing_by` is below 1.

    Examples
    --------
    >>> found = best_sets([6, 5, 4], costs=[50, 30, 20], capacities=[60])
    >>> [(one.value, one.chosen.nonzero()[0].tolist()) for one in found]
    [(9.0, [1, 2]), (6.0, [0]), (5.0, [1])]

    """
    whole_number("n_sets", n_sets, minimum=1)
    whole_number("differing_by", differing_by, minimum=1)
    value, rows = checked(values, costs, capacities, gap, time_limit, limits)
    found = [best(value, rows, program_of(rows, gap, time_limit))]
    while len(found) < n_sets:
        cuts = [cut_off(rows, one.chosen, differing_by) for one in found]
        outcome = program_of(rows, gap, time_limit, cuts).maximise(rows.columns.objective(value))
        if outcome is None:
            break
        found.append(selection_of(value, rows, outcome))
    return tuple(found)


def conflicting_limits(costs: ArrayLike, capacities: ArrayLike, **limits: Unpack[LimitOptions]) -> tuple[Limit, ...]:
    """Find a smallest set of limits that cannot hold together.

    Parameters
    ----------
    costs, capacities, **limits
        As for `select_portfolio`.

    Returns
    -------
    tuple of Limit
        None of them can be left out; empty if all limits can be kept.

    Raises
    ------
    ShapeError, RangeError
        As for `select_portfolio`.

    References
    ----------
    .. [1] A. Ignatiev, A. Previti, M. Liffiton and J. Marques-Silva, "Smallest MUS extraction with minimal hitting set
       dualization", CP 2015. doi:10.1007/978-3-319-23219-5_13

    Examples
    --------
    >>> conflicting_limits([50, 30, 20], [60], forced_in=[0, 1], max_items=2)
    (Limit(kind='budget', index=0), Limit(kind='forced_in', index=0), Limit(kind='forced_in', index=1))

    """
    return smallest_conflict(build_limits(len(np.atleast_1d(np.asarray(costs))), costs, capacities, limits))


def broken_limits(
    chosen: ArrayLike, costs: ArrayLike, capacities: ArrayLike, **limits: Unpack[LimitOptions]
) -> tuple[Limit, ...]:
    """Find the limits that a set breaks, as one changed by hand may.

    Parameters
    ----------
    chosen : array_like of bool or float, shape (n_items,)
        The set, or the share of each item.
    costs, capacities, **limits
        As for `select_portfolio`.

    Returns
    -------
    tuple of Limit
        Empty if it keeps all.

    Raises
    ------
    ShapeError, RangeError
        As for `select_portfolio`.

    Examples
    --------
    >>> broken_limits([True, True, False], [50, 30, 20], [60], exclusions=[[1, 2]])
    (Limit(kind='budget', index=0),)

    """
    shares = real_array("chosen", chosen, shape=(None,))
    rows = build_limits(len(shares), costs, capacities, limits)
    return rows.broken_by(np.where(rows.columns.least_shares < 1, shares, shares > 0))
