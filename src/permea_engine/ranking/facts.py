"""Checks of comparisons, and their sums: all that the model needs of the facts, in an order that is always the same."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from permea_engine.checks import index_array, not_negative, real_array, whole_number
from permea_engine.errors import RangeError, UndeterminedError

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
BLOCK = 8192  # rows worked on at once, so that they stay in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of items that met, each once with the lower number first, sorted."""

    low: Indices  # (n_pairs,)
    high: Indices
    columns: NDArray[np.integer]  # the higher numbers once more, and where the pairs of each lower one begin, as a
    starts: NDArray[np.integer]  # sparse matrix wants them
    n_items: int


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Wins of the lower number minus its losses, and comparisons, one row for each pair or each (pair, judge)."""

    net: Floats  # (n_rows,)
    total: Floats
    pair: Indices  # (n_rows,)
    judge: Indices | None  # (n_rows,) None where rows are the pairs


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """Comparisons summed up."""

    pairs: Pairs
    sums: Sums
    n_ties: float
    n_comparisons: Floats  # (n_items,)
    n_votes: Floats  # (n_judges,)
    n_judges: int


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """Comparisons as clean arrays, those without weight left out."""

    first: Indices
    second: Indices
    outcome: Floats
    judge: Indices | None
    weight: Floats | None
    n_items: int
    n_judges: int


def checked(
    first: ArrayLike,
    second: ArrayLike,
    outcome: ArrayLike,
    judge: ArrayLike | None,
    weights: ArrayLike | None,
    n_items: int | None,
    n_judges: int | None,
) -> Checked:
    """Return the inputs of `rank_from_comparisons` as clean arrays. Raises as it says."""
    size = None if n_items is None else whole_number("n_items", n_items, minimum=1)
    firsts = index_array("first", first, size=size)
    n_rows = len(firsts)
    seconds = index_array("second", second, size=size, length=n_rows)
    outcomes = real_array("outcome", outcome, shape=(n_rows,))
    own = firsts == seconds
    if own.any():
        row = int(np.argmax(own))
        raise RangeError(f"first, second: entry {row} compares item {firsts[row]} with itself")
    wrong = (outcomes != 0) & (np.abs(outcomes) != 1)
    if wrong.any():
        row = int(np.argmax(wrong))
        raise RangeError(f"outcome: entry {row} is {outcomes[row]:g}, it must be 1, 0 or -1")
    judges, seats = _checked_judges(judge, n_judges, n_rows)
    weight = None if weights is None else not_negative("weights", real_array("weights", weights, shape=(n_rows,)))
    if weight is not None:
        kept = weight > 0
        firsts, seconds, outcomes, weight = firsts[kept], seconds[kept], outcomes[kept], weight[kept]
        judges = None if judges is None else judges[kept]
    if not len(firsts):
        raise UndeterminedError("first: there is no comparison, or none with a weight")
    n = int(max(firsts.max(), seconds.max())) + 1 if size is None else size
    return Checked(firsts, seconds, outcomes, judges, weight, n, seats)


def _checked_judges(judge: ArrayLike | None, n_judges: int | None, n_rows: int) -> tuple[Indices | None, int]:
    size = None if n_judges is None else whole_number("n_judges", n_judges, minimum=1)
    if judge is None:
        return None, size or 1
    judges = index_array("judge", judge, size=size, length=n_rows)
    seats = (int(judges.max()) + 1 if len(judges) else 1) if size is None else size
    return judges, seats


def summed(votes: Checked) -> Facts:
    """Return the sums of `votes` by pair, and by judge where there are several."""
    low, high = np.minimum(votes.first, votes.second), np.maximum(votes.first, votes.second)
    weight = np.ones(len(low)) if votes.weight is None else votes.weight
    won = np.where(votes.first < votes.second, votes.outcome, -votes.outcome)
    values = np.empty(len(low), dtype=np.complex128)  # both sums in one pass
    values.real, values.imag = weight * won, weight
    table = coo_array((values, (low, high)), shape=(votes.n_items, votes.n_items)).tocsr()
    pairs = Pairs(
        low=np.repeat(np.arange(votes.n_items), np.diff(table.indptr)),
        high=table.indices.astype(np.intp),
        columns=table.indices,
        starts=table.indptr,
        n_items=votes.n_items,
    )
    net, met = _parts(table)
    sums = Sums(net, met, np.arange(len(met)), None)
    n_votes = np.zeros(votes.n_judges)
    if votes.judge is None:
        n_votes[0] = weight.sum()
    else:
        n_votes = sum_by(votes.judge, weight, votes.n_judges)
        if np.count_nonzero(n_votes) > 1:
            sums = _by_judge(votes, votes.judge, pairs, low, high, values)
    return Facts(
        pairs=pairs,
        sums=sums,
        n_ties=float(weight[won == 0].sum()),
        n_comparisons=spread(pairs, met, met),
        n_votes=n_votes,
        n_judges=votes.n_judges,
    )


def _by_judge(
    votes: Checked, judge: Indices, pairs: Pairs, low: Indices, high: Indices, values: NDArray[np.complex128]
) -> Sums:
    keys = pairs.low * votes.n_items + pairs.high
    pair = np.searchsorted(keys, low * votes.n_items + high)
    table = coo_array((values, (judge, pair)), shape=(votes.n_judges, len(keys))).tocsr()
    judges = np.repeat(np.arange(votes.n_judges), np.diff(table.indptr))
    return Sums(*_parts(table), table.indices.astype(np.intp), judges)


def _parts(table: csr_array) -> tuple[Floats, Floats]:
    entries: NDArray[np.complex128] = np.asarray(table.data, dtype=np.complex128)
    return np.ascontiguousarray(entries.real), np.ascontiguousarray(entries.imag)


def spread(pairs: Pairs, to_low: Floats, to_high: Floats) -> Floats:
    """Return for each item the sum of what its pairs hold for it, of shape (n_items,)."""
    return sum_by(pairs.low, to_low, pairs.n_items) + sum_by(pairs.high, to_high, pairs.n_items)


def sum_by(group: Indices, values: Floats, n_groups: int) -> Floats:
    """Return the sum of `values` within each group, of shape (n_groups,)."""
    return np.asarray(np.bincount(group, weights=values, minlength=n_groups), dtype=np.float64)


def blocks(n_rows: int) -> list[slice]:
    """Return slices that cover `n_rows` in order."""
    return [slice(start, min(start + BLOCK, n_rows)) for start in range(0, n_rows, BLOCK)]


def components(facts: Facts) -> tuple[int, Indices]:
    """Return how many groups of items are linked by comparisons, and the group of each item, -1 without any."""
    pairs = facts.pairs
    shape = (pairs.n_items, pairs.n_items)
    graph = coo_array((np.ones(len(pairs.low), dtype=np.int8), (pairs.low, pairs.high)), shape=shape)
    _, label = connected_components(graph, directed=False)
    met = facts.n_comparisons > 0
    numbers = np.full(pairs.n_items, -1, dtype=np.intp)
    _, first, inverse = np.unique(label[met], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.intp)  # groups are numbered by their lowest item
    rank[np.argsort(first)] = np.arange(len(first))
    numbers[met] = rank[inverse]
    return len(first), numbers
