"""Reading reviews: the evaluator's queue, one sheet, and who may see whose judgement."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from permea.challenges.models import Challenge, Criterion
from permea.challenges.queries import criteria_of
from permea.evaluation import rules
from permea.evaluation.models import Assignment, Comparison, Panelist, Review, ReviewDraft, Score
from permea.foundation.refusals import Refusal
from permea.ideas.models import Attachment, Idea
from permea.ideas.queries import MergedText, handed_in_keys, merged_texts
from permea.people.models import Person
from permea.people.queries import managed_organisation_ids

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One idea waiting for this evaluator."""

    assignment: Assignment
    title: str
    has_draft: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """What an evaluator is asked to do on one panel now: never more than the minutes they state."""

    panelist: Panelist
    challenge: Challenge
    items: list[QueueItem]
    minutes_each: int
    n_waiting: int
    n_done: int
    n_week: int
    n_compared: int
    judge_blocked: Refusal | None

    @property
    def is_comparing(self) -> bool:
        """Say whether pairs wait to be compared."""
        return self.judge_blocked is None and self.panelist.panel.is_comparing

    @property
    def n_fit(self) -> int:
        """Return how many comparisons fit into the minutes stated for a week."""
        return rules.comparisons_that_fit(
            self.panelist.minutes_per_week, minutes_reviewing=self.n_week * self.minutes_each
        )

    @property
    def minutes(self) -> int:
        """Return how long the listed items take."""
        return len(self.items) * self.minutes_each


@dataclass(frozen=True, slots=True)
class SheetMark:
    """A criterion on a review sheet and the mark given so far."""

    criterion: Criterion
    value: int | None


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """Everything an evaluator needs to judge one idea, and nothing that would sway them."""

    assignment: Assignment
    challenge: Challenge
    idea: Idea
    marks: list[SheetMark]
    draft: dict[str, Any]
    saved_at: datetime | None
    attachments: list[Attachment]
    own_review: Review | None
    next_key: str
    position: int
    n_in_queue: int
    submit_blocked: Refusal | None
    contributors: list[Person] = field(default_factory=list)
    merged: list[MergedText] = field(default_factory=list)


def _assignments_of(actor: Person) -> QuerySet[Assignment]:
    """Return the actor's assignments on seats they still hold."""
    return Assignment.objects.filter(
        panelist__person=actor, panelist__left_at__isnull=True, idea__status=Idea.Status.SUBMITTED
    ).select_related("panelist__panel__challenge__organisation", "idea")


def my_queue(actor: Person, *, at: datetime) -> list[Queue]:
    """Return what waits for the actor, one queue a panel, in each evaluator's own random order."""
    seats = list(
        Panelist.objects.filter(person=actor, joined_at__isnull=False, left_at__isnull=True)
        .filter(panel__challenge__status=Challenge.Status.PUBLISHED)
        .select_related("panel__challenge__organisation")
        .annotate(
            n_done=Count("assignments", filter=Q(assignments__status="done")),
            n_week=Count("assignments", filter=Q(assignments__status="done", assignments__ended_at__gt=at - WEEK)),
        )
        .order_by("panel__challenge__decide_by", "pk")
    )
    waiting: dict[int, list[Assignment]] = {}
    rows = _waiting(Assignment.objects.filter(panelist__in=[seat.pk for seat in seats])).select_related("idea")
    for assignment in rows.only("key", "panelist_id", "idea__title"):
        waiting.setdefault(assignment.panelist_id, []).append(assignment)
    made = Comparison.objects.filter(panelist__in=[seat.pk for seat in seats], retracted_at__isnull=True)
    compared = dict(made.filter(made_at__gt=at - WEEK).values_list("panelist").annotate(n=Count("pk")))
    return [_queue(seat, waiting.get(seat.pk, []), compared.get(seat.pk, 0), at) for seat in seats]


def _queue(seat: Any, waiting: list[Any], n_compared: int, at: datetime) -> Queue:
    """Return one panel's queue, cut to the minutes stated."""
    panel = seat.panel
    blocked = rules.why_not_judge_now(panel.challenge, at=at)
    room = rules.queue_size(seat.minutes_per_week, panel.minutes_per_review, seat.n_week, n_compared)
    room = 0 if blocked else room
    items = [QueueItem(row, row.idea.title, row.has_draft) for row in waiting[:room]]
    return Queue(
        panelist=seat,
        challenge=panel.challenge,
        items=items,
        minutes_each=panel.minutes_per_review,
        n_waiting=0 if blocked else len(waiting),
        n_done=seat.n_done,
        n_week=seat.n_week,
        n_compared=n_compared,
        judge_blocked=blocked,
    )


def assignment_for(actor: Person, assignment_key: str, *, at: datetime) -> Assignment:
    """Return one of the actor's own assignments. Raises Http404 for any other, and while sealed."""
    assignment = (
        _assignments_of(actor)
        .filter(key=assignment_key, status__in=(Assignment.Status.OPEN, Assignment.Status.DONE))
        .first()
    )
    if assignment is None or rules.why_not_begun(assignment.panelist.panel.challenge, at=at):
        raise Http404
    return assignment


def next_in_queue(assignment: Assignment, *, at: datetime) -> str:
    """Return the key of what the evaluator judges after this one, empty if nothing is left for now."""
    return next((key for key in _keys_in_queue(assignment.panelist, at) if key != assignment.key), "")


