"""Deciding about saved views: what of an address is kept, and whether a name will do."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.ideas.models import SavedView
from permea.people.models import Person
from permea.people.rules import why_not_manage

MAX_VIEWS, MAX_FILTER = 30, 100
VIEW_FILTERS = {
    SavedView.Place.ENTRIES.value: ("q", "source", "language", "sort"),
    SavedView.Place.INBOX.value: ("q", "state", "kind", "source", "box"),
}


def view_query(place: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return what of an address narrows or orders a list: the names it knows, without what is empty."""
    said = {name: given.get(name, "").replace("\x00", "").strip()[:MAX_FILTER] for name in VIEW_FILTERS[place]}
    return {name: value for name, value in said.items() if value}


def why_not_save_view(role: str | None, *, n_views: int) -> Refusal | None:
    """Return why somebody may not save one more view of a list, or None if they may."""
    refusal = why_not_manage(role)
    if refusal is None and n_views >= MAX_VIEWS:
        words = _("You have %(most)d views of this list, more than that nobody finds again. Delete one first.")
        refusal = Refusal("view.too_many", words % {"most": MAX_VIEWS})
    return refusal


def why_not_view_name(name: str, *, taken: Collection[str]) -> Refusal | None:
    """Return why a view cannot have this name, or None if it can; `taken` are the names of the other ones."""
    if not name.strip():
        return Refusal("view.no_name", _("Give the view a name."))
    if name.strip().casefold() in {other.casefold() for other in taken}:
        return Refusal("view.name_taken", _("You have a view of this name already. Choose another one."))
    return None


def why_not_change_view(view: SavedView, actor: Person) -> Refusal | None:
    """Return why somebody may not rename, share, prefer or delete a view, or None if they may."""
    if view.person_id != actor.pk:
        return Refusal("view.not_yours", _("Only who saved a view can change it."))
    return None
