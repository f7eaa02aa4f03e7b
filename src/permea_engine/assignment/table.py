"""An assignment while it is being changed, and what each idea has by it."""

from dataclasses import dataclass

import numpy as np

from permea_engine.assignment.flow import Pairs
from permea_engine.assignment.problem import Floats, Indices, Problem


def totals(problem: Problem, chosen: Pairs) -> tuple[Floats, Indices]:
    """Return the total affinity and the number of judges of each idea, fixed ones included."""
    ideas = np.concatenate([chosen.idea, problem.fixed[:, 0]])
    values = np.concatenate([problem.value[chosen.idea, chosen.cell], problem.fixed_value])
    size = problem.n_ideas
    return np.bincount(ideas, weights=values, minlength=size).astype(np.float64), np.bincount(ideas, minlength=size)


def served(total: Floats, count: Indices) -> Floats:
    """Return the mean affinity of each idea's judges, nan for an idea without one."""
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


@dataclass(slots=True, eq=False)
class Table:
    """An assignment being changed: which columns of the problem's table are taken, and what each idea has by it."""

    problem: Problem
    taken: list[set[int]]  # columns, by idea
    holders: list[set[int]]  # ideas, by judge
    load: Indices
    total: Floats
    count: Indices
    n_new: Indices

    @classmethod
    def of(cls, problem: Problem, chosen: Pairs) -> "Table":
        """Return the table of these pairs and the fixed ones."""
        taken: list[set[int]] = [set() for _ in range(problem.n_ideas)]
        holders: list[set[int]] = [set() for _ in range(problem.n_judges)]
        for idea, cell, judge in zip(chosen.idea.tolist(), chosen.cell.tolist(), chosen.judge.tolist(), strict=True):
            taken[idea].add(cell)
            holders[judge].add(idea)
        size = problem.n_ideas
        total, count = totals(problem, chosen)
        return cls(
            problem,
            taken,
            holders,
            load=np.bincount(chosen.judge, minlength=problem.n_judges),
            total=total,
            count=count,
            n_new=np.bincount(chosen.idea, weights=problem.class_of(chosen.judge), minlength=size).astype(np.intp),
        )

    def pairs(self) -> Pairs:
        """Return the pairs by idea."""
        idea = np.repeat(np.arange(self.problem.n_ideas), [len(cells) for cells in self.taken])
        cell = np.array([cell for cells in self.taken for cell in sorted(cells)], dtype=np.intp)
        return Pairs(idea, cell, self.problem.judge[idea, cell])

    def swap(self, idea: int, out: int, into: int) -> None:
        """Give an idea another judge, by columns."""
        problem = self.problem
        old, new = int(problem.judge[idea, out]), int(problem.judge[idea, into])
        self.taken[idea].remove(out)
        self.taken[idea].add(into)
        self.holders[old].remove(idea)
        self.holders[new].add(idea)
        self.load[[old, new]] += [-1, 1]
        self.total[idea] += problem.value[idea, into] - problem.value[idea, out]
        if problem.new_limits:
            self.n_new[idea] += int(problem.is_new[new]) - int(problem.is_new[old])
