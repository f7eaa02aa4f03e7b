"""Reading panels: who judges, how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from permea.challenges.models import Challenge
from permea.challenges.queries import has_entrants, managed_challenge
from permea.challenges.rules import why_not_let_public_compare
from permea.evaluation import rules
from permea.evaluation.models import Assignment, Comparison, Panel, Panelist, Review
from permea.evaluation.queries.comparisons import n_compared
from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea
from permea.people.models import Person


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A panelist and how far they are."""

    panelist: Panelist
    n_open: int
    n_done: int
    n_declined: int
    n_compared: int


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel as its manager sees it: seats, coverage, and whether reviews can be dealt out now."""

    challenge: Challenge
    panel: Panel | None
    seats: list[SeatRow]
    n_ideas: int
    n_reviews: int
    n_reviews_wanted: int
    n_uncovered: int
    n_compared: int
    n_compared_publicly: int
    n_public: int
    public_blocked: Refusal | None
    deal_blocked: Refusal | None
    change_blocked: Refusal | None
    is_own_turn: bool


def panel_of(challenge: Challenge) -> Panel | None:
    """Return the challenge's panel, or None before one is set up."""
    return Panel.objects.filter(challenge=challenge).select_related("challenge__organisation").first()


def managed_panel(actor: Person, challenge_key: str, *, at: datetime) -> PanelView:
    """Return the panel for its manager. Raises Http404 for everybody else."""
    challenge = managed_challenge(actor, challenge_key)
    panel = panel_of(challenge)
    seats = _seat_rows(panel) if panel else []
    n_active = sum(row.panelist.joined_at is not None and row.panelist.left_at is None for row in seats)
    is_begun = rules.why_not_begun(challenge, at=at) is None
    n_ideas, n_reviews, n_uncovered = _coverage(challenge, panel) if is_begun else (0, 0, 0)
    compared, publicly, people = n_compared(challenge) if is_begun else (0, 0, 0)
    return PanelView(
        challenge=challenge,
        n_compared=compared,
        n_compared_publicly=publicly,
        n_public=people,
        public_blocked=_why_not_public(challenge, at=at),
        panel=panel,
        seats=seats,
        n_ideas=n_ideas,
        n_reviews=n_reviews,
        n_reviews_wanted=rules.reviews_wanted(panel, n_ideas) if panel else 0,
        n_uncovered=n_uncovered,
        deal_blocked=rules.why_not_deal_out(
            challenge, n_active, is_reviewing=panel is None or panel.is_reviewing, at=at
        ),
        change_blocked=rules.why_not_change_panel(challenge),
        is_own_turn=_is_comparing(actor, seats) and rules.why_not_judge_now(challenge, at=at) is None,
    )


def _is_comparing(actor: Person, seats: list[SeatRow]) -> bool:
    """Say whether the actor sits on a panel that compares."""
    mine = [row.panelist for row in seats if row.panelist.person_id == actor.pk and row.panelist.left_at is None]
    return any(seat.joined_at is not None and seat.panel.is_comparing for seat in mine)


def _why_not_public(challenge: Challenge, *, at: datetime) -> Refusal | None:
    """Return why comparing by the public may not be allowed now, or None if it may, or is already."""
    if challenge.public_compares:
        return None
    return why_not_let_public_compare(challenge, has_entrants=has_entrants(challenge), at=at)


def _seat_rows(panel: Panel) -> list[SeatRow]:
    """Return the panelists with their counts, in order of their labels."""
    seats = (
        Panelist.objects.filter(panel=panel)
        .select_related("person", "invitation", "panel")
        .annotate(
            n_open=Count(
                "assignments", filter=Q(assignments__status="open", assignments__idea__status=Idea.Status.SUBMITTED)
            ),
            n_done=Count("assignments", filter=Q(assignments__status="done")),
            n_declined=Count("assignments", filter=Q(assignments__status="declined")),
        )
        .order_by("pk")
    )
    made = Comparison.objects.filter(panelist__panel=panel, retracted_at__isnull=True)
    compared = dict(made.values_list("panelist").annotate(n=Count("pk")))
    return [SeatRow(seat, seat.n_open, seat.n_done, seat.n_declined, compared.get(seat.pk, 0)) for seat in seats]


def _coverage(challenge: Challenge, panel: Panel | None) -> tuple[int, int, int]:
    """Return how many ideas there are, how many reviews, and how many ideas lack a judge for a wanted review."""
    ideas = Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED)
    n_ideas = ideas.count()
    judged = Review.objects.filter(challenge=challenge, superseded_at__isnull=True, idea__in=ideas.values("pk"))
    n_reviews = judged.count()
    if panel is None:
        return n_ideas, n_reviews, n_ideas
    covered = (
        ideas.annotate(n=Count("assignments", filter=Q(assignments__status__in=("open", "done"))))
        .filter(n__gte=rules.first_round(panel, n_ideas))
        .count()
    )
    return n_ideas, n_reviews, n_ideas - covered


def panelist_for(actor: Person, challenge: Challenge) -> Panelist | None:
    """Return the actor's living seat on the challenge's panel, or None."""
    return Panelist.objects.filter(
        panel__challenge=challenge, person=actor, joined_at__isnull=False, left_at__isnull=True
    ).first()


def active_seat_people(panel: Panel) -> QuerySet[Panelist]:
    """Return the panelists who have joined and not left, with their persons."""
    return (
        Panelist.objects.filter(panel=panel, joined_at__isnull=False, left_at__isnull=True)
        .select_related("person")
        .order_by("pk")
    )


def open_work_of(actor: Person, challenge: Challenge) -> int:
    """Return how many reviews of this challenge still wait for the actor."""
    return Assignment.objects.filter(
        panelist__person=actor, panelist__panel__challenge=challenge, status=Assignment.Status.OPEN
    ).count()
