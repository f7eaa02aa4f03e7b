"""Which pairs are worth handing to the solver: with prices for sought-after judges a dozen an idea are enough."""

import numpy as np

from permea_engine.assignment.flow import Pairs, load_step, step_size
from permea_engine.assignment.problem import NEVER, Floats, Indices, Problem

FEW = 18  # pairs of an idea to begin with
SMALL = 60_000  # possible pairs that need no thinning out
ROUNDS = 12  # of raising and lowering prices
TIGHT = 0.97  # share of all room that is needed: from there on judges whom few ideas want are made cheaper as well
SAMPLE = 1_000  # ideas that prices are tried on
BLOCK = 512  # ideas looked at together
EXACT = 1e-6  # of the spread of values: what rounding to whole costs can hide


def pairs_of(problem: Problem) -> Pairs:
    """Return all possible pairs of ideas that need some."""
    return _possible(problem, *np.nonzero((problem.value > NEVER) & (problem.needs > 0)[:, None]))


def first_prices(problem: Problem) -> Floats:
    """Return rough prices of judges: what makes the ideas of a sample ask for each no more than there is room."""
    step = max(1, problem.n_ideas // SAMPLE)
    sample = slice(None, None, step)
    value, judge = problem.value[sample], problem.judge[sample]
    k = int(max(1, round(problem.needs.mean())))
    possible = value[value > NEVER]
    pace = float(possible.std()) / 2 if len(possible) else 0.0
    room = problem.room / step
    lowest = -np.inf if problem.needs.sum() > TIGHT * problem.room.sum() else 0.0
    prices = np.zeros(problem.n_judges)
    for turn in range(ROUNDS):
        best = _best_cells(problem.worth(prices, sample), k)
        asked = np.bincount(np.take_along_axis(judge, best, axis=1).ravel(), minlength=problem.n_judges)
        prices = np.maximum(lowest, prices + pace / (1 + turn / 2) * np.log((asked + 1) / (room + 1)))
    return prices


def promising(problem: Problem, prices: Floats, width: int) -> Pairs:
    """Return the `width` best pairs of each idea, after prices; with limits for newcomers, of both kinds."""
    found = []
    for block in _blocks(problem):
        worth = problem.worth(prices, block)
        if problem.new_limits:
            is_new = problem.is_new[problem.judge[block]]
            halves = [_best_cells(np.where(is_new == wanted, worth, NEVER), width) for wanted in (False, True)]
            found.append(np.sort(np.concatenate(halves, axis=1), axis=1))
        else:
            found.append(_best_cells(worth, width))
    cells = np.concatenate(found)
    fresh = np.diff(np.sort(cells, axis=1), axis=1, prepend=-1) > 0
    idea, place = np.nonzero(fresh)
    return _possible(problem, idea, np.sort(cells, axis=1)[idea, place])


def _blocks(problem: Problem) -> list[slice]:
    """Return the ideas in blocks whose tables fit a processor's cache."""
    return [slice(start, start + BLOCK) for start in range(0, problem.n_ideas, BLOCK)]


def _possible(problem: Problem, idea: Indices, cell: Indices) -> Pairs:
    which = (problem.value[idea, cell] > NEVER) & (problem.needs[idea] > 0)
    return Pairs(idea[which], cell[which], problem.judge[idea[which], cell[which]])


def _best_cells(worth: Floats, width: int) -> Indices:
    columns = worth.shape[1]
    if width >= columns:
        return np.broadcast_to(np.arange(columns), worth.shape)
    return np.argpartition(worth, columns - width, axis=1)[:, columns - width :]


def final_prices(problem: Problem, pairs: Pairs, chosen: Indices) -> Floats:
    """Return prices at which every idea is content with its judges among `pairs`, from an optimal assignment.

    A judge costs as much as the best chain of swaps would gain that one more review by them would set off.
    """
    values = problem.value[pairs.idea, pairs.cell]
    taken = np.zeros(len(values), dtype=np.bool_)
    taken[chosen] = True
    gains = np.full((problem.n_judges, problem.n_judges), NEVER)
    start = np.searchsorted(pairs.idea, pairs.idea[chosen])
    size = np.searchsorted(pairs.idea, pairs.idea[chosen], side="right") - start
    mine = np.repeat(chosen, size)
    theirs = np.arange(len(mine)) - np.repeat(np.cumsum(size) - size, size) + np.repeat(start, size)
    open_ = ~taken[theirs]
    mine, theirs = mine[open_], theirs[open_]
    np.maximum.at(gains, (pairs.judge[mine], pairs.judge[theirs]), values[theirs] - values[mine])
    before, prices, turns = np.full(problem.n_judges, NEVER), _charged(problem, pairs.judge[chosen]), 0
    while turns < problem.n_judges and (prices > before + EXACT * np.ptp(values)).any():
        before, turns = prices, turns + 1
        prices = np.maximum(prices, (prices[:, None] + gains).max(axis=0))
    return prices


def _charged(problem: Problem, judges: Indices) -> Floats:
    """Return what evenness charges for the last review of each judge."""
    load = np.bincount(judges, minlength=problem.n_judges)
    last = np.maximum(load - 1, 0) // step_size(problem)
    return np.where(load > 0, load_step(problem, last)[2], 0.0)


def overlooked(problem: Problem, pairs: Pairs, chosen: Indices, prices: Floats) -> Pairs | None:
    """Return `pairs` with those that do better at these prices, or None: then the rest is proven to gain nothing."""
    values = problem.value[pairs.idea, pairs.cell]
    allowed = EXACT * float(np.ptp(values))
    content = np.full(problem.n_ideas, np.inf)
    np.minimum.at(content, pairs.idea[chosen], values[chosen] - prices[pairs.judge[chosen]])
    ideas, cells, gains = [], [], []
    for block in _blocks(problem):
        gain = problem.worth(prices, block) - content[block, None]
        row, cell = np.nonzero(gain > allowed)
        ideas.append(row + block.start)
        cells.append(cell)
        gains.append(gain[row, cell])
    width = problem.value.shape[1]
    known, better = pairs.idea * width + pairs.cell, np.concatenate(ideas) * width + np.concatenate(cells)
    is_fresh = known[np.minimum(np.searchsorted(known, better), len(known) - 1)] != better
    if np.concatenate(gains)[is_fresh].sum() <= allowed * len(chosen):  # all that could be gained, by duality
        return None
    return _possible(problem, *np.divmod(np.sort(np.concatenate([known, better[is_fresh]])), width))
