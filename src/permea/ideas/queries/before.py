"""What was said before: entries that somebody writing a new one may read, and that say something like it.

Only entries shown to a circle the writer is in are ever named, never sealed ones. Nobody waits for it: a large
challenge is indexed in the background, and until then nothing is said about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

from django.db import connection
from django.db.models import F, Q

from permea.challenges.models import Challenge, Circle, Stage
from permea.challenges.rules import covers
from permea.ideas import rules
from permea.ideas.models import Contributor, Idea
from permea.ideas.queries.shown import OPEN, narrowest_of
from permea.ideas.queries.similar import QUERY_LENGTH, Held, held_index, index_of, text_of
from permea.people.models import Person

MOST_CHALLENGES, MOST_NAMED, LOOKED_AT, FEWEST_WORDS = 5, 3, 20, 4
ALIKE = 0.3  # from which score on an entry is named; from `rules.CLOSE` on two entries are taken for nearly the same
INDEXED_AT_ONCE = 2_000
FRESH_FOR = timedelta(minutes=1)
_looked: dict[str, datetime] = {}
_threads: dict[str, Thread] = {}


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """An entry the writer may read, and the words it shares with what they wrote, the rarest first."""

    idea: Idea
    words: list[str]


def said_before(actor: Person, idea: Idea, fields: dict[str, Any], at: datetime) -> list[SaidBefore]:
    """Return what the actor may read that says something like the fields of an entry they write, the closest first."""
    text = "\n".join(str(fields[name] or "") for name in ("title", "summary", "body")).strip()[:QUERY_LENGTH]
    if len(text.split()) < FEWEST_WORDS:
        return []
    scores: dict[int, tuple[float, Held]] = {}
    readable = Q(pk__in=())
    for challenge, circles in _open_to(actor, idea, at):
        held = _ready_index(challenge, at)
        if held is not None:
            readable |= Q(challenge=challenge, shown_to__in=circles)
            scores |= _scores(held, text)
    rows = Idea.objects.filter(readable, pk__in=scores, status=Idea.Status.SUBMITTED).select_related("challenge")
    others = rows.exclude(pk__in=Contributor.objects.filter(person=actor).values("idea_id"))
    found = sorted(others, key=lambda row: (-scores[row.pk][0], row.pk))[:MOST_NAMED]
    return [SaidBefore(row, scores[row.pk][1].index.shared(text, text_of(row))[: rules.WORDS_NAMED]) for row in found]


def _scores(held: Held, text: str) -> dict[int, tuple[float, Held]]:
    """Return how much the closest entries of a challenge are like a text, by row number, with their index."""
    matches = held.index.nearest(text, n=LOOKED_AT)
    return {
        held.marks[place][0]: (score, held)
        for place, score in zip(matches.positions.tolist(), matches.scores.tolist(), strict=True)
        if score >= ALIKE
    }


def _open_to(actor: Person, idea: Idea, at: datetime) -> list[tuple[Challenge, list[str]]]:
    """Return the latest challenges of the firm whose entries the actor reads, each with what agrees to be read so."""
    reading = Stage.objects.filter(
        ~Q(circle=""),
        challenge__organisation_id=idea.organisation_id,
        challenge__status__in=OPEN,
        version=F("challenge__timetable_version"),
        opens_at__lte=at,
    ).exclude(challenge=idea.challenge_id)
    circles: dict[Challenge, set[str]] = {}
    for stage in reading.select_related("challenge").order_by("-challenge__closes_at", "position")[:100]:
        circles.setdefault(stage.challenge, set()).add(stage.circle)
    found = []
    for challenge, begun in list(circles.items())[:MOST_CHALLENGES]:
        mine = narrowest_of(actor, challenge, begun)
        if mine:
            found.append((challenge, [wider for wider in Circle.values if covers(wider, mine)]))
    return found


def _ready_index(challenge: Challenge, at: datetime) -> Held | None:
    """Return the index of a challenge's entries if nobody has to wait; a large one is begun in the background."""
    held, looked = held_index(challenge), _looked.get(challenge.key)
    if held is not None and looked is not None and looked <= at < looked + FRESH_FOR:
        return held
    if held is None and challenge.n_entries > INDEXED_AT_ONCE:
        if challenge.key not in _threads:
            _threads[challenge.key] = Thread(target=_index, args=(challenge,), daemon=True)
            _threads[challenge.key].start()
        return None
    _looked[challenge.key] = at
    return index_of(challenge)


def _index(challenge: Challenge) -> None:
    """Index a challenge in a thread of its own."""
    try:
        index_of(challenge)
    finally:
        _threads.pop(challenge.key, None)
        connection.close()
