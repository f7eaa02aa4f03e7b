"""A chosen set with its certificate, and the computation that all functions of the package share."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, vstack

from permea_engine.checks import real_array
from permea_engine.errors import RangeError
from permea_engine.portfolio.conflict import smallest_conflict
from permea_engine.portfolio.limits import Floats, InfeasibleError, LimitOptions, Limits, build_limits
from permea_engine.portfolio.solver import SOLVER, Outcome, Program

GAP = 1e-4
TIME_LIMIT = 10.0  # seconds
EXACT = 1e-9  # relative rounding error of a bound
Cut = tuple[Floats, float]  # coefficients of all columns, and what they may add up to


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """A chosen set and its certificate.

    Attributes
    ----------
    chosen : ndarray of bool, shape (n_items,)
        The set.
    value : float
        Its value, in units of the values.
    bound : float
        No set has a value above this.
    gap : float
        ``(bound - value) / |value|``; 0 where both are 0.
    proven : bool
        Whether the gap wanted was reached.
    status : str
        ``"optimal"`` (gap 0 up to rounding), ``"within_gap"`` or ``"time_limit"``.
    used : ndarray of shape (n_budgets,)
        What the set takes of each budget.
    solver : str
        Name and version.
    shares : ndarray of shape (n_items,)
        What share of each item is funded: 1 for a chosen item that is not divisible, 0 for one that is not chosen.
    synergy : float
        What part of the value comes from pairs.

    """

    chosen: NDArray[np.bool_]
    value: float
    bound: float
    gap: float
    proven: bool
    status: str
    used: Floats
    solver: str
    shares: Floats
    synergy: float


def checked(
    values: ArrayLike, costs: ArrayLike, capacities: ArrayLike, gap: float, time_limit: float, limits: LimitOptions
) -> tuple[Floats, Limits]:
    """Return clean values and all limits as rows. Raises as `permea_engine.portfolio.select_portfolio` says."""
    value = real_array("values", values, shape=(None,))
    if not len(value):
        raise RangeError("values: there is no item")
    if not 0 <= gap < 1:
        raise RangeError(f"gap: {gap} given, it must be at least 0 and below 1")
    if not time_limit > 0:
        raise RangeError(f"time_limit: {time_limit} given, it must be above 0 seconds")
    return value, build_limits(len(value), costs, capacities, limits)


def program_of(limits: Limits, gap: float, time_limit: float, cuts: Sequence[Cut] = ()) -> Program:
    """Return the program of all limits and `cuts`; the rows of the limits come first, those of budgets before all."""
    matrix, bounds = rows_of(limits)
    if cuts:
        rows, most = zip(*cuts, strict=True)
        matrix, bounds = csr_array(vstack([matrix, np.array(rows)])), np.concatenate([bounds, most])
    return Program(matrix, bounds, is_whole=limits.columns.is_whole, gap=gap, time_limit=time_limit)


def cut_off(limits: Limits, chosen: NDArray[np.bool_], differing_by: int) -> Cut:
    """Return the row that leaves out all sets that differ from `chosen` in fewer than so many items."""
    row = np.zeros(limits.columns.n_columns)
    row[: len(chosen)] = np.where(chosen, 1.0, -1.0)
    return row, float(chosen.sum() - differing_by)


def rows_of(limits: Limits) -> tuple[csr_array, Floats]:
    """Return the rows of the limits and then those that tie the variables together, with their bounds."""
    columns = limits.columns
    return csr_array(vstack([limits.matrix, columns.links])), np.concatenate([limits.bounds, columns.link_bounds])


def best(value: Floats, limits: Limits, program: Program) -> Selection:
    """Return the best set. Raises InfeasibleError if none keeps all limits."""
    outcome = program.maximise(limits.columns.objective(value))
    if outcome is None:
        raise InfeasibleError(smallest_conflict(limits))
    return selection_of(value, limits, outcome)


def selection_of(value: Floats, limits: Limits, outcome: Outcome) -> Selection:
    """Return what the solver found, as a set with its certificate."""
    shares = limits.columns.shares_of(outcome.solution)
    synergy = limits.columns.earned(shares)
    total = float(value @ shares) + synergy
    bound = max(outcome.bound, total)
    reached = (bound - total) / abs(total) if total else float(bound > 0)
    status = "optimal" if reached <= EXACT else "within_gap"
    return Selection(
        chosen=shares > 0,
        value=total,
        bound=bound,
        gap=reached,
        proven=outcome.is_closed,
        status=status if outcome.is_closed else "time_limit",
        used=shares @ limits.costs,
        solver=SOLVER,
        shares=shares,
        synergy=synergy,
    )
