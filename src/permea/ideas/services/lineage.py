"""Saying that an entry builds on an earlier one, and taking that back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.foundation.refusals import demand
from permea.ideas import queries, rules
from permea.ideas.models import BuildsOn, Idea
from permea.ideas.services.common import locked
from permea.people.models import Person


@transaction.atomic
def build_on(*, idea_id: int, earlier_id: int, actor: Person, at: datetime) -> BuildsOn:
    """Say that an entry builds on an earlier one, which the actor may read; the second time changes nothing.

    Raises RefusedError as `rules.why_not_build_on` says.
    """
    idea, earlier = locked(idea_id), Idea.objects.get(pk=earlier_id)
    named = BuildsOn.objects.filter(idea=idea)
    said = named.filter(earlier=earlier).first()
    if said is not None:
        return said
    demand(
        rules.why_not_build_on(
            idea,
            earlier,
            is_contributor=queries.is_contributor(actor, idea),
            n_named=named.count(),
            is_circular=BuildsOn.objects.filter(idea=earlier, earlier=idea).exists(),
            at=at,
        )
    )
    return BuildsOn.objects.create(idea=idea, earlier=earlier, said_by=actor, said_at=at)


@transaction.atomic
def take_back_building_on(*, idea_id: int, earlier_id: int, actor: Person, at: datetime) -> Idea:
    """Take back that an entry builds on an earlier one. Raises RefusedError as `rules.why_not_change` says."""
    idea = locked(idea_id)
    demand(rules.why_not_change(idea, is_contributor=queries.is_contributor(actor, idea), at=at))
    BuildsOn.objects.filter(idea=idea, earlier_id=earlier_id).delete()
    return idea
