"""How much judging there is: hours, queues, pauses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.evaluation.models import Panel, Panelist
from permea.foundation.refusals import Refusal

LONGEST_PAUSE = timedelta(seconds=30)
GATHERING = timedelta(seconds=10)
SECONDS_A_COMPARISON, LONGEST_LOOK = 60, 300
WEEK = timedelta(days=7)


def why_not_change_panel(challenge: Challenge) -> Refusal | None:
    """Return why the panel may not be changed, or None if it may."""
    if challenge.status in {Challenge.Status.DRAFT, Challenge.Status.PUBLISHED}:
        return None
    return Refusal("evaluation.decided", _("This challenge is decided; its panel stays as it was."))


def reviews_affordable(panel: Panel) -> int | None:
    """Return how many reviews the panel's hours pay for, None where no hours were set."""
    return None if panel.effort_hours is None else panel.effort_hours * 60 // panel.minutes_per_review


def first_round(panel: Panel, n_ideas: int) -> int:
    """Return how many reviews each of `n_ideas` gets before any gets more: as the panel says, as far as hours pay."""
    affordable = reviews_affordable(panel)
    if affordable is None or n_ideas == 0:
        return panel.reviews_per_idea
    return min(panel.reviews_per_idea, max(1, affordable // n_ideas))


def reviews_wanted(panel: Panel, n_ideas: int) -> int:
    """Return how many reviews the challenge is to get in all, at most."""
    affordable = reviews_affordable(panel)
    return max(n_ideas * first_round(panel, n_ideas), affordable or 0)


def reviews_left(panel: Panel, n_given: int) -> int:
    """Return how many reviews may still be dealt out where they decide most: what the hours leave, until an end."""
    affordable = reviews_affordable(panel)
    if affordable is None or panel.reviewing_ended_at is not None:
        return 0
    return max(0, affordable - n_given)


def queue_size(minutes: int, minutes_per_review: int, n_done_this_week: int, n_compared_this_week: int = 0) -> int:
    """Return how many more reviews fit into the minutes an evaluator states for a week, less those spent comparing."""
    left = max(0, minutes - n_compared_this_week * SECONDS_A_COMPARISON // 60)
    return max(0, left // minutes_per_review - n_done_this_week)


def reviews_in_time(minutes_per_week: int, minutes_per_review: int, challenge: Challenge, *, at: datetime) -> int:
    """Return how many reviews an evaluator has time for from `at` until the decision is due, one week at least."""
    assert challenge.decide_by is not None  # noqa: S101 - a challenge under way has its dates
    weeks = max(1, -(-(challenge.decide_by - at) // WEEK))
    return weeks * minutes_per_week // minutes_per_review


def pause_before_ranking(n_reviews: int, n_comparisons: int = 0) -> timedelta:
    """Return how long facts gather before a ranking of this many is computed anew, so that others get their turn.

    Comparisons come by the second: a few gather in any case.
    """
    pause = timedelta(seconds=(n_reviews + n_comparisons) // 1000)
    return min(max(pause, GATHERING) if n_comparisons else pause, LONGEST_PAUSE)


def next_label(panelists: Collection[Panelist]) -> str:
    """Return the neutral name of the next panelist: Judge 1, Judge 2 ..."""
    used = {panelist.label for panelist in panelists}
    number = len(used) + 1
    while f"J{number}" in used:
        number += 1
    return f"J{number}"
