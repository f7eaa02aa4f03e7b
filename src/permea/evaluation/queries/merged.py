"""What evaluation has to say about merging entries."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from permea.evaluation import rules
from permea.evaluation.models import Assignment, Comparison, Review
from permea.foundation.refusals import Refusal
from permea.ideas.queries import people_behind


def why_not_merge(idea_id: int, lead_id: int) -> Refusal | None:
    """Return that a judge of the leading entry stands too near the people behind the other, or None if none does."""
    dealt = Assignment.objects.filter(
        idea_id=lead_id,
        status__in=(Assignment.Status.OPEN, Assignment.Status.DONE),
        panelist__left_at__isnull=True,
        panelist__person__isnull=False,
    )
    judges = [one.panelist.person for one in dealt.select_related("panelist__person") if one.panelist.person]
    people = people_behind([idea_id])
    conflicts = rules.conflicts_of(judges, people)
    return rules.why_not_merge_before(judges, conflicts, idea_id)


def n_judgements(ideas: Collection[int]) -> int:
    """Return how many reviews and comparisons in force are about these entries."""
    reviews = Review.objects.filter(idea__in=ideas, superseded_at__isnull=True).count()
    compared = Comparison.objects.filter(Q(first__in=ideas) | Q(second__in=ideas), retracted_at__isnull=True)
    return reviews + compared.count()
