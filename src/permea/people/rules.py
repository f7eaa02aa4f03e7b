"""Deciding about people: who may manage, invite, leave, be erased; who counts as of the same house."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable
from datetime import datetime, timedelta

from babel import Locale
from babel.core import get_global
from django.utils import translation
from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.people.models import AccessToken, Invitation, Membership, Person

REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
MANAGING = frozenset({Membership.Role.OWNER.value, Membership.Role.MANAGER.value})
INVITATION_LIFE = timedelta(days=14)
UNPROVEN_LIFE = timedelta(days=7)
TOKENS_AT_MOST = 10
PRIVACY_VERSION = "2026-11"
NOT_REAL = frozenset({"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"})  # codes that name no country
UNWELCOMED = "unwelcomed"  # in the session of somebody who has not agreed to the privacy notice yet
LEGAL_FORMS = frozenset(
    [
        *("gmbh", "ag", "kg", "co", "ltd", "limited", "inc", "llc", "sa", "sas", "sarl", "srl", "spa", "bv", "ab"),
        *("as", "oy", "ug", "ev", "the"),
    ]
)
FREE_MAIL = frozenset(
    [
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com"),
        *("gmx.de", "gmx.net", "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "posteo.de", "mailbox.org"),
        *("proton.me", "protonmail.com", "orange.fr", "free.fr", "laposte.net", "libero.it", "aol.com"),
    ]
)


def why_not_manage(role: str | None) -> Refusal | None:
    """Return why somebody in this role may not manage, or None if they may."""
    if role in MANAGING:
        return None
    return Refusal("people.not_manager", _("Only an owner or a manager can do this."))


def why_not_own(role: str | None) -> Refusal | None:
    """Return why somebody in this role may not act as owner, or None if they may."""
    if role == Membership.Role.OWNER:
        return None
    return Refusal("people.not_owner", _("Only an owner can do this."))


def why_not_invite(actor_role: str | None, *, role: str, is_member: bool) -> Refusal | None:
    """Return why somebody in `actor_role` may not invite a person as `role`, or None if they may.

    Owners invite to every role, managers evaluators and members.
    """
    refusal = why_not_manage(actor_role)
    if refusal is None and role in MANAGING:
        refusal = why_not_own(actor_role)
    if refusal is None and is_member:
        refusal = Refusal("people.already_member", _("This person already belongs to the organisation."))
    return refusal


def why_not_invite_guest(host_role: str | None, *, is_host: bool, is_member: bool) -> Refusal | None:
    """Return why somebody in `host_role` may not invite a guest into a partner's organisation, or None if they may.

    `is_host` says that the organisation's own boundary is run here: into such a one only its own people invite.
    """
    refusal = why_not_manage(host_role)
    if refusal is None and is_host:
        refusal = Refusal("people.not_a_partner", _("This organisation invites its people itself."))
    if refusal is None and is_member:
        refusal = Refusal("people.already_member", _("This person already belongs to the organisation."))
    return refusal


def why_not_handle(invitation: Invitation, actor_role: str | None) -> Refusal | None:
    """Return why somebody in `actor_role` may not withdraw or resend the invitation, or None if they may."""
    if invitation.host_id is None:
        refusal = why_not_invite(actor_role, role=invitation.role, is_member=False)
    else:
        refusal = why_not_manage(actor_role)
    if refusal is None and invitation.accepted_at is not None:
        refusal = Refusal("people.invitation_used", _("This invitation has already been accepted."))
    if refusal is None and invitation.withdrawn_at is not None:
        refusal = Refusal("people.no_invitation", _("This invitation has already been withdrawn."))
    return refusal


def why_not_accept(invitation: Invitation | None, person: Person, *, at: datetime) -> Refusal | None:
    """Return why this person may not accept the invitation at `at`, or None if they may."""
    if invitation is None or invitation.withdrawn_at is not None:
        return Refusal("people.no_invitation", _("This invitation does not exist any more. Ask for a new one."))
    if invitation.accepted_at is not None:
        if invitation.accepted_by_id == person.pk:
            return None
        return Refusal("people.invitation_used", _("This invitation has already been used. Ask for a new one."))
    if at >= invitation.expires_at:
        return Refusal("people.invitation_expired", _("This invitation has expired. Ask for a new one."))
    if invitation.email and invitation.email.lower() != (person.email or "").lower():
        return Refusal(
            "people.other_address",
            _("This invitation was sent to another address. Sign in with the address it was sent to."),
        )
    return None


def why_not_join_by_link(invitation: Invitation | None, *, at: datetime) -> Refusal | None:
    """Return why somebody not signed in may not accept with the mailed link alone, or None if they may."""
    refusal = why_not_accept(invitation, Person(email=invitation.email if invitation else None), at=at)
    if refusal is None and invitation is not None and not invitation.email:
        refusal = Refusal("people.sign_in_first", _("Sign in first, then open the invitation again."))
    return refusal


def why_not_found_as(*, is_proven: bool) -> Refusal | None:
    """Return why the first owner may not found a firm under an address without signing in, or None if they may."""
    if not is_proven:
        return None
    return Refusal(
        "people.sign_in_first",
        _("This address is known here already. Sign in with it first, then open the link again."),
    )


def why_not_change_role(membership: Membership, *, role: str, actor_role: str | None, n_owners: int) -> Refusal | None:
    """Return why somebody in `actor_role` may not give a member another role, or None if they may."""
    refusal = why_not_own(actor_role)
    if refusal is None and role != Membership.Role.OWNER:
        refusal = _why_not_do_without(membership, n_owners)
    return refusal


def why_not_end(membership: Membership, actor: Person, *, actor_role: str | None, n_owners: int) -> Refusal | None:
    """Return why `actor` may not end the membership, or None if they may: owners end any, everybody their own."""
    refusal = None if membership.person_id == actor.pk else why_not_own(actor_role)
    return refusal or _why_not_do_without(membership, n_owners)


def _why_not_do_without(membership: Membership, n_owners: int) -> Refusal | None:
    """Return why the organisation cannot do without this owner, or None if it can."""
    if membership.role != Membership.Role.OWNER or n_owners > 1:
        return None
    return Refusal(
        "people.last_owner",
        _("An organisation needs an owner. Make somebody else an owner first."),
    )


def why_not_erase(person: Person, actor: Person, *, owned_alone: Iterable[str]) -> Refusal | None:
    """Return why `actor` may not erase `person`, who is the only owner of `owned_alone`, or None if they may."""
    if person.pk != actor.pk:
        return Refusal("people.not_yourself", _("Everybody erases only themselves."))
    names = ", ".join(owned_alone)
    if not names:
        return None
    return Refusal(
        "people.last_owner",
        _("You are the only owner of %(names)s. Make somebody else an owner first.") % {"names": names},
    )


def why_not_issue_token(n_tokens: int) -> Refusal | None:
    """Return why a person with this many living tokens gets no other one, or None if they do."""
    if n_tokens < TOKENS_AT_MOST:
        return None
    return Refusal(
        "people.too_many_tokens",
        _("You have %(count)d access tokens. Revoke one before you make another.") % {"count": n_tokens},
    )


def why_not_revoke(token: AccessToken, actor: Person) -> Refusal | None:
    """Return why `actor` may not revoke the token, or None if they may."""
    if token.person_id == actor.pk:
        return None
    return Refusal("people.not_yours", _("This access token belongs to somebody else."))


def usual_zone(country: str, *, otherwise: str) -> str:
    """Return the time zone of a country that has one, else what it was `otherwise`."""
    zones = get_global("territory_zones").get(country, [])
    return zones[0] if len(zones) == 1 else otherwise


def country_choices() -> list[tuple[str, str]]:
    """Return all countries in the reader's language, none first."""
    names = Locale.parse(translation.get_language() or "en", sep="-").territories
    real = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in NOT_REAL]  # noqa: PLR2004 - ISO 3166 alpha-2
    return [("", "–"), *sorted(real, key=lambda pair: pair[1])]


def is_role_shown(n_members: int) -> bool:
    """Say whether roles mean anything yet: they appear when a second person joins."""
    return n_members > 1


def house_name(text: str) -> str:
    """Return an organisation's name without case, punctuation and legal form, for comparing."""
    return " ".join(word for word in re.findall(r"\w+", text.casefold()) if word not in LEGAL_FORMS)


def house_marks(person: Person) -> frozenset[tuple[str, str]]:
    """Return by what people of one organisation know each other; two who share a mark are of the same house.

    Worked out once a person, so that very many people can be compared: themselves, the name they state, the domain
    they get mail at.
    """
    name, domain = house_name(person.affiliation), (person.email or "").rpartition("@")[2].lower()
    marks = [("person", str(person.pk))]
    if name:
        marks.append(("name", name))
    if domain and domain not in FREE_MAIL:
        marks.append(("domain", domain))
    return frozenset(marks)


def zone_choices() -> list[tuple[str, str]]:
    """Return all time zones that are named after a place, and UTC."""
    zones = sorted(zone for zone in zoneinfo.available_timezones() if zone.partition("/")[0] in REGIONS)
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones)]
