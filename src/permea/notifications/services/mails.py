"""Mails: written with what caused them, sent by the worker, emptied when their reader is erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import formataddr, parseaddr
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Q
from django.template import engines

from permea.foundation import outbox
from permea.ideas.rules import is_unreachable
from permea.notifications import queries, rules
from permea.notifications.models import Mail
from permea.notifications.services.addresses import note_undeliverable, trust_address
from permea.notifications.services.choices import forget_choices
from permea.notifications.services.letters import compose
from permea.notifications.services.notices import note
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
    """Tell somebody something under the bell and by a letter in their language, or in their digest if they want that.

    Who has been erased or is known by name only hears nothing.
    """
    reader = to if isinstance(to, Person) else person_by_email(to)
    if isinstance(to, Person) and is_unreachable(to):
        return None
    if isinstance(to, Person) and not _is_for_now(to, kind, context, at):
        return None
    spoken = reader.language if reader else language or organisation.language
    optional = optional_parts(reader=reader, kind=kind)
    letter = compose(
        kind, reader=reader, language=spoken, context={"organisation": organisation, **optional, **context}
    )
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


def _is_for_now(reader: Person, kind: str, context: Mapping[str, Any], at: datetime) -> bool:
    """Write the notice of a letter and say whether the letter itself is to go out at once."""
    way = queries.way_for(reader, kind)
    note(person=reader, kind=kind, told=context, is_for_digest=way == rules.DIGEST, at=at)
    return way == rules.NOW


def optional_parts(*, reader: Person | None, kind: str) -> dict[str, Any]:
    """Return what a letter says about switching its kind off; nothing where it is always sent."""
    topic = rules.topic_of(kind)
    if reader is None or topic is None:
        return {}
    return {"topic": topic, "unsubscribe": queries.unsubscribe_link(reader, topic)}


def send_mail(*, mail_id: int, at: datetime) -> None:
    """Hand a mail to the mail server, where one is set; a mail that was sent is not sent again.

    What may be switched off is not sent to an address without a mailbox, and not tried again there.
    Raises MailNotSentError if the server does not take what must be sent.
    """
    mail = Mail.objects.select_related("organisation", "person").filter(pk=mail_id).first()
    if mail is None or settings.MAIL_IS_KEPT or not rules.is_worth_sending(mail, at=at):
        return
    dead = queries.undeliverable_of(mail.to)
    if dead is not None and rules.is_optional(mail.kind):
        _keep_error(mail, dead.answer)
        return
    try:
        message_of(mail).send()
    except Exception as error:
        _keep_error(mail, repr(error))
        if _is_dead(mail, error, at) and rules.is_optional(mail.kind):
            return
        raise MailNotSentError(type(error).__name__) from None
    if dead is not None:
        trust_address(email=mail.to)
    _keep_sent(mail, at)


def _is_dead(mail: Mail, error: Exception, at: datetime) -> bool:
    """Say whether the server said that nobody is at this address, and note it if so."""
    answers = error.recipients.values() if isinstance(error, SMTPRecipientsRefused) else ()
    for code, answer in answers:
        said = answer.decode(errors="replace")
        if rules.is_no_mailbox(code, said):
            note_undeliverable(email=mail.to, answer=f"{code} {said}", at=at)
            return True
    return False


def _keep_error(mail: Mail, error: str) -> None:
    """Keep why a mail was not sent."""
    mail.last_error = error[:2000]
    mail.save(update_fields=["last_error"])


def _keep_sent(mail: Mail, at: datetime) -> None:
    """Keep that a mail was sent, without what opens a door."""
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
            "Auto-Submitted": "auto-replied" if mail.kind == rules.REPLY_KIND else "auto-generated",
            "Content-Language": mail.language,
            **_reply_headers(mail),
            **_unsubscribe_headers(mail),
        },
    )
    if mail.html:
        message.attach_alternative(page_of(mail, organisation), "text/html")
    for attachment in mail.attachments:
        message.attach(attachment["name"], attachment["text"].encode(), attachment["type"])
    return message


def _reply_headers(mail: Mail) -> dict[str, str]:
    """Return where an answer to a mail about a posting goes: to the mailbox that is read, where there is one."""
    if not (settings.INBOX_URL and settings.INBOX_ADDRESS and mail.kind in rules.POSTING_KINDS):
        return {}
    return {"Reply-To": settings.INBOX_ADDRESS}


def _unsubscribe_headers(mail: Mail) -> dict[str, str]:
    """Return the headers by which a mail program offers to unsubscribe (RFC 8058); none for what is always sent."""
    topic = rules.topic_of(mail.kind)
    if topic is None or mail.person is None:
        return {}
    link = queries.unsubscribe_link(mail.person, topic)
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def page_of(mail: Mail, organisation: Organisation | None) -> str:
    """Return the whole HTML document of a mail, its style included."""
    engine = engines["jinja2"]
    template = engine.get_template("mails/_page.html")
    return template.render({"mail": mail, "organisation": organisation, "style": queries.mail_style()})


@transaction.atomic
def forget_person(*, person_id: int, email: str) -> None:
    """Empty every mail to this person, those written before they were known included, and those that name them.

    Their notices and choices go with it.
    """
    theirs = Q(person_id=person_id) | (Q(to__iexact=email) if email else Q())
    Mail.objects.filter(theirs).update(to="", subject="", text="", html="", attachments=[], last_error="", person=None)
    signed = Invitation.objects.filter(invited_by_id=person_id).values("key")
    Mail.objects.filter(kind="invitation", about__in=signed).update(text="", html="")
    naming = Q(about__in=queries.entries_written_with(person_id)) | ~Q(about__in=queries.entries_there_are())
    Mail.objects.filter(naming, kind__in=rules.TOGETHER_KINDS).update(subject="", text="", html="")
    forget_choices(person_id=person_id, email=email)
