"""What selection has to say about merging entries, and who shares the credit for an award."""

from __future__ import annotations

from collections.abc import Iterable

from permea.foundation.refusals import Refusal
from permea.ideas.queries import people_behind
from permea.people.models import Person
from permea.selection import rules
from permea.selection.models import Award, Decision


def why_not_merge(idea_id: int, lead_id: int) -> Refusal | None:
    """Return that one of the two is decided on, or None if neither is."""
    return rules.why_not_merge_decided(is_decided=Decision.objects.filter(idea__in=(idea_id, lead_id)).exists())


def credits_of(awards: Iterable[Award]) -> dict[str, list[Person]]:
    """Return for each award (by key) who has credit beside the author: the people of entries merged into it."""
    listed = list(awards)
    behind = people_behind([award.decision.idea_id for award in listed])
    return {
        award.key: [
            person for person in behind.get(award.decision.idea_id, []) if person.pk != award.decision.idea.author_id
        ]
        for award in listed
    }
