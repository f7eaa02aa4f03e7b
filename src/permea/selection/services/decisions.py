"""Writing decisions: an outcome, a reason code and own words for each entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from permea.foundation.refusals import demand
from permea.ideas.models import Idea
from permea.people.models import Person
from permea.selection import rules
from permea.selection.models import Decision
from permea.selection.services.selections import managed


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """What was decided on one idea."""

    outcome: str
    reason: str
    words: str


@transaction.atomic
def decide(*, challenge_id: int, actor: Person, decisions: Mapping[str, DecisionInput], at: datetime) -> list[Decision]:
    """Store decisions by idea key; they can be changed until the answers go out.

    Raises RefusedError, and stores none, if one has no fitting reason or no words, or names an unknown entry.
    """
    challenge = managed(challenge_id, actor, at=at)
    ideas = {idea.key: idea for idea in Idea.objects.filter(challenge=challenge, status=Idea.Status.SUBMITTED)}
    demand(rules.why_not_these_limits((), (), list(decisions), ideas))
    stored = []
    for key, decision in decisions.items():
        demand(rules.why_not_this_decision(decision.outcome, decision.reason, decision.words))
        row, _created = Decision.objects.update_or_create(
            idea=ideas[key],
            defaults={
                "challenge": challenge,
                "outcome": decision.outcome,
                "reason": decision.reason,
                "words": decision.words.strip(),
                "decided_by": actor,
                "decided_at": at,
            },
        )
        stored.append(row)
    return stored
