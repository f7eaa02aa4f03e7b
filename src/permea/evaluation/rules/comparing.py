"""Deciding who may compare what, and which answers count."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.evaluation.models import Assignment, Comparison, Panelist
from permea.evaluation.rules.judging import REASON_LENGTH, why_not_judge_now
from permea.evaluation.rules.panels import LONGEST_LOOK, SECONDS_A_COMPARISON
from permea.evaluation.rules.spreading import _shuffle
from permea.foundation.refusals import Refusal

PUBLIC_LIMIT, PUBLIC_WINDOW = 40, timedelta(minutes=1)


def why_not_compare(seat: Panelist, challenge: Challenge, *, at: datetime) -> Refusal | None:
    """Return why an evaluator may not compare entries at `at`, or None if they may; `seat` comes with its panel."""
    if seat.left_at is not None:
        return Refusal("evaluation.left_panel", _("You are not on this panel any more."))
    if not seat.panel.is_comparing:
        return Refusal("evaluation.reviews_only", _("This panel writes reviews; it does not compare."))
    return why_not_judge_now(challenge, at=at)


def why_not_compare_publicly(
    challenge: Challenge, *, is_member: bool, is_panelist: bool, at: datetime
) -> Refusal | None:
    """Return why somebody from outside may not compare entries at `at`, or None if they may."""
    if not challenge.public_compares:
        return Refusal("evaluation.not_public", _("Entries of this challenge are not compared by the public."))
    if is_panelist:
        return Refusal("evaluation.on_panel", _("You are on the panel of this challenge: please judge there."))
    if is_member:
        return Refusal(
            "evaluation.inside", _("You belong to the organisation that asks; here the public compares alone.")
        )
    if challenge.is_sealed_at(at):
        return Refusal("evaluation.sealed", _("Entries stay sealed until the deadline; comparing starts after it."))
    return why_not_judge_now(challenge, at=at)


def why_not_answer(offer: Offer | None, judge: str, outcome: str, note: str) -> Refusal | None:
    """Return why this is no answer to the pair shown to this judge, or None if it is one."""
    if offer is None or offer.judge != judge:
        return Refusal("evaluation.unknown_pair", _("That pair was not shown to you. Please answer the one shown."))
    if outcome not in Comparison.Outcome.values:
        return Refusal("evaluation.no_such_outcome", _("Please choose one of the four answers."))
    if len(note) > REASON_LENGTH:
        return Refusal("evaluation.too_long", _("Please keep the note under 5,000 characters."))
    return None


def why_not_show(pair: Collection[int], entries: Collection[int], barred: Collection[int]) -> Refusal | None:
    """Return why this pair may not be shown to a judge, or None: both handed in still, neither barred for them."""
    if all(idea in entries and idea not in barred for idea in pair):
        return None
    return Refusal(
        "evaluation.pair_closed",
        _("One of the two was withdrawn or is not yours to judge. Nothing was counted; here is another pair."),
    )


def why_not_declare(assignment: Assignment | None) -> Refusal | None:
    """Return why a conflict with an idea may not be declared while comparing, or None if it may."""
    if assignment is None or assignment.status != Assignment.Status.DONE:
        return None
    return Refusal("evaluation.handed_in", _("You have handed in a review of this entry; it stays."))


@dataclass(frozen=True, slots=True)
class Offer:
    """A pair as it was shown to one judge, left and right; by its token it is answered once."""

    challenge_id: int
    judge: str
    first: int
    second: int
    token: str
    shown_at: datetime


def seconds_on(offer: Offer, *, at: datetime) -> int:
    """Return how long a judge looked at a pair; a forgotten window counts no more than a long look."""
    return max(0, min(int((at - offer.shown_at).total_seconds()), LONGEST_LOOK))


def comparisons_that_fit(minutes: int, *, minutes_reviewing: int = 0) -> int:
    """Return how many comparisons fit into the minutes an evaluator states for a week, less those spent on reviews."""
    return max(0, minutes - minutes_reviewing) * 60 // SECONDS_A_COMPARISON


def least_compared(
    ideas: Collection[int], looks: Mapping[int, int], seen: Collection[frozenset[int]], *, seed: str
) -> tuple[int, int] | None:
    """Return a pair not yet seen of ideas that were compared least, None if every pair was seen; `seed` breaks ties."""
    order = sorted(ideas, key=lambda idea: (looks.get(idea, 0), _shuffle(seed, idea)))
    for place, first in enumerate(order):
        for second in order[place + 1 :]:
            if frozenset((first, second)) not in seen:
                return first, second
    return None


def sides(pair: tuple[int, int], *, seed: str) -> tuple[int, int]:
    """Return the pair with left and right by chance, the same chance for the same seed."""
    return pair if int(_shuffle(seed, *sorted(pair)), 16) % 2 else (pair[1], pair[0])
