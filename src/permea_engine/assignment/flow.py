"""The one place that talks to OR-tools: the cheapest of the fullest assignments among given pairs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.graph.python.max_flow import SimpleMaxFlow  # type: ignore[import-untyped]
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # type: ignore[import-untyped]

from permea_engine.assignment.problem import Floats, Indices, Problem
from permea_engine.errors import NotConvergedError

RESOLUTION = 2**20  # steps of cost between the worst and the best pair; fewer where the sums would not fit 63 bits
STEPS = 200_000  # of all judges' loads together, in which a review becomes dearer: in groups if loads are longer
LEAST_STEPS = 64  # of each judge's
MAX_LEVELS = 20  # of how many reviews an idea has already, when there are not enough for all


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of idea and judge that may be used: ``cell`` is the column in the problem's table."""

    idea: Indices
    cell: Indices
    judge: Indices

    def subset(self, which: Indices) -> "Pairs":
        """Return those at these places."""
        return Pairs(self.idea[which], self.cell[which], self.judge[which])


@dataclass(slots=True)
class _Arcs:
    tail: list[Indices]
    head: list[Indices]
    capacity: list[Indices]
    cost: list[Indices]

    def add(self, tail: Indices, head: Indices, capacity: Indices, cost: Indices | int = 0) -> None:
        parts = np.broadcast_arrays(tail, head, capacity, cost)
        for column, part in zip((self.tail, self.head, self.capacity, self.cost), parts, strict=True):
            column.append(part.ravel().astype(np.intp))

    def columns(self) -> tuple[Any, Any, Any, Any]:
        """Return tails, heads, capacities and costs as the solver wants them."""
        tail, head, capacity, cost = map(np.concatenate, (self.tail, self.head, self.capacity, self.cost))
        return tail.astype(np.int32), head.astype(np.int32), capacity.astype(np.int64), cost.astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Nodes:
    n_ideas: int
    n_judges: int

    @property
    def source(self) -> int:
        return 3 * self.n_ideas + self.n_judges

    @property
    def sink(self) -> int:
        return self.source + 1

    def judges(self) -> Indices:
        return 3 * self.n_ideas + np.arange(self.n_judges)


def cheapest_flow(
    problem: Problem, pairs: Pairs, values: Floats, *, kept: Indices | None = None, share: bool = False
) -> Indices:
    """Return which of `pairs` to use, as places, so that as many needs as possible are met at the largest value.

    Least loads come before `kept`, how many of these places are used, and that before the sum of `values`, less what
    evenness charges. With `share`, what is missing is spread over ideas before all that. Costs are whole numbers:
    values are best up to their spread divided by `RESOLUTION`, for each review.
    """
    nodes, arcs = _Nodes(problem.n_ideas, problem.n_judges), _Arcs([], [], [], [])
    spread = max(float(np.ptp(values)) if len(values) else 0.0, problem.evenness)
    most = problem.n_judges * 2 + 4  # swaps along one cycle, each worth at most one spread
    tiers = (1 if kept is None else most, most if share or problem.least.any() else 1)
    resolution = max(1, min(RESOLUTION, int(2.0**60 / (nodes.sink + 1) / tiers[0] / tiers[1] / (MAX_LEVELS + 2))))
    scale = resolution / spread if spread > 0 else 0.0
    cost = np.rint(((values.max() if len(values) else 0.0) - values) * scale).astype(np.intp)
    if kept is not None:
        cost[kept] -= resolution * tiers[0]
    hard = resolution * tiers[0] * tiers[1]
    _add_pairs(arcs, nodes, problem, pairs, cost)
    _add_ideas(arcs, nodes, problem, hard if share else 0)
    _add_judges(arcs, nodes, problem, hard, scale)
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(*arcs.columns())
    total = int(problem.needs.sum())
    solver.set_node_supply(nodes.source, total)
    solver.set_node_supply(nodes.sink, -total)
    status = solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise NotConvergedError(f"affinity: the flow solver stopped with {status}")
    places: Any = np.arange(len(pairs.idea))
    return np.flatnonzero(np.asarray(solver.flows(places)) > 0)


def _add_pairs(arcs: _Arcs, nodes: _Nodes, problem: Problem, pairs: Pairs, cost: Indices) -> None:
    """Add one arc a pair: from the idea, or from its part for newcomers or for others where newcomers are limited."""
    tail = pairs.idea
    if problem.new_limits:
        tail = nodes.n_ideas * (1 + problem.class_of(pairs.judge)) + pairs.idea
    arcs.add(tail, 3 * nodes.n_ideas + pairs.judge, np.ones(len(tail), dtype=np.intp), cost)