def review_sheet(actor: Person, assignment_key: str, *, at: datetime) -> ReviewSheet:
    """Return the sheet for one of the actor's own assignments. Raises Http404 for any other, and while sealed."""
    assignment = assignment_for(actor, assignment_key, at=at)
    challenge = assignment.panelist.panel.challenge
    draft = ReviewDraft.objects.filter(assignment=assignment).first()
    own = Review.objects.filter(panelist=assignment.panelist, idea=assignment.idea, superseded_at__isnull=True).first()
    content = draft.content if draft else _content_of(own)
    queue = _keys_in_queue(assignment.panelist, at)
    rest = [key for key in queue if key != assignment.key]
    return ReviewSheet(
        assignment=assignment,
        challenge=challenge,
        idea=assignment.idea,
        marks=[SheetMark(one, content.get("scores", {}).get(one.key)) for one in criteria_of(challenge)],
        draft=content,
        saved_at=draft.saved_at if draft else None,
        attachments=_files(assignment.idea),
        own_review=own,
        next_key=rest[0] if rest else "",
        position=queue.index(assignment.key) + 1 if assignment.key in queue else 0,
        n_in_queue=len(queue),
        submit_blocked=rules.why_not_review(assignment, actor, at=at),
        contributors=[] if challenge.is_blind else _contributors(assignment.idea),
        merged=merged_texts(assignment.idea, with_names=not challenge.is_blind),
    )


def _files(idea: Idea) -> list[Attachment]:
    """Return the files that were handed in with the idea, in its order."""
    keys = handed_in_keys(idea)
    found = {file.key: file for file in idea.attachments.filter(key__in=keys)}
    return [found[key] for key in keys if key in found]


def ideas_given_to(actor: Person, at: datetime) -> QuerySet[Idea]:
    """Return the ideas the actor is asked to judge, for the steps before that guard what may be read."""
    given = _assignments_of(actor).filter(status__in=(Assignment.Status.OPEN, Assignment.Status.DONE))
    return Idea.objects.filter(pk__in=given.filter(idea__challenge__closes_at__lte=at).values("idea"))


def _keys_in_queue(seat: Panelist, at: datetime) -> list[str]:
    """Return the keys of one panel's queue in its order, and nothing else: every saved review asks for them."""
    panel = seat.panel
    if rules.why_not_judge_now(panel.challenge, at=at):
        return []
    mine = Assignment.objects.filter(panelist=seat)
    n_week = mine.filter(status=Assignment.Status.DONE, ended_at__gt=at - WEEK).count()
    n_compared = seat.comparisons.filter(retracted_at__isnull=True, made_at__gt=at - WEEK).count()
    room = rules.queue_size(seat.minutes_per_week, panel.minutes_per_review, n_week, n_compared)
    return list(_waiting(mine).values_list("key", flat=True)[:room])


def _waiting(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Return those that still wait, begun ones first, then in the judge's own random order."""
    drafts = Exists(ReviewDraft.objects.filter(assignment=OuterRef("pk")))
    waiting = assignments.filter(status=Assignment.Status.OPEN, idea__status=Idea.Status.SUBMITTED)
    return waiting.annotate(has_draft=drafts).order_by("-has_draft", "position")


def _content_of(review: Review | None) -> dict[str, Any]:
    """Return a review as the content of a sheet."""
    if review is None:
        return {}
    marks = Score.objects.filter(review=review).select_related("criterion")
    return {
        "scores": {score.criterion.key: score.value for score in marks},
        "recommendation": review.recommendation,
        "reason": review.reason,
        "private_note": review.private_note,
    }


def _contributors(idea: Idea) -> list[Person]:
    """Return the people behind an idea."""
    return list(Person.objects.filter(contributions__idea=idea).order_by("contributions__pk"))


def idea_for_evaluator(actor: Person, idea_key: str, *, at: datetime) -> Idea | None:
    """Return an idea the actor is asked to judge and may read at `at`, or None."""
    assignment = (
        _assignments_of(actor)
        .filter(idea__key=idea_key, status__in=(Assignment.Status.OPEN, Assignment.Status.DONE))
        .first()
    )
    if assignment is None or rules.why_not_begun(assignment.panelist.panel.challenge, at=at):
        return None
    return assignment.idea


def reviews_visible_to(actor: Person, idea: Idea) -> QuerySet[Review]:
    """Return the reviews of an idea the actor may read: managers all, panelists others' once their own is in.

    A manager who still has to judge the idea counts as a panelist.
    """
    reviews = (
        Review.objects.filter(idea=idea, superseded_at__isnull=True)
        .select_related("panelist__person")
        .prefetch_related("scores__criterion")
        .order_by("panelist__label")
    )
    own = Q(panelist__person=actor)
    owes = Assignment.objects.filter(idea=idea, panelist__person=actor, status=Assignment.Status.OPEN).exists()
    if owes:
        return reviews.filter(own)
    done = Assignment.objects.filter(idea=idea, panelist__person=actor, status=Assignment.Status.DONE).exists()
    if done or idea.organisation_id in managed_organisation_ids(actor):
        return reviews
    return reviews.none()


def profile_of(idea: Idea) -> dict[str, Decimal]:
    """Return the mean mark of an idea on each criterion (key -> mean), empty without reviews."""
    rows = (
        Score.objects.filter(review__idea=idea, review__superseded_at__isnull=True)
        .values("criterion__key")
        .annotate(mean=Avg("value"))
        .order_by("criterion__key")
    )
    return {row["criterion__key"]: Decimal(str(row["mean"])) for row in rows}
