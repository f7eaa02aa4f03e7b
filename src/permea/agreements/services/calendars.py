"""The private address by which somebody's calendar fetches the days of their agreements."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from permea.agreements.models import CalendarLink
from permea.people.models import Person
from permea.people.queries import hash_of


@transaction.atomic
def make_calendar_link(*, person: Person, at: datetime) -> str:
    """Make a person's private address anew and return its token, which is shown this once; the one before stops."""
    token = secrets.token_urlsafe(32)
    CalendarLink.objects.update_or_create(person=person, defaults={"token_hash": hash_of(token), "made_at": at})
    return token


@transaction.atomic
def drop_calendar_link(*, person_id: int) -> None:
    """Stop a person's private address; twice is the same as once."""
    CalendarLink.objects.filter(person_id=person_id).delete()