def _add_ideas(arcs: _Arcs, nodes: _Nodes, problem: Problem, level_cost: int) -> None:
    ideas = np.arange(nodes.n_ideas)
    if level_cost:
        had = problem.wanted - problem.needs
        needs = np.minimum(problem.needs, problem.n_judges)  # no more judges, no more levels
        idea, first = np.repeat(ideas, needs), np.repeat(np.cumsum(needs) - needs, needs)
        level = np.minimum(np.arange(len(idea)) - first + had[idea], MAX_LEVELS)
        arcs.add(np.array(nodes.source), idea, np.array(1), level * level_cost)
    else:
        arcs.add(np.array(nodes.source), ideas, problem.needs)
    if problem.new_limits:
        fewest, most = problem.new_limits
        arcs.add(ideas, nodes.n_ideas + ideas, problem.needs - fewest)
        arcs.add(ideas, 2 * nodes.n_ideas + ideas, most)


def _add_judges(arcs: _Arcs, nodes: _Nodes, problem: Problem, least_cost: int, scale: float) -> None:
    judges, sink = nodes.judges(), np.array(nodes.sink)
    least = np.minimum(problem.least, usable_room(problem))
    if not problem.evenness:
        arcs.add(judges, sink, least, -least_cost)
        arcs.add(judges, sink, usable_room(problem) - least)
        return
    for number in range(n_steps(problem)):
        before, size, price = load_step(problem, np.full(problem.n_judges, number))
        cost = np.rint(price * scale).astype(np.intp)
        bound = np.clip(least - before, 0, size)
        arcs.add(judges, sink, bound, cost - least_cost)
        arcs.add(judges, sink, size - bound, cost)


def usable_room(problem: Problem) -> Indices:
    """Return how many reviews each judge can get: no more than there are ideas."""
    return np.minimum(problem.room, problem.n_ideas)


def n_steps(problem: Problem) -> int:
    """Return in how many steps a judge's load is charged: one a review, where that is not too many."""
    return min(int(usable_room(problem).max(initial=0)), max(LEAST_STEPS, STEPS // max(problem.n_judges, 1)))


def step_size(problem: Problem) -> Indices:
    """Return how many reviews of each judge are charged alike."""
    return np.maximum(1, -(-usable_room(problem) // max(n_steps(problem), 1)))


def load_step(problem: Problem, number: Indices) -> tuple[Indices, Indices, Floats]:
    """Return, for step `number` of each judge's load, the reviews before it, those in it and what each is charged."""
    room = usable_room(problem)
    size = step_size(problem)
    before = np.minimum(number * size, room)
    inside = np.minimum(size, room - before)
    middle = problem.held + before + inside / 2
    return before, inside, problem.evenness * middle / np.maximum(problem.load, 1)


def fullest_flow(
    problem: Problem, pairs: Pairs, *, needs: Indices, room: Indices, extra: tuple[int, int] = (0, 0)
) -> tuple[int, Indices]:
    """Return how many of `needs` can be met among `pairs`, and the nodes on the source's side of a smallest cut.

    ``extra`` is a number of further judges without any conflict, and the load of each. Nodes 0 to n_ideas - 1 are the
    ideas; `cut_judges` finds the judges.
    """
    nodes, arcs = _Nodes(problem.n_ideas, problem.n_judges), _Arcs([], [], [], [])
    ideas = np.arange(nodes.n_ideas)
    _add_pairs(arcs, nodes, problem, pairs, np.array(0))
    arcs.add(np.array(nodes.source), ideas, needs)
    if problem.new_limits:
        fewest, most = problem.new_limits
        arcs.add(ideas, nodes.n_ideas + ideas, np.maximum(needs - fewest, 0))
        arcs.add(ideas, 2 * nodes.n_ideas + ideas, most)
    arcs.add(nodes.judges(), np.array(nodes.sink), room)
    if extra[0]:
        arcs.add(ideas, np.array(nodes.sink + 1), np.array(extra[0]))
        arcs.add(np.array(nodes.sink + 1), np.array(nodes.sink), np.array(extra[0] * extra[1]))
    arcs.add(np.array(nodes.source), np.array(nodes.sink), np.array(0))  # both exist, even without a judge
    solver = SimpleMaxFlow()
    solver.add_arcs_with_capacity(*arcs.columns()[:3])
    solver.solve(nodes.source, nodes.sink)
    return int(solver.optimal_flow()), np.sort(np.array(solver.get_source_side_min_cut(), dtype=np.intp))


def cut_judges(problem: Problem, cut: Indices) -> Indices:
    """Return the judges among the nodes of a cut."""
    judges = cut - 3 * problem.n_ideas
    return judges[(judges >= 0) & (judges < problem.n_judges)]
