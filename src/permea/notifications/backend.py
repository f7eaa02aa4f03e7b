"""The mail backend: every mail the instance writes becomes a row first."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from permea.foundation.clock import now
from permea.notifications import services

KIND_HEADER = "X-Permea-Kind"
LANGUAGE_HEADER = "Content-Language"


class MailBackend(BaseEmailBackend):
    """Keeps mails as rows; the worker sends them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write one mail for each address and return how many messages there were."""
        for message in email_messages:
            html = ""
            if isinstance(message, EmailMultiAlternatives):
                html = next((str(part) for part, kind in message.alternatives if kind == "text/html"), "")
            for address in message.recipients():
                services.write_mail(
                    to=address,
                    kind=message.extra_headers.get(KIND_HEADER, "other"),
                    subject=str(message.subject),
                    text=str(message.body),
                    html=html,
                    language=message.extra_headers.get(LANGUAGE_HEADER, "en"),
                    at=now(),
                )
        return len(email_messages)
