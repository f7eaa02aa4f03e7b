"""Sign-in links: printed by the command line for those whom no mail reaches."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse

from permea.people.models import Person

SALT = "permea.people.sign-in-link"


def _state(person: Person) -> str:
    """Return what changes when the person signs in, so that a link works once; in the demo again and again."""
    return "" if settings.DEMO or person.last_login is None else person.last_login.isoformat()


def sign_in_link(*, person: Person, at: datetime, until: datetime) -> str:
    """Return the path that signs the person in once, from `at` until `until`."""
    token = signing.dumps([person.key, until.timestamp(), _state(person), at.timestamp()], salt=SALT)
    return reverse("people:sign_in_link", args=[token])


def person_of_link(*, token: str, at: datetime) -> Person | None:
    """Return whom the link signs in, or None if it is wrong, too old or used."""
    try:
        key, until, state, _made = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    person = Person.objects.filter(key=key, is_active=True).first()
    if person is None or at.timestamp() >= until or _state(person) != state:
        return None
    return person
