"""Tables that were uploaded and wait to be taken over."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from permea.challenges.models import Challenge
from permea.ideas.models import StagedTable
from permea.people.models import Person


def staged_table(actor: Person, challenge: Challenge, key: str) -> StagedTable:
    """Return a table the actor uploaded for this challenge. Raises Http404 for all others."""
    return get_object_or_404(StagedTable, challenge=challenge, uploaded_by=actor, key=key)


def stale_tables(before: datetime) -> QuerySet[StagedTable]:
    """Return uploaded tables nobody took over in time."""
    return StagedTable.objects.filter(uploaded_at__lt=before)
