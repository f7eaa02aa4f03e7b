"""In what share of plausible values each item is chosen: many programs that differ in their values only."""

from collections import deque
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array, csr_array

from permea_engine.checks import real_array
from permea_engine.errors import RangeError
from permea_engine.portfolio.certificate import checked, rows_of
from permea_engine.portfolio.conflict import smallest_conflict
from permea_engine.portfolio.limits import Floats, InfeasibleError, LimitOptions, Limits
from permea_engine.portfolio.solver import Program, Relaxed

CORE = 25, 50  # whole columns that are decided first: an eighth of all, but so many at least and at most
POOL = 20  # sets remembered
EDGE = 1e-6  # a flag nearer than this to 0 or 1 is whole


def selection_stability(
    sample_values: ArrayLike,
    costs: ArrayLike,
    capacities: ArrayLike,
    *,
    gap: float = 1e-3,
    time_limit: float = 1.0,
    **limits: Unpack[LimitOptions],
) -> Floats:
    """Compute in what share of plausible values each item is chosen.

    For each draw the program is first solved without whole numbers, from where the draw before ended. What it says of
    all but the nearest items is then taken over [1]_; only if the set found so is further than `gap` from the bound,
    all items that could still matter are decided anew, and those alone.

    Parameters
    ----------
    sample_values : array_like of shape (n_samples, n_items)
        Joint draws of the values, as from ``Ratings.sample``.
    costs, capacities, **limits
        As for `select_portfolio`.
    gap : float, default 1e-3
        As for `select_portfolio`, for each draw.
    time_limit : float, default 1
        Seconds for each draw.

    Returns
    -------
    ndarray of shape (n_items,)
        In what share of the draws each item is chosen, in whole or in part.

    Raises
    ------
    ShapeError, RangeError, InfeasibleError, NotConvergedError
        As for `select_portfolio`, and if there is no draw.

    References
    ----------
    .. [1] E. Balas and E. Zemel, "An algorithm for large zero-one knapsack problems", Oper. Res. 28(5), 1980.
       doi:10.1287/opre.28.5.1130

    Examples
    --------
    >>> selection_stability([[6, 5, 4], [6, 1, 4], [6, 5, 3], [6, 5, 4]], costs=[50, 30, 20], capacities=[60])
    array([0.25, 0.75, 0.75])

    """
    draws = real_array("sample_values", sample_values, shape=(None, None))
    if not len(draws):
        raise RangeError("sample_values: there is no draw")
    _, rows = checked(draws[0], costs, capacities, gap, time_limit, limits)
    solver = _Repeated(rows, gap, time_limit)
    counts = np.zeros(draws.shape[1])
    for draw in draws:
        counts += rows.columns.shares_of(solver.maximise(rows.columns.objective(draw))) > 0
    return np.asarray(counts / len(draws))


class _Repeated:
    """The program of all limits, to be solved for one worth after another."""

    def __init__(self, limits: Limits, gap: float, time_limit: float) -> None:
        self._limits, self._gap, self._time_limit = limits, gap, time_limit
        self._matrix, self._bounds = rows_of(limits)
        self._by_column = csc_array(self._matrix)
        self._whole = limits.columns.is_whole
        nothing = np.zeros(len(self._whole), dtype=np.bool_)
        self._relaxed = Program(self._matrix, self._bounds, is_whole=nothing, gap=gap, time_limit=time_limit)
        self._pool: deque[Floats] = deque(maxlen=POOL)

    def maximise(self, worth: Floats) -> Floats:
        """Return the best columns up to the gap. Raises InfeasibleError if nothing keeps all limits."""
        relaxed = self._relaxed.relax(worth)
        found = None if relaxed is None else self._search(worth, relaxed)
        if found is None:
            raise InfeasibleError(smallest_conflict(self._limits))
        self._pool.append(found)
        return found

    def _search(self, worth: Floats, relaxed: Relaxed) -> Floats | None:
        """Return the best columns, given the best ones of the relaxed program."""
        found = None
        if self._whole.sum() > CORE[1]:
            found = self._search_core(worth, relaxed)
            if found is not None and relaxed.value - worth @ found <= self._gap * abs(worth @ found):
                return found
        start = _best_of(worth, found, *self._pool)
        left = np.inf if start is None else relaxed.value - float(worth @ start)
        free = ~self._whole | _is_between(relaxed.solution) | (relaxed.reduced <= left + EDGE * abs(left))
        return _best_of(worth, start, self._decide(worth, relaxed.solution, free, start))

    def _search_core(self, worth: Floats, relaxed: Relaxed) -> Floats | None:
        """Return the best columns that differ from the relaxed ones only where a step costs least."""
        is_free = ~self._whole | _is_between(relaxed.solution)
        n_free = max(int(is_free.sum()), int(np.clip(self._whole.sum() // 8, *CORE)))
        nearest = np.argpartition(np.where(is_free, -1.0, relaxed.reduced), n_free - 1)[:n_free]
        is_free[nearest] = True
        return self._decide(worth, relaxed.solution, is_free, None)

    def _decide(self, worth: Floats, near: Floats, free: NDArray[np.bool_], start: Floats | None) -> Floats | None:
        """Return the best columns whose others than the `free` ones are as in `near`, where these are whole."""
        fixed = np.where(free, 0.0, np.round(near))
        if not free.any():
            return fixed
        inner = csr_array(self._by_column[:, np.flatnonzero(free)])
        counts = np.diff(inner.indptr) > 0
        program = Program(
            csr_array(inner[np.flatnonzero(counts)]), (self._bounds - self._matrix @ fixed)[counts],
            is_whole=self._whole[free], gap=self._gap, time_limit=self._time_limit, quick=True,
        )  # fmt: skip
        begin = None if start is None else start[free]
        outcome = program.maximise(worth[free], start=begin, offset=float(worth @ fixed))
        if outcome is None:
            return None
        fixed[free] = outcome.solution
        return fixed


def _best_of(worth: Floats, *sets: Floats | None) -> Floats | None:
    known = [one for one in sets if one is not None]
    return max(known, key=lambda one: float(worth @ one), default=None)


def _is_between(solution: Floats) -> NDArray[np.bool_]:
    return np.asarray((solution > EDGE) & (solution < 1 - EDGE))
