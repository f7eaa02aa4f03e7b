"""What is to be assigned, checked, with what is fixed already taken off."""

from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, issparse

from permea_engine.checks import index_array, real_array, whole_number
from permea_engine.errors import RangeError, ShapeError

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
EVERYTHING = slice(None)
NEVER = -np.inf  # affinity of a pair that cannot be


class AssignmentOptions(TypedDict, total=False):
    """The limits that every function of this package takes as keywords.

    Attributes
    ----------
    load_minimum : int or array_like of int, shape (n_judges,)
        Fewest reviews a judge must get, fixed ones and those elsewhere included; 0 by default.
    load_elsewhere : int or array_like of int, shape (n_judges,)
        Reviews that a judge has besides and that count for the load; 0 by default.
    conflicts : array_like of bool, shape (n_ideas, n_judges), or of int, shape (n_conflicts, 2)
        Pairs that must not be: a mask, or a list of ``(idea, judge)``.
    fixed : array_like of int, shape (n_fixed, 2)
        Pairs ``(idea, judge)`` that stand already. They count for the idea and for the judge's load, and outrank
        conflicts and loads.
    newcomers : array_like of bool, shape (n_judges,)
        Which judges are new to judging.
    newcomer_minimum, newcomer_maximum : int or None
        At least and at most so many newcomers among the judges of each idea; 0 and no limit by default.
    evenness : float
        By how much better a review by a fully loaded judge has to be than one by an idle judge, in points of affinity;
        0 by default: loads stay below their limits but need not be even.

    """

    load_minimum: ArrayLike
    load_elsewhere: ArrayLike
    conflicts: ArrayLike
    fixed: ArrayLike
    newcomers: ArrayLike | None
    newcomer_minimum: int
    newcomer_maximum: int | None
    evenness: float


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What is left to assign: a padded table of possible pairs, needs of ideas, room of judges."""

    value: Floats  # (n_ideas, width), NEVER where the pair cannot be
    judge: Indices  # (n_ideas, width), the judge of each column
    is_dense: bool  # whether column and judge are the same everywhere
    n_judges: int
    wanted: Indices  # (n_ideas,), fixed ones included
    needs: Indices  # (n_ideas,), without
    load: Indices  # (n_judges,), fixed ones and those elsewhere included
    held: Indices  # of these
    room: Indices
    least: Indices
    fixed: Indices  # (n_fixed, 2)
    fixed_value: Floats  # (n_fixed,)
    barred: Indices  # (n_conflicts, 2), conflicts that are not fixed
    barred_value: Floats
    is_new: NDArray[np.bool_]
    new_limits: tuple[Indices, Indices] | None  # (n_ideas,) each: fewest and most newcomers that are left to assign
    evenness: float

    @property
    def n_ideas(self) -> int:
        """Return how many ideas there are."""
        return len(self.wanted)

    def worth(self, prices: Floats, ideas: slice | Indices = EVERYTHING) -> Floats:
        """Return the values of these ideas, less the prices of judges."""
        return self.value[ideas] - (prices if self.is_dense else prices[self.judge[ideas]])

    def class_of(self, judges: Indices) -> Indices:
        """Return 1 for newcomers where they are limited, 0 for all others."""
        return self.is_new[judges].astype(np.intp) if self.new_limits else np.zeros(judges.shape, dtype=np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """The affinity as given, padded; and how to look pairs up in it."""

    value: Floats
    judge: Indices
    n_judges: int
    is_dense: bool

    def places(self, pairs: Indices) -> tuple[Indices, NDArray[np.bool_]]:
        """Return the column of each pair, and whether it is in the table at all."""
        if self.is_dense:
            return pairs[:, 1], np.ones(len(pairs), dtype=np.bool_)
        hit = self.judge[pairs[:, 0]] == pairs[:, 1, None]
        return hit.argmax(axis=1), hit.any(axis=1)


def build_problem(
    affinity: ArrayLike | csr_array, reviews_per_idea: ArrayLike, load: ArrayLike, options: AssignmentOptions
) -> Problem:
    """Return the problem. Raises as `permea_engine.assignment.assign_reviews` says."""
    table = _table(affinity)
    n_ideas, n_judges = len(table.value), table.n_judges
    wanted = _counts("reviews_per_idea", reviews_per_idea, n_ideas)
    loads = _counts("load", load, n_judges)
    least = _counts("load_minimum", options.get("load_minimum", 0), n_judges)
    if (least > loads).any():
        judge = int(np.argmax(least > loads))
        raise RangeError(f"load_minimum: {least[judge]} for judge {judge}, whose load is at most {loads[judge]}")
    fixed = checked_pairs("fixed", options.get("fixed", ()), n_ideas, n_judges)
    barred = _conflicts(options.get("conflicts", ()), n_ideas, n_judges)
    barred = barred[~np.isin(barred @ [n_judges, 1], fixed @ [n_judges, 1])]
    fixed_value, barred_value = _take_out(table, fixed), _take_out(table, barred)
    is_new, new_limits = _newcomers(options, wanted, fixed, n_judges)
    held = np.bincount(fixed[:, 1], minlength=n_judges)
    held = held + _counts("load_elsewhere", options.get("load_elsewhere", 0), n_judges)
    return Problem(
        value=table.value,
        judge=table.judge,
        is_dense=table.is_dense,
        n_judges=n_judges,
        wanted=wanted,
        needs=np.maximum(wanted - np.bincount(fixed[:, 0], minlength=n_ideas), 0),
        load=loads,
        held=held,
        room=np.maximum(loads - held, 0),
        least=np.maximum(least - held, 0),
        fixed=fixed,
        fixed_value=fixed_value,
        barred=barred,
        barred_value=barred_value,
        is_new=is_new,
        new_limits=new_limits,
        evenness=_evenness(options.get("evenness", 0.0)),
    )


def _table(affinity: Any) -> _Table:
    if not issparse(affinity):
        value = real_array("affinity", affinity, shape=(None, None))
        n_ideas, n_judges = value.shape
        return _Table(value, np.broadcast_to(np.arange(n_judges), (n_ideas, n_judges)), n_judges, is_dense=True)
    given, n_judges = affinity.nnz, int(affinity.shape[1])
    rows = csr_array(affinity, copy=True)
    rows.sum_duplicates()
    if rows.nnz != given:
        raise RangeError("affinity: a pair of idea and judge is given twice")
    data = real_array("affinity", rows.data, shape=(given,))
    counts = np.diff(rows.indptr)
    place = np.arange(given) - np.repeat(rows.indptr[:-1], counts)
    idea, width = np.repeat(np.arange(len(counts)), counts), int(counts.max(initial=1))
    value, judge = np.full((len(counts), width), NEVER), np.zeros((len(counts), width), dtype=np.intp)
    value[idea, place], judge[idea, place] = data, rows.indices
    return _Table(value, judge, n_judges, is_dense=False)


def _take_out(table: _Table, pairs: Indices) -> Floats:
    """Return the affinity of these pairs, 0 for one that has none, and make them impossible."""
    place, known = table.places(pairs)
    cells = pairs[known, 0], place[known]
    found = np.zeros(len(pairs))
    found[known] = np.where(np.isfinite(table.value[cells]), table.value[cells], 0.0)
    table.value[cells] = NEVER
    return found


def _counts(name: str, values: ArrayLike, length: int) -> Indices:
    array = np.asarray(values)
    if array.ndim == 0:
        array = np.full(length, whole_number(name, array.item(), minimum=0))
    return index_array(name, array, length=length)


def checked_pairs(name: str, values: ArrayLike, n_ideas: int, n_judges: int) -> Indices:
    """Return pairs of idea and judge, sorted. Raises ShapeError or RangeError if one does not exist or comes twice."""
    array = np.asarray(values)
    if not array.size:
        return np.zeros((0, 2), dtype=np.intp)
    if array.ndim != 2 or array.shape[1] != 2:  # noqa: PLR2004 - idea and judge
        raise ShapeError(f"{name}: pairs of idea and judge wanted, shape {array.shape} given")
    idea = index_array(f"{name}, ideas", array[:, 0], size=n_ideas)
    judge = index_array(f"{name}, judges", array[:, 1], size=n_judges)
    pairs = np.unique(np.stack([idea, judge], axis=1), axis=0)
    if len(pairs) != len(array):
        raise RangeError(f"{name}: a pair of idea and judge is given twice")
    return pairs


def _conflicts(values: ArrayLike, n_ideas: int, n_judges: int) -> Indices:
    array = np.asarray(values)
    if array.dtype != np.bool_:
        unique = np.unique(array, axis=0) if array.ndim == 2 else array  # noqa: PLR2004 - a list of pairs
        return checked_pairs("conflicts", unique, n_ideas, n_judges)
    if array.shape != (n_ideas, n_judges):
        raise ShapeError(f"conflicts: shape ({n_ideas}, {n_judges}) wanted, {array.shape} given")
    return np.argwhere(array)


def _newcomers(
    options: AssignmentOptions, wanted: Indices, fixed: Indices, n_judges: int
) -> tuple[NDArray[np.bool_], tuple[Indices, Indices] | None]:
    given = options.get("newcomers")
    is_new = np.zeros(n_judges, dtype=np.bool_)
    if given is not None:
        is_new = real_array("newcomers", given, shape=(n_judges,)) > 0
    fewest = whole_number("newcomer_minimum", options.get("newcomer_minimum", 0), minimum=0)
    most = options.get("newcomer_maximum")
    if most is not None and whole_number("newcomer_maximum", most, minimum=0) < fewest:
        raise RangeError(f"newcomer_maximum: {most} given, the minimum is {fewest}")
    if not fewest and most is None:
        return is_new, None
    had = np.bincount(fixed[is_new[fixed[:, 1]], 0], minlength=len(wanted))
    needs = np.maximum(wanted - np.bincount(fixed[:, 0], minlength=len(wanted)), 0)
    lower = np.clip(np.minimum(fewest, wanted) - had, 0, needs)
    upper = needs if most is None else np.clip(most - had, 0, needs)
    return is_new, (lower, upper)


def _evenness(value: float) -> float:
    if not 0 <= value < np.inf:
        raise RangeError(f"evenness: {value} given, it must be a number of at least 0")
    return float(value)
