"""Which entries build on which, as far as the reader may know either; where somebody can take one further."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from permea.challenges.models import Challenge
from permea.ideas import rules
from permea.ideas.models import BuildsOn, Idea
from permea.ideas.queries import access
from permea.ideas.queries.shown import shown_idea
from permea.people.models import Person

HANDED_IN = (Idea.Status.SUBMITTED, Idea.Status.MERGED)
MOST_PLACES = 20


@dataclass(frozen=True, slots=True)
class Lineage:
    """What an entry builds on and what builds on it, as far as the reader may read them; how many more there are."""

    earlier: list[Idea]
    n_earlier_unread: int
    later: list[Idea]
    n_later_unread: int

    def __bool__(self) -> bool:
        """Say whether there is anything to tell."""
        return bool(self.earlier or self.n_earlier_unread or self.later or self.n_later_unread)


@dataclass(frozen=True, slots=True)
class Places:
    """Where somebody can take an entry further: entries they write, and challenges that take new ones."""

    entries: list[Idea]
    challenges: list[Challenge]


def built_on(idea: Idea) -> list[Idea]:
    """Return the earlier entries an entry names, in the order they were named."""
    rows = BuildsOn.objects.filter(idea=idea).select_related("earlier__challenge__organisation").order_by("pk")
    return [row.earlier for row in rows]


def lineage_of(actor: Person, idea: Idea, at: datetime) -> Lineage:
    """Return what an entry builds on and what builds on it; entries that are still sealed are not even counted."""
    earlier = [row.pk for row in built_on(idea)]
    later = list(_opened(at).filter(earlier=idea).values_list("idea_id", flat=True))
    seen = access.ideas_visible_to(actor, at).filter(pk__in=[*earlier, *later], text_removed_at__isnull=True)
    rows = {row.pk: row for row in seen}
    return Lineage(
        [rows[pk] for pk in earlier if pk in rows],
        sum(pk not in rows for pk in earlier),
        [rows[pk] for pk in later if pk in rows],
        sum(pk not in rows for pk in later),
    )


def built_on_by(idea_ids: Collection[int], at: datetime) -> dict[int, frozenset[int]]:
    """Return which entries build on each of these; those that are still sealed are not among them."""
    found: dict[int, set[int]] = {}
    for earlier, later in _opened(at).filter(earlier__in=idea_ids).values_list("earlier_id", "idea_id"):
        found.setdefault(earlier, set()).add(later)
    return {earlier: frozenset(later) for earlier, later in found.items()}


def _opened(at: datetime) -> QuerySet[BuildsOn]:
    """Return what handed-in entries of closed challenges say."""
    return BuildsOn.objects.filter(idea__status__in=HANDED_IN, idea__challenge__closes_at__lte=at).order_by("pk")


def places_to_build(actor: Person, earlier: Idea, at: datetime) -> Places:
    """Return where the actor can take an entry further, inside the firm it was handed in to."""
    open_now = Challenge.objects.filter(
        organisation_id=earlier.organisation_id,
        status=Challenge.Status.PUBLISHED,
        opens_at__lte=at,
        closes_at__gt=at,
    ).order_by("closes_at", "pk")[:MOST_PLACES]
    own = Idea.objects.filter(contributors__person=actor, organisation_id=earlier.organisation_id)
    mine = own.exclude(pk=earlier.pk).select_related("challenge").defer("body", "search_text").order_by("-saved_at")
    written = [idea for idea in mine[:MOST_PLACES] if rules.changeable_until(idea, at=at)]
    return Places(written, list(open_now))


def place_to_build(actor: Person, earlier: Idea, key: str, at: datetime) -> Idea | Challenge | None:
    """Return the place with this key among those where the actor can take an entry further, or None."""
    places = places_to_build(actor, earlier, at)
    by_key: dict[str, Idea | Challenge] = {place.key: place for place in places.entries}
    return (by_key | {place.key: place for place in places.challenges}).get(key)


def readable_by_key(actor: access.Actor, key: str, organisation_id: int, at: datetime) -> Idea | None:
    """Return the entry of a firm with this key if the actor reads it as one of a circle, or None."""
    idea = Idea.objects.filter(key=key, organisation_id=organisation_id).select_related("challenge").first()
    try:
        return shown_idea(actor, idea.challenge.key, key, at)[1] if idea else None
    except Http404:
        return None
