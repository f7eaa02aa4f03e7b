"""Raising the worst-served idea: chains of swaps in which nobody falls below the floor that is aimed at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from permea_engine.assignment.flow import Pairs
from permea_engine.assignment.problem import NEVER, Floats, Indices, Problem
from permea_engine.assignment.table import Table, served, totals

Swap = tuple[int, int, int]  # an idea, the column it gives up, the column it takes

BUDGET = 15_000_000  # cells of the table looked at in all
A_LOOK = 5_000  # what looking at one judge costs besides, in cells
BEAM = 32  # judges gone on from after each swap of a chain
MAX_SWAPS = 6  # in one chain
HALVINGS = 4  # of the floor, for an idea that cannot reach it
ROUNDING = 1e-9  # relative error allowed when floors are compared


def ceiling(problem: Problem, chosen: Pairs) -> float:
    """Return what no worst-served idea can exceed: the least that an idea would have with the judges best for it.

    Found from the worst served upwards: an idea served better than the ceiling so far cannot lower it. Nan where no
    idea has a judge.
    """
    total, count = totals(problem, chosen)
    now = served(total, count)
    own = np.bincount(chosen.idea, minlength=problem.n_ideas)
    fixed = np.bincount(problem.fixed[:, 0], weights=problem.fixed_value, minlength=problem.n_ideas)
    lowest = np.inf
    for idea in np.argsort(now, kind="stable")[: int(np.isfinite(now).sum())].tolist():
        if now[idea] >= lowest:
            break
        best = np.sort(problem.value[idea])[::-1][: own[idea]].sum()
        lowest = min(lowest, float(fixed[idea] + best) / int(count[idea]))
    return lowest if np.isfinite(lowest) else np.nan


def raise_the_worst(problem: Problem, chosen: Pairs, limit: float) -> Pairs:
    """Return an assignment whose worst-served idea is served as well as chains of swaps can make it.

    `limit` is what it cannot exceed. The poorest idea is lifted to that floor by a chain of swaps that ends at a judge
    with room and leaves every idea touched at the floor or no worse than before; where there is none, the floor is
    lowered to what the idea can reach. Then the next poorest. Loads stay within their limits, numbers of reviews stay.
    """
    search = _Search(Table.of(problem, chosen), limit, BUDGET)
    movable = np.bincount(chosen.idea, minlength=problem.n_ideas) > 0
    while search.budget > 0 and movable.any():
        now = np.where(movable, served(search.table.total, search.table.count), np.inf)
        poorest = int(np.argmin(now))
        if now[poorest] >= search.floor - ROUNDING * max(abs(search.floor), 1.0):
            break
        search.lift(poorest, float(now[poorest]))
    return search.table.pairs()


@dataclass(frozen=True, slots=True)
class _Chain:
    """Swaps that end at some judge: what they gain together, and the judge that the first of them gives up."""

    gain: float
    swaps: tuple[Swap, ...]
    root: int


@dataclass(frozen=True, slots=True, eq=False)
class _Offers:
    """By judge: the best gain of a swap that takes this judge, and that swap."""

    gain: Floats
    idea: Indices
    out: Indices
    into: Indices

    def chain(self, judge: int, before: _Chain) -> _Chain:
        """Return the chain lengthened by the swap that takes this judge."""
        swap = (int(self.idea[judge]), int(self.out[judge]), int(self.into[judge]))
        return _Chain(before.gain + float(self.gain[judge]), (*before.swaps, swap), before.root)


@dataclass(slots=True, eq=False)
class _Search:
    table: Table
    floor: float
    budget: int

    def lift(self, idea: int, now: float) -> None:
        """Lift an idea to the floor, or the floor down to what the idea can reach."""
        goal, best = self.floor, self._chain(idea)
        if best is None:
            low, high = now, goal
            for _ in range(HALVINGS):
                self.floor = (low + high) / 2
                found = self._chain(idea)
                best, low, high = (best, low, self.floor) if found is None else (found, self.floor, high)
            self.floor = low
        for swap in best or ():
            self.table.swap(*swap)

    def _chain(self, idea: int) -> tuple[Swap, ...] | None:
        """Return a shortest chain that lifts an idea to the floor, among those the one that gains most, or None."""
        problem = self.table.problem
        reached, front = np.zeros(problem.n_judges, dtype=np.bool_), _Front.empty(problem.n_judges)
        needed = np.array([self.floor * self.table.count[idea] - self.table.total[idea]])
        for cell in sorted(self.table.taken[idea]):
            start = _Chain(0.0, (), int(problem.judge[idea, cell]))
            front.extend(self._offers(np.array([idea]), np.array([cell]), needed), start, reached)
        for _ in range(MAX_SWAPS):
            ends = [front.chain(judge) for judge in front.judges() if self._may_end(judge, front.root(judge))]
            if ends or front.closed:
                return max(ends + front.closed, key=lambda chain: chain.gain).swaps
            reached |= front.gain > NEVER
            last, front = front.best(), _Front.empty(problem.n_judges)
            for judge, chain in last:
                rows = self._rows(judge, chain)
                if self.budget > 0 and len(rows[0]):
                    front.extend(self._offers(*rows), chain, reached)
        return None

    def _may_end(self, judge: int, root: int) -> bool:
        """Return whether one judge may have one review more and the other one fewer."""
        problem, load = self.table.problem, self.table.load
        return bool(load[judge] < problem.room[judge] and load[root] > problem.least[root])

    def _rows(self, judge: int, chain: _Chain) -> tuple[Indices, Indices, Floats]:
        """Return the ideas that could give this judge up next, the column of it, and what each has to gain at least."""
        touched = {idea for idea, _, _ in chain.swaps}
        ideas = np.array(sorted(self.table.holders[judge] - touched), dtype=np.intp)
        cells = (self.table.problem.judge[ideas] == judge).argmax(axis=1) if len(ideas) else ideas
        needed = self.floor * self.table.count[ideas] - self.table.total[ideas]
        return ideas, cells, np.minimum(needed, 0.0)

    def _offers(self, ideas: Indices, cells: Indices, needed: Floats) -> _Offers:
        """Return the best swap to each judge, among ideas that give up their column `cells` and must gain `needed`."""
        table, problem = self.table, self.table.problem
        judges = problem.judge[ideas]
        self.budget -= A_LOOK + judges.size
        gain = problem.value[ideas] - problem.value[ideas, cells][:, None]
        taken = [(row, cell) for row, idea in enumerate(ideas.tolist()) for cell in table.taken[idea]]
        gain[tuple(np.array(taken).T)] = NEVER
        allowed = ROUNDING * np.maximum(1.0, np.abs(table.total[ideas]))
        gain[gain < (needed - allowed)[:, None]] = NEVER
        if problem.new_limits:
            fewest, most = problem.new_limits
            given_up = problem.is_new[judges[np.arange(len(ideas)), cells]].astype(np.intp)
            after = (table.n_new[ideas] - given_up)[:, None] + problem.is_new[judges]
            gain[(after < fewest[ideas][:, None]) | (after > most[ideas][:, None])] = NEVER
        flat, gains = judges.ravel(), gain.ravel()
        best = np.full(problem.n_judges, NEVER)
        np.maximum.at(best, flat, gains)
        hit = np.flatnonzero((gains > NEVER) & (gains == best[flat]))[::-1]  # of equal ones the first is written last
        place = np.zeros(problem.n_judges, dtype=np.intp)
        place[flat[hit]] = hit
        row, into = np.divmod(place, judges.shape[1])
        return _Offers(best, ideas[row], cells[row], into)


@dataclass(slots=True, eq=False)
class _Front:
    """The chains of one length: the best to each judge not reached before, and those that end where they began."""

    gain: Floats
    origin: Indices  # of each judge, in `grown`
    grown: list[tuple[_Offers, _Chain]]
    closed: list[_Chain]

    @classmethod
    def empty(cls, n_judges: int) -> "_Front":
        """Return no chains."""
        return cls(np.full(n_judges, NEVER), np.zeros(n_judges, dtype=np.intp), [], [])

    def extend(self, offers: _Offers, before: _Chain, reached: NDArray[np.bool_]) -> None:
        """Add what the offers make of the chain `before`."""
        if before.swaps and offers.gain[before.root] > NEVER:
            self.closed.append(offers.chain(before.root, before))
        gain = offers.gain + before.gain
        better = (gain > self.gain) & ~reached
        self.gain[better], self.origin[better] = gain[better], len(self.grown)
        self.grown.append((offers, before))

    def judges(self) -> list[int]:
        """Return the judges at whom chains end."""
        return [int(judge) for judge in np.flatnonzero(self.gain > NEVER)]

    def root(self, judge: int) -> int:
        """Return the judge that the chain to this one gives up first."""
        return self.grown[int(self.origin[judge])][1].root

    def chain(self, judge: int) -> _Chain:
        """Return the chain to this judge."""
        offers, before = self.grown[int(self.origin[judge])]
        return offers.chain(judge, before)

    def best(self) -> list[tuple[int, _Chain]]:
        """Return the chains that gain most."""
        order = np.argsort(-self.gain, kind="stable")[:BEAM]
        return [(int(judge), self.chain(int(judge))) for judge in order if self.gain[judge] > NEVER]
