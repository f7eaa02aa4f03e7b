"""Invitations: offered, sent again, withdrawn, accepted; and the first owner's."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import cast

from django.db import transaction
from django.urls import reverse

from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people import queries, rules
from permea.people.events import InvitationAccepted, InvitationSent
from permea.people.models import Invitation, Membership, Organisation, Person
from permea.people.services.memberships import found_organisation, seat
from permea.people.services.persons import confirm_address, register_person, welcome_person


def _renew(invitation: Invitation, at: datetime) -> str:
    """Give the invitation a new token and a new term, store it and return the token."""
    token = secrets.token_urlsafe(24)
    invitation.token_hash = queries.hash_of(token)
    invitation.expires_at = at + rules.INVITATION_LIFE
    invitation.save()
    return token


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, role: str, actor: Person, at: datetime, is_announced: bool = True
) -> tuple[Invitation, str]:
    """Invite an address into an organisation and return the invitation with its token; inviting again renews it.

    With `is_announced=False` the caller tells the person itself. Raises RefusedError as `rules.why_not_invite` says.
    """
    email = email.strip().lower()
    actor_role = queries.role_in(actor, organisation.pk)
    demand(rules.why_not_invite(actor_role, role=role, is_member=queries.is_member(organisation, email)))
    invitation = queries.open_invitations_of(organisation).select_for_update(of=("self",)).filter(email=email).first()
    if invitation is None:
        invitation = Invitation(organisation=organisation, email=email, created_at=at)
    else:
        demand(rules.why_not_handle(invitation, actor_role))
    invitation.role, invitation.invited_by = role, actor
    token = _renew(invitation, at)
    if is_announced:
        publish(InvitationSent(invitation_id=invitation.pk, token=token, at=at))
    return invitation, token


@transaction.atomic
def invite_guest(
    *, organisation: Organisation, host: Organisation, email: str, role: str, actor: Person, at: datetime
) -> Invitation:
    """Invite an address into the organisation of a partner of `host`, by mail; inviting again renews the link.

    The caller makes sure that the organisation is a partner of that host. Raises RefusedError as
    `rules.why_not_invite_guest` says.
    """
    email = email.strip().lower()
    is_member = queries.is_member(organisation, email)
    host_role = queries.role_in(actor, host.pk)
    demand(rules.why_not_invite_guest(host_role, is_host=organisation.is_host, is_member=is_member))
    rows = queries.open_invitations_of(organisation).select_for_update(of=("self",))
    invitation = rows.filter(email=email, host=host).first()
    if invitation is None:
        invitation = Invitation(organisation=organisation, host=host, email=email, created_at=at)
    invitation.role, invitation.invited_by = role, actor
    token = _renew(invitation, at)
    publish(InvitationSent(invitation_id=invitation.pk, token=token, at=at))
    return invitation


@transaction.atomic
def resend_invitation(*, invitation_id: int, actor: Person, at: datetime) -> tuple[Invitation, str]:
    """Send an invitation again with a new link; the old one stops working.

    Raises RefusedError as `rules.why_not_handle` says.
    """
    invitation = _handled(invitation_id, actor)
    token = _renew(invitation, at)
    publish(InvitationSent(invitation_id=invitation.pk, token=token, at=at))
    return invitation, token


@transaction.atomic
def withdraw_invitation(*, invitation_id: int, actor: Person, at: datetime) -> Invitation:
    """Take an invitation back: its link stops working. Raises RefusedError as `rules.why_not_handle` says."""
    invitation = _handled(invitation_id, actor)
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    return invitation


def _handled(invitation_id: int, actor: Person) -> Invitation:
    """Return the locked invitation if the actor may handle it."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation_id, organisation__isnull=False)
    where = invitation.host_id or invitation.organisation_id or 0
    demand(rules.why_not_handle(invitation, queries.role_in(actor, where)))
    return invitation


def _offered(token: str, person: Person, at: datetime) -> Invitation:
    """Return the locked invitation of this token if the person may accept it."""
    invitation = Invitation.objects.select_for_update(of=("self",)).filter(token_hash=queries.hash_of(token)).first()
    demand(rules.why_not_accept(invitation, person, at=at))
    return cast("Invitation", invitation)


def _accept(invitation: Invitation, person: Person, at: datetime) -> None:
    """Record who accepted, and say so."""
    invitation.accepted_at, invitation.accepted_by = at, person
    invitation.save(update_fields=["accepted_at", "accepted_by", "organisation"])
    publish(InvitationAccepted(invitation_id=invitation.pk, person_id=person.pk, at=at))


@transaction.atomic
def accept_invitation(*, token: str, person: Person, at: datetime) -> Membership:
    """Make the person a member as invited; accepting twice changes nothing.

    Raises RefusedError as `rules.why_not_accept` says.
    """
    invitation = _offered(token, person, at)
    organisation = Organisation.objects.get(invitations=invitation)
    membership = seat(person=person, organisation=organisation, role=invitation.role, at=at)
    if invitation.accepted_at is None:
        _accept(invitation, person, at)
    return membership


@transaction.atomic
def found_by_invitation(
    *, token: str, person: Person, name: str, kind: str, country: str, language: str, at: datetime
) -> Organisation:
    """Found the firm of this instance by the first owner's link; doing it twice founds it once.

    Raises RefusedError as `rules.why_not_accept` says.
    """
    invitation = _offered(token, person, at)
    if invitation.organisation_id is not None:
        return Organisation.objects.get(pk=invitation.organisation_id)
    organisation = found_organisation(name=name, kind=kind, country=country, language=language, owner=person, at=at)
    invitation.organisation = organisation
    _accept(invitation, person, at)
    return organisation


@transaction.atomic
def join_by_link(*, token: str, language: str, at: datetime) -> Person:
    """Accept an invitation for the address it was mailed to and return its person, registered if need be.

    Who holds the mailed link holds the mailbox, so the address counts as proven. Raises RefusedError as
    `rules.why_not_accept` says, and once the invitation was used.
    """
    invitation = queries.invitation_by_token(token)
    demand(rules.why_not_join_by_link(invitation, at=at))
    email = invitation.email if invitation else ""
    person = register_person(email=email, language=language, at=at)
    confirm_address(person=person)
    accept_invitation(token=token, person=person, at=at)
    return person


@transaction.atomic
def found_as_newcomer(
    *, token: str, email: str, person_name: str, name: str, kind: str, country: str, language: str, at: datetime
) -> Person:
    """Register the first owner and found their firm, in one step. Raises RefusedError for an address that is known."""
    known = queries.person_by_email(email)
    demand(rules.why_not_found_as(is_proven=known is not None and queries.is_proven(known)))
    person = register_person(email=email, language=language, at=at)
    confirm_address(person=person)
    welcome_person(
        person=person,
        name=person_name,
        affiliation=name,
        country=country,
        language=language,
        version=rules.PRIVACY_VERSION,
        at=at,
    )
    found_by_invitation(token=token, person=person, name=name, kind=kind, country=country, language=language, at=at)
    return person


@transaction.atomic
def first_owner_link(*, at: datetime) -> str | None:
    """Return the path that makes whoever opens it the owner, or None if there is an owner; the path before ends."""
    if queries.has_owner():
        return None
    organisation = queries.organisation_of_instance()
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(email="", organisation=organisation, role=Membership.Role.OWNER)
        .filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
        .first()
    )
    if invitation is None:
        invitation = Invitation(organisation=organisation, role=Membership.Role.OWNER, created_at=at)
    token = _renew(invitation, at)
    return reverse("people:invitation", args=[token])
