"""Deciding who may judge what, and who may see which judgement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.challenges.rules import is_before_reviews, reviews_from
from permea.evaluation.models import Assignment, Review
from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea
from permea.people.models import Person
from permea.people.rules import house_marks
from permea.surface.formats import show_date

LOWEST, HIGHEST = 1, 5
REASON_LENGTH = 5_000


def conflicts_of(judges: Collection[Person], contributors: Mapping[int, Collection[Person]]) -> dict[int, set[int]]:
    """Return for each judge (by id) the ideas they may not judge: their own, and those from their own organisation.

    `contributors` holds the people behind each idea. People are looked up by their marks, so that five thousand ideas
    and sixty judges are no three hundred thousand comparisons.
    """
    ideas_of: dict[int, set[int]] = defaultdict(set)
    people = {}
    for idea, persons in contributors.items():
        for person in persons:
            ideas_of[person.pk].add(idea)
            people[person.pk] = person
    marked: dict[tuple[str, str], set[int]] = defaultdict(set)
    for pk, person in people.items():
        for mark in house_marks(person):
            marked[mark] |= ideas_of[pk]
    nothing: set[int] = set()
    return {
        judge.pk: nothing.union(*(marked[mark] for mark in house_marks(judge) if mark in marked)) for judge in judges
    }


def why_not_deal_by_itself(*, is_dealt_at_closing: bool) -> Refusal | None:
    """Return why reviews are not dealt out by themselves at the deadline, or None if they are."""
    if is_dealt_at_closing:
        return None
    return Refusal("evaluation.looked_at_first", _("Somebody looks at a draft before reviews are dealt out."))


def why_not_deal_out(challenge: Challenge, n_active: int, *, is_reviewing: bool = True, at: datetime) -> Refusal | None:
    """Return why reviews may not be dealt out at `at`, or None if they may."""
    if challenge.status != Challenge.Status.PUBLISHED:
        return Refusal("evaluation.not_published", _("Reviews are dealt out while a challenge is under way."))
    if refusal := why_not_begun(challenge, at=at):
        return refusal
    if not is_reviewing:
        return Refusal("evaluation.compares_only", _("This panel compares; there are no reviews to deal out."))
    if n_active == 0:
        return Refusal("evaluation.no_panel", _("Nobody has joined the panel yet. Invite evaluators first."))
    return None


def why_not_review(assignment: Assignment, actor: Person, *, at: datetime) -> Refusal | None:
    """Return why `actor` may not hand in a review for the assignment at `at`, or None if they may."""
    if assignment.panelist.person_id != actor.pk:
        return Refusal("evaluation.not_yours", _("This review was given to somebody else."))
    if assignment.status == Assignment.Status.DECLINED:
        return Refusal("evaluation.given_back", _("You gave this review back; somebody else has it now."))
    if assignment.status == Assignment.Status.RELEASED:
        return Refusal("evaluation.released", _("This review is not needed any more. Thank you!"))
    if assignment.idea.status == Idea.Status.MERGED:
        return Refusal("evaluation.merged", _("This idea was merged with another one, which is judged for both."))
    if assignment.idea.status != Idea.Status.SUBMITTED:
        return Refusal("evaluation.withdrawn", _("This idea was withdrawn. Thank you – nothing is left to do."))
    return why_not_judge_now(assignment.idea.challenge, at=at)


def why_not_give_back(assignment: Assignment, reason: str) -> Refusal | None:
    """Return why a review may not be given back for this reason, or None if it may."""
    if reason not in Assignment.DeclineReason.values:
        return Refusal("evaluation.no_such_reason", _("Please choose why you give it back."))
    if assignment.status == Assignment.Status.OPEN:
        return None
    return Refusal("evaluation.handed_in", _("This review is handed in; it can be changed, but not given back."))


def why_not_begun(challenge: Challenge, *, at: datetime) -> Refusal | None:
    """Return why judging the challenge has not begun at `at`, or None if it has: not before the last step is over."""
    if challenge.is_sealed_at(at):
        return Refusal("evaluation.sealed", _("Entries stay sealed until the deadline; reviewing starts after it."))
    if is_before_reviews(challenge, at=at):
        return Refusal(
            "evaluation.steps_running",
            _("Entries are still discussed, improved or voted on; judging starts after that, on %(day)s.")
            % {"day": show_date(reviews_from(challenge))},
        )
    return None


def why_not_judge_now(challenge: Challenge, *, at: datetime) -> Refusal | None:
    """Return why nobody may judge entries of the challenge at `at`, or None if they may."""
    if refusal := why_not_begun(challenge, at=at):
        return refusal
    if challenge.status != Challenge.Status.PUBLISHED:
        return Refusal("evaluation.decided", _("This challenge is decided; reviewing is over."))
    return None


def why_not_these_marks(
    scores: Mapping[str, int], criteria: Collection[str], told: Mapping[str, str]
) -> Refusal | None:
    """Return what is missing or wrong in a review, or None if it is complete.

    `told` holds recommendation, reason and private_note.
    """
    missing = [key for key in criteria if key not in scores]
    if missing:
        return Refusal("evaluation.marks_missing", _("Please give a mark on every criterion."))
    if set(scores) - set(criteria) or any(not LOWEST <= value <= HIGHEST for value in scores.values()):
        return Refusal("evaluation.marks_wrong", _("Marks go from 1 to 5, on the criteria of this challenge."))
    if told["recommendation"] and told["recommendation"] not in Review.Recommendation.values:
        return Refusal("evaluation.no_such_recommendation", _("Please choose one of the recommendations."))
    if not told["reason"].strip():
        return Refusal("evaluation.reason_missing", _("Please write a reason; the contributor will read it."))
    if max(len(told["reason"]), len(told["private_note"])) > REASON_LENGTH:
        return Refusal(
            "evaluation.too_long", _("Please keep it under 5,000 characters. Your text was kept as a draft.")
        )
    return None


def why_not_see_ranking(n_open_own: int, n_judges: int) -> Refusal | None:
    """Return why a manager who also judges may not see the ranking yet, or None if they may."""
    if n_open_own == 0 or n_judges <= 1:
        return None
    return Refusal(
        "evaluation.own_first",
        _("You are on the panel: others' marks open for you once your own reviews are handed in."),
    )


def why_not_merge_before(
    judges: Collection[Person], conflicts: Mapping[int, Collection[int]], idea_id: int
) -> Refusal | None:
    """Return that one of the judges of the leading entry is of the house of those behind the other, or None."""
    near = [judge.display_name for judge in judges if idea_id in conflicts.get(judge.pk, ())]
    if not near:
        return None
    return Refusal(
        "evaluation.merge_conflict",
        _(
            "%(name)s judges the leading entry and stands too near the people behind the other one. "
            "Let the other one lead, or take that review away first."
        )
        % {"name": near[0]},
    )
