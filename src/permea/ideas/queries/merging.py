"""Merged entries: which are proposed, asked about and merged, who has credit, what stands against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.challenges.models import Challenge
from permea.foundation.refusals import Refusal
from permea.ideas import rules
from permea.ideas.models import Attachment, Contributor, Idea, Merge, MergeStep, PairSearch, SimilarPair
from permea.ideas.queries import access, inside, similar
from permea.ideas.queries.credit import Credit, credit_of
from permea.people.models import Person
from permea.people.queries import role_in
from permea.surface.meaning import encoder

PAGE_SIZE = 20
Bar = Callable[[int, int], Refusal | None]
Count = Callable[[Collection[int]], int]
_bars: list[Bar] = []
_counts: list[Count] = []


def register_bar(bar: Bar) -> Bar:
    """Let a later step say why an entry may not be merged into another (by row numbers)."""
    if bar not in _bars:
        _bars.append(bar)
    return bar


def register_review_count(count: Count) -> Count:
    """Let a later step say how many reviews and comparisons of entries do not count while they are merged."""
    if count not in _counts:
        _counts.append(count)
    return count


def barred(idea_id: int, lead_id: int) -> Refusal | None:
    """Return what later steps have against merging an entry into another, None if nothing."""
    return next((refusal for bar in _bars if (refusal := bar(idea_id, lead_id)) is not None), None)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two entries proposed as one, and what speaks for it beside the score."""

    pair: SimilarPair
    is_same_author: bool
    is_same_title: bool


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge in the list: what happened last, and what may be done."""

    merge: Merge
    steps: list[MergeStep]
    is_lapsed: bool
    undo_blocked: Refusal | None

    @property
    def last(self) -> MergeStep:
        """Return what happened last."""
        return self.steps[-1]


@dataclass(frozen=True, slots=True)
class MergeQuestion:
    """What an author is asked: the merge, its story so far, and the lead's title where they may see it."""

    merge: Merge
    steps: list[MergeStep]
    lead_title: str

    @property
    def asked(self) -> MergeStep:
        """Return the step in which they were asked."""
        return self.steps[0]


@dataclass(frozen=True, slots=True)
class SimilarPage:
    """The similar entries of a challenge: proposals page by page, open questions, merges done and past."""

    challenge: Challenge
    search: PairSearch | None
    n_entries: int
    n_read: int | None  # of how many entries the meaning is known; None where no encoder is installed
    page: Page[SimilarPair]
    proposals: list[Proposal]
    asked: list[MergeRow]
    done: list[MergeRow]
    past: list[MergeRow]

    @property
    def is_outdated(self) -> bool:
        """Say whether entries came or went since they were last compared with each other."""
        return self.search is None or self.search.n_entries != self.n_entries

    @property
    def is_read(self) -> bool:
        """Say whether the meaning of all entries is known, or none can be."""
        return self.n_read in {None, self.n_entries}


@dataclass(frozen=True, slots=True)
class Side:
    """One of two entries side by side, its text in parts with whether both say them."""

    idea: Idea
    title: list[tuple[str, bool]]
    summary: list[tuple[str, bool]]
    body: list[tuple[str, bool]]
    n_reviews: int


@dataclass(frozen=True, slots=True)
class PairPage:
    """Two entries side by side, what they share, and why they may not be merged."""

    challenge: Challenge
    sides: list[Side]
    pair: SimilarPair | None
    words: list[str]
    is_same_author: bool
    is_same_title: bool
    asked: Merge | None
    merge_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class MergedText:
    """A merged entry as it is read beside its lead: text, files and, where names are shown, who wrote it."""

    idea: Idea
    files: list[Attachment]
    credit: Credit | None


def similar_page(actor: Person, challenge: Challenge, at: datetime, *, page: int = 1) -> SimilarPage:
    """Return the page of similar entries of a closed challenge the actor manages (see `inside.sealed_state`)."""
    entries = {"first__status": Idea.Status.SUBMITTED, "second__status": Idea.Status.SUBMITTED}
    related = ("first__author", "second__author")
    pairs = SimilarPair.objects.filter(challenge=challenge, apart_at__isnull=True, **entries).select_related(*related)
    shown = Paginator(pairs.order_by("-score", "pk"), PAGE_SIZE).get_page(page)
    rows = _merge_rows(actor, challenge, at)
    release = encoder().version
    n_entries, n_read = similar.n_read(challenge, release)
    return SimilarPage(
        challenge=challenge,
        search=similar.pair_search(challenge),
        n_entries=n_entries,
        n_read=n_read if release else None,
        page=shown,
        proposals=[_proposal(pair) for pair in shown],
        asked=[row for row in rows if row.merge.state == Merge.State.ASKED],
        done=[row for row in rows if row.merge.state == Merge.State.DONE],
        past=[row for row in rows if row.merge.state not in {Merge.State.ASKED, Merge.State.DONE}],
    )


def _proposal(pair: SimilarPair) -> Proposal:
    """Return a pair with what speaks for it."""
    is_same_author = pair.first.author_id == pair.second.author_id
    return Proposal(pair, is_same_author, rules.is_same_title(pair.first, pair.second))


def _merge_rows(actor: Person, challenge: Challenge, at: datetime) -> list[MergeRow]:
    """Return the merges of a challenge with their steps, the last one changed first."""
    role = role_in(actor, challenge.organisation_id)
    merges = Merge.objects.filter(idea__challenge=challenge).select_related("idea__author", "lead", "idea__challenge")
    merges = merges.prefetch_related("steps__person").order_by("-changed_at", "-pk")
    return [
        MergeRow(
            merge=merge,
            steps=sorted(merge.steps.all(), key=lambda step: step.pk),
            is_lapsed=rules.is_lapsed(merge, at=at),
            undo_blocked=rules.why_not_undo(merge, role=role),
        )
        for merge in merges
    ]


