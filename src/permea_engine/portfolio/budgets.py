"""What more or less of one budget would buy."""

from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from permea_engine.checks import not_negative, real_array, whole_number
from permea_engine.errors import RangeError
from permea_engine.portfolio.certificate import GAP, TIME_LIMIT, Selection, checked, program_of, selection_of
from permea_engine.portfolio.conflict import smallest_conflict
from permea_engine.portfolio.limits import Floats, InfeasibleError, LimitOptions, Limits


@dataclass(frozen=True, slots=True, eq=False)
class BudgetValue:
    """What an increase of one budget would buy.

    Attributes
    ----------
    extra_budget, extra_value : float
        The increase, and the value gained, in units of the budget and of the values.
    now, then : Selection
        The best sets before and after it.
    joining, leaving : ndarray of int
        Items chosen only then, and only now.

    """

    extra_budget: float
    extra_value: float
    now: Selection
    then: Selection
    joining: NDArray[np.intp]
    leaving: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class BudgetCurve:
    """What levels of one budget would buy.

    Attributes
    ----------
    levels : ndarray of shape (n_levels,)
        What the budget holds, in its unit.
    values, bounds : ndarray of shape (n_levels,)
        The value of the best set found, and what no set exceeds; nan where no set keeps all limits.
    worth_of_one_more : ndarray of shape (n_levels - 1,)
        Value gained by each unit of the budget between a level and the next, on average: its shadow price.
    selections : tuple of Selection or None
        The best sets.

    """

    levels: Floats
    values: Floats
    bounds: Floats
    worth_of_one_more: Floats
    selections: tuple[Selection | None, ...]


def budget_value(
    values: ArrayLike,
    costs: ArrayLike,
    capacities: ArrayLike,
    *,
    budget_index: int = 0,
    increase: float = 0.10,
    step: float | None = None,
    gap: float = GAP,
    time_limit: float = TIME_LIMIT,
    **limits: Unpack[LimitOptions],
) -> BudgetValue:
    """Compute what more of one budget would buy, or what less of it would cost.

    Parameters
    ----------
    values, costs, capacities, gap, time_limit, **limits
        As for `select_portfolio`.
    budget_index : int, default 0
        The budget.
    increase : float, default 0.10
        By what share of it it grows.
    step : float, optional
        By how much it grows in its own unit, instead of `increase`; below 0 for what less of it would cost.

    Returns
    -------
    BudgetValue
        The value gained, with both sets.

    Raises
    ------
    ShapeError, RangeError, InfeasibleError, NotConvergedError
        As for `select_portfolio`, and if `budget_index`, `increase` or `step` is out of range.

    Examples
    --------
    >>> more = budget_value([6, 5, 4], costs=[50, 30, 20], capacities=[60], increase=1 / 3)
    >>> more.extra_budget, more.extra_value, more.joining, more.leaving
    (20.0, 2.0, array([0]), array([2]))

    >>> less = budget_value([6, 5, 4], costs=[50, 30, 20], capacities=[60], step=-20)
    >>> less.extra_value, less.leaving
    (-4.0, array([2]))

    """
    value, rows = checked(values, costs, capacities, gap, time_limit, limits)
    capacity = _budget(capacities, rows, budget_index)
    if not 0 <= increase < np.inf:
        raise RangeError(f"increase: {increase} given, it must be at least 0")
    extra = capacity * increase if step is None else float(real_array("step", step, shape=()))
    if capacity + extra < 0:
        raise RangeError(f"step: {extra:g} given, but there are only {capacity:g}")
    less, more = sorted((capacity, capacity + extra))
    low, high = _rising(value, rows, budget_index, [less, more], gap, time_limit)
    if low is None or high is None:
        raise InfeasibleError(smallest_conflict(_with_budget(rows, budget_index, less)))
    now, then = (low, high) if extra >= 0 else (high, low)
    joining, leaving = np.flatnonzero(then.chosen & ~now.chosen), np.flatnonzero(now.chosen & ~then.chosen)
    return BudgetValue(extra, then.value - now.value, now, then, joining, leaving)


def budget_curve(
    values: ArrayLike,
    costs: ArrayLike,
    capacities: ArrayLike,
    *,
    levels: ArrayLike,
    budget_index: int = 0,
    gap: float = GAP,
    time_limit: float = TIME_LIMIT,
    **limits: Unpack[LimitOptions],
) -> BudgetCurve:
    """Compute what each of several levels of one budget would buy.

    Parameters
    ----------
    values, costs, capacities, gap, time_limit, **limits
        As for `select_portfolio`; the time is for each level.
    levels : array_like of shape (n_levels,)
        What the budget may hold, in its unit, in rising order.
    budget_index : int, default 0
        The budget.

    Returns
    -------
    BudgetCurve
        One entry a level.

    Raises
    ------
    ShapeError, RangeError, NotConvergedError
        As for `select_portfolio`, and if `levels` is empty, negative or does not rise.
    InfeasibleError
        If no level is enough to keep all limits.

    Examples
    --------
    >>> curve = budget_curve([6, 5, 4], costs=[50, 30, 20], capacities=[60], levels=[10, 40, 60, 80])
    >>> curve.values, curve.worth_of_one_more.round(3)
    (array([ 0.,  5.,  9., 11.]), array([0.167, 0.2  , 0.1  ]))

    """
    value, rows = checked(values, costs, capacities, gap, time_limit, limits)
    _budget(capacities, rows, budget_index)
    level = not_negative("levels", real_array("levels", levels, shape=(None,)))
    if not len(level) or (np.diff(level) <= 0).any():
        raise RangeError("levels: at least one wanted, each above the one before")
    found = _rising(value, rows, budget_index, level.tolist(), gap, time_limit)
    if found[-1] is None:
        raise InfeasibleError(smallest_conflict(_with_budget(rows, budget_index, float(level[-1]))))
    reached = np.array([np.nan if one is None else one.value for one in found])
    bounds = np.array([np.nan if one is None else one.bound for one in found])
    return BudgetCurve(level, reached, bounds, np.diff(reached) / np.diff(level), tuple(found))


def _budget(capacities: ArrayLike, limits: Limits, index: int) -> float:
    whole_number("budget_index", index, minimum=0, maximum=limits.costs.shape[1] - 1)
    return float(np.atleast_1d(np.asarray(capacities, dtype=np.float64))[index])


def _with_budget(limits: Limits, index: int, capacity: float) -> Limits:
    """Return the limits with another capacity of one budget; its row is in the unit of the others scaled like it."""
    bounds = limits.bounds.copy()
    bounds[index] = capacity * limits.scales[index]
    return replace(limits, bounds=bounds)


def _rising(
    value: Floats, limits: Limits, index: int, levels: list[float], gap: float, time_limit: float
) -> list[Selection | None]:
    """Return the best set at each of rising levels of a budget, None where no set keeps all limits.

    What is possible at one level is possible at the next: a search that ends within its gap at less keeps the last set.
    """
    program, worth = program_of(limits, gap, time_limit), limits.columns.objective(value)
    found: list[Selection | None] = []
    last, kept = None, None
    for level in levels:
        program.bound_row(index, level * limits.scales[index])
        outcome = program.maximise(worth, start=kept)
        if outcome is not None:
            one = selection_of(value, limits, outcome)
            if last is not None and kept is not None and one.value < last.value:
                one = selection_of(value, limits, replace(outcome, solution=kept))
            else:
                kept = outcome.solution
            last = one
        found.append(last)
    return found
