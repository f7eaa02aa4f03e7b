"""What a selection must keep to, written as rows `sum of coefficients of chosen items <= bound`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from permea_engine.checks import index_array, not_negative, real_array, whole_number
from permea_engine.errors import EngineError, RangeError, ShapeError
from permea_engine.portfolio.columns import Columns, build_columns

Floats = NDArray[np.float64]
LARGEST = 1e4  # coefficient after scaling: the solver's absolute tolerance then is 1e-10 of the largest cost
SLACK = 1e-9  # relative rounding error allowed when a set is checked against the limits


class LimitOptions(TypedDict, total=False):
    """What every function of this package takes as keywords beside values and budgets.

    Attributes
    ----------
    buckets : array_like of int, shape (n_items,)
        Bucket of each item, -1 for none.
    bucket_minimums, bucket_maximums : array_like of shape (n_buckets,)
        At least and at most so much of each bucket, nan for no limit.
    bucket_budget : int or None
        The budget in whose unit these are given; None (the default) if they count items.
    exclusions : iterable of sequences of int
        Of each of these sets of items at most one can be chosen.
    dependencies : iterable of (int, int)
        ``(i, j)``: item `i` can only be chosen together with item `j`.
    forced_in, forced_out : sequence of int
        Items that must, or must not, be chosen.
    max_items : int or None
        At most so many items.
    least_shares : array_like of shape (n_items,)
        The smallest share of each item that can be funded, above 0; 1 (the default) for whole or not at all. A share
        takes and is worth its part of the whole. It counts as one item in buckets, relations and `max_items`.
    synergies : iterable of (int, int, float)
        ``(i, j, value)``: what items `i` and `j` are worth beyond their own values if both are chosen; negative for an
        overlap. Between shares a gain counts at the smaller of both, a loss at the larger.

    """

    buckets: ArrayLike | None
    bucket_minimums: ArrayLike | None
    bucket_maximums: ArrayLike | None
    bucket_budget: int | None
    exclusions: Iterable[Sequence[int]]
    dependencies: Iterable[tuple[int, int]]
    forced_in: Sequence[int]
    forced_out: Sequence[int]
    max_items: int | None
    least_shares: ArrayLike | None
    synergies: Iterable[tuple[int, int, float]]


@dataclass(frozen=True, slots=True, order=True)
class Limit:
    """One limit: its kind, and its number among the limits of that kind.

    Kinds are ``"budget"``, ``"bucket_minimum"``, ``"bucket_maximum"``, ``"exclusion"``, ``"dependency"``,
    ``"forced_in"``, ``"forced_out"``, ``"max_items"`` and ``"least_share"``; the number is that of the budget, bucket,
    exclusion, dependency or item, 0 for ``"max_items"``.
    """

    kind: str
    index: int


class InfeasibleError(EngineError):
    """Say that no set keeps all limits; ``conflict`` is a smallest set of limits that cannot hold together."""

    def __init__(self, conflict: tuple[Limit, ...]) -> None:
        names = ", ".join(f"{limit.kind} {limit.index}" for limit in conflict)
        super().__init__(f"limits: no selection keeps all of them; these cannot hold together: {names}")
        self.conflict = conflict


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """All limits as rows: ``matrix @ columns <= bounds``, scaled, with the name of each row."""

    costs: Floats  # (n_items, n_budgets) in own units
    columns: Columns
    matrix: csr_array  # (n_limits, n_columns)
    bounds: Floats  # (n_limits,)
    names: tuple[Limit, ...]
    scales: Floats  # (n_limits,): bounds in own units times these are `bounds`

    def broken_by(self, shares: NDArray[np.bool_] | Floats) -> tuple[Limit, ...]:
        """Return the limits that a set breaks, given by flags or shares of shape (n_items,)."""
        solution = self.columns.solution_of(np.asarray(shares, dtype=np.float64))
        size = np.maximum(np.abs(self.bounds), abs(self.matrix) @ solution)
        broken = self.matrix @ solution > self.bounds + SLACK * np.maximum(size, 1)
        return tuple(name for name, is_broken in zip(self.names, broken, strict=True) if is_broken)


@dataclass(slots=True)
class _Rows:
    columns: list[NDArray[np.intp]]
    coefficients: list[Floats]
    bounds: list[float]
    names: list[Limit]
    scales: list[float]

    def add(self, kind: str, index: int, columns: ArrayLike, coefficients: ArrayLike, bound: float) -> None:
        place = np.asarray(columns, dtype=np.intp)
        row = np.broadcast_to(np.asarray(coefficients, dtype=np.float64), place.shape)
        top = np.abs(row).max(initial=0.0)
        scale = LARGEST / top if top > 0 and kind in {"budget", "bucket_minimum", "bucket_maximum"} else 1.0
        self.columns.append(place)
        self.coefficients.append(row * scale)
        self.bounds.append(bound * scale)
        self.scales.append(scale)
        self.names.append(Limit(kind, index))

    def matrix(self, n_columns: int) -> csr_array:
        starts = np.cumsum([0, *map(len, self.columns)])
        indices, entries = [np.zeros(0, dtype=np.intp), *self.columns], [np.zeros(0), *self.coefficients]
        shape = (len(self.names), n_columns)
        return csr_array((np.concatenate(entries), np.concatenate(indices), starts), shape=shape)


def build_limits(n_items: int, costs: ArrayLike, capacities: ArrayLike, options: LimitOptions) -> Limits:
    """Return the limits as rows. Raises as `permea_engine.portfolio.select_portfolio` says."""
    table = np.asarray(costs)
    cost = real_array("costs", table[:, None] if table.ndim == 1 else table, shape=(n_items, None))
    capacity = real_array("capacities", np.atleast_1d(np.asarray(capacities)), shape=(cost.shape[1],))
    not_negative("costs", cost)
    not_negative("capacities", capacity)
    columns = build_columns(n_items, options.get("least_shares"), options.get("synergies", ()))
    rows = _Rows([], [], [], [], [])
    for budget, limit in enumerate(capacity):
        rows.add("budget", budget, columns.share_column, cost[:, budget], float(limit))
    _add_buckets(rows, columns, cost, options)
    _add_relations(rows, n_items, options)
    for item in index_array("forced_in", options.get("forced_in", ()), size=n_items):
        rows.add("forced_in", int(item), [item], -1.0, -1.0)
    for item in index_array("forced_out", options.get("forced_out", ()), size=n_items):
        rows.add("forced_out", int(item), [item], 1.0, 0.0)
    most = options.get("max_items")
    if most is not None:
        rows.add("max_items", 0, np.arange(n_items), 1.0, whole_number("max_items", most, minimum=0))
    for item in np.flatnonzero(columns.least_shares < 1):
        least = columns.least_shares[item]
        rows.add("least_share", int(item), [item, columns.share_column[item]], [least, -1.0], 0.0)
    matrix, bounds, scales = rows.matrix(columns.n_columns), np.array(rows.bounds), np.array(rows.scales)
    return Limits(cost, columns, matrix, bounds, tuple(rows.names), scales)


def _add_buckets(rows: _Rows, columns: Columns, cost: Floats, options: LimitOptions) -> None:
    bounds = {"bucket_minimum": options.get("bucket_minimums"), "bucket_maximum": options.get("bucket_maximums")}
    labels = options.get("buckets")
    if labels is None:
        if any(bound is not None for bound in bounds.values()):
            raise ShapeError("buckets: wanted where there are bucket_minimums or bucket_maximums")
        return
    bucket = index_array("buckets", np.asarray(labels) + 1, length=columns.n_items) - 1
    budget = options.get("bucket_budget")
    if budget is not None:
        whole_number("bucket_budget", budget, minimum=0, maximum=cost.shape[1] - 1)
    size = np.ones(columns.n_items) if budget is None else cost[:, budget]
    counted = np.arange(columns.n_items) if budget is None else columns.share_column
    for (kind, bound), sign in zip(bounds.items(), (-1.0, 1.0), strict=True):
        limits = real_array(f"{kind}s", () if bound is None else bound, shape=(None,), missing=True)
        for number, limit in enumerate(not_negative(f"{kind}s", limits)):
            if not np.isnan(limit):
                members = np.flatnonzero(bucket == number)
                rows.add(kind, number, counted[members], sign * size[members], sign * float(limit))


def _add_relations(rows: _Rows, n_items: int, options: LimitOptions) -> None:
    for number, group in enumerate(options.get("exclusions", ())):
        items = index_array(f"exclusions, set {number}", group, size=n_items)
        rows.add("exclusion", number, np.unique(items), 1.0, 1.0)
    for number, pair in enumerate(options.get("dependencies", ())):
        items = index_array(f"dependencies, pair {number}", pair, size=n_items, length=2)
        if items[0] == items[1]:
            raise RangeError(f"dependencies, pair {number}: item {items[0]} requires itself")
        rows.add("dependency", number, items, [1.0, -1.0], 0.0)
