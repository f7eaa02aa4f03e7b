"""What managers see of the ideas in a challenge: counts while it is sealed, then a list to filter, search and sort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404

from permea.challenges.models import Challenge
from permea.ideas.models import Idea
from permea.ideas.queries.words import with_words
from permea.people.models import Person
from permea.people.queries import managed_organisation_ids

PAGE_SIZE = 50
ORDERS = {
    "submitted": ("submitted_at", "pk"),
    "-submitted": ("-submitted_at", "-pk"),
    "title": ("search_text", "pk"),
    "-title": ("-search_text", "-pk"),
    "money": ("asked_money", "pk"),
    "-money": ("-asked_money", "-pk"),
}
SHOWN = (
    "key",
    "title",
    "summary",
    "language",
    "source",
    "country",
    "affiliation",
    "asked_money",
    "asked_days",
    "submitted_at",
    "n_versions",
    "n_files",
    "n_merged",
    "channel",
    "text_removed_at",
    "author__name",
    "author__email",
    "author__erased_at",
    "challenge_id",
    "organisation_id",
    "status",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody looks for in the list."""

    text: str = ""
    source: str = ""
    language: str = ""
    theme: str = ""
    sort: str = "-submitted"


@dataclass(frozen=True, slots=True)
class EntriesPage:
    """One page of the list, and by what it can be narrowed."""

    challenge: Challenge
    page: Page[Idea]
    filters: Filters
    languages: list[str]
    sources: list[str]


@dataclass(frozen=True, slots=True)
class EntryCounts:
    """How many entries there are, which everybody may know."""

    submitted: int
    begun: int
    withdrawn: int
    merged: int


def managed_challenge(actor: Person, key: str) -> Challenge:
    """Return a published challenge the actor may manage. Raises Http404 for all others."""
    managed = Challenge.objects.filter(organisation_id__in=managed_organisation_ids(actor))
    return get_object_or_404(managed.exclude(status=Challenge.Status.DRAFT).select_related("organisation"), key=key)


def entry_counts(challenge: Challenge) -> EntryCounts:
    """Return how many entries are handed in, begun and withdrawn, and nothing about any of them."""
    rows = Idea.objects.filter(challenge=challenge).values_list("status").annotate(n=Count("pk")).order_by()
    found = dict(rows)
    return EntryCounts(
        submitted=found.get(Idea.Status.SUBMITTED, 0),
        begun=found.get(Idea.Status.DRAFT, 0),
        withdrawn=found.get(Idea.Status.WITHDRAWN, 0),
        merged=found.get(Idea.Status.MERGED, 0),
    )


def sealed_state(actor: Person, key: str, at: datetime) -> tuple[Challenge, EntryCounts, bool]:
    """Return a managed challenge, its counts and whether it is still sealed. Raises Http404 if not managed."""
    challenge = managed_challenge(actor, key)
    return challenge, entry_counts(challenge), challenge.is_sealed_at(at)


def opened(actor: Person, challenge: Challenge, at: datetime, *, with_merged: bool = False) -> QuerySet[Idea]:
    """Return the handed-in ideas of a challenge the actor manages, none while it is sealed; merged ones if wanted."""
    if challenge.is_sealed_at(at) or challenge.organisation_id not in managed_organisation_ids(actor):
        return Idea.objects.none()
    wanted = [Idea.Status.SUBMITTED, Idea.Status.MERGED] if with_merged else [Idea.Status.SUBMITTED]
    return Idea.objects.filter(challenge=challenge, status__in=wanted)


def entries_of(
    actor: Person, challenge: Challenge, at: datetime, *, filters: Filters, page: int, size: int = PAGE_SIZE
) -> EntriesPage:
    """Return one page of the handed-in ideas of a challenge; of a sealed one an empty page."""
    readable = opened(actor, challenge, at)
    kinds = list(readable.order_by().values_list("source", "language").distinct())
    sources = {source for source, _language in kinds}
    found = _narrowed(readable, filters).order_by(*ORDERS.get(filters.sort, ORDERS["-submitted"]))
    return EntriesPage(
        challenge=challenge,
        page=_page_of(found, page, size),
        filters=filters,
        languages=sorted({language for _source, language in kinds}),
        sources=[source for source in Idea.Source.values if source in sources],
    )


def _page_of(found: QuerySet[Idea], number: int, size: int) -> Page[Idea]:
    """Return a page; which entries stand on it is found out before any text is read: deep pages skip an index only."""
    page = Paginator(found, size).get_page(number)
    first = (page.number - 1) * size
    keys = list(found.values_list("pk", flat=True)[first : first + size])
    rows = Idea.objects.select_related("author").only(*SHOWN).in_bulk(keys)
    page.object_list = [rows[key] for key in keys if key in rows]
    return page


def _narrowed(ideas: QuerySet[Idea], filters: Filters) -> QuerySet[Idea]:
    """Return the ideas that fit the filters; every word must occur in title or summary, or begin a word there."""
    ideas = with_words(ideas, filters.text)
    if filters.source:
        ideas = ideas.filter(source=filters.source)
    if filters.theme:
        ideas = ideas.filter(in_theme__theme__key=filters.theme)
    return ideas.filter(language=filters.language) if filters.language else ideas


def existing_external_ids(challenge: Challenge) -> set[str]:
    """Return the numbers other systems gave to the ideas that are in the challenge already."""
    return set(Idea.objects.filter(challenge=challenge).exclude(external_id="").values_list("external_id", flat=True))
