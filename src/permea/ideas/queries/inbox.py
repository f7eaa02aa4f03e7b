"""What those who manage see of boxes and of what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.challenges.models import Challenge
from permea.foundation.refusals import Refusal
from permea.ideas import rules
from permea.ideas.models import Idea, IdeaBox, Posting, PostingStep
from permea.people.models import Organisation, Person
from permea.people.queries import managed_organisation_ids, role_in
from permea.people.rules import MANAGING
from permea.surface.registry import TodayItem
from permea_engine.similarity import build_index

PER_PAGE = 25
COMPARED, OFFERED = 300, 8
WAITING = (Posting.Status.NEW, Posting.Status.CONSIDERED)
WAITING_FILTER = "waiting"
_told = Q(answered_at__isnull=False) | Q(merged_into__answered_at__isnull=False)
_taken_up = Q(status=Posting.Status.TAKEN_UP) | Q(merged_into__status=Posting.Status.TAKEN_UP)


@dataclass(frozen=True, slots=True)
class InboxFilters:
    """What to look for in the inbox; empty means everything. `state` is "waiting", "all" or a status."""

    text: str = ""
    state: str = WAITING_FILTER
    kind: str = ""
    source: str = ""
    box: str = ""


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How much came from a kind of source, how much of it has an answer, how much was taken up."""

    label: str
    n_received: int
    n_answered: int
    n_taken_up: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of the inbox, with its numbers."""

    page: Page[Any]  # postings, each with `n_merged`
    n_waiting: int
    n_all: int
    n_overdue: int
    sources: list[SourceCount]
    boxes: list[IdeaBox]


@dataclass(frozen=True, slots=True)
class PostingPage:
    """One posting as those who manage see it, and what they may do."""

    posting: Posting
    main: Posting
    merged: list[Posting]
    steps: list[PostingStep]
    similar: list[Posting]
    consider_blocked: Refusal | None
    merge_blocked: Refusal | None
    unmerge_blocked: Refusal | None
    answer_blocked: Refusal | None
    challenge_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class BoxRow:
    """A box and what is in it."""

    box: IdeaBox
    n_received: int
    n_waiting: int


def inbox(organisation: Organisation, at: datetime, *, filters: InboxFilters, page: int) -> Inbox:
    """Return a page of what came into an organisation's boxes: what waits by its deadline, else the newest first."""
    rows = Posting.objects.filter(organisation=organisation)
    counts = rows.aggregate(
        n_all=Count("pk"),
        n_waiting=Count("pk", filter=Q(status__in=WAITING)),
        n_overdue=Count("pk", filter=Q(status__in=WAITING, answer_due_at__lte=at)),
    )
    order = ("answer_due_at", "pk") if filters.state == WAITING_FILTER else ("-received_at", "-pk")
    found = _filtered(rows, filters).select_related("box", "merged_into").annotate(n_merged=Count("merged"))
    return Inbox(
        page=Paginator(found.order_by(*order), PER_PAGE).get_page(page),
        sources=_source_counts(rows),
        boxes=list(IdeaBox.objects.filter(organisation=organisation).order_by("created_at", "pk")),
        **counts,
    )


def box_titles(organisation: Organisation) -> list[IdeaBox]:
    """Return the boxes of an organisation by key and title only, the oldest first."""
    return list(IdeaBox.objects.filter(organisation=organisation).only("key", "title").order_by("created_at", "pk"))


def _filtered(rows: QuerySet[Posting], filters: InboxFilters) -> QuerySet[Posting]:
    """Return the postings the filters ask for."""
    if filters.state == WAITING_FILTER:
        rows = rows.filter(status__in=WAITING)
    elif filters.state in Posting.Status.values:
        rows = rows.filter(status=filters.state)
    for word in rules.search_text_of(filters.text, "").split():
        rows = rows.filter(search_text__contains=word)
    exact = {"kind": filters.kind, "source": filters.source, "box__key": filters.box}
    return rows.filter(**{name: value for name, value in exact.items() if value})


def _source_counts(rows: QuerySet[Posting]) -> list[SourceCount]:
    """Return the numbers of each kind of source, in their fixed order; those nothing came from are left out."""
    found = {
        row["source"]: row
        for row in rows.values("source").annotate(
            n_received=Count("pk"),
            n_answered=Count("pk", filter=_told),
            n_taken_up=Count("pk", filter=_taken_up),
        )
    }
    return [
        SourceCount(str(label), row["n_received"], row["n_answered"], row["n_taken_up"])
        for source, label in Idea.Source.choices
        if (row := found.get(source)) is not None
    ]


def posting_for(actor: Person, key: str) -> Posting:
    """Return a posting of an organisation the actor manages. Raises Http404 for all others."""
    managed = Posting.objects.filter(organisation_id__in=managed_organisation_ids(actor))
    related = ("box", "merged_into", "became_challenge", "answered_by", "merged_into__answered_by", "sender")
    return get_object_or_404(managed.select_related(*related), key=key)


