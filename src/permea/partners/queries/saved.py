"""The views of the directory that its reader may choose from: their own, and those colleagues share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from permea.partners import rules
from permea.partners.models import DirectoryView
from permea.people.models import Organisation, Person

UNDO_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DirectoryViews:
    """The reader's own views by name, then those of colleagues, and those of the reader's just deleted."""

    own: list[DirectoryView]
    shared: list[DirectoryView]
    deleted: list[DirectoryView]


def directory_views(actor: Person, organisation: Organisation, at: datetime) -> DirectoryViews:
    """Return the views an actor may choose from; those of others only while these still read the directory."""
    still_reads = Q(
        is_shared=True,
        deleted_at__isnull=True,
        person__memberships__organisation=organisation,
        person__memberships__role__in=rules.READING,
        person__memberships__ended_at__isnull=True,
    )
    found = DirectoryView.objects.filter(organisation=organisation).filter(Q(person=actor) | still_reads)
    rows = sorted(found.select_related("person").distinct(), key=lambda view: (view.name.casefold(), view.pk))
    own = [view for view in rows if view.person_id == actor.pk]
    return DirectoryViews(
        own=[view for view in own if view.deleted_at is None],
        shared=[view for view in rows if view.person_id != actor.pk],
        deleted=[view for view in own if view.deleted_at is not None and view.deleted_at > at - UNDO_WITHIN],
    )


def my_view(actor: Person, organisation: Organisation, key: str) -> DirectoryView:
    """Return a view the actor saved, deleted or not. Raises Http404 for all others."""
    return get_object_or_404(DirectoryView, person=actor, organisation=organisation, key=key)


def views_deleted_before(moment: datetime) -> QuerySet[DirectoryView]:
    """Return views whose deleting can no longer be undone."""
    return DirectoryView.objects.filter(deleted_at__lte=moment)


def view_data(person: Person) -> list[dict[str, Any]]:
    """Return the views a person saved, ready for JSON."""
    rows = DirectoryView.objects.filter(person=person, deleted_at__isnull=True).order_by("name", "pk")
    return [
        {"name": view.name, "query": view.query, "shared": view.is_shared, "saved_at": view.saved_at.isoformat()}
        for view in rows
    ]
