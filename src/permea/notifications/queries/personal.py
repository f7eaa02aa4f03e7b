"""What the instance knows of a person here: for their download, and for the page where they erase themselves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.notifications.models import Digest, Mail, Notice
from permea.notifications.queries.choices import rhythm_of, ways_of
from permea.notifications.queries.servers import undeliverable_of
from permea.people.models import Person
from permea.people.queries import ErasureLines


def personal_data_of(person: Person) -> dict[str, Any]:
    """Return mails, notices, choices and digests of a person, for what they can download."""
    mails = Mail.objects.filter(person=person).order_by("created_at", "pk")
    notices = Notice.objects.filter(person=person).select_related("challenge", "idea").order_by("at", "pk")
    digests = Digest.objects.filter(person=person).order_by("ends_at")
    rhythm, dead = rhythm_of(person), undeliverable_of(person.email or "")
    return {
        "mails": [
            {"kind": row.kind, "to": row.to, "subject": row.subject, "text": row.text, "at": row.created_at.isoformat()}
            for row in mails
        ],
        "notices": [_notice(row) for row in notices],
        "notification_choices": {
            "topics": ways_of(person),
            "digest": {"every": rhythm.every, "hour": rhythm.hour, "weekday": rhythm.weekday},
            "address_failed_at": dead.failed_at.isoformat() if dead else None,
        },
        "digests": [{"until": row.ends_at.isoformat(), "notices": row.n_notices} for row in digests],
    }


def _notice(row: Notice) -> dict[str, Any]:
    """Return a notice by keys; what they stand for may not be the person's to read any more."""
    return {
        "kind": row.kind,
        "challenge": row.challenge.key,
        "idea": row.idea.key if row.idea else None,
        "at": row.at.isoformat(),
        "read_at": row.read_at.isoformat() if row.read_at else None,
    }


def erasure_lines_of(person: Person) -> ErasureLines:
    """Return what happens to the mails and notices of a person who is erased."""
    goes = []
    n_mails = Mail.objects.filter(person=person).count()
    if n_mails:
        text = ngettext("What the %(count)d mail to you said.", "What the %(count)d mails to you said.", n_mails)
        goes.append(text % {"count": n_mails})
    if Notice.objects.filter(person=person).exists():
        goes.append(_("Your notices, and what you chose about mails and digests."))
    return ErasureLines(goes=goes, stays=[])
