"""Writing reviews: drafts as one goes, then a judgement that is never changed, only superseded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from permea.challenges.models import Criterion
from permea.challenges.services import log_effort
from permea.evaluation import rules
from permea.evaluation.events import RankingOutdated, ReviewSubmitted
from permea.evaluation.models import Assignment, Panel, Review, ReviewDraft, Score
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Person


def _locked(assignment_id: int, actor: Person, at: datetime) -> Assignment:
    """Return the locked assignment. Raises RefusedError as `rules.why_not_review` says."""
    assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("panelist__panel", "idea__challenge")
        .get(pk=assignment_id)
    )
    demand(rules.why_not_review(assignment, actor, at=at))
    return assignment


@transaction.atomic
def save_review_draft(*, assignment_id: int, actor: Person, content: Mapping[str, Any], at: datetime) -> ReviewDraft:
    """Keep what the evaluator has filled in so far. Raises RefusedError as `rules.why_not_review` says."""
    assignment = _locked(assignment_id, actor, at)
    draft, _created = ReviewDraft.objects.update_or_create(
        assignment=assignment, defaults={"content": dict(content), "saved_at": at}
    )
    return draft


@transaction.atomic
def submit_review(
    *,
    assignment_id: int,
    actor: Person,
    scores: Mapping[str, int],
    recommendation: str,
    reason: str,
    private_note: str,
    seconds_spent: int = 0,
    at: datetime,
) -> Review:
    """Hand a review in; `scores` maps criterion keys to marks. The same review again is stored once.

    A changed one supersedes the former, which stays. Raises RefusedError as `rules.why_not_review` and
    `rules.why_not_these_marks` say.
    """
    assignment = _locked(assignment_id, actor, at)
    criteria = {one.key: one for one in Criterion.objects.filter(challenge_id=assignment.idea.challenge_id)}
    told = {"recommendation": recommendation, "reason": reason.strip(), "private_note": private_note.strip()}
    demand(rules.why_not_these_marks(scores, criteria, told))
    former = Review.objects.filter(
        panelist=assignment.panelist, idea=assignment.idea, superseded_at__isnull=True
    ).first()
    if former is not None and _says(former, told, scores):
        return former
    if former is not None:
        former.superseded_at = at
        former.save(update_fields=["superseded_at"])
    review = Review(
        challenge_id=assignment.idea.challenge_id,
        idea=assignment.idea,
        panelist=assignment.panelist,
        seconds_spent=seconds_spent,
        submitted_at=at,
        **told,
    )
    review.save()
    Score.objects.bulk_create(
        Score(review=review, criterion=criteria[key], value=value) for key, value in scores.items()
    )
    assignment.status, assignment.ended_at = Assignment.Status.DONE, at
    assignment.save(update_fields=["status", "ended_at"])
    ReviewDraft.objects.filter(assignment=assignment).delete()
    announce_review(review, assignment.panelist.panel, at=at)
    return review


def _says(review: Review, told: Mapping[str, str], scores: Mapping[str, int]) -> bool:
    """Say whether a stored review says exactly this."""
    marks = dict(Score.objects.filter(review=review).values_list("criterion__key", "value"))
    return marks == dict(scores) and all(getattr(review, name) == value for name, value in told.items())


def announce_review(review: Review, panel: Panel, *, at: datetime) -> None:
    """Count the time it took, mark the ranking as due and tell later steps."""
    log_effort(challenge_id=review.challenge_id, seconds=review.seconds_spent)
    if Panel.objects.filter(pk=panel.pk, ranking_is_due=False).update(ranking_is_due=True):
        publish(RankingOutdated(challenge_id=review.challenge_id, at=at))
    publish(ReviewSubmitted(challenge_id=review.challenge_id, review_id=review.pk, idea_id=review.idea_id, at=at))
