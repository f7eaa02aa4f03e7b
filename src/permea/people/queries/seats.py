"""Who is what where: memberships, roles, the team and who is invited to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from permea.foundation.refusals import Refusal
from permea.people import rules
from permea.people.models import Invitation, Membership, Organisation, Person


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A member and what the reader may do with their membership."""

    membership: Membership
    is_reader: bool
    role_blocked: Refusal | None
    end_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An open invitation and whether it still works."""

    invitation: Invitation
    is_expired: bool
    handle_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class TeamPage:
    """The team as its reader sees it; roles are left out while somebody works alone."""

    organisation: Organisation
    rows: list[TeamRow]
    invitations: list[InvitationRow]
    is_role_shown: bool
    invite_blocked: Refusal | None


def seats_of(person: Person | AnonymousUser) -> list[tuple[Organisation, str]]:
    """Return the host organisations this person belongs to and the role in each, oldest first; read once per person."""
    if not isinstance(person, Person):
        return []
    cached: list[tuple[Organisation, str]] | None = getattr(person, "_seats", None)
    if cached is None:
        memberships = (
            Membership.objects.filter(person=person, ended_at__isnull=True, organisation__is_host=True)
            .select_related("organisation")
            .order_by("since", "pk")
        )
        cached = [(membership.organisation, membership.role) for membership in memberships]
        person._seats = cached  # type: ignore[attr-defined]  # noqa: SLF001 - a cache for one request
    return cached


def organisation_ids_of(person: Person | AnonymousUser) -> list[int]:
    """Return every organisation this person belongs to, whether its boundary is run here or it is a partner's."""
    if not isinstance(person, Person):
        return []
    living = Membership.objects.filter(person=person, ended_at__isnull=True)
    return list(living.order_by("since", "pk").values_list("organisation_id", flat=True))


def partner_roles_of(person: Person) -> dict[int, str]:
    """Return in which partners somebody has a seat, and their role there, by organisation id."""
    seats = Membership.objects.filter(person=person, ended_at__isnull=True, organisation__is_host=False)
    return dict(seats.order_by("since", "pk").values_list("organisation_id", "role"))


def forget_seats(person: Person) -> None:
    """Drop the roles read before, after one has changed."""
    person.__dict__.pop("_seats", None)


def roles_of(person: Person | AnonymousUser) -> dict[int, str]:
    """Return role by organisation id."""
    return {organisation.pk: role for organisation, role in seats_of(person)}


def role_in(person: Person | AnonymousUser, organisation_id: int) -> str | None:
    """Return the person's role in the organisation, or None."""
    return roles_of(person).get(organisation_id)


def managed_organisation_ids(person: Person | AnonymousUser) -> list[int]:
    """Return the organisations this person may manage."""
    return [pk for pk, role in roles_of(person).items() if role in rules.MANAGING]


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Return the living memberships of an organisation, the longest first."""
    return (
        Membership.objects.filter(organisation=organisation, ended_at__isnull=True)
        .select_related("person")
        .order_by("since", "pk")
    )


def managers_of(organisation: Organisation) -> list[Person]:
    """Return the people who manage an organisation: its owners and managers."""
    return [seat.person for seat in members_of(organisation).filter(role__in=rules.MANAGING)]


def membership_for(actor: Person, organisation: Organisation, membership_id: int) -> Membership | None:
    """Return a living membership of an organisation the actor belongs to, or None."""
    if role_in(actor, organisation.pk) is None:
        return None
    return members_of(organisation).filter(pk=membership_id).first()


def count_owners(organisation_id: int) -> int:
    """Return how many owners an organisation has."""
    return Membership.objects.filter(
        organisation_id=organisation_id, role=Membership.Role.OWNER, ended_at__isnull=True
    ).count()


def owned_alone(person: Person) -> list[str]:
    """Return the names of the host organisations that would be without an owner if this person left."""
    seats = Membership.objects.filter(
        person=person, role=Membership.Role.OWNER, ended_at__isnull=True, organisation__is_host=True
    ).select_related("organisation")
    return [seat.organisation.name for seat in seats.order_by("pk") if count_owners(seat.organisation_id) == 1]


def has_owner() -> bool:
    """Say whether a host organisation has an owner."""
    return Membership.objects.filter(
        role=Membership.Role.OWNER, ended_at__isnull=True, organisation__is_host=True
    ).exists()


def is_member(organisation: Organisation, email: str) -> bool:
    """Say whether somebody with this address belongs to the organisation."""
    return members_of(organisation).filter(person__email__iexact=email.strip()).exists()


def open_invitations_of(organisation: Organisation) -> QuerySet[Invitation]:
    """Return invitations that nobody has accepted or withdrawn, newest first."""
    return (
        Invitation.objects.filter(organisation=organisation, accepted_at__isnull=True, withdrawn_at__isnull=True)
        .select_related("invited_by")
        .order_by("-created_at", "-pk")
    )


def roles_to_invite_to(role: str | None) -> list[str]:
    """Return the roles to which somebody in this role may invite, the least powerful first."""
    return [
        choice
        for choice in reversed(Membership.Role.values)
        if rules.why_not_invite(role, role=choice, is_member=False) is None
    ]


def team_page(actor: Person, organisation: Organisation, *, at: datetime) -> TeamPage:
    """Return the team of an organisation as one of its members sees it; only those who manage see who is invited."""
    role = role_in(actor, organisation.pk)
    seats = list(members_of(organisation))
    n_owners = sum(seat.role == Membership.Role.OWNER for seat in seats)
    rows = [
        TeamRow(
            membership=seat,
            is_reader=seat.person_id == actor.pk,
            role_blocked=rules.why_not_change_role(
                seat, role=Membership.Role.MEMBER, actor_role=role, n_owners=n_owners
            ),
            end_blocked=rules.why_not_end(seat, actor, actor_role=role, n_owners=n_owners),
        )
        for seat in seats
    ]
    invite_blocked = rules.why_not_invite(role, role=Membership.Role.MEMBER, is_member=False)
    invitations = [] if invite_blocked else list(open_invitations_of(organisation).exclude(email=""))
    return TeamPage(
        organisation=organisation,
        rows=rows,
        invitations=[
            InvitationRow(row, is_expired=at >= row.expires_at, handle_blocked=rules.why_not_handle(row, role))
            for row in invitations
        ],
        is_role_shown=rules.is_role_shown(len(seats)),
        invite_blocked=invite_blocked,
    )


def organisation_of_instance() -> Organisation | None:
    """Return the firm that runs this instance: the first host organisation."""
    return Organisation.objects.filter(is_host=True).order_by("pk").first()
