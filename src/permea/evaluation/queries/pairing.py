"""Choosing the pair a judge compares next, from what this process remembers, so that a vote costs milliseconds.

What is remembered is a hint and no more: entries and conflicts of the chosen pair are checked afresh before it is
shown.
"""

from __future__ import annotations

import zlib
from collections import Counter, OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from permea.challenges.models import Challenge
from permea.evaluation import rules
from permea.evaluation.models import Comparison, Panel, RankingState
from permea.ideas.models import Idea
from permea.ideas.queries import people_behind
from permea.people.models import Person

if TYPE_CHECKING:
    from permea_engine.effort import ComparisonState

USUAL_SHORTLIST = 5
REUSE = 0.5
MOST_EXPECTED = 300
MOMENT = timedelta(seconds=1)
Value = TypeVar("Value")


class Memory(Generic[Value]):
    """The values asked for last, as many as fit."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.values: OrderedDict[Any, Value] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Any) -> Value | None:
        """Return what is remembered under a key, None if nothing is."""
        with self.lock:
            return self.values.get(key)

    def put(self, key: Any, value: Value) -> Value:
        """Remember a value and return it."""
        with self.lock:
            self.values[key] = value
            self.values.move_to_end(key)
            while len(self.values) > self.most:
                self.values.popitem(last=False)
        return value

    def drop(self, key: Any) -> None:
        """Forget a key."""
        with self.lock:
            self.values.pop(key, None)


@dataclass(frozen=True, slots=True)
class Field:
    """The entries of a challenge and the people behind them."""

    ideas: tuple[int, ...]
    contributors: dict[int, list[Person]]
    barred: dict[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Known:
    """What comparisons have told when a ranking was stored: the engine's state, and which idea is which number."""

    ranking_id: int
    ideas: tuple[int, ...]
    number: dict[int, int]
    state: ComparisonState
    looked_up_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for a pair, what they have seen, and what they may not see."""

    challenge: Challenge
    panel: Panel | None
    person: Person
    judge: str
    stamp: int
    seen: frozenset[frozenset[int]]
    last: int | None
    declared: frozenset[int]
    at: datetime
    seed: str


_fields: Memory[tuple[tuple[int, int], Field]] = Memory(32)
_known: Memory[Known] = Memory(32)
_offers: Memory[tuple[int, tuple[int, int]]] = Memory(5000)


def forget(challenge: Challenge) -> None:
    """Forget what is remembered of a challenge's entries and offers: something of it has changed."""
    _fields.drop(challenge.key)
    with _offers.lock:
        for key in [key for key in _offers.values if key[0] == challenge.key]:
            del _offers.values[key]


def choose(request: Request) -> tuple[int, int] | None:
    """Return the two ideas this judge should compare next, None if they have seen every pair open to them.

    Asked again before an answer, it is the same pair.
    """
    place = (request.challenge.key, request.judge)
    offered = _offers.get(place)
    if offered is not None and offered[0] == request.stamp and not request.declared & set(offered[1]):
        return offered[1]
    field = _field_of(request.challenge)
    allowed = [idea for idea in field.ideas if idea not in _barred(field, request) | request.declared]
    known = _known_of(request.challenge, request.at)
    if known is not None and set(field.ideas) <= known.number.keys():
        pair = _worth_most(request, known, allowed)
    else:
        pair = rules.least_compared(allowed, _looks(request.challenge), request.seen, seed=request.seed)
    if pair is not None:
        _offers.put(place, (request.stamp, pair))
    return pair


def _field_of(challenge: Challenge) -> Field:
    """Return the entries, read anew when their number or that of the merged ones has changed."""
    found = _fields.get(challenge.key)
    n_merged = Idea.objects.filter(challenge=challenge, status=Idea.Status.MERGED).count()
    stamp = (challenge.n_entries, n_merged)
    if found is not None and found[0] == stamp:
        return found[1]
    entries = Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED).order_by("submitted_at", "pk")
    behind = people_behind(entries.values("pk"))
    contributors = {pk: behind.get(pk, []) for pk in entries.values_list("pk", flat=True)}
    field = Field(tuple(contributors), contributors, {})
    return _fields.put(challenge.key, (stamp, field))[1]


