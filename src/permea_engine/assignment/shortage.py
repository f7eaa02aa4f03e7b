"""When the limits cannot hold: which ideas lack judges, and the smallest change of each limit that would help."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from permea_engine.assignment.candidates import pairs_of
from permea_engine.assignment.flow import Pairs, cheapest_flow, cut_judges, fullest_flow, usable_room
from permea_engine.assignment.problem import Indices, Problem
from permea_engine.errors import EngineError


@dataclass(frozen=True, slots=True, eq=False)
class Relaxation:
    """A change of one limit that by itself makes a full assignment possible; no smaller change of its kind does.

    Attributes
    ----------
    kind : str
        ``"load"``: `amount` more reviews for each of `judges`. ``"conflicts"``: let the `amount` pairs `pairs` be.
        ``"reviews"``: `amount` fewer reviews for every idea. ``"judges"``: `amount` more judges with the usual load and
        without conflicts. ``"newcomers"``: no limits for newcomers. ``"load_minimum"``: `amount` reviews fewer in all
        as least loads of `judges`.
    amount : int
        How much.
    judges : ndarray of int
        The judges concerned, empty for other kinds.
    pairs : ndarray of int, shape (n_pairs, 2)
        The pairs concerned, empty for other kinds.

    """

    kind: str
    amount: int
    judges: Indices
    pairs: Indices


@dataclass(frozen=True, slots=True, eq=False)
class Shortage:
    """Why not all limits can hold.

    Attributes
    ----------
    missing : int
        How many reviews cannot be assigned, however the others are.
    ideas : ndarray of int
        A set of ideas that cannot get all their reviews, whatever the others get.
    needed, available : int
        How many reviews these ideas need, and how many there can be for them.
    judges : ndarray of int
        The judges whose full load is the bottleneck for `ideas`; each other judge can already review all of `ideas`
        that no conflict keeps from them.
    relaxations : tuple of Relaxation
        Ways out; empty if none of a single limit is enough.

    """

    missing: int
    ideas: Indices
    needed: int
    available: int
    judges: Indices
    relaxations: tuple[Relaxation, ...]


class ImpossibleError(EngineError):
    """Say that not every idea can get its reviews within the limits; ``shortage`` says which, and what would help."""

    def __init__(self, shortage: Shortage) -> None:
        ways = ", ".join(f"{way.kind} by {way.amount}" for way in shortage.relaxations) or "none of a single limit"
        super().__init__(
            f"reviews_per_idea: {shortage.missing} reviews cannot be assigned; {len(shortage.ideas)} ideas need "
            f"{shortage.needed} and can get {shortage.available}; ways out: {ways}"
        )
        self.shortage = shortage


def find_shortage(problem: Problem) -> Shortage:
    """Return why the needs cannot all be met, where they cannot.

    By Hall's theorem as max-flow min-cut has it: the ideas on the source's side of a smallest cut need more than their
    judges on that side have room for and the pairs across the cut allow.
    """
    pairs, total = pairs_of(problem), int(problem.needs.sum())
    flow, cut = fullest_flow(problem, pairs, needs=problem.needs, room=usable_room(problem))
    ideas, judges = cut[cut < problem.n_ideas], cut_judges(problem, cut)
    needed, missing = int(problem.needs[ideas].sum()), total - flow
    ways = (_more_load(problem, pairs, judges, missing), _fewer_conflicts(problem, pairs),
            _fewer_reviews(problem, pairs, missing), _more_judges(problem, pairs, missing),
            _any_newcomers(problem, pairs))  # fmt: skip
    found = tuple(way for way in ways if way is not None)
    return Shortage(missing, ideas, needed, needed - missing, judges, found)


def least_loads_unmet(problem: Problem, chosen: Pairs) -> Shortage | None:
    """Return which least loads a full assignment does not reach, or None if it reaches all."""
    lacking = problem.least - np.bincount(chosen.judge, minlength=problem.n_judges)
    judges = np.flatnonzero(lacking > 0)
    if not len(judges):
        return None
    amount = int(lacking[judges].sum())
    return Shortage(0, _NONE, 0, 0, judges, (_way("load_minimum", amount, judges=judges),))


_NONE = np.zeros(0, dtype=np.intp)
_NO_PAIRS = np.zeros((0, 2), dtype=np.intp)


def _way(kind: str, amount: int, *, judges: Indices = _NONE, pairs: Indices = _NO_PAIRS) -> Relaxation:
    return Relaxation(kind, amount, judges, pairs)


def _smallest(is_enough: Callable[[int], bool], least: int, most: int) -> int | None:
    """Return the smallest number from `least` to `most` that is enough, or None; often it is `least` itself."""
    low, high = least - 1, min(least, most)
    while high > low and not is_enough(high):
        low, high = high, min(2 * high, most)
    if high <= low:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def _at_least(missing: int, by_each: int) -> int:
    """Return how much must change at least where a change by one helps so many reviews."""
    return max(1, -(-missing // max(by_each, 1)))


def _more_load(problem: Problem, pairs: Pairs, judges: Indices, missing: int) -> Relaxation | None:
    def is_enough(more: int) -> bool:
        room = problem.room.copy()
        room[judges] += more
        return fullest_flow(problem, pairs, needs=problem.needs, room=room)[0] == int(problem.needs.sum())

    amount = _smallest(is_enough, _at_least(missing, len(judges)), problem.n_ideas if len(judges) else 0)
    return None if amount is None else _way("load", amount, judges=judges)


def _fewer_reviews(problem: Problem, pairs: Pairs, missing: int) -> Relaxation | None:
    def is_enough(fewer: int) -> bool:
        needs = np.maximum(problem.needs - fewer, 0)
        eased = problem
        if problem.new_limits:
            lower, upper = problem.new_limits
            eased = replace(problem, new_limits=(np.minimum(lower, needs), np.minimum(upper, needs)))
        return fullest_flow(eased, pairs, needs=needs, room=usable_room(problem))[0] == int(needs.sum())

    least = _at_least(missing, int(np.count_nonzero(problem.needs)))
    amount = _smallest(is_enough, least, int(problem.needs.max(initial=0)) - 1)
    return None if amount is None else _way("reviews", amount)


def _more_judges(problem: Problem, pairs: Pairs, missing: int) -> Relaxation | None:
    usual = int(np.median(problem.load[problem.load > 0])) if (problem.load > 0).any() else 0
    room = usable_room(problem)

    def is_enough(more: int) -> bool:
        return fullest_flow(problem, pairs, needs=problem.needs, room=room, extra=(more, usual))[0] == total

    total = int(problem.needs.sum())
    amount = _smallest(is_enough, _at_least(missing, usual), total if usual else 0)
    return None if amount is None else _way("judges", amount)


def _any_newcomers(problem: Problem, pairs: Pairs) -> Relaxation | None:
    if problem.new_limits is None:
        return None
    free = replace(problem, new_limits=None)
    flow, _ = fullest_flow(free, pairs, needs=problem.needs, room=usable_room(problem))
    return _way("newcomers", 1) if flow == problem.needs.sum() else None


def _fewer_conflicts(problem: Problem, pairs: Pairs) -> Relaxation | None:
    """Return the fewest conflicts that would have to be lifted: each costs one in a cheapest flow."""
    if not len(problem.barred):
        return None
    idea, judge = problem.barred[:, 0], problem.barred[:, 1]
    needed = problem.needs[idea] > 0
    barred = Pairs(idea[needed], np.zeros(int(needed.sum()), dtype=np.intp), judge[needed])
    both = Pairs(*(np.concatenate(part) for part in (
        (pairs.idea, barred.idea), (pairs.cell, barred.cell), (pairs.judge, barred.judge))))  # fmt: skip
    price = np.concatenate([np.zeros(len(pairs.idea)), -np.ones(len(barred.idea))])
    plain = replace(problem, evenness=0.0, least=np.zeros_like(problem.least))
    chosen = cheapest_flow(plain, both, price)
    lifted = chosen[chosen >= len(pairs.idea)]
    if len(chosen) < problem.needs.sum():
        return None
    return _way("conflicts", len(lifted), pairs=np.stack([both.idea[lifted], both.judge[lifted]], axis=1))
