"""Taking reviews over from a spreadsheet: all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from permea.challenges.models import Challenge, Criterion
from permea.evaluation import rules
from permea.evaluation.models import Assignment, Panel, Panelist, Review, Score
from permea.evaluation.rules import ImportedReview
from permea.evaluation.services.reviews import announce_review
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas.models import Idea
from permea.ledger.services import record_crossing
from permea.people import rules as people_rules
from permea.people.models import Person
from permea.people.queries import role_in


@transaction.atomic
def import_reviews(
    *, challenge_id: int, actor: Person, rows: Sequence[ImportedReview], at: datetime
) -> tuple[int, int]:
    """Store reviews written elsewhere; return how many were stored and how many were already there.

    A judge named in the file gets a seat without a person; ideas are found by external id or key.
    Raises RefusedError, and stores nothing, while entries are sealed, to non-managers, or if a row names an unknown
    idea or a wrong mark.
    """
    challenge = Challenge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=challenge_id)
    demand(people_rules.why_not_manage(role_in(actor, challenge.organisation_id)))
    demand(rules.why_not_judge_now(challenge, at=at))
    panel = Panel.objects.get_or_create(challenge=challenge, defaults={"changed_at": at})[0]
    criteria = {one.key: one for one in Criterion.objects.filter(challenge=challenge)}
    ideas = _ideas(challenge)
    seats = _seats(panel, {row.judge for row in rows}, at)
    known = set(Review.objects.filter(challenge=challenge, superseded_at__isnull=True).values_list("panelist", "idea"))
    new: list[tuple[Review, Mapping[str, int]]] = []
    for row in rows:
        _check(row, ideas, criteria)
        pair = (seats[row.judge].pk, ideas[row.idea].pk)
        if pair not in known:
            known.add(pair)
            review = Review(challenge=challenge, idea=ideas[row.idea], panelist=seats[row.judge], submitted_at=at)
            new.append((review, row.scores))
    _store(new, criteria, at)
    if new:
        record_crossing(
            organisation=challenge.organisation,
            kind="reviews.imported",
            direction="in",
            depth="inside",
            subject_type="challenge",
            subject_key=challenge.key,
            challenge_key=challenge.key,
            actor=actor,
            at=at,
            facts={"n_reviews": len(new)},
        )
        announce_review(new[-1][0], panel, at=at)
    return len(new), len(rows) - len(new)


def _ideas(challenge: Challenge) -> dict[str, Idea]:
    """Return the entries by key and by external id."""
    entries = list(Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED))
    return {one.key: one for one in entries} | {one.external_id: one for one in entries if one.external_id}


def _seats(panel: Panel, judges: set[str], at: datetime) -> dict[str, Panelist]:
    """Return a seat for each judge named, found again by the name in a later import."""
    seats = {seat.imported_name: seat for seat in panel.panelists.all() if seat.imported_name}
    taken = list(panel.panelists.all())
    for judge in sorted(judges - set(seats)):
        seat = Panelist.objects.create(
            panel=panel, label=rules.next_label(taken), imported_name=judge, invited_at=at, joined_at=None
        )
        taken.append(seat)
        seats[judge] = seat
    return seats


def _check(row: ImportedReview, ideas: Mapping[str, Idea], criteria: Mapping[str, Criterion]) -> None:
    """Raise RefusedError if a row cannot be stored."""
    if row.idea not in ideas:
        message = _("No entry of this challenge is called %(idea)s. Nothing was imported.") % {"idea": row.idea}
        raise RefusedError(Refusal("evaluation.unknown_idea", message))
    wrong = set(row.scores) - set(criteria) or any(
        not rules.LOWEST <= value <= rules.HIGHEST for value in row.scores.values()
    )
    if wrong or not row.scores:
        message = _("The marks of %(judge)s on %(idea)s do not go from 1 to 5. Nothing was imported.")
        raise RefusedError(Refusal("evaluation.marks_wrong", message % {"judge": row.judge, "idea": row.idea}))


def _store(new: list[tuple[Review, Mapping[str, int]]], criteria: Mapping[str, Criterion], at: datetime) -> None:
    """Write the reviews with their marks and the assignments they fulfil."""
    Review.objects.bulk_create([review for review, _scores in new], batch_size=500)
    Score.objects.bulk_create(
        [
            Score(review=review, criterion=criteria[key], value=value)
            for review, scores in new
            for key, value in scores.items()
        ],
        batch_size=1000,
    )
    Assignment.objects.bulk_create(
        [
            Assignment(
                panelist=review.panelist,
                idea=review.idea,
                position=place,
                status=Assignment.Status.DONE,
                assigned_at=at,
                ended_at=at,
            )
            for place, (review, _scores) in enumerate(new, start=1)
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
