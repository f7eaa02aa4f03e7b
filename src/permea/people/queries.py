"""Reading people: who is what where, and what the instance knows about somebody."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.people import rules
from permea.people.models import AccessToken, Consent, Invitation, Membership, Organisation, Person

TEXTS = Path(__file__).parent / "data"
PersonalData = Callable[[Person], dict[str, Any]]
_personal_data: list[PersonalData] = []


@dataclass(frozen=True, slots=True)
class ErasureLines:
    """What goes and what stays when a person is erased, in whole sentences."""

    goes: list[str]
    stays: list[str]


ErasureTeller = Callable[[Person], ErasureLines]
_erasure_tellers: list[ErasureTeller] = []
NeededFinder = Callable[[], QuerySet[Any, Any]]
_needed_finders: list[NeededFinder] = []
_person_facts: dict[str, Callable[[], Any]] = {}


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


def register_personal_data(provider: PersonalData) -> PersonalData:
    """Add what another step knows about a person to what they can download; the keys of the answer are its headings."""
    if provider not in _personal_data:
        _personal_data.append(provider)
    return provider


def register_erasure_lines(teller: ErasureTeller) -> ErasureTeller:
    """Add what another step says on the page where people erase themselves."""
    if teller not in _erasure_tellers:
        _erasure_tellers.append(teller)
    return teller


def register_needed(finder: NeededFinder) -> NeededFinder:
    """Add a query of the ids of people another step cannot do without: the authors of what was handed in, judges."""
    if finder not in _needed_finders:
        _needed_finders.append(finder)
    return finder


def register_person_fact(name: str, expression: Callable[[], Any]) -> None:
    """Add what another step counts for whoever is signed in to the query that reads them, so that it costs no other."""
    _person_facts[name] = expression
    _people_with_facts.cache_clear()


@cache
def _people_with_facts(vendor: str) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
    """Return the SQL of one person with the facts other steps count, its parameters before the id, and the facts.

    Every request asks this. Django takes seven times as long to write the SQL of these facts as a database takes to
    answer it, so it is written once for each kind of database.
    """
    del vendor
    people = Person.objects.annotate(**{name: expression() for name, expression in _person_facts.items()}).filter(pk=0)
    sql, params = people.query.sql_with_params()
    return sql, params[:-1], people.query.annotations


def signed_in_person(person_id: Any) -> Person | None:
    """Return the person a session belongs to, with the facts other steps count as attributes; None if they are gone."""
    sql, params, facts = _people_with_facts(connection.vendor)
    person = next(iter(Person.objects.raw(sql, (*params, Person._meta.pk.to_python(person_id)))), None)
    if person is not None:
        for name, fact in facts.items():
            value = getattr(person, name)
            for convert in (*connection.ops.get_db_converters(fact), *fact.get_db_converters(connection)):
                value = convert(value, fact, connection)
            setattr(person, name, value)
    return person


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


def hash_of(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_by_token(token: str) -> Invitation | None:
    """Return the invitation this token belongs to, used up or not, or None."""
    return Invitation.objects.select_related("organisation", "invited_by").filter(token_hash=hash_of(token)).first()


def person_by_email(email: str) -> Person | None:
    """Return the person with this address, or None."""
    return Person.objects.filter(email__iexact=email.strip()).first()


def organisation_of_instance() -> Organisation | None:
    """Return the firm that runs this instance: the first host organisation."""
    return Organisation.objects.filter(is_host=True).order_by("pk").first()


def has_consented(person: Person, *, purpose: str, version: str) -> bool:
    """Say whether the person's consent to this version is in force."""
    return Consent.objects.filter(person=person, purpose=purpose, version=version, withdrawn_at__isnull=True).exists()


def is_proven(person: Person) -> bool:
    """Say whether the person has proven that their address is theirs."""
    return bool(EmailAddress.objects.filter(user=person, verified=True).exists())


def tokens_of(person: Person) -> QuerySet[AccessToken]:
    """Return the person's access tokens that work, newest first."""
    return AccessToken.objects.filter(person=person, revoked_at__isnull=True).order_by("-created_at", "-pk")


