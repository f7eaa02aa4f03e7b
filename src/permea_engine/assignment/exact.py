"""The best assignment there is, by branch and cut, where it is small enough for that."""

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from permea_engine.assignment.candidates import pairs_of
from permea_engine.assignment.flow import Pairs, load_step, n_steps, usable_room
from permea_engine.assignment.problem import Floats, Indices, Problem
from permea_engine.assignment.table import served, totals
from permea_engine.portfolio.solver import Program

SMALL = 150  # possible pairs up to which it is done
ROUNDING = 1e-9  # relative error allowed when floors are compared
NO_HURRY = 60.0  # seconds for one step, which takes milliseconds


def fairest(problem: Problem, chosen: Pairs, worst: float, limit: float) -> Pairs:
    """Return the assignment with the best worst-served idea, among those one with the largest total.

    `chosen` has its worst-served idea at `worst`; none can exceed `limit`. The floor is raised by halving until nothing
    lies above it. Every idea keeps the number of its reviews.
    """
    program = _Assignments(problem, chosen)
    low, high, best = worst, limit, chosen
    allowed = ROUNDING * max(abs(limit), 1.0)
    while high - low > allowed:
        middle = (low + high) / 2
        found = program.best(middle)
        if found is None:
            high = middle
        else:
            best, low = found, max(middle, program.worst(found))
    return program.best(low - allowed) or best


class _Assignments:
    """All assignments with as many reviews of each idea as the one given, as a 0/1 program for each floor."""

    def __init__(self, problem: Problem, chosen: Pairs) -> None:
        self.problem, self.pairs = problem, pairs_of(problem)
        pairs, size = self.pairs, problem.n_ideas
        self.movable = np.bincount(chosen.idea, minlength=size) > 0
        self.values = problem.value[pairs.idea, pairs.cell]
        self.unit_judge, self.unit_price = _units(problem)
        counts = np.bincount(chosen.idea, minlength=size)
        of_idea = self._rows(pairs.idea, np.ones(len(self.values)), size)
        of_judge = self._rows(pairs.judge, np.ones(len(self.values)), problem.n_judges)
        charged = csr_array(of_judge + self._units())
        is_new = self._rows(pairs.idea, problem.class_of(pairs.judge).astype(np.float64), size)
        fewest, most = problem.new_limits or (np.zeros(size), np.full(size, problem.n_judges))
        self.limits = [
            (of_idea, counts),
            (-of_idea, -counts),
            (of_judge, usable_room(problem)),
            (-of_judge, -problem.least),
            (is_new, most),
            (-is_new, -np.minimum(fewest, counts)),
            *([(charged, np.zeros(problem.n_judges))] if problem.evenness else []),
        ]

    def _rows(self, row: Indices, value: Floats, n_rows: int) -> csr_array:
        """Return rows over the pairs, nothing over the units of load."""
        shape = (n_rows, len(self.values) + len(self.unit_judge))
        return csr_array(coo_array((value, (row, np.arange(len(row)))), shape=shape))

    def _units(self) -> csr_array:
        """Return, for each judge, minus one for each unit of load that is paid for."""
        column = len(self.values) + np.arange(len(self.unit_judge))
        shape = (self.problem.n_judges, len(self.values) + len(self.unit_judge))
        return csr_array(coo_array((-np.ones(len(column)), (self.unit_judge, column)), shape=shape))

    def worst(self, found: Pairs) -> float:
        """Return how the worst-served idea that can change is served."""
        return float(served(*totals(self.problem, found))[self.movable].min())

    def best(self, floor: float) -> Pairs | None:
        """Return the assignment with the largest total in which no idea is served worse than `floor`, or None."""
        problem, pairs = self.problem, self.pairs
        fixed_total = np.bincount(problem.fixed[:, 0], weights=problem.fixed_value, minlength=problem.n_ideas)
        counts = self.limits[0][1] + np.bincount(problem.fixed[:, 0], minlength=problem.n_ideas)
        scale = 1.0 / max(float(np.abs(self.values).max()), np.finfo(np.float64).tiny)
        totals_of = self._rows(pairs.idea, self.values * scale, problem.n_ideas)
        needed = (floor * counts - fixed_total) * scale
        rows = [*self.limits, (-totals_of[self.movable], -needed[self.movable])]
        program = Program(
            csr_array(vstack([matrix for matrix, _ in rows])),
            np.concatenate([bound for _, bound in rows]).astype(np.float64),
            gap=0.0,
            time_limit=NO_HURRY,
        )
        outcome = program.maximise(np.concatenate([self.values, -self.unit_price]))
        return None if outcome is None else pairs.subset(np.flatnonzero(outcome.solution[: len(self.values)]))


def _units(problem: Problem) -> tuple[Indices, Floats]:
    """Return the judge and the price of each unit of load, none where evenness charges nothing."""
    if not problem.evenness:
        return np.zeros(0, dtype=np.intp), np.zeros(0)
    steps = [load_step(problem, np.full(problem.n_judges, number)) for number in range(n_steps(problem))]
    judges = np.arange(problem.n_judges)
    return (
        np.concatenate([np.repeat(judges, size) for _, size, _ in steps]),
        np.concatenate([np.repeat(price, size) for _, size, price in steps]),
    )
