"""Finding what says nearly the same: an index of a challenge's entries, in this process's memory only.

Sealed entries are in no index: nothing here answers before a challenge has closed, and only to those who manage it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, QuerySet

from permea.challenges.models import Challenge
from permea.ideas import rules
from permea.ideas.models import Idea, PairSearch
from permea.ideas.queries.inside import opened
from permea.people.models import Person

if TYPE_CHECKING:
    from permea_engine.similarity import Index, Matches

IN_THE_RACE = (Idea.Status.SUBMITTED, Idea.Status.MERGED)
TEXTS_HELD = 50_000  # of all challenges together; about 0.3 GB
QUERY_LENGTH = 2_000
REBUILD_AFTER = 0.1
Stamp = tuple[Any, ...]
Mark = tuple[int, datetime | None]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The index of a challenge's entries: from which state of the table, and which entry stands where."""

    stamp: Stamp
    marks: tuple[Mark, ...]
    index: Index


@dataclass(frozen=True, slots=True)
class Alike:
    """An entry that says something like what was searched for, how much, and by which words."""

    idea: Idea
    score: float
    words: list[str]


@dataclass(frozen=True, slots=True)
class Found:
    """Two entries that say nearly the same."""

    first_id: int
    second_id: int
    score: float
    words: list[str]


_held: OrderedDict[str, Held] = OrderedDict()
_lock, _building = Lock(), Lock()


def _comparable(challenge: Challenge) -> QuerySet[Idea]:
    """Return the entries that have a text to compare, merged ones included."""
    return Idea.objects.filter(challenge=challenge, status__in=IN_THE_RACE, text_removed_at__isnull=True)


def _stamp(challenge: Challenge) -> Stamp:
    """Return what changes with every entry handed in, revised, taken back or emptied."""
    return tuple(_comparable(challenge).aggregate(n=Count("pk"), last=Max("submitted_at"), top=Max("pk")).values())


def index_of(challenge: Challenge) -> Held:
    """Return the index of a challenge's entries as they are now: the one in memory, extended, or a new one."""
    stamp = _stamp(challenge)
    with _building:
        found = held_index(challenge)
        if found is None or found.stamp != stamp:
            found = _read(challenge, stamp, found)
        _hold(challenge, found)
    return found


def held_index(challenge: Challenge) -> Held | None:
    """Return the index of a challenge's entries as it is in memory, None if there is none."""
    with _lock:
        return _held.get(challenge.key)


def _hold(challenge: Challenge, held: Held) -> None:
    """Keep an index in memory, and let go of those asked for least lately."""
    with _lock:
        _held[challenge.key] = held
        _held.move_to_end(challenge.key)
        while len(_held) > 1 and sum(len(one.marks) for one in _held.values()) > TEXTS_HELD:
            _held.popitem(last=False)


def _read(challenge: Challenge, stamp: Stamp, before: Held | None) -> Held:
    """Read the entries handed in last, as many as are held, and index what is new or everything."""
    from permea_engine.similarity import build_index  # noqa: PLC0415 - NumPy loads at first use

    columns = ("pk", "submitted_at", "title", "summary", "body")
    rows = list(_comparable(challenge).order_by("-submitted_at", "-pk").values_list(*columns)[:TEXTS_HELD])[::-1]
    marks = tuple((pk, submitted_at) for pk, submitted_at, *_said in rows)
    texts = [(title, f"{summary}\n{body}") for _pk, _at, title, summary, body in rows]
    n_before = len(before.marks) if before is not None else 0
    is_grown = before is not None and before.marks == marks[:n_before]
    if before is not None and is_grown and len(marks) <= before.index.n_built * (1 + REBUILD_AFTER):
        return Held(stamp, marks, before.index.added(texts[n_before:]))
    return Held(stamp, marks, build_index(texts))


def text_of(idea: Idea) -> tuple[str, str]:
    """Return what an entry is compared by: its title and the rest."""
    return idea.title, f"{idea.summary}\n{idea.body}"


def similar_to(actor: Person, challenge: Challenge, text: str, at: datetime, *, n: int = 10) -> list[Alike]:
    """Return the entries most like a text; none while the challenge is sealed or to those who do not manage it."""
    readable = opened(actor, challenge, at, with_merged=True)
    if not text.strip() or not readable.exists():
        return []
    held, wanted = index_of(challenge), text[:QUERY_LENGTH]
    matches = held.index.nearest(wanted, n=n)
    scores = {held.marks[place][0]: float(score) for place, score in zip(*_lists(matches), strict=True)}
    ideas = readable.filter(pk__in=scores).select_related("author", "merged_into")
    alike = [
        Alike(idea, scores[idea.pk], held.index.shared(wanted, text_of(idea))[: rules.WORDS_NAMED]) for idea in ideas
    ]
    return sorted(alike, key=lambda one: (-one.score, one.idea.pk))


def closest_to(actor: Person, challenge: Challenge, texts: list[str], at: datetime) -> list[Alike | None]:
    """Return for each text the entry that says nearly the same, None where none does or the actor may not know."""
    readable = opened(actor, challenge, at, with_merged=True)
    if not texts or not readable.exists():
        return [None] * len(texts)
    held = index_of(challenge)
    matches = [_lists(held.index.nearest(text[:QUERY_LENGTH], n=1)) for text in texts]
    near = [(held.marks[places[0]][0], scores[0]) if places else (0, 0.0) for places, scores in matches]
    ideas = {idea.pk: idea for idea in readable.filter(pk__in=[pk for pk, _score in near])}
    return [
        Alike(ideas[pk], score, held.index.shared(text, text_of(ideas[pk]))[: rules.WORDS_NAMED])
        if pk in ideas and score >= rules.CLOSE
        else None
        for text, (pk, score) in zip(texts, near, strict=True)
    ]


def _lists(matches: Matches) -> tuple[list[int], list[float]]:
    """Return places and scores as lists."""
    return matches.positions.tolist(), matches.scores.tolist()


def close_pairs(challenge: Challenge) -> list[Found]:
    """Return the closest pairs of a challenge's entries with the words they share, the rarest first."""
    held = index_of(challenge)
    pairs = held.index.pairs(rules.CLOSE)
    places = [held.marks[place][0] for place in pairs.first.tolist()[: rules.PAIRS_KEPT]]
    others = [held.marks[place][0] for place in pairs.second.tolist()[: rules.PAIRS_KEPT]]
    ideas = Idea.objects.in_bulk({*places, *others})
    found = []
    for one, other, score in zip(places, others, pairs.scores.tolist(), strict=False):
        first, second = sorted((one, other))
        words = held.index.shared(text_of(ideas[first]), text_of(ideas[second]))
        found.append(Found(first, second, float(score), words[: rules.WORDS_NAMED]))
    return found


def shared_words(challenge: Challenge, first: Idea, second: Idea) -> list[str]:
    """Return the words that two entries of a challenge share, the rarest there first."""
    return index_of(challenge).index.shared(text_of(first), text_of(second))[: rules.WORDS_NAMED]


def pair_search(challenge: Challenge) -> PairSearch | None:
    """Return when the entries were last compared with each other, None if never."""
    return PairSearch.objects.filter(challenge=challenge).first()


def n_comparable(challenge: Challenge) -> int:
    """Return how many entries there are to compare."""
    return _comparable(challenge).count()
