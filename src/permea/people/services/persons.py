"""Persons: registering, proving an address, the profile, consent, sessions."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction

from permea.foundation.events import publish
from permea.people import queries, rules
from permea.people.events import PersonRegistered
from permea.people.models import Consent, Person


@transaction.atomic
def register_person(*, email: str, at: datetime, name: str = "", language: str = "en") -> Person:
    """Make the address a person who has yet to prove it; a known address is returned as it is."""
    person, is_new = Person.objects.get_or_create(
        email=email.strip().lower(),
        defaults={"name": name, "language": language, "joined_at": at, "password": make_password(None)},
    )
    if not is_new:
        return person
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=False)
    publish(PersonRegistered(person_id=person.pk, at=at))
    return person


@transaction.atomic
def confirm_address(*, person: Person) -> None:
    """Record that the person has proven that their address is theirs."""
    EmailAddress.objects.filter(user=person, email__iexact=person.email).update(verified=True)


@transaction.atomic
def update_profile(
    *, person: Person, name: str, affiliation: str, country: str, language: str, time_zone: str
) -> Person:
    """Store what the person says about themselves."""
    person.name, person.affiliation, person.country = name, affiliation, country
    person.language, person.time_zone = language, time_zone
    person.save(update_fields=["name", "affiliation", "country", "language", "time_zone"])
    return person


@transaction.atomic
def give_consent(*, person: Person, purpose: str, version: str, at: datetime) -> Consent:
    """Record that the person agrees to this version of a text about their data; once per version."""
    consent, _is_new = Consent.objects.get_or_create(
        person=person, purpose=purpose, version=version, withdrawn_at=None, defaults={"given_at": at}
    )
    return consent


@transaction.atomic
def welcome_person(
    *, person: Person, name: str, affiliation: str, country: str, language: str, version: str, at: datetime
) -> Person:
    """Store a first-timer's name and consent; a country with one time zone says which it is."""
    give_consent(person=person, purpose="privacy", version=version, at=at)
    return update_profile(
        person=person,
        name=name,
        affiliation=affiliation,
        country=country,
        language=language,
        time_zone=rules.usual_zone(country, otherwise=person.time_zone),
    )


@transaction.atomic
def sign_out_elsewhere(*, person: Person, session_key: str | None) -> int:
    """End all sessions of the person but this one and return how many there were."""
    keys = [key for key in queries.session_keys_of(person) if key != session_key]
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)


def drop_ended_sessions(*, at: datetime) -> None:
    """Delete sessions whose time is over."""
    Session.objects.filter(expire_date__lt=at).delete()
