"""Who is signed in, and by what people prove who they are: addresses, tokens, invitations, second factors."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet

from permea.people.models import AccessToken, Consent, Invitation, Person

_person_facts: dict[str, Callable[[], Any]] = {}


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
    person = next(iter(Person.objects.raw(sql, (*params, int(person_id)))), None)
    if person is not None:
        for name, fact in facts.items():
            value = getattr(person, name)
            for convert in (*connection.ops.get_db_converters(fact), *fact.get_db_converters(connection)):
                value = convert(value, fact, connection)
            setattr(person, name, value)
    return person


def told_with(person: Person, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what these expressions find for a person, by name, with one query."""
    found: dict[str, Any] = Person.objects.filter(pk=person.pk).annotate(**facts).values(*facts).get()
    return found


def hash_of(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_by_token(token: str) -> Invitation | None:
    """Return the invitation this token belongs to, used up or not, or None."""
    return Invitation.objects.select_related("organisation", "invited_by").filter(token_hash=hash_of(token)).first()


def person_by_email(email: str) -> Person | None:
    """Return the person with this address, or None."""
    return Person.objects.filter(email__iexact=email.strip()).first()


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
