"""Erasing: what identifies a person goes, that somebody did something stays."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import ProtectedError, Q

from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people import queries, rules
from permea.people.events import PersonErased
from permea.people.models import AccessToken, Consent, Invitation, Membership, Person
from permea.people.services.memberships import finish


@transaction.atomic
def erase_person(*, person: Person, actor: Person, at: datetime, with_texts: bool = False) -> None:
    """Erase what identifies the person, here and in every later step, and if asked what they handed in; once is enough.

    Raises RefusedError as `rules.why_not_erase` says.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    demand(rules.why_not_erase(person, actor, owned_alone=queries.owned_alone(person)))
    if person.erased_at is not None:
        return
    email = person.email or ""
    for membership in Membership.objects.filter(person=person, ended_at__isnull=True):
        finish(membership, at)
    publish(PersonErased(person_id=person.pk, email=email, with_texts=with_texts, at=at))
    _delete_access(person, email)
    Consent.objects.filter(person=person, withdrawn_at__isnull=True).update(withdrawn_at=at)
    _forget_invitations(person, email, at)
    _blank(person, at)


def _forget_invitations(person: Person, email: str, at: datetime) -> None:
    """Take open invitations to the address back and empty the address of all."""
    theirs = Invitation.objects.filter(Q(accepted_by=person) | Q(email__iexact=email)).exclude(email="")
    theirs.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=at)
    theirs.update(email="")


def _delete_access(person: Person, email: str) -> None:
    """Delete every way in: sessions, tokens, passkeys and the like, the address."""
    Session.objects.filter(pk__in=queries.session_keys_of(person, email=email)).delete()
    AccessToken.objects.filter(person=person).delete()
    Authenticator.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()


def _blank(person: Person, at: datetime) -> None:
    """Empty the person's own row; key and dates stay."""
    person.email, person.name, person.affiliation, person.country = None, "", "", ""
    person.language, person.time_zone = "en", "UTC"
    person.is_active, person.erased_at, person.last_login = False, at, None
    person.set_unusable_password()
    person.save()


def drop_unproven(*, at: datetime) -> int:
    """Delete people who never proved their address within a week and did nothing; return how many."""
    dropped = 0
    for person in queries.never_proven_before(at - rules.UNPROVEN_LIFE):
        try:
            with transaction.atomic():
                email = person.email or ""
                publish(PersonErased(person_id=person.pk, email=email, at=at))
                _delete_access(person, email)
                person.delete()
        except ProtectedError:  # something else refers to them: an imported entry, a seat in a panel
            continue
        dropped += 1
    return dropped
