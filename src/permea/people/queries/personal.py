"""What the instance knows about somebody, and what goes and stays when they are erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from permea.people.models import Invitation, Membership, Person
from permea.people.queries.signed_in import second_factors_of

TEXTS = Path(__file__).parents[1] / "data"
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