def managed_merge(actor: Person, challenge_key: str, merge_key: str) -> Merge:
    """Return a merge of a challenge the actor manages. Raises Http404 for all others."""
    challenge = inside.managed_challenge(actor, challenge_key)
    return get_object_or_404(Merge.objects.filter(idea__challenge=challenge), key=merge_key)


def pair_page(actor: Person, challenge: Challenge, keys: tuple[str, str], at: datetime) -> PairPage:
    """Return two handed-in entries of a managed challenge side by side. Raises Http404 for others, and while sealed."""
    readable = inside.opened(actor, challenge, at, with_merged=True).select_related("author", "challenge")
    found = {idea.key: idea for idea in readable.filter(key__in=keys)}
    if len(set(keys)) != len(keys) or set(keys) != set(found):
        raise Http404
    first, second = sorted(found.values(), key=lambda idea: idea.pk)
    pair = SimilarPair.objects.filter(first=first, second=second).first()
    words = pair.words if pair is not None else similar.shared_words(challenge, first, second)
    asked = Merge.objects.filter(idea__in=(first, second), state=Merge.State.ASKED).order_by("pk").first()
    role = role_in(actor, challenge.organisation_id)
    one_way, other_way = (
        rules.why_not_merge(idea, lead, role=role, barred=barred(idea.pk, lead.pk), at=at)
        for idea, lead in ((first, second), (second, first))
    )
    return PairPage(
        challenge=challenge,
        sides=[_side(first, words), _side(second, words)],
        pair=pair,
        words=words,
        is_same_author=first.author_id == second.author_id,
        is_same_title=rules.is_same_title(first, second),
        asked=asked,
        merge_blocked=(one_way if other_way is not None else None) or rules.why_not_over_question(asked, at=at),
    )


def _side(idea: Idea, words: Collection[str]) -> Side:
    """Return an entry with the shared words marked."""
    title, summary, body = (rules.marked(text, words) for text in (idea.title, idea.summary, idea.body))
    return Side(idea, title, summary, body, sum(count([idea.pk]) for count in _counts))


def question_to(actor: Person, key: str) -> MergeQuestion:
    """Return what an author is or was asked about an own entry last. Raises Http404 for all others.

    Of the leading entry they see the title only if it is theirs too.
    """
    own = Contributor.objects.filter(person=actor, idea__key=key).values("idea_id")
    asked = Merge.objects.filter(idea__in=own, answer_by__isnull=False)
    merge = asked.select_related("idea__challenge__organisation", "lead").order_by("-pk").first()
    if merge is None:
        raise Http404
    steps = list(merge.steps.select_related("person").order_by("pk"))
    is_theirs = access.is_contributor(actor, merge.lead)
    return MergeQuestion(merge, steps, merge.lead.title if is_theirs else "")


def merge_of(idea: Idea) -> MergeRow | None:
    """Return how an entry came to be merged, None if it is not."""
    merge = Merge.objects.filter(idea=idea, state=Merge.State.DONE).select_related("idea__challenge", "lead").first()
    if merge is None:
        return None
    steps = list(merge.steps.select_related("person").order_by("pk"))
    return MergeRow(merge, steps, is_lapsed=False, undo_blocked=None)


def open_question_of(idea: Idea) -> Merge | None:
    """Return the merge the author of an entry is asked about, None if they are not."""
    return Merge.objects.filter(idea=idea, state=Merge.State.ASKED).first()


def merged_texts(lead: Idea, *, with_names: bool) -> list[MergedText]:
    """Return what is merged into an entry, the first handed in first, without names for blind judging."""
    if not lead.n_merged:
        return []
    ideas = list(Idea.objects.filter(merged_into=lead).order_by("submitted_at", "pk"))
    shared = credit_of([idea.pk for idea in ideas]) if with_names else {}
    return [MergedText(idea, _files_of(idea), shared.get(idea.pk)) for idea in ideas]


def _files_of(idea: Idea) -> list[Attachment]:
    """Return the files that were handed in with an entry, in its order."""
    keys = access.handed_in_keys(idea)
    found = {file.key: file for file in Attachment.objects.filter(idea=idea, key__in=keys).exclude(path="")}
    return [found[key] for key in keys if key in found]


def people_behind(ideas: Collection[int] | QuerySet[Idea, Any], *, with_merged: bool = True) -> dict[int, list[Person]]:
    """Return everybody who has credit for each entry (by row number): its contributors, and those merged into it."""
    theirs = Q(idea__in=ideas)
    if with_merged:
        theirs |= Q(idea__merged_into__in=ideas)
    rows = Contributor.objects.filter(theirs).annotate(lead=F("idea__merged_into")).select_related("person")
    behind: dict[int, list[Person]] = defaultdict(list)
    for row in rows.order_by("pk"):
        place = row.lead if with_merged and row.lead else row.idea_id
        if row.person not in behind[place]:
            behind[place].append(row.person)
    return dict(behind)


def credited(idea: Idea) -> list[Person]:
    """Return everybody who has credit for an entry, those of merged ones included, its own contributors first."""
    own = people_behind([idea.pk], with_merged=False).get(idea.pk, [])
    everybody = people_behind([idea.pk]).get(idea.pk, [])
    return [*own, *(person for person in everybody if person not in own)]
