"""Finding what says nearly the same: an index of a challenge's entries, in this process's memory only.

Sealed entries are in no index: nothing here answers before a challenge has closed, and only to those who manage it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, Q, QuerySet

from permea.challenges.models import Challenge
from permea.ideas import rules
from permea.ideas.models import Idea, IdeaVector, PairSearch, SimilarPair
from permea.ideas.queries.inside import opened
from permea.people.models import Person
from permea.surface.meaning import encoder

if TYPE_CHECKING:
    from permea_engine.similarity import Index, Matches, Pairs

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
    """Two entries that say nearly the same, by what, and what only one of them says where they have one title."""

    first_id: int
    second_id: int
    score: float
    by: str
    words: list[str]
    differs: list[list[str]]


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


def indexes_of(challenges: Collection[Challenge]) -> list[Held]:
    """Return the indexes of some challenges as they are now; whether those in memory are is asked once for all."""
    entries = Idea.objects.filter(challenge__in=challenges, status__in=IN_THE_RACE, text_removed_at__isnull=True)
    counted = {"n": Count("pk"), "last": Max("submitted_at"), "top": Max("pk")}
    stamps = {pk: tuple(stamp) for pk, *stamp in entries.order_by().values_list("challenge").annotate(**counted)}
    found = [(challenge, held_index(challenge)) for challenge in challenges]
    return [
        held if held is not None and held.stamp == stamps.get(challenge.pk) else index_of(challenge)
        for challenge, held in found
    ]


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


def close_pairs(challenge: Challenge, *, encoder: str = "") -> list[Found]:
    """Return the closest pairs of a challenge's entries with the words they share, the rarest first.

    Pairs in two languages are found by the meaning that this `encoder` gave to them, all others by their words.
    """
    held = index_of(challenge)
    by_words = held.index.pairs(rules.CLOSE)
    alike = {pair: (score, SimilarPair.By.WORDS) for pair, score in _scored(by_words, [pk for pk, _at in held.marks])}
    for pair, score in _alike_in_meaning(challenge, encoder):
        alike[pair] = (max(score, alike.get(pair, (0.0, None))[0]), SimilarPair.By.MEANING)
    best = sorted(alike.items(), key=lambda item: (-item[1][0], item[0]))[: rules.PAIRS_KEPT]
    ideas = Idea.objects.in_bulk({pk for pair, _found in best for pk in pair})
    return [_found(held.index, ideas[one], ideas[other], score, by) for (one, other), (score, by) in best]


def _scored(pairs: Pairs, numbers: list[int]) -> Iterator[tuple[tuple[int, int], float]]:
    """Yield each pair of entries by their row numbers, the lower one first, with its score."""
    for one, other, score in zip(pairs.first.tolist(), pairs.second.tolist(), pairs.scores.tolist(), strict=True):
        first, second = sorted((numbers[one], numbers[other]))
        yield (first, second), score


def _alike_in_meaning(challenge: Challenge, encoder: str) -> list[tuple[tuple[int, int], float]]:
    """Return the pairs of entries in two languages that mean the same, with how sure that is."""
    from permea_engine.similarity import vector_pairs  # noqa: PLC0415 - NumPy loads at first use

    rows = list(vectors_of(challenge, encoder).values_list("idea_id", "idea__language", "values"))
    if not rows:
        return []
    families = [rules.language_family(language) for _pk, language, _values in rows]
    across = [sorted(set(families)).index(family) for family in families]
    pairs = vector_pairs(rules.unpacked([bytes(row[2]) for row in rows]), rules.MEANS_THE_SAME, across=across)
    return list(_scored(pairs, [pk for pk, _language, _values in rows]))


def _found(index: Index, first: Idea, second: Idea, score: float, by: str) -> Found:
    """Return a pair with what both say, and what only one of them says where the title is the same."""
    one, other = text_of(first), text_of(second)
    differs: list[list[str]] = []
    if rules.is_same_title(first, second):
        differs = [index.missing(one, other)[: rules.WORDS_NAMED], index.missing(other, one)[: rules.WORDS_NAMED]]
    return Found(first.pk, second.pk, score, by, index.shared(one, other)[: rules.WORDS_NAMED], differs)


def vectors_of(challenge: Challenge, encoder: str) -> QuerySet[IdeaVector]:
    """Return what this encoder made of the entries as they are now, those that came first before the others."""
    current = IdeaVector.objects.filter(idea__in=_comparable(challenge), encoder=encoder, number=F("idea__n_versions"))
    return current.order_by("idea_id")


def unread(challenge: Challenge, encoder: str) -> QuerySet[Idea]:
    """Return the entries whose meaning this encoder has not been asked for as they are now."""
    return _comparable(challenge).exclude(_is_read_by(encoder)).order_by("pk")


def is_reading_due(challenge: Challenge) -> bool:
    """Say whether there is an encoder, and entries whose meaning it has not been asked for."""
    release = encoder().version
    return bool(release) and unread(challenge, release).exists()


def _is_read_by(encoder: str) -> Q:
    """Return which entries this encoder has told the meaning of, as they are now."""
    return Q(vector__encoder=encoder, vector__number=F("n_versions"))


def shared_words(challenge: Challenge, first: Idea, second: Idea) -> list[str]:
    """Return the words that two entries of a challenge share, the rarest there first."""
    return index_of(challenge).index.shared(text_of(first), text_of(second))[: rules.WORDS_NAMED]


def pair_search(challenge: Challenge) -> PairSearch | None:
    """Return when the entries were last compared with each other, None if never."""
    return PairSearch.objects.filter(challenge=challenge).first()


def n_comparable(challenge: Challenge) -> int:
    """Return how many entries there are to compare."""
    return _comparable(challenge).count()


def n_read(challenge: Challenge, encoder: str) -> tuple[int, int]:
    """Return how many entries there are to compare, and of how many this encoder has told the meaning."""
    found = _comparable(challenge).aggregate(n_entries=Count("pk"), n_read=Count("pk", filter=_is_read_by(encoder)))
    return found["n_entries"], found["n_read"]
