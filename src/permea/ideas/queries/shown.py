"""Entries that a circle reads after the deadline: who is in it, which entries, and in which order.

An entry is shown to nobody wider than its contributors agreed to. Each reader begins at another place of the same ring,
so that no entry gains from standing first; the order of keys is random and has an index.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import overload

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.challenges.models import Challenge, Circle, Stage
from permea.challenges.queries import is_in_circle, stages_of
from permea.challenges.rules import covers, stage_for
from permea.foundation.ids import ALPHABET, KEY_LENGTH
from permea.ideas.models import Contributor, Idea
from permea.ideas.queries.access import Actor
from permea.ideas.queries.words import with_words
from permea.people.models import Person
from permea.surface.registry import PagePart

PAGE_SIZE = 20
OPEN = (Challenge.Status.PUBLISHED, Challenge.Status.DECIDED)


class Ring(Sequence[Idea]):
    """Entries from a place of the ring of keys around to it again, to be cut into pages."""

    def __init__(self, ideas: QuerySet[Idea], start: str) -> None:
        """Begin the ring at the first key that is not before `start`."""
        self._first = ideas.filter(key__gte=start).order_by("key")
        self._rest = ideas.filter(key__lt=start).order_by("key")
        self._n_first = self._first.count()
        self._n = self._n_first + self._rest.count()

    def __len__(self) -> int:
        """Return how many entries there are."""
        return self._n

    @overload
    def __getitem__(self, wanted: int) -> Idea: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[Idea]: ...
    def __getitem__(self, wanted: int | slice) -> Idea | list[Idea]:
        """Return the entry at a place, or the entries of a page."""
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        begin, end, _step = wanted.indices(self._n)
        turn = self._n_first
        return [*self._first[min(begin, turn) : min(end, turn)], *self._rest[max(begin - turn, 0) : max(end - turn, 0)]]


@dataclass(frozen=True, slots=True)
class Showing:
    """What somebody may read of a challenge and do there: the entries of others, and its stages in force."""

    challenge: Challenge
    ideas: QuerySet[Idea]
    stages: list[Stage]

    def stage_for(self, action: str, at: datetime) -> Stage | None:
        """Return the stage that allows an action with entries at `at`, None if none does."""
        return stage_for(self.stages, action, at=at)


@dataclass(frozen=True, slots=True)
class ShownPage:
    """One page of the entries a circle reads."""

    showing: Showing
    page: Page[Idea]
    text: str
    own: frozenset[int]


def has_entered(actor: Person, challenge: Challenge) -> bool:
    """Say whether somebody has a part in an entry that was handed in to a challenge."""
    parts = Contributor.objects.filter(person=actor, idea__challenge=challenge)
    return parts.filter(idea__status__in=(Idea.Status.SUBMITTED, Idea.Status.MERGED)).exists()


def _reads_by(actor: Actor, challenge: Challenge, stages: list[Stage], at: datetime) -> str:
    """Return the narrowest circle by which the actor reads entries at `at`, nothing if they may not."""
    return narrowest_of(actor, challenge, {stage.circle for stage in stages if stage.circle and stage.opens_at <= at})


def narrowest_of(actor: Actor, challenge: Challenge, begun: Collection[str]) -> str:
    """Return the narrowest of these circles of a challenge that the actor is in, nothing if they are in none."""
    return next((circle for circle in Circle.values if circle in begun and is_in_circle(actor, challenge, circle)), "")


def showing_of(actor: Actor, key: str, at: datetime) -> Showing:
    """Return what the actor may read of a challenge at `at`. Raises Http404 where that is nothing."""
    opened = Challenge.objects.filter(status__in=OPEN, closes_at__lte=at).select_related("organisation")
    challenge = get_object_or_404(opened, key=key)
    stages = stages_of(challenge)
    circle = _reads_by(actor, challenge, stages, at)
    if not circle:
        raise Http404
    agreed = [wider for wider in Circle.values if covers(wider, circle)]
    handed_in = Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED, text_removed_at__isnull=True)
    return Showing(challenge, handed_in.filter(shown_to__in=agreed), stages)


def is_for_signed_in(key: str, at: datetime) -> bool:
    """Say whether a circle that takes signing in reads the entries of a challenge at `at`."""
    opened = Challenge.objects.filter(key=key, status__in=OPEN, closes_at__lte=at).first()
    return opened is not None and any(stage.circle and stage.opens_at <= at for stage in stages_of(opened))


def shown_page(actor: Actor, key: str, at: datetime, *, visitor: str, text: str = "", page: int = 1) -> ShownPage:
    """Return one page of the entries the actor may read, from a place of their own on; `visitor` marks the reader.

    Raises Http404 where they may read none.
    """
    showing = showing_of(actor, key, at)
    found = with_words(showing.ideas, text) if text else showing.ideas
    listed = Paginator(Ring(found, place_of(visitor, key)), PAGE_SIZE).get_page(page)
    return ShownPage(showing, listed, text, own_among(actor, [idea.pk for idea in listed]))


def place_of(visitor: str, key: str) -> str:
    """Return where on the ring of a challenge a reader begins: the same place each time."""
    number = int.from_bytes(hashlib.sha256(f"{key}:{visitor}".encode()).digest())
    place = ""
    for _letter in range(KEY_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        place += ALPHABET[digit]
    return place


def own_among(actor: Actor, idea_ids: list[int]) -> frozenset[int]:
    """Return which of these entries the actor has a part in."""
    if not isinstance(actor, Person):
        return frozenset()
    parts = Contributor.objects.filter(person=actor, idea_id__in=idea_ids)
    return frozenset(parts.values_list("idea_id", flat=True))


def shown_idea(actor: Actor, key: str, idea_key: str, at: datetime) -> tuple[Showing, Idea]:
    """Return an entry the actor may read as one of a circle. Raises Http404 for all others."""
    showing = showing_of(actor, key, at)
    return showing, get_object_or_404(showing.ideas.select_related("challenge__organisation"), key=idea_key)


def shown_part(key: str, at: datetime) -> PagePart | None:
    """Return what the public page of a challenge says about reading its entries, nothing while nobody may."""
    challenge = Challenge.objects.filter(key=key, status__in=OPEN, closes_at__lte=at).first()
    stages = [stage for stage in stages_of(challenge) if stage.circle and stage.opens_at <= at] if challenge else []
    if challenge is None or not stages:
        return None
    context = {"challenge": challenge, "stage": stages[-1], "is_over": at >= stages[-1].closes_at}
    return PagePart("ideas/_shown.html", context, style="ideas/ideas.css", order=10)