def posting_with_photo(actor: Person, key: str) -> Posting:
    """Return a posting the actor may read that has a photo. Raises Http404 for all others."""
    posting = posting_for(actor, key)
    if not posting.photo_path:
        raise Http404
    return posting


def posting_page(actor: Person, key: str) -> PostingPage:
    """Return a posting with its log, its like and what the actor may do. Raises Http404 as `posting_for`."""
    posting = posting_for(actor, key)
    role = role_in(actor, posting.organisation_id)
    merged = list(posting.merged.select_related("box").order_by("received_at", "pk"))
    answered = {"outcome": Posting.Status.TAKEN_UP, "reason": "", "words": "–"}
    consider_blocked = rules.why_not_consider(posting, role=role)
    other, n_merged = _any_other(posting), len(merged)
    return PostingPage(
        posting=posting,
        main=posting.merged_into or posting,
        merged=merged,
        steps=list(posting.steps.select_related("person", "other").order_by("at", "pk")),
        similar=[] if consider_blocked else _similar_to(posting),
        consider_blocked=consider_blocked,
        merge_blocked=rules.why_not_merge_posting(posting, other, role=role, n_merged=n_merged, why="–"),
        unmerge_blocked=rules.why_not_unmerge(posting, role=role),
        answer_blocked=rules.why_not_answer_posting(posting, role=role, **answered),
        challenge_blocked=rules.why_not_draft_challenge(posting, role=role),
    )


def _any_other(posting: Posting) -> Posting:
    """Return some other posting of the same organisation, to ask whether this one could be merged at all."""
    return Posting(organisation_id=posting.organisation_id, status=Posting.Status.NEW)


def mergeable_with(posting: Posting) -> QuerySet[Posting]:
    """Return what a posting can be merged into, the newest first."""
    return (
        Posting.objects.filter(organisation_id=posting.organisation_id, text_removed_at__isnull=True)
        .exclude(status__in=(Posting.Status.MERGED, Posting.Status.WITHDRAWN))
        .exclude(pk=posting.pk)
        .order_by("-received_at", "-pk")
    )


def _similar_to(posting: Posting) -> list[Posting]:
    """Return what says nearly the same, the most similar first, then the newest, up to as many as a list shows."""
    others = list(mergeable_with(posting)[:COMPARED])
    if not others or not posting.text:
        return []
    found = _index_of(tuple(other.text for other in others)).nearest(posting.text, OFFERED, exact=True)
    nearest = [others[position] for position in found.positions]
    return [*nearest, *(other for other in others if other not in nearest)][:OFFERED]


@lru_cache(maxsize=16)
def _index_of(texts: tuple[str, ...]) -> Any:
    """Return the texts ready to be searched; looking through an inbox asks for the same ones again and again."""
    return build_index(texts)


def main_for(actor: Person, posting: Posting, key: str) -> Posting | None:
    """Return what a member chose to merge a posting into, or None if it is nothing that can be chosen."""
    if role_in(actor, posting.organisation_id) is None:
        return None
    return mergeable_with(posting).filter(key=key).first()


def boxes_of(organisation: Organisation) -> list[BoxRow]:
    """Return an organisation's boxes with what is in them, the oldest first."""
    rows = IdeaBox.objects.filter(organisation=organisation).annotate(
        n_received=Count("postings"), n_waiting=Count("postings", filter=Q(postings__status__in=WAITING))
    )
    return [BoxRow(row, row.n_received, row.n_waiting) for row in rows.order_by("created_at", "pk")]


def managed_box(actor: Person, key: str) -> IdeaBox:
    """Return a box of an organisation the actor manages. Raises Http404 for all others."""
    managed = IdeaBox.objects.filter(organisation_id__in=managed_organisation_ids(actor))
    return get_object_or_404(managed.select_related("organisation"), key=key)


def origins_of(challenge: Challenge) -> list[tuple[str, str]]:
    """Return title and address of the postings a challenge was made of."""
    rows = Posting.objects.filter(became_challenge=challenge).order_by("received_at", "pk")
    return [(row.title, reverse("ideas:posting", args=[row.key])) for row in rows]


def today_postings(actor: Person, organisation: Organisation, role: str, at: datetime) -> Iterator[TodayItem]:
    """Return one item for each box in which something waits, due when the first of it is; one query."""
    del actor, at
    if role not in MANAGING:
        return
    rows = (
        IdeaBox.objects.filter(organisation=organisation, postings__status__in=WAITING)
        .annotate(n_waiting=Count("postings"), due_at=Min("postings__answer_due_at"))
        .order_by("due_at", "pk")
    )
    for box in rows:
        waiting = ngettext(
            "%(number)d need or idea waits for an answer.",
            "%(number)d needs and ideas wait for an answer.",
            box.n_waiting,
        )
        yield TodayItem(
            title=box.title,
            detail=waiting % {"number": box.n_waiting},
            url=reverse("ideas:inbox", query={"box": box.key}),
            due_at=box.due_at,
            kind="posting",
            action=_("Answer"),
        )
