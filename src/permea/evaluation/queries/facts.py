"""Reading what assignments are worked out from: who is there, what stands, what is between judges and ideas."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.evaluation import rules
from permea.evaluation.models import (
    Assignment,
    AssignmentDraft,
    Conflict,
    DraftPair,
    Panel,
    Panelist,
    Review,
    ReviewDraft,
)
from permea.evaluation.queries.panels import active_seat_people
from permea.ideas.models import Idea
from permea.ideas.queries import people_behind

Pair = tuple[int, int]  # panelist and idea


@dataclass(frozen=True, slots=True)
class Given:
    """An assignment that stands."""

    status: str
    is_begun: bool


@dataclass(frozen=True)
class Facts:
    """What a draft is worked out from: who is there, what stands, and what is between judges and ideas."""

    panel: Panel
    seats: Mapping[int, Panelist]
    ideas: dict[int, Idea]
    given: dict[Pair, Given]
    bars: dict[Pair, str]
    newcomers: frozenset[int]
    time: dict[int, int]  # reviews that each judge has time for, those given included
    left: Counter[int]  # reviews of each idea by judges who have left since

    @cached_property
    def basis(self) -> str:
        """Return a fingerprint: a draft worked out from other facts is stale."""
        parts = (sorted(self.seats), sorted(self.ideas), sorted(self.given), sorted(self.bars.items()))
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @cached_property
    def load(self) -> Counter[int]:
        """Return how many reviews each judge has."""
        return Counter(panelist for panelist, _idea in self.given)


def assignment_facts(
    challenge: Challenge, panel: Panel, *, at: datetime, ideas: Collection[int] | None = None
) -> Facts:
    """Return what a draft for this panel is worked out from, for some ideas or for all entries."""
    judged = Review.objects.filter(panelist__person=OuterRef("person")).exclude(panelist__panel=panel)
    seats = {seat.pk: seat for seat in active_seat_people(panel).annotate(is_experienced=Exists(judged))}
    entries = Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED)
    if ideas is not None:
        entries = entries.filter(pk__in=ideas)
    entered = {idea.pk: idea for idea in entries.only("pk", "key", "title", "language").order_by("pk")}
    given, had, left = _dealt(panel, seats)
    n_done = Counter(pair[0] for pair, one in given.items() if one.status == Assignment.Status.DONE)
    time = {
        pk: n_done[pk] + rules.reviews_in_time(seat.minutes_per_week, panel.minutes_per_review, challenge, at=at)
        for pk, seat in seats.items()
    }
    return Facts(
        panel,
        seats,
        entered,
        given,
        _bars(panel, seats, entered, had),
        frozenset(pk for pk, seat in seats.items() if not seat.is_experienced),
        time,
        left,
    )


def _dealt(panel: Panel, seats: Mapping[int, Panelist]) -> tuple[dict[Pair, Given], set[Pair], Counter[int]]:
    """Return what stands, what was given back or taken away, and the reviews of each idea by judges who have left."""
    begun = Exists(ReviewDraft.objects.filter(assignment=OuterRef("pk")))
    given: dict[Pair, Given] = {}
    had: set[Pair] = set()
    left: Counter[int] = Counter()
    merged = Q(idea__status=Idea.Status.MERGED, status=Assignment.Status.OPEN)  # nothing to do while it is merged
    dealt = Assignment.objects.filter(panelist__panel=panel).exclude(merged).annotate(is_begun=begun)
    for panelist, idea, status, is_begun in dealt.values_list("panelist_id", "idea_id", "status", "is_begun"):
        if status not in {Assignment.Status.OPEN, Assignment.Status.DONE}:
            had.add((panelist, idea))
        elif panelist in seats:
            given[panelist, idea] = Given(status, is_begun)
        else:
            left[idea] += 1
    return given, had, left


def _bars(panel: Panel, seats: Mapping[int, Panelist], ideas: dict[int, Idea], had: set[Pair]) -> dict[Pair, str]:
    """Return what stands between judges and ideas; the strongest where there is more than one thing."""
    entered = Idea.objects.filter(challenge_id=panel.challenge_id, status=Idea.Status.SUBMITTED)
    behind = people_behind(entered.values("pk"))
    contributors = {idea: persons for idea, persons in behind.items() if idea in ideas}
    stated = Conflict.objects.filter(panelist__panel=panel).values_list("panelist_id", "idea_id", "status")
    conflicts = {(panelist, idea): status for panelist, idea, status in stated}
    people = {seat.person_id: pk for pk, seat in seats.items()}
    judges = [seat.person for seat in seats.values() if seat.person]
    bars = {
        (people[person], idea): "house"
        for person, barred in rules.conflicts_of(judges, contributors).items()
        for idea in barred
        if conflicts.get((people[person], idea)) != Conflict.Status.DISMISSED
    }
    bars |= {pair: "declared" for pair, status in conflicts.items() if status == Conflict.Status.DECLARED}
    bars |= dict.fromkeys(had, "had")
    own = ((people.get(person.pk), idea) for idea, persons in contributors.items() for person in persons)
    return bars | {(seat, idea): "own" for seat, idea in own if seat is not None}


def draft_pairs(draft: AssignmentDraft | None) -> dict[Pair, str]:
    """Return the pairs of a draft and how each came to be."""
    if draft is None:
        return {}
    rows = DraftPair.objects.filter(draft=draft).values_list("panelist_id", "idea_id", "origin")
    return {(panelist, idea): origin for panelist, idea, origin in rows}


def planned(facts: Facts, pairs: dict[Pair, str]) -> dict[Pair, str]:
    """Return every pair as it would be once published, and its state: open, done, computed or added."""
    stands = {pair: one.status for pair, one in facts.given.items()}
    plan = stands | {pair: origin for pair, origin in pairs.items() if pair not in stands}
    gone = {pair for pair, origin in pairs.items() if origin == DraftPair.Origin.REMOVED}
    return {pair: state for pair, state in plan.items() if pair not in gone and pair[0] in facts.seats}


def person_of(seat: Panelist) -> str:
    """Return what a judge is called on pages of the manager."""
    return seat.person.display_name if seat.person else _("Judge %(label)s") % {"label": seat.label}
