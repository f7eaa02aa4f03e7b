"""Deciding about saved views: what of an address is kept, and whether a name will do."""

from __future__ import annotations

from collections.abc import Mapping

from permea.foundation.refusals import Refusal
from permea.ideas.models import SavedView
from permea.people.models import Person
from permea.people.rules import why_not_manage
from permea.surface import saved
from permea.surface.saved import MAX_VIEWS, why_not_view_name

__all__ = ["MAX_VIEWS", "VIEW_FILTERS", "view_query", "why_not_change_view", "why_not_save_view", "why_not_view_name"]

VIEW_FILTERS = {
    SavedView.Place.ENTRIES.value: ("q", "source", "language", "sort"),
    SavedView.Place.INBOX.value: ("q", "state", "kind", "source", "box"),
}


def view_query(place: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return what of an address narrows or orders a list: the names it knows, without what is empty."""
    return saved.kept_query(VIEW_FILTERS[place], given)


def why_not_save_view(role: str | None, *, n_views: int) -> Refusal | None:
    """Return why somebody may not save one more view of a list, or None if they may."""
    return why_not_manage(role) or saved.why_not_one_more(n_views)


def why_not_change_view(view: SavedView, actor: Person) -> Refusal | None:
    """Return why somebody may not rename, share, prefer or delete a view, or None if they may."""
    return saved.why_not_yours(is_own=view.person_id == actor.pk)
