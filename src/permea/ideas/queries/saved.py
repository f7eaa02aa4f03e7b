"""The views of a list that its reader may choose from: their own, and those others share with the organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from permea.ideas.models import SavedView
from permea.people.models import Organisation, Person
from permea.people.rules import MANAGING

UNDO_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SavedViews:
    """The views of a list: the reader's own by name, then those of others, and those of the reader's just deleted."""

    place: str
    own: list[SavedView]
    shared: list[SavedView]
    deleted: list[SavedView]

    @property
    def default(self) -> dict[str, str]:
        """Return what the list shows when nothing is asked for; nothing if the reader prefers no view."""
        return next((dict(view.query) for view in self.own if view.is_default), {})


def saved_views(actor: Person, organisation: Organisation, place: str, at: datetime) -> SavedViews:
    """Return the views of a list an actor may choose from; those of others only while these still manage."""
    still_manages = Q(
        is_shared=True,
        deleted_at__isnull=True,
        person__memberships__organisation=organisation,
        person__memberships__role__in=MANAGING,
        person__memberships__ended_at__isnull=True,
    )
    found = SavedView.objects.filter(organisation=organisation, place=place).filter(Q(person=actor) | still_manages)
    rows = sorted(found.select_related("person").distinct(), key=lambda view: (view.name.casefold(), view.pk))
    own = [view for view in rows if view.person_id == actor.pk]
    return SavedViews(
        place=place,
        own=[view for view in own if view.deleted_at is None],
        shared=[view for view in rows if view.person_id != actor.pk],
        deleted=[view for view in own if view.deleted_at is not None and view.deleted_at > at - UNDO_WITHIN],
    )


def my_view(actor: Person, organisation: Organisation, key: str) -> SavedView:
    """Return a view the actor saved, deleted or not. Raises Http404 for all others."""
    return get_object_or_404(SavedView, person=actor, organisation=organisation, key=key)


def views_deleted_before(moment: datetime) -> QuerySet[SavedView]:
    """Return views whose deleting can no longer be undone."""
    return SavedView.objects.filter(deleted_at__lte=moment)


def view_data(person: Person) -> list[dict[str, Any]]:
    """Return the views a person saved, ready for JSON."""
    rows = SavedView.objects.filter(person=person, deleted_at__isnull=True).order_by("place", "name", "pk")
    return [
        {
            "list": view.place,
            "name": view.name,
            "query": view.query,
            "shared": view.is_shared,
            "saved_at": view.saved_at.isoformat(),
        }
        for view in rows
    ]
