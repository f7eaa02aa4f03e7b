"""Scores without one judge, for many judges of a large panel at once, at fixed variances.

Each judge left out is one column of unknowns; all columns go through the same products with the table of who reviewed
what, from which the judge's own part is taken off. They start from the solution with all judges, so few rounds do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array

from permea_engine.errors import NotConvergedError
from permea_engine.ratings.crossed import Floats, Layout, large_effects
from permea_engine.ratings.large import rough_solution
from permea_engine.ratings.reviews import Indices

CELLS = 2_000_000  # worked on at once
MAX_ROUNDS = 1000
TOLERANCE = 1e-7
TINY = np.finfo(np.float64).tiny


def without_each(
    layout: Layout, idea: Indices, judge: Indices, weighted: Floats, ratios: tuple[float, float], numbers: Indices
) -> tuple[Floats, Iterator[Floats]]:
    """Return the effects of ideas, and those without each of the judges `numbers`.

    `weighted` holds score times weight of each review.
    """
    solution = rough_solution(layout, *ratios)
    large, small = large_effects(layout, solution)[:, 0], solution.effects[:-1, 0]
    ideas, judges = (large, small) if layout.ideas_are_large else (small, large)
    start = np.concatenate([ideas, judges, solution.effects[-1:, 0]])
    table = csr_array(layout.table if layout.ideas_are_large else csr_array(layout.table).T)
    sums = csc_array(coo_array((weighted, (idea, judge)), shape=table.shape))
    return ideas, _scores(table, sums, ratios, numbers, start)


def _scores(
    table: csr_array, sums: csc_array, ratios: tuple[float, float], numbers: Indices, start: Floats
) -> Iterator[Floats]:
    n_ideas = len(start) - len(np.atleast_1d(table.sum(axis=0))) - 1
    by_judge, turned = csc_array(table), csr_array(table.T)
    for first in range(0, len(numbers), step := max(1, CELLS // n_ideas)):
        some = numbers[first : first + step]
        panel = _Panel(table, turned, by_judge[:, some].toarray(), some, *ratios)
        own_sums = sums[:, some].toarray()
        yield from panel.solve(np.asarray(sums.sum(axis=1)), np.asarray(sums.sum(axis=0)), own_sums, start).T[
            :, :n_ideas
        ]


@dataclass(frozen=True, slots=True, eq=False)
class _Panel:
    """The equations of (ideas, judges, mean), for each column without the reviews of one judge."""

    table: csr_array  # (n_ideas, n_judges) sums of weights
    turned: csr_array
    own: Floats  # (n_ideas, n_columns) those of the judge left out
    judges: Indices  # (n_columns,)
    idea_ratio: float
    judge_ratio: float

    def solve(self, idea_sums: Floats, judge_sums: Floats, own_sums: Floats, start: Floats) -> Floats:
        """Return the solutions by conjugate gradients, of shape (n_ideas + n_judges + 1, n_columns)."""
        columns = np.arange(len(self.judges))
        of_judges = np.repeat(judge_sums[:, None], len(columns), axis=1)
        of_judges[self.judges, columns] = 0.0
        last = idea_sums.sum() - own_sums.sum(axis=0)
        right = np.vstack([idea_sums[:, None] - own_sums, of_judges, last])
        found = np.repeat(start[:, None], len(columns), axis=1)
        scale = 1 / self._diagonal()
        left_over = right - self.apply(found)
        direction = scale * left_over
        size = (left_over * direction).sum(axis=0)
        enough = TOLERANCE**2 * np.maximum((right * scale * right).sum(axis=0), TINY)
        for _ in range(MAX_ROUNDS):
            if (size <= enough).all():
                return found
            moved = self.apply(direction)
            step = size / np.maximum((direction * moved).sum(axis=0), TINY)
            found += step * direction
            left_over -= step * moved
            better = scale * left_over
            before, size = size, (left_over * better).sum(axis=0)
            direction = better + size / np.maximum(before, TINY) * direction
        raise NotConvergedError(f"ratings: scores without a judge were not found in {MAX_ROUNDS} rounds")

    def apply(self, values: Floats) -> Floats:
        """Return the left-hand sides for each column of `values`."""
        n_ideas, columns = len(self.own), np.arange(len(self.judges))
        ideas, judges, mean = values[:n_ideas], values[n_ideas:-1].copy(), values[-1]
        left_out = judges[self.judges, columns]
        judges[self.judges, columns] = 0.0
        counts = self._idea_counts()
        of_ideas = (counts + 1 / self.idea_ratio) * ideas + self.table @ judges + counts * mean
        met = np.asarray(self.turned.sum(axis=1))[:, None]
        of_judges = (met + 1 / self.judge_ratio) * judges + self.turned @ ideas + met * mean
        of_judges[self.judges, columns] = left_out / self.judge_ratio
        last = (counts * (ideas + mean)).sum(axis=0) + (met * judges).sum(axis=0)
        return np.vstack([of_ideas, of_judges, last])

    def _idea_counts(self) -> Floats:
        return np.asarray(np.asarray(self.table.sum(axis=1))[:, None] - self.own)

    def _diagonal(self) -> Floats:
        counts, columns = self._idea_counts(), np.arange(len(self.judges))
        of_judges = np.repeat(np.asarray(self.turned.sum(axis=1))[:, None], len(columns), axis=1)
        of_judges[self.judges, columns] = 0.0
        return np.vstack([counts + 1 / self.idea_ratio, of_judges + 1 / self.judge_ratio, counts.sum(axis=0)])
