"""Writing assignments: reviews dealt out, declined and re-routed."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from permea.challenges.models import Challenge
from permea.evaluation import rules
from permea.evaluation.events import AssignmentsMade
from permea.evaluation.models import Assignment, AssignmentDraft, Panel, Panelist, ReviewDraft
from permea.evaluation.queries import active_seat_people
from permea.evaluation.queries.facts import Facts, assignment_facts
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ideas.models import Idea
from permea.people import rules as people_rules
from permea.people.models import Person
from permea.people.queries import role_in


@transaction.atomic
def deal_out(*, challenge_id: int, actor: Person | None, at: datetime) -> int:
    """Give every entry as many reviews as the panel is to write, and return how many were dealt out.

    What is already dealt out stays; called again it only fills up. `actor` is None where the clock calls. A draft of
    assignments is thrown away, as it no longer fits. Raises RefusedError before the deadline, without a panel, to
    non-managers, and to the clock where somebody wants to look first.
    """
    challenge = Challenge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=challenge_id)
    if actor is not None:
        demand(people_rules.why_not_manage(role_in(actor, challenge.organisation_id)))
    panel = Panel.objects.filter(challenge=challenge).first()
    n_seats = active_seat_people(panel).count() if panel else 0
    demand(rules.why_not_deal_out(challenge, n_seats, is_reviewing=panel is None or panel.is_reviewing, at=at))
    assert panel is not None  # noqa: S101 - no panel means no seats, refused above
    if actor is None:
        demand(rules.why_not_deal_by_itself(is_dealt_at_closing=panel.is_dealt_at_closing))
    AssignmentDraft.objects.filter(panel=panel).delete()
    if panel.reviewing_ended_at is not None:
        panel.reviewing_ended_at = None
        panel.save(update_fields=["reviewing_ended_at"])
    return _fill_up(panel, at=at)


def _fill_up(panel: Panel, *, at: datetime, ideas: list[int] | None = None) -> int:
    """Deal out what the ideas (all entries if None) still lack, and announce it."""
    facts = assignment_facts(panel.challenge, panel, at=at, ideas=ideas)
    n_given = Counter(idea for _panelist, idea in facts.given) + facts.left
    entries = Idea.objects.filter(challenge_id=panel.challenge_id, status=Idea.Status.SUBMITTED)
    first_round = rules.first_round(panel, entries.count())
    needs = {idea: first_round - n_given[idea] for idea in facts.ideas}
    pairs, _lacking = rules.deal(needs, seats_with_work(facts), seed=panel.challenge.key)
    write_assignments(pairs, seed=panel.challenge.key, at=at)
    if pairs:
        judges = tuple(sorted({judge for judge, _idea in pairs}))
        publish(AssignmentsMade(challenge_id=panel.challenge_id, panelist_ids=judges, at=at))
    return len(pairs)


def seats_with_work(facts: Facts) -> list[rules.Seat]:
    """Return the panelists with their load and what they may not judge: had before, own, or in conflict with it."""
    barred: dict[int, set[int]] = defaultdict(set)
    for panelist, idea in [*facts.bars, *facts.given]:
        barred[panelist].add(idea)
    return [rules.Seat(pk, facts.load[pk], frozenset(barred[pk])) for pk in facts.seats]


def write_assignments(pairs: list[tuple[int, int]], *, seed: str, at: datetime) -> None:
    """Store the assignments, each panelist's in an order of their own after what they already have."""
    of_judge: dict[int, list[int]] = defaultdict(list)
    for judge, idea in pairs:
        of_judge[judge].append(idea)
    last = dict(Panelist.objects.filter(pk__in=of_judge).values_list("pk").annotate(last=Max("assignments__position")))
    Assignment.objects.bulk_create(
        Assignment(panelist_id=judge, idea_id=idea, position=(last[judge] or 0) + place, assigned_at=at)
        for judge, ideas in of_judge.items()
        for place, idea in enumerate(rules.shuffled(ideas, seed=f"{seed}:{judge}"), start=1)
    )


@transaction.atomic
def decline_assignment(*, assignment_id: int, reason: str, actor: Person, at: datetime) -> Assignment:
    """Give a review back with a reason; it goes to somebody else at once. Giving it back twice changes nothing.

    Raises RefusedError for somebody else's, and once the challenge is decided or the review handed in.
    """
    assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("panelist__panel__challenge", "idea__challenge")
        .get(pk=assignment_id)
    )
    if assignment.panelist.person_id == actor.pk and assignment.status == Assignment.Status.DECLINED:
        return assignment
    demand(rules.why_not_review(assignment, actor, at=at))
    demand(rules.why_not_give_back(assignment, reason))
    assignment.status, assignment.decline_reason, assignment.ended_at = Assignment.Status.DECLINED, reason, at
    assignment.save(update_fields=["status", "decline_reason", "ended_at"])
    ReviewDraft.objects.filter(assignment=assignment).delete()
    panel = assignment.panelist.panel
    _fill_up(panel, at=at, ideas=[assignment.idea_id])
    return assignment
