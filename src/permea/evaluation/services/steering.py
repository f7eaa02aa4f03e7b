"""Writing where judging goes next: queues put in order, more reviews dealt out while there are hours, or an end."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from permea.challenges.models import Challenge
from permea.evaluation import rules
from permea.evaluation.events import AssignmentsMade
from permea.evaluation.models import Assignment, Panel, Panelist, Review
from permea.evaluation.queries import Course, ReviewFacts, course
from permea.evaluation.queries.facts import assignment_facts
from permea.evaluation.services.dealing import seats_with_work
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ideas.models import Idea
from permea.people import rules as people_rules
from permea.people.models import Person
from permea.people.queries import role_in


def steer_reviews(*, challenge_id: int, facts: ReviewFacts, rated: Any, is_certain: bool, at: datetime) -> int:
    """Put open reviews in the order in which they tell most, deal out more where hours are left; return how many.

    `rated` is what the engine made of `facts`. Once the choice is certain enough nothing more is dealt out. It is
    worked out outside the transaction, so that evaluators go on saving meanwhile; what they changed stays.
    """
    panel = Panel.objects.select_related("challenge").get(challenge_id=challenge_id)
    waiting: dict[int, list[int]] = defaultdict(list)
    given = Assignment.objects.filter(
        panelist__panel=panel, status=Assignment.Status.OPEN, idea__status=Idea.Status.SUBMITTED
    )
    for judge, idea in given.values_list("panelist_id", "idea_id"):
        waiting[judge].append(idea)
    n_given = len(facts.idea) + sum(map(len, waiting.values()))
    n_more = 0 if is_certain else rules.reviews_left(panel, n_given)
    seats = seats_with_work(assignment_facts(panel.challenge, panel, at=at))
    found = course(facts, rated, waiting, seats, k=panel.n_shortlist, n_more=n_more)
    return 0 if found is None else _take(challenge_id, found, at=at)


@transaction.atomic
def _take(challenge_id: int, found: Course, *, at: datetime) -> int:
    """Store the order of the queues and those further reviews that are still possible; return how many."""
    challenge = Challenge.objects.select_for_update(of=("self",)).get(pk=challenge_id)
    panel = Panel.objects.select_related("challenge").get(challenge=challenge)
    if rules.why_not_judge_now(challenge, at=at) is not None:
        return 0
    _put_in_order(panel, found.queues)
    if not found.more:
        return 0
    judged = Review.objects.filter(challenge=challenge, superseded_at__isnull=True, idea__status=Idea.Status.SUBMITTED)
    waiting = Assignment.objects.filter(
        panelist__panel=panel, status=Assignment.Status.OPEN, idea__status=Idea.Status.SUBMITTED
    )
    n_left = rules.reviews_left(panel, judged.count() + waiting.count())
    now = assignment_facts(challenge, panel, at=at, ideas=[idea for _judge, idea in found.more])
    more = [
        pair
        for pair in found.more
        if pair[0] in now.seats and pair[1] in now.ideas and pair not in now.given and pair not in now.bars
    ]
    _add(panel, more[:n_left], at=at)
    return len(more[:n_left])


def _put_in_order(panel: Panel, queues: dict[int, list[int]]) -> None:
    """Store the order of the queues; what has not moved is not touched."""
    place = {(judge, idea): number for judge, ideas in queues.items() for number, idea in enumerate(ideas)}
    moved = []
    for assignment in Assignment.objects.filter(panelist__panel=panel, status=Assignment.Status.OPEN):
        number = place.get((assignment.panelist_id, assignment.idea_id), assignment.position)
        if number != assignment.position:
            assignment.position = number
            moved.append(assignment)
    Assignment.objects.bulk_update(moved, ["position"])


def _add(panel: Panel, pairs: list[tuple[int, int]], *, at: datetime) -> None:
    """Store further assignments after the open ones; who had nothing to do is told."""
    judges = {judge for judge, _idea in pairs}
    waiting = Assignment.objects.filter(panelist__in=judges, status=Assignment.Status.OPEN)
    idle = tuple(sorted(judges - set(waiting.values_list("panelist_id", flat=True))))
    last = dict(Panelist.objects.filter(pk__in=judges).values_list("pk").annotate(last=Max("assignments__position")))
    rows = []
    for judge, idea in pairs:
        last[judge] = (last[judge] or 0) + 1
        rows.append(Assignment(panelist_id=judge, idea_id=idea, position=last[judge], assigned_at=at))
    Assignment.objects.bulk_create(rows)
    if idle:
        publish(AssignmentsMade(challenge_id=panel.challenge_id, panelist_ids=idle, at=at))


@transaction.atomic
def end_reviewing(*, challenge_id: int, actor: Person, at: datetime) -> int:
    """Take back the reviews nobody has begun, and return how many; what was begun may be finished.

    Raises RefusedError to non-managers and as `rules.why_not_judge_now` says.
    """
    challenge = Challenge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=challenge_id)
    demand(people_rules.why_not_manage(role_in(actor, challenge.organisation_id)))
    demand(rules.why_not_judge_now(challenge, at=at))
    Panel.objects.filter(challenge=challenge).update(reviewing_ended_at=at)
    waiting = Assignment.objects.filter(
        panelist__panel__challenge=challenge, status=Assignment.Status.OPEN, draft__isnull=True
    )
    return waiting.update(status=Assignment.Status.RELEASED, ended_at=at)