def second_factors_of(person: Person) -> set[str]:
    """Return which other ways of signing in the person has set up: totp, webauthn, recovery_codes."""
    return set(Authenticator.objects.filter(user=person).values_list("type", flat=True))


def session_keys_of(person: Person, *, email: str = "") -> list[str]:
    """Return the sessions in which this person is signed in, or in which `email` waits for its code."""
    found = []
    for session in Session.objects.iterator():
        content = session.get_decoded()
        if content.get("_auth_user_id") == str(person.pk) or (email and email in str(content)):
            found.append(str(session.session_key))
    return found


def never_proven_before(moment: datetime) -> list[Person]:
    """Return people who were registered before `moment`, never proved their address, and whom no step needs."""
    people = Person.objects.filter(joined_at__lte=moment, erased_at__isnull=True).exclude(
        pk__in=EmailAddress.objects.filter(verified=True).values("user")
    )
    for needed in _needed_finders:
        people = people.exclude(pk__in=needed())
    return list(people.order_by("pk"))


def erasure_lines_of(person: Person) -> ErasureLines:
    """Return what goes and what stays if this person is erased, from here and from every other step."""
    goes = [
        _("Your name, address, country, language and where you work."),
        _("Every way in: your sessions, passkeys, authenticator and access tokens."),
    ]
    seats = members_by_name(person)
    if seats:
        goes.append(_("Your place in %(names)s: it ends.") % {"names": ", ".join(seats)})
    stays = [_("A key without a name, and on which days it joined, left and agreed to which text.")]
    for teller in _erasure_tellers:
        told = teller(person)
        goes += told.goes
        stays += told.stays
    return ErasureLines(goes=goes, stays=stays)


def members_by_name(person: Person) -> list[str]:
    """Return the names of the organisations the person belongs to."""
    seats = Membership.objects.filter(person=person, ended_at__isnull=True).select_related("organisation")
    return [seat.organisation.name for seat in seats.order_by("since", "pk")]


@cache
def privacy_notice(language: str) -> tuple[str, str]:
    """Return the privacy notice in this language and which language that is: English where there is no translation."""
    known = language if language.isalpha() and (TEXTS / f"privacy.{language}.md").is_file() else "en"
    return (TEXTS / f"privacy.{known}.md").read_text(encoding="utf-8"), known


def personal_data_of(person: Person) -> dict[str, Any]:
    """Return everything the instance holds about a person, by step, ready for JSON."""
    data: dict[str, Any] = {"person": _person_data(person)}
    data["memberships"] = [
        {
            "organisation": seat.organisation.name,
            "role": seat.role,
            "since": seat.since.isoformat(),
            "ended_at": seat.ended_at.isoformat() if seat.ended_at else None,
        }
        for seat in person.memberships.select_related("organisation").order_by("since", "pk")
    ]
    data["consents"] = [
        {"purpose": row.purpose, "version": row.version, "given_at": row.given_at.isoformat()}
        for row in person.consents.order_by("given_at", "pk")
    ]
    data["access_tokens"] = [
        {"label": row.label, "created_at": row.created_at.isoformat(), "is_revoked": row.revoked_at is not None}
        for row in person.access_tokens.order_by("created_at", "pk")
    ]
    data["invitations"] = [
        {
            "organisation": row.organisation.name if row.organisation else None,
            "role": row.role,
            "created_at": row.created_at.isoformat(),
            "accepted_at": row.accepted_at.isoformat() if row.accepted_at else None,
        }
        for row in Invitation.objects.filter(email__iexact=person.email or "-").select_related("organisation")
    ]
    for provider in _personal_data:
        data.update(provider(person))
    return data


def _person_data(person: Person) -> dict[str, Any]:
    """Return the person's own fields."""
    return {
        "key": person.key,
        "email": person.email,
        "name": person.name,
        "affiliation": person.affiliation,
        "country": person.country,
        "language": person.language,
        "time_zone": person.time_zone,
        "joined_at": person.joined_at.isoformat(),
        "second_factors": sorted(second_factors_of(person)),
    }
