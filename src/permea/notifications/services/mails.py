"""Mails: written with what caused them, sent by the worker, emptied when their reader is erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Q
from django.template import engines

from permea.foundation import outbox
from permea.ideas.rules import is_unreachable
from permea.notifications import rules
from permea.notifications.models import Mail
from permea.notifications.queries import mail_style
from permea.notifications.services.letters import compose
from permea.people.models import Invitation, Organisation, Person
from permea.people.queries import organisation_of_instance, person_by_email

Attachment = dict[str, str]
SEND = "mail.send"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class MailNotSentError(Exception):
    """Raised when a mail server did not take a mail; the mail's row says why."""


@transaction.atomic
def write_mail(
    *,
    to: Person | str,
    kind: str,
    subject: str,
    text: str,
    at: datetime,
    html: str = "",
    organisation: Organisation | None = None,
    attachments: Sequence[Attachment] = (),
    about: str = "",
    language: str = "en",
) -> Mail:
    """Write a mail to one address and have it sent. Raises ValueError for a person without an address."""
    person = to if isinstance(to, Person) else person_by_email(to)
    address = to if isinstance(to, str) else to.email
    if not address:
        raise ValueError(kind)
    mail = Mail.objects.create(
        organisation=organisation,
        person=person,
        to=address,
        kind=kind,
        subject=rules.one_line(subject),
        text=text,
        html=html,
        attachments=list(attachments),
        about=about,
        language=language,
        created_at=at,
    )
    outbox.put(kind=SEND, payload={"mail_id": mail.pk}, at=at)
    return mail


def tell(
    *,
    to: Person | str,
    kind: str,
    at: datetime,
    organisation: Organisation,
    about: str = "",
    language: str = "",
    attachments: Sequence[Attachment] = (),
    **context: Any,
) -> Mail | None:
    """Write somebody a letter in their language; who has been erased or is known by name only gets none."""
    reader = to if isinstance(to, Person) else person_by_email(to)
    if isinstance(to, Person) and is_unreachable(to):
        return None
    spoken = reader.language if reader else language or organisation.language
    letter = compose(kind, reader=reader, language=spoken, context={"organisation": organisation, **context})
    return write_mail(
        to=to,
        kind=kind,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        language=letter.language,
        organisation=organisation,
        attachments=attachments,
        about=about,
        at=at,
    )


def send_mail(*, mail_id: int, at: datetime) -> None:
    """Hand a mail to the mail server, where one is set; a mail that was sent is not sent again.

    Raises MailNotSentError if the server does not take it.
    """
    mail = Mail.objects.select_related("organisation").filter(pk=mail_id).first()
    if mail is None or settings.MAIL_IS_KEPT or not rules.is_worth_sending(mail, at=at):
        return
    try:
        message_of(mail).send()
    except Exception as error:
        mail.last_error = repr(error)[:2000]
        mail.save(update_fields=["last_error"])
        raise MailNotSentError(type(error).__name__) from None
    mail.sent_at, mail.last_error = at, ""
    if rules.is_secret(mail):
        mail.subject = mail.text = mail.html = ""
    mail.save(update_fields=["sent_at", "last_error", "subject", "text", "html"])


def message_of(mail: Mail) -> EmailMultiAlternatives:
    """Return the mail as it goes over the wire."""
    organisation = mail.organisation or organisation_of_instance()
    name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    message = EmailMultiAlternatives(
        subject=rules.one_line(mail.subject),
        body=mail.text,
        from_email=formataddr((rules.one_line(organisation.name) if organisation else name, sender)),
        to=[mail.to],
        connection=get_connection(SMTP),
        headers={
            "Message-ID": f"<{mail.key}@{sender.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
        },
    )
    if mail.html:
        message.attach_alternative(page_of(mail, organisation), "text/html")
    for attachment in mail.attachments:
        message.attach(attachment["name"], attachment["text"].encode(), attachment["type"])
    return message


def page_of(mail: Mail, organisation: Organisation | None) -> str:
    """Return the whole HTML document of a mail, its style included."""
    engine = engines["jinja2"]
    template = engine.get_template("mails/_page.html")
    return template.render({"mail": mail, "organisation": organisation, "style": mail_style()})


@transaction.atomic
def forget_person(*, person_id: int, email: str) -> None:
    """Empty every mail to this person, those written before they were known included, and those that name them."""
    theirs = Q(person_id=person_id) | (Q(to__iexact=email) if email else Q())
    Mail.objects.filter(theirs).update(to="", subject="", text="", html="", attachments=[], last_error="", person=None)
    signed = Invitation.objects.filter(invited_by_id=person_id).values("key")
    Mail.objects.filter(kind="invitation", about__in=signed).update(text="", html="")
