"""Reading goals: the organisation's people see them, nobody else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils import timezone

from permea.foundation.refusals import Refusal
from permea.people.models import Organisation, Person
from permea.people.queries import members_of, role_in
from permea.people.rules import why_not_manage
from permea.strategy import rules
from permea.strategy.models import Goal, GoalReading


@dataclass(frozen=True, slots=True)
class GoalCard:
    """A goal, how far it has come, and what its reader may do."""

    goal: Goal
    progress: rules.Progress
    n_challenges: int
    change_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class GoalPage:
    """Everything the page of one goal shows."""

    card: GoalCard
    readings: list[GoalReading]
    line: list[tuple[date, Decimal]]
    plan: list[tuple[date, Decimal]]
    close_blocked: Refusal | None


def day_of(at: datetime) -> date:
    """Return the reader's calendar day at `at`."""
    return timezone.localtime(at).date()


def goals_visible_to(actor: Person, organisation: Organisation) -> QuerySet[Goal]:
    """Return the organisation's goals for its own people, none for others; the open ones first, by target day."""
    if role_in(actor, organisation.pk) is None:
        return Goal.objects.none()
    goals = Goal.objects.filter(organisation=organisation).select_related("owner", "organisation")
    return goals.annotate(n_challenges=Count("challenges")).order_by("closed_at", "target_on", "pk")


def goals_of(actor: Person, organisation: Organisation, at: datetime) -> list[GoalCard]:
    """Return a card per goal, open ones first; three queries however many goals there are."""
    goals = sorted(goals_visible_to(actor, organisation), key=lambda goal: goal.closed_at is not None)
    readings: dict[int, list[GoalReading]] = defaultdict(list)
    for reading in GoalReading.objects.filter(goal__in=[goal.pk for goal in goals]).order_by("on"):
        readings[reading.goal_id].append(reading)
    blocked = why_not_manage(role_in(actor, organisation.pk))
    return [
        GoalCard(
            goal, rules.progress_of(goal, readings[goal.pk], day_of(at)), getattr(goal, "n_challenges", 0), blocked
        )
        for goal in goals
    ]


def open_goals_of(actor: Person, organisation: Organisation) -> QuerySet[Goal]:
    """Return the goals a challenge may hang on."""
    return goals_visible_to(actor, organisation).filter(closed_at__isnull=True)


def goal_for(actor: Person, key: str) -> Goal:
    """Return a goal to somebody inside its organisation. Raises Http404 for everybody else."""
    goal = (
        Goal.objects.select_related("owner", "organisation")
        .annotate(n_challenges=Count("challenges"))
        .filter(key=key)
        .first()
    )
    if goal is None or role_in(actor, goal.organisation_id) is None:
        raise Http404
    return goal


def managed_goal(actor: Person, key: str) -> Goal:
    """Return a goal to who manages its organisation. Raises Http404 for everybody else."""
    goal = goal_for(actor, key)
    if why_not_manage(role_in(actor, goal.organisation_id)) is not None:
        raise Http404
    return goal


def goal_page(actor: Person, goal: Goal, at: datetime) -> GoalPage:
    """Return what the page of a goal shows to `actor`."""
    readings = list(GoalReading.objects.filter(goal=goal).select_related("recorded_by").order_by("-on"))
    blocked = why_not_manage(role_in(actor, goal.organisation_id))
    card = GoalCard(goal, rules.progress_of(goal, readings, day_of(at)), getattr(goal, "n_challenges", 0), blocked)
    return GoalPage(
        card=card,
        readings=readings,
        line=[(goal.baseline_on, goal.baseline), *((reading.on, reading.value) for reading in reversed(readings))],
        plan=[(goal.baseline_on, goal.baseline), (goal.target_on, goal.target)],
        close_blocked=blocked or rules.why_not_close(goal),
    )


def possible_owners(organisation: Organisation) -> list[Person]:
    """Return who may own a goal or a challenge of the organisation."""
    return [membership.person for membership in members_of(organisation)]
