"""Reading where judging decides most: the order of each queue, and whom more reviews should go to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from permea.evaluation import rules
from permea.evaluation.queries.rankings import ReviewFacts
from permea.ideas.models import Idea

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from permea_engine.effort import Reserve, ReviewState

AHEAD = 2  # reviews an evaluator holds in advance, so that the ones after can still follow what these find


@dataclass(frozen=True, slots=True)
class Course:
    """Where judging goes next: each panelist's open ideas in order, and (panelist, idea) pairs to be dealt out."""

    queues: dict[int, list[int]]
    more: list[tuple[int, int]]


def course(
    facts: ReviewFacts,
    rated: Any,
    waiting: Mapping[int, Sequence[int]],
    seats: Collection[rules.Seat],
    *,
    k: int,
    n_more: int,
) -> Course | None:
    """Return where reviews would tell most about the best `k`, None while ideas and judges cannot be told apart.

    `waiting` holds the open ideas of each panelist; at most `n_more` reviews are added, a few to each seat.
    """
    if not rated.corrected or not 1 <= k < len(facts.ideas):
        return None
    from permea_engine import effort  # noqa: PLC0415 - NumPy and SciPy load at first use

    state, reserve = effort.reviews_from(rated), _outside(facts)
    idea_at = {pk: index for index, (pk, _key, _title) in enumerate(facts.ideas)}
    judge_at = {pk: index for index, (pk, _key, _label) in enumerate(facts.judges)}
    open_at = {
        judge_at[judge]: [idea_at[idea] for idea in ideas if idea in idea_at]
        for judge, ideas in waiting.items()
        if judge in judge_at
    }
    queues = {judge: _in_order(state, judge, ideas, k=k, reserve=reserve) for judge, ideas in open_at.items()}
    more = _more(facts, state, open_at, seats, k=k, n_more=n_more, reserve=reserve) if n_more else []
    return Course(
        queues={facts.judges[judge][0]: [facts.ideas[idea][0] for idea in ideas] for judge, ideas in queues.items()},
        more=more,
    )


def _more(
    facts: ReviewFacts,
    state: ReviewState,
    open_at: Mapping[int, Collection[int]],
    seats: Collection[rules.Seat],
    *,
    k: int,
    n_more: int,
    reserve: Reserve | None,
) -> list[tuple[int, int]]:
    """Return (panelist, idea) pairs to be dealt out, once all that is open has been handed in."""
    from permea_engine import effort  # noqa: PLC0415 - NumPy and SciPy load at first use

    for judge, ideas in open_at.items():
        for idea in ideas:
            state = effort.expecting_review(state, idea, judge)
    load, allowed = _room(facts, open_at, seats)
    dealt = effort.deal_reviews(state, n_more, k=k, load=load, allowed=allowed, reserve=reserve)
    return [(facts.judges[one.judge][0], facts.ideas[one.idea][0]) for one in dealt]


def _in_order(state: ReviewState, judge: int, ideas: list[int], *, k: int, reserve: Reserve | None) -> list[int]:
    """Return a judge's open ideas, the one whose review tells most first, each given those before."""
    import numpy as np  # noqa: PLC0415 - loads at first use

    from permea_engine import effort  # noqa: PLC0415 - NumPy and SciPy load at first use

    left, order = np.zeros(len(state.looks), dtype=bool), []
    left[ideas] = True
    while (found := effort.next_review(state, judge, k=k, allowed=left, reserve=reserve)) is not None:
        order.append(found.idea)
        left[found.idea] = False
        state = effort.expecting_review(state, found.idea, judge)
    return order


def _outside(facts: ReviewFacts) -> Reserve | None:
    """Return a reserve for ideas from outside the firm, where there are some from inside too; None otherwise."""
    import numpy as np  # noqa: PLC0415 - loads at first use

    from permea_engine.effort import Reserve  # noqa: PLC0415 - NumPy and SciPy load at first use

    keys = [pk for pk, _key, _title in facts.ideas]
    inside = set(Idea.objects.filter(pk__in=keys, source=Idea.Source.EMPLOYEE).values_list("pk", flat=True))
    if not inside or len(inside) == len(keys):
        return None
    return Reserve(ideas=np.array([pk not in inside for pk in keys]))


def _room(
    facts: ReviewFacts,
    open_at: Mapping[int, Collection[int]],
    seats: Collection[rules.Seat],
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return how many reviews each judge may be given now, and which ideas they may see."""
    import numpy as np  # noqa: PLC0415 - loads at first use

    idea_at = {pk: index for index, (pk, _key, _title) in enumerate(facts.ideas)}
    judge_at = {pk: index for index, (pk, _key, _label) in enumerate(facts.judges)}
    load = np.zeros(len(facts.judges), dtype=np.intp)
    allowed = np.zeros((len(facts.ideas), len(facts.judges)), dtype=bool)
    for seat in seats:
        if seat.panelist_id not in judge_at:  # joined after the facts were read
            continue
        judge = judge_at[seat.panelist_id]
        load[judge] = max(0, AHEAD - len(open_at.get(judge, ())))
        allowed[:, judge] = True
        allowed[[idea_at[idea] for idea in seat.barred if idea in idea_at], judge] = False
    return load, allowed
