"""Who has which share of the credit for an entry: as everybody agreed, else in equal parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from permea.ideas import rules
from permea.ideas.models import Contributor, CreditShare, Idea
from permea.people.models import Person


@dataclass(frozen=True, slots=True)
class CreditRow:
    """One person's part in an entry."""

    person: Person
    per_cent: int
    is_author: bool

    @property
    def share(self) -> float:
        """Return the share as a part of 1."""
        return self.per_cent / rules.WHOLE


@dataclass(frozen=True, slots=True)
class Credit:
    """How the credit for an entry is shared, its author first; not agreed shares are equal ones."""

    rows: list[CreditRow]
    agreed_at: datetime | None
    version: int

    @property
    def is_shared(self) -> bool:
        """Say whether more than one person has a part in it."""
        return len(self.rows) > 1

    @property
    def is_agreed(self) -> bool:
        """Say whether everybody has agreed to these shares, as somebody alone has."""
        return self.agreed_at is not None or not self.is_shared

    def part_of(self, person: Person) -> CreditRow | None:
        """Return a person's part, None for somebody who has none."""
        return next((row for row in self.rows if row.person.pk == person.pk), None)


def credit_of(ideas: Collection[int]) -> dict[int, Credit]:
    """Return who has which share of each entry (by row number); of merged entries each has its own."""
    rows = Contributor.objects.filter(idea__in=ideas).select_related("person").annotate(author=F("idea__author_id"))
    people: dict[int, list[tuple[Person, bool]]] = defaultdict(list)
    for row in rows.order_by("since", "pk"):
        people[row.idea_id].append((row.person, row.author == row.person_id))
    in_force = CreditShare.objects.filter(
        split__idea__in=ideas, split__agreed_at__isnull=False, split__dropped_at__isnull=True
    ).select_related("split")
    agreed: dict[int, dict[int, CreditShare]] = defaultdict(dict)
    for share in in_force:
        agreed[share.split.idea_id][share.person_id] = share
    return {idea: _credit(theirs, agreed.get(idea, {})) for idea, theirs in people.items()}


def _credit(people: list[tuple[Person, bool]], agreed: dict[int, CreditShare]) -> Credit:
    """Return the credit of one entry: the shares that were agreed if they are those of its people."""
    people = sorted(people, key=lambda one: not one[1])
    if set(agreed) != {person.pk for person, _is_author in people}:
        equal = rules.equal_shares(len(people))
        rows = [CreditRow(person, share, is_author) for (person, is_author), share in zip(people, equal, strict=True)]
        return Credit(rows, None, 0)
    split = next(iter(agreed.values())).split
    rows = [CreditRow(person, agreed[person.pk].per_cent, is_author) for person, is_author in people]
    return Credit(rows, split.agreed_at, split.version)


def stated_credit(idea: Idea) -> dict[str, Any]:
    """Return how the credit stands for the ledger: keys and per cents, no names; nothing of an entry written alone."""
    credit = credit_of([idea.pk])[idea.pk]
    if not credit.is_shared:
        return {}
    shares = [{"person": row.person.key, "per_cent": row.per_cent} for row in credit.rows]
    return {"shares": shares, "shares_agreed": credit.is_agreed}
