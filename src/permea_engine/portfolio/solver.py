"""The one place that talks to HiGHS: maximise a sum over chosen columns under rows, with a certificate."""

from dataclasses import dataclass
from importlib.metadata import version

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from permea_engine.errors import NotConvergedError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
SOLVER = f"HiGHS {version('highspy')}"
LARGEST_VALUE = 1e3  # after scaling
QUICK: dict[str, str | float | bool] = {  # less preparation: twice as fast for wide gaps, slower for narrow ones
    "presolve": "off",
    "mip_allow_restart": False,
    "mip_heuristic_run_feasibility_jump": False,
}


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What the solver found: the columns, the bound on any set's value, and whether it ended by itself."""

    solution: Floats
    bound: float
    is_closed: bool


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """The best columns if flags may be broken, their value, and what each would lose by a step from where it is."""

    solution: Floats
    value: float
    reduced: Floats


class _Silent(highspy.Highs):
    """HiGHS without its greeting, which its constructor writes to standard output when it sets up callbacks."""

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's name
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Program:
    """A program `maximise worth @ x, matrix @ x <= bounds, 0 <= x <= 1` whose worth and bounds can change between runs.

    `is_whole` says which columns are 0 or 1: all by default. `quick` suits wide gaps.
    """

    def __init__(
        self,
        matrix: csr_array,
        bounds: Floats,
        *,
        gap: float,
        time_limit: float,
        is_whole: Flags | None = None,
        quick: bool = False,
    ) -> None:
        columns = csc_array(matrix)
        self._n_columns = len(columns.indptr) - 1
        self._whole = np.ones(self._n_columns, dtype=np.bool_) if is_whole is None else is_whole
        self._highs = _Silent()  # type: ignore[no-untyped-call]
        options: dict[str, str | float | bool] = {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "time_limit": time_limit,
            "mip_rel_gap": gap,
            "mip_abs_gap": 0.0,
            "mip_feasibility_tolerance": 1e-9,
            "primal_feasibility_tolerance": 1e-9,
        }
        for name, setting in (options | QUICK if quick else options).items():
            self._highs.setOptionValue(name, setting)
        self._highs.passModel(_model(columns, bounds, self._whole))

    def bound_row(self, row: int, bound: float) -> None:
        """Change what one row may add up to."""
        self._highs.changeRowBounds(row, -highspy.kHighsInf, bound)

    def maximise(self, worth: Floats, *, start: Floats | None = None, offset: float = 0.0) -> Outcome | None:
        """Return the best columns for `worth` of shape (n_columns,), or None if nothing keeps the rows.

        `start` is a solution known to keep the rows, to begin from; `offset` is worth to be had in any case.

        Raises
        ------
        NotConvergedError
            If nothing was found in the time given.

        """
        scale = self._run(worth, start, offset)
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        info = self._highs.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            raise NotConvergedError(f"time_limit: no selection found in time ({status})")
        solution = np.array(self._highs.getSolution().col_value)
        solution[self._whole] = np.round(solution[self._whole])
        bound = info.mip_dual_bound if self._whole.any() else info.objective_function_value
        return Outcome(solution, bound / scale, status == highspy.HighsModelStatus.kOptimal)

    def relax(self, worth: Floats) -> Relaxed | None:
        """Return the best columns of a program without whole ones, or None if nothing keeps the rows.

        It begins from where the run before ended.

        Raises
        ------
        NotConvergedError
            If the time was not enough.

        """
        scale = self._run(worth, None, 0.0)
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise NotConvergedError(f"time_limit: no bound found in time ({status})")
        found = self._highs.getSolution()
        solution, reduced = np.array(found.col_value), np.abs(np.array(found.col_dual)) / scale
        return Relaxed(solution, float(worth @ solution), reduced)

    def _run(self, worth: Floats, start: Floats | None, offset: float) -> float:
        scale = LARGEST_VALUE / max(float(np.abs(worth).max()), np.finfo(np.float64).tiny * LARGEST_VALUE)
        indices = np.arange(self._n_columns, dtype=np.int32)
        self._highs.changeColsCost(self._n_columns, indices, worth * scale)
        self._highs.changeObjectiveOffset(offset * scale)
        if start is not None:
            known = highspy.HighsSolution()
            known.col_value = start.tolist()
            self._highs.setSolution(known)
        self._highs.run()
        return scale


def _model(columns: csc_array, bounds: Floats, is_whole: Flags) -> highspy.HighsLp:
    n_rows, n_columns = len(bounds), len(is_whole)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = n_columns, n_rows
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.zeros(n_columns)
    model.col_lower_, model.col_upper_ = np.zeros(n_columns), np.ones(n_columns)
    model.row_lower_, model.row_upper_ = np.full(n_rows, -highspy.kHighsInf), bounds
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = columns.indptr.astype(np.int32)
    model.a_matrix_.index_ = columns.indices.astype(np.int32)
    model.a_matrix_.value_ = columns.data.astype(np.float64)
    if is_whole.any():
        kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
        model.integrality_ = [kinds[bool(whole)] for whole in is_whole]
    return model
