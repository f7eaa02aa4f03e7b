"""The variables of the program: whole items, shares of divisible ones, and what pairs are worth together."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from permea_engine.checks import index_array, real_array
from permea_engine.errors import RangeError, ShapeError

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The variables in order: one flag an item, one share a divisible item, one a pair; all lie between 0 and 1."""

    n_items: int
    least_shares: Floats  # (n_items,), 1 for an item that is whole or not at all
    share_column: Indices  # (n_items,), the item's own flag where it is not divisible
    pairs: Indices  # (n_pairs, 2)
    bonus: Floats  # (n_pairs,)
    links: csr_array  # (n_links, n_columns): `links @ columns <= link_bounds` ties shares and pairs to the flags
    link_bounds: Floats

    @property
    def n_columns(self) -> int:
        """Return how many variables there are."""
        return self.n_items + int((self.least_shares < 1).sum()) + len(self.pairs)

    @property
    def is_whole(self) -> NDArray[np.bool_]:
        """Return which variables are 0 or 1."""
        return np.arange(self.n_columns) < self.n_items

    def objective(self, values: Floats) -> Floats:
        """Return what each variable is worth if the items are worth `values` of shape (n_items,)."""
        worth = np.zeros(self.n_columns)
        worth[self.share_column] = values
        worth[self.n_columns - len(self.pairs) :] = self.bonus
        return worth

    def shares_of(self, solution: Floats) -> Floats:
        """Return the share of each item, of shape (n_items,), rid of the solver's rounding."""
        is_funded = solution[: self.n_items] > 0.5  # noqa: PLR2004 - nearer to one than to zero
        return np.where(is_funded, np.clip(solution[self.share_column], self.least_shares, 1.0), 0.0)

    def solution_of(self, shares: Floats) -> Floats:
        """Return the flags and shares that the `shares` of the items mean; pairs, which no limit counts, stay 0."""
        solution = np.zeros(self.n_columns)
        solution[self.share_column] = shares
        solution[: self.n_items] = shares > 0
        return solution

    def earned(self, shares: Floats) -> float:
        """Return what pairs are worth: a gain at the smaller share of the two, a loss at the larger if both are in."""
        both = shares[self.pairs]
        part = np.where(self.bonus > 0, both.min(axis=1), np.where((both > 0).all(axis=1), both.max(axis=1), 0.0))
        return float(self.bonus @ part)


def build_columns(n_items: int, least_shares: ArrayLike | None, synergies: Iterable[tuple[int, int, float]]) -> Columns:
    """Return the variables. Raises ShapeError or RangeError as `permea_engine.portfolio.select_portfolio` says."""
    least = np.ones(n_items) if least_shares is None else real_array("least_shares", least_shares, shape=(n_items,))
    wrong = (least <= 0) | (least > 1)
    if wrong.any():
        item = int(np.argmax(wrong))
        raise RangeError(f"least_shares: entry {item} is {least[item]:g}; it must be above 0 and at most 1")
    share_column = np.arange(n_items)
    divisible = np.flatnonzero(least < 1)
    share_column[divisible] = n_items + np.arange(len(divisible))
    pairs, bonus = _checked_synergies(n_items, synergies)
    links = _Links(n_items + len(divisible) + len(pairs), [], [])
    share_of = share_column.tolist()
    for item in divisible.tolist():
        links.add(0.0, (share_of[item], 1.0), (item, -1.0))
    for number, pair in enumerate(pairs.tolist()):
        together = n_items + len(divisible) + number
        for one, other in (pair, reversed(pair)):
            if bonus[number] > 0:
                links.add(0.0, (together, 1.0), (share_of[one], -1.0))
            else:
                links.add(1.0, (share_of[one], 1.0), (other, 1.0), (together, -1.0))
    return Columns(n_items, least, share_column, pairs, bonus, links.matrix(), np.array(links.bounds, dtype=np.float64))


def _checked_synergies(n_items: int, synergies: Iterable[tuple[int, int, float]]) -> tuple[Indices, Floats]:
    pairs, bonus = [], []
    for number, synergy in enumerate(synergies):
        name = f"synergies, entry {number}"
        if len(synergy) != 3:  # noqa: PLR2004 - item, item, value
            raise ShapeError(f"{name}: (item, item, value) wanted, {len(synergy)} entries given")
        items = index_array(name, synergy[:2], size=n_items)
        if items[0] == items[1]:
            raise RangeError(f"{name}: item {items[0]} is paired with itself")
        pairs.append(items)
        bonus.append(float(real_array(name, synergy[2], shape=())))
    return np.array(pairs, dtype=np.intp).reshape(-1, 2), np.array(bonus, dtype=np.float64)


@dataclass(slots=True)
class _Links:
    n_columns: int
    entries: list[tuple[tuple[int, float], ...]]
    bounds: list[float]

    def add(self, bound: float, *entries: tuple[int, float]) -> None:
        self.entries.append(entries)
        self.bounds.append(bound)

    def matrix(self) -> csr_array:
        row = [number for number, entries in enumerate(self.entries) for _ in entries]
        column = [entry[0] for entries in self.entries for entry in entries]
        value = [entry[1] for entries in self.entries for entry in entries]
        return csr_array((value, (row, column)), shape=(len(self.entries), self.n_columns), dtype=np.float64)
