"""Spreading work over a panel, evenly and within what stands between judges and ideas."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scipy.sparse import coo_array

    from permea_engine.assignment import AssignmentOptions


@dataclass(frozen=True, slots=True)
class Seat:
    """A panelist as the spreading of work sees them.

    `load` is what they have to do already, `barred` the ideas they must not get or have, `conflicts` those that only a
    dismissal would open, `held` those of the ideas at hand that they keep (not part of `load`), `limit` how much they
    have time for.
    """

    panelist_id: int
    load: int
    barred: frozenset[int]
    conflicts: frozenset[int] = frozenset()
    held: frozenset[int] = frozenset()
    limit: int | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """Reviews spread over a panel: (panelist, idea) pairs, what each idea lacks, and what would help.

    `ways` are (kind, amount, pairs) as `permea_engine.assignment.Relaxation` has them, pairs by panelist and idea.
    """

    pairs: list[tuple[int, int]]
    lacking: dict[int, int]
    ways: list[tuple[str, int, list[tuple[int, int]]]]


def spread(
    idea_needs: Mapping[int, int], seats: Sequence[Seat], *, seed: str, is_experience_needed: bool = False
) -> Spread:
    """Spread reviews over a panel so that as many needs as possible are met and loads are even.

    Loads are even in proportion to the limits. What cannot be assigned is shared among the ideas; of equal choices
    those are taken that `seed` says, so that the same input gives the same result and judges share ideas widely.
    """
    from permea_engine.assignment import assign_reviews  # noqa: PLC0415 - NumPy and OR-tools load at first use

    ideas = sorted(idea_needs)
    row = {idea: number for number, idea in enumerate(ideas)}
    kept = [(row[idea], column) for column, seat in enumerate(seats) for idea in seat.held if idea in row]
    n_held = Counter(idea for idea, _column in kept)
    wanted = [max(idea_needs[idea], 0) + n_held[number] for number, idea in enumerate(ideas)]
    open_ended = max((seat.load + len(seat.held) for seat in seats), default=0) + len(ideas)
    limits = [open_ended if seat.limit is None else seat.limit for seat in seats]
    options: AssignmentOptions = {
        "load_elsewhere": [seat.load for seat in seats],
        "fixed": kept,
        "conflicts": [
            (row[idea], column) for column, seat in enumerate(seats) for idea in seat.conflicts if idea in row
        ],
        "evenness": float(2 * max(limits, default=0)),  # one review more weighs more than any tie broken
    }
    if is_experience_needed:
        options["newcomers"] = [seat.is_new for seat in seats]
        options["newcomer_maximum"] = max(wanted, default=1) - 1
    affinity = _affinity(ideas, seats, kept, seed=seed)
    found = assign_reviews(affinity, reviews_per_idea=wanted, load=limits, partial=True, worst_first=False, **options)
    ways = [] if found.shortage is None else found.shortage.relaxations
    return Spread(
        [
            (seats[column].panelist_id, ideas[number])
            for number, column, is_kept in zip(found.idea, found.judge, found.is_fixed, strict=True)
            if not is_kept
        ],
        {idea: int(lack) for idea, lack in zip(ideas, found.missing, strict=True) if lack},
        [
            (way.kind, way.amount, [(seats[column].panelist_id, ideas[number]) for number, column in way.pairs])
            for way in ways
        ],
    )


def _affinity(ideas: Sequence[int], seats: Sequence[Seat], kept: Sequence[tuple[int, int]], *, seed: str) -> coo_array:
    """Return what breaks ties, for every pair that may be or is kept."""
    import numpy as np  # noqa: PLC0415 - loads at first use
    from scipy.sparse import coo_array  # noqa: PLC0415 - same

    may = np.array([[idea not in seat.barred for seat in seats] for idea in ideas], dtype=bool)
    may = may.reshape(len(ideas), len(seats))
    for number, column in kept:
        may[number, column] = True
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big"))
    ties = rng.random(may.shape)
    return coo_array((ties[may], np.nonzero(may)), shape=may.shape)


def deal(
    idea_needs: Mapping[int, int], seats: Sequence[Seat], *, seed: str
) -> tuple[list[tuple[int, int]], dict[int, int]]:
    """Spread reviews over a panel without limits of time: (panelist, idea) pairs, and how many each idea still lacks.

    No idea gets a second review that another one needs as its first, and work goes to those with the least to do.
    """
    found = spread(idea_needs, seats, seed=seed)
    return found.pairs, found.lacking


def shuffled(ideas: Collection[int], *, seed: str) -> list[int]:
    """Return the ideas in an order of this seed's own, so that no two judges tire on the same ones."""
    return sorted(ideas, key=lambda idea: _shuffle(seed, idea))


def _shuffle(seed: str, *numbers: int) -> str:
    """Return a sort key that looks random but is the same for the same seed."""
    return hashlib.sha256(f"{seed}:{numbers}".encode()).hexdigest()