def _barred(field: Field, request: Request) -> frozenset[int]:
    """Return which entries are the judge's own or of their own organisation, worked out once a judge."""
    found = field.barred.get(request.person.pk)
    if found is None:
        found = frozenset(rules.conflicts_of([request.person], field.contributors)[request.person.pk])
        field.barred[request.person.pk] = found
    return found


def _looks(challenge: Challenge) -> Counter[int]:
    """Return how often each idea was compared."""
    made = Comparison.objects.filter(challenge=challenge, retracted_at__isnull=True)
    return Counter(idea for pair in made.values_list("first_id", "second_id") for idea in pair)


def _known_of(challenge: Challenge, at: datetime) -> Known | None:
    """Return what the newest stored ranking knows from comparisons, None before there is one.

    It is looked up by the second.
    """
    known = _known.get(challenge.key)
    if known is not None and abs(at - known.looked_up_at) < MOMENT:
        return known
    newest = RankingState.objects.filter(ranking__challenge=challenge).order_by("-ranking_id")
    ranking_id = newest.values_list("ranking_id", flat=True).first()
    if ranking_id is None:
        return None
    if known is not None and known.ranking_id == ranking_id:
        return _known.put(challenge.key, replace(known, looked_up_at=at))
    content = newest.filter(ranking_id=ranking_id).values_list("content", flat=True).first()
    return None if content is None else _known.put(challenge.key, _revived(ranking_id, content, at))


def _revived(ranking_id: int, content: dict[str, Any], at: datetime) -> Known:
    """Return the engine's state from what was stored with a ranking."""
    import numpy as np  # noqa: PLC0415 - loads at first use

    from permea_engine.effort import ComparisonState  # noqa: PLC0415 - NumPy and SciPy load at first use
    from permea_engine.effort.beliefs import beliefs_from  # noqa: PLC0415 - same

    ideas = tuple(content["ideas"])
    pairs = np.array(content["pairs"], dtype=np.intp).reshape(-1, 2)
    beliefs = beliefs_from(
        np.array(content["strengths"]),
        np.full(len(ideas), content["spread"] ** 2),
        (pairs, np.tile((1.0, -1.0), (len(pairs), 1))),
        np.array(content["weights"]),
        np.array(content["errors"]) ** 2,
    )
    looks = np.array(content["looks"], dtype=np.intp)
    state = ComparisonState(beliefs, looks, int(looks.sum()) // 2, content["ties"])
    return Known(ranking_id, ideas, {idea: number for number, idea in enumerate(ideas)}, state, at)


def _worth_most(request: Request, known: Known, allowed: list[int]) -> tuple[int, int] | None:
    """Return the pair that tells most about who belongs on the shortlist, and allow for its answer."""
    import numpy as np  # noqa: PLC0415 - loads at first use

    from permea_engine import effort  # noqa: PLC0415 - NumPy and SciPy load at first use

    size = len(known.ideas)
    mask = np.zeros(size, dtype=bool)
    mask[[known.number[idea] for idea in allowed]] = True
    seen = [sorted(known.number[idea] for idea in pair) for pair in request.seen if pair <= known.number.keys()]
    k = request.panel.n_shortlist if request.panel else USUAL_SHORTLIST
    found = effort.next_comparison(
        known.state,
        k=min(k, size - 1),
        rng=zlib.crc32(request.seed.encode()),
        allowed=mask,
        seen=seen,
        last=known.number.get(request.last) if request.last else None,
        reuse=REUSE,
        reserve=effort.Reserve(np.ones(size, dtype=bool)),
    )
    if found is None:
        return None
    if size <= MOST_EXPECTED:
        expected = effort.expecting_comparison(known.state, found.first, found.second)
        _known.put(request.challenge.key, replace(known, state=expected))
    return known.ideas[found.first], known.ideas[found.second]
