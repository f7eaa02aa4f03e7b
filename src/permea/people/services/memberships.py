"""Organisations and memberships."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people import queries, rules
from permea.people.events import PersonLeft, RoleChanged
from permea.people.models import Membership, Organisation, Person


@transaction.atomic
def found_organisation(
    *,
    name: str,
    kind: str,
    country: str,
    language: str,
    owner: Person,
    at: datetime,
    about: str = "",
    is_host: bool = True,
) -> Organisation:
    """Store an organisation whose boundary this instance runs, with its first owner."""
    organisation = Organisation.objects.create(
        name=name, kind=kind, country=country, language=language, about=about, is_host=is_host, created_at=at
    )
    seat(person=owner, organisation=organisation, role=Membership.Role.OWNER, at=at)
    return organisation


@transaction.atomic
def note_organisation(
    *, name: str, kind: str, country: str, language: str, at: datetime, organisation: Organisation | None = None
) -> Organisation:
    """Note an organisation outside, whose boundary is not run here, or change what is noted of it."""
    noted = organisation or Organisation(is_host=False, created_at=at)
    noted.name, noted.kind, noted.country, noted.language = name, kind, country, language
    noted.save()
    return noted


def drop_organisations(*, organisation_ids: Collection[int]) -> None:
    """Delete organisations outside that were noted and that nothing refers to."""
    Organisation.objects.filter(pk__in=organisation_ids, is_host=False).delete()


def seat(*, person: Person, organisation: Organisation, role: str, at: datetime) -> Membership:
    """Make the person a member in this role; who is one already keeps the role they have."""
    membership, _is_new = Membership.objects.get_or_create(
        person=person, organisation=organisation, ended_at=None, defaults={"role": role, "since": at}
    )
    queries.forget_seats(person)
    return membership


def _locked(membership_id: int) -> tuple[Membership, int]:
    """Return a living membership with all owners of its organisation locked, and how many owners there are."""
    membership = Membership.objects.select_related("person", "organisation").get(
        pk=membership_id, ended_at__isnull=True
    )
    owners = Membership.objects.select_for_update(of=("self",)).filter(
        organisation_id=membership.organisation_id, role=Membership.Role.OWNER, ended_at__isnull=True
    )
    return membership, len(owners)


@transaction.atomic
def change_role(*, membership_id: int, role: str, actor: Person, at: datetime) -> Membership:
    """Give a member another role; the old one ends and is kept.

    Raises RefusedError as `rules.why_not_change_role` says.
    """
    membership, n_owners = _locked(membership_id)
    actor_role = queries.role_in(actor, membership.organisation_id)
    demand(rules.why_not_change_role(membership, role=role, actor_role=actor_role, n_owners=n_owners))
    if membership.role == role:
        return membership
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    queries.forget_seats(actor)
    changed = seat(person=membership.person, organisation=membership.organisation, role=role, at=at)
    publish(RoleChanged(person_id=changed.person_id, organisation_id=changed.organisation_id, at=at))
    return changed


@transaction.atomic
def end_membership(*, membership_id: int, actor: Person, at: datetime) -> None:
    """End a membership; it stays on record. Raises RefusedError as `rules.why_not_end` says."""
    membership, n_owners = _locked(membership_id)
    actor_role = queries.role_in(actor, membership.organisation_id)
    demand(rules.why_not_end(membership, actor, actor_role=actor_role, n_owners=n_owners))
    finish(membership, at)
    queries.forget_seats(actor)


def finish(membership: Membership, at: datetime) -> None:
    """End a membership and say so."""
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    publish(PersonLeft(person_id=membership.person_id, organisation_id=membership.organisation_id, at=at))
