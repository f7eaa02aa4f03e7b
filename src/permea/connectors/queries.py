"""Reading about the mailbox: how it is set, when it was read, what was taken."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db.models import Count

from permea.connectors import rules
from permea.connectors.imap import client
from permea.connectors.models import Mailbox, ReceivedMail
from permea.ideas.models import IdeaBox, Posting
from permea.notifications.queries import mail_by_message_id
from permea.people.queries import organisation_of_instance


@dataclass(frozen=True, slots=True)
class MailboxPage:
    """What the owner sees of the mailbox."""

    access: client.Access
    address: str
    state: Mailbox
    box: IdeaBox | None
    n_taken: int
    n_added: int
    refused: list[tuple[str, int]]


def access() -> client.Access | None:
    """Return the mailbox that is set, or None."""
    return client.access_of(settings.INBOX_URL) if settings.INBOX_URL else None


def address_hash() -> str:
    """Return what tells this mailbox from another one that may be set later; the password is no part of it."""
    found = client.access_of(settings.INBOX_URL)
    return hashlib.sha256(f"{found.user}@{found.host}:{found.port}/{found.folder}".encode()).hexdigest()


def mailbox_state() -> Mailbox:
    """Return how far the mailbox is read; a new one was never read."""
    found = address_hash()
    return Mailbox.objects.filter(address_hash=found).first() or Mailbox(address_hash=found)


def mailbox_page(at: datetime) -> MailboxPage | None:
    """Return how the mailbox is set and what came of it in the last thirty days, or None where none is set."""
    found = access()
    if found is None:
        return None
    rows = ReceivedMail.objects.filter(at__gt=at - rules.KEPT).values_list("outcome", "reason").annotate(n=Count("pk"))
    counts = {(outcome, reason): number for outcome, reason, number in rows}
    refused = {reason: number for (_outcome, reason), number in counts.items() if reason}
    return MailboxPage(
        access=found,
        address=settings.INBOX_ADDRESS,
        state=mailbox_state(),
        box=box_for(()),
        n_taken=counts.get(("taken", ""), 0),
        n_added=counts.get(("added", ""), 0),
        refused=[(str(ReceivedMail.Reason(reason).label), refused[reason]) for reason in sorted(refused)],
    )


def box_for(tags: Iterable[str]) -> IdeaBox | None:
    """Return the open box a mail goes into: the one its address names, else the one that is set, else the oldest."""
    rows = IdeaBox.objects.filter(organisation=organisation_of_instance(), closed_at__isnull=True)
    named = rows.filter(key__in=list(tags)).order_by("pk").first()
    if named is not None or not settings.INBOX_BOX:
        return named or rows.order_by("created_at", "pk").first()
    return rows.filter(key=settings.INBOX_BOX).first()


def own_addresses() -> set[str]:
    """Return the addresses this instance writes from and reads, in small letters."""
    written = (settings.DEFAULT_FROM_EMAIL, settings.INBOX_ADDRESS, settings.EMAIL_HOST_USER)
    return {parseaddr(address)[1].lower() for address in written if "@" in address}


def is_own_message(message_id: str) -> bool:
    """Say whether this instance sent the mail of this Message-ID."""
    return mail_by_message_id(message_id) is not None


def n_lately(sender_hash: str, at: datetime) -> int:
    """Return how many mails of a sender came within the last hour."""
    return ReceivedMail.objects.filter(sender_hash=sender_hash, at__gt=at - rules.HOUR).count()


def posting_answered_by(message_ids: Iterable[str]) -> Posting | None:
    """Return the posting that still waits and about which the answered mail was, or None."""
    for message_id in message_ids:
        mail = mail_by_message_id(message_id)
        if mail is not None and mail.about:
            waiting = (Posting.Status.NEW, Posting.Status.CONSIDERED)
            found = Posting.objects.filter(key=mail.about, status__in=waiting).first()
            if found is not None:
                return found
    return None
