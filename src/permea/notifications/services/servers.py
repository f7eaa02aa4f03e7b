"""Trying the mail server out: a real message to the owner's own address, sent while they wait."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from permea.foundation.refusals import demand
from permea.notifications import rules
from permea.notifications.services.letters import compose
from permea.people.models import Organisation, Person
from permea.people.rules import why_not_own

PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Trial:
    """How a test message went: a diagnosis and the server's own words if it did not go out."""

    to: str
    diagnosis: rules.Diagnosis | None
    said: str


def send_test(*, actor: Person, organisation: Organisation, role: str, at: datetime) -> Trial:
    """Send the actor a test message now and say how it went.

    Raises RefusedError as `people.rules.why_not_own` and `rules.why_not_test` say.
    """
    demand(why_not_own(role))
    demand(rules.why_not_test(is_kept=settings.MAIL_IS_KEPT))
    told = {"organisation": organisation, "sent_at": at, "server": settings.EMAIL_HOST}
    letter = compose("test", reader=actor, language=actor.language, context=told)
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend", timeout=PATIENCE)
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[str(actor.email)],
        connection=connection,
        headers={"Auto-Submitted": "auto-generated", "Content-Language": letter.language},
    )
    try:
        message.send()
    except Exception as error:  # whatever it is, the owner is told in plain words
        with suppress(Exception):  # a connection that failed half-way is still open
            connection.close()
        return Trial(str(actor.email), rules.diagnose(error), rules.said_by(error))
    return Trial(str(actor.email), None, "")
