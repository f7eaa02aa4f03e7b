"""Keeping views of the directory: saving, renaming, sharing, deleting and taking that back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from permea.foundation.refusals import demand
from permea.partners import queries, rules
from permea.partners.models import DirectoryView
from permea.people.models import Organisation, Person
from permea.people.queries import role_in


def _standing(person: Person, organisation: Organisation) -> QuerySet[DirectoryView]:
    """Return a person's views, once nobody else changes them: whose row is locked is alone with them."""
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    return DirectoryView.objects.filter(person=person, organisation=organisation, deleted_at__isnull=True)


def _of(view_id: int, actor: Person) -> tuple[DirectoryView, QuerySet[DirectoryView]]:
    """Return a view and the other ones, locked. Raises RefusedError as `rules.why_not_change_view` says."""
    view = DirectoryView.objects.select_related("organisation").get(pk=view_id)
    demand(rules.why_not_change_view(view, actor))
    others = _standing(actor, view.organisation).exclude(pk=view.pk)
    view.refresh_from_db(fields=["name", "is_shared", "deleted_at"])
    return view, others


def _demand_name(name: str, others: QuerySet[DirectoryView]) -> None:
    """Go on if a view can have this name beside the others. Raises RefusedError as `rules.why_not_view_name` says."""
    demand(rules.why_not_view_name(name, taken=list(others.values_list("name", flat=True))))


@transaction.atomic
def save_view(
    *, organisation: Organisation, actor: Person, name: str, given: Mapping[str, str], is_shared: bool, at: datetime
) -> DirectoryView:
    """Keep filters and order of the directory under a name.

    Raises RefusedError as `rules.why_not_save_view` and `rules.why_not_view_name` say.
    """
    others = _standing(actor, organisation)
    demand(rules.why_not_save_view(role_in(actor, organisation.pk), n_views=others.count()))
    _demand_name(name, others)
    return DirectoryView.objects.create(
        organisation=organisation,
        person=actor,
        name=name.strip(),
        query=rules.view_query(given),
        is_shared=is_shared,
        saved_at=at,
    )


@transaction.atomic
def rename_view(*, view_id: int, actor: Person, name: str, is_shared: bool) -> DirectoryView:
    """Give a view another name, and share it or keep it to oneself.

    Raises RefusedError as `rules.why_not_change_view` and `rules.why_not_view_name` say.
    """
    view, others = _of(view_id, actor)
    _demand_name(name, others)
    view.name, view.is_shared = name.strip(), is_shared
    view.save(update_fields=["name", "is_shared"])
    return view


@transaction.atomic
def delete_view(*, view_id: int, actor: Person, at: datetime) -> DirectoryView:
    """Delete a view; for a day it can be taken back. Raises RefusedError as `rules.why_not_change_view` says."""
    view, _others = _of(view_id, actor)
    view.deleted_at = view.deleted_at or at
    view.save(update_fields=["deleted_at"])
    return view


@transaction.atomic
def restore_view(*, view_id: int, actor: Person) -> DirectoryView:
    """Take the deleting of a view back.

    Raises RefusedError as `rules.why_not_change_view`, `rules.why_not_save_view` and `rules.why_not_view_name` say.
    """
    view, others = _of(view_id, actor)
    demand(rules.why_not_save_view(role_in(actor, view.organisation_id), n_views=others.count()))
    _demand_name(view.name, others)
    view.deleted_at = None
    view.save(update_fields=["deleted_at"])
    return view


def drop_views(*, at: datetime) -> None:
    """Drop views that were deleted more than a day ago."""
    queries.views_deleted_before(at - queries.UNDO_WITHIN).delete()


def forget_views(*, person_id: int) -> None:
    """Drop all views of a person who is erased: their names are the person's words."""
    DirectoryView.objects.filter(person_id=person_id).delete()
