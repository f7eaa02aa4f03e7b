"""Keeping who of the firm has read which entries of others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from permea.ideas import queries
from permea.ideas.models import EntryReading
from permea.people.models import Person
from permea.people.queries import role_in


def keep_readings(*, organisation_id: int, keys: Collection[str], reader: Person | AnonymousUser, at: datetime) -> None:
    """Keep that somebody of a firm has these entries before them: once each, and never their own.

    No transaction around it: whoever read them before costs one look and no write.
    """
    if not (keys and isinstance(reader, Person) and role_in(reader, organisation_id)):
        return
    new = queries.entries_new_to(reader, organisation_id, keys)
    if new:
        rows = [EntryReading(idea_id=idea_id, person=reader, first_at=at) for idea_id in new]
        EntryReading.objects.bulk_create(rows, ignore_conflicts=True)
