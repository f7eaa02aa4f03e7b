"""Deciding about saved views of the directory: what of an address is kept, and who keeps one."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.partners.models import DirectoryView
from permea.partners.rules.directory import READING
from permea.people.models import Person
from permea.surface import saved
from permea.surface.saved import MAX_VIEWS, why_not_view_name

__all__ = ["MAX_VIEWS", "VIEW_FILTERS", "view_query", "why_not_change_view", "why_not_save_view", "why_not_view_name"]

VIEW_FILTERS = ("q", "kind", "stage", "country", "order")


def view_query(given: Mapping[str, str]) -> dict[str, str]:
    """Return what of an address narrows or orders the directory: the names it knows, without what is empty."""
    return saved.kept_query(VIEW_FILTERS, given)


def why_not_save_view(role: str | None, *, n_views: int) -> Refusal | None:
    """Return why somebody may not save one more view of the directory, or None if they may."""
    if role not in READING:
        return Refusal("partners.not_inside", _("Only people of the firm keep views of its directory."))
    return saved.why_not_one_more(n_views)


def why_not_change_view(view: DirectoryView, actor: Person) -> Refusal | None:
    """Return why somebody may not rename, share or delete a view, or None if they may."""
    return saved.why_not_yours(is_own=view.person_id == actor.pk)
