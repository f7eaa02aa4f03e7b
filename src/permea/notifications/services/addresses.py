"""Addresses without a mailbox: noted when a server says so, trusted again when they take mail or their person asks."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from permea.notifications.models import Undeliverable

LONGEST = 300


@transaction.atomic
def note_undeliverable(*, email: str, answer: str, at: datetime) -> None:
    """Note that a mail server said that nobody is at this address."""
    told = {"answer": answer[:LONGEST], "failed_at": at}
    known = Undeliverable.objects.filter(email=email.lower())
    if not known.update(n_failures=F("n_failures") + 1, **told):
        Undeliverable.objects.create(email=email.lower(), **told)


@transaction.atomic
def trust_address(*, email: str) -> None:
    """Send everything to this address again."""
    Undeliverable.objects.filter(email=email.lower()).delete()
