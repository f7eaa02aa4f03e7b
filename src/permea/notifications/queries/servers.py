"""How the mail server is set, and which addresses take no mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from permea.notifications.models import Undeliverable
from permea.people.models import Invitation, Membership, Organisation, Person
from permea.people.queries import organisation_of_instance, role_in

STARTTLS, TLS, OPEN = "starttls", "tls", "open"


@dataclass(frozen=True, slots=True)
class MailServer:
    """What the environment says about the mail server; passwords are not read here."""

    host: str
    port: int
    safety: str
    user: str
    has_password: bool
    sender: str


def mail_server() -> MailServer | None:
    """Return the mail server that is set, or None where mails are kept."""
    if settings.MAIL_IS_KEPT:
        return None
    return MailServer(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        safety=STARTTLS if settings.EMAIL_USE_TLS else TLS if settings.EMAIL_USE_SSL else OPEN,
        user=settings.EMAIL_HOST_USER,
        has_password=bool(settings.EMAIL_HOST_PASSWORD),
        sender=settings.DEFAULT_FROM_EMAIL,
    )


def undeliverable_of(email: str) -> Undeliverable | None:
    """Return what a server said about an address that takes no mail, or None."""
    return Undeliverable.objects.filter(email=email.lower()).first()


def undeliverable_among(emails: Iterable[str | None]) -> set[str]:
    """Return which of these addresses take no mail, in small letters."""
    small = [email.lower() for email in emails if email]
    return set(Undeliverable.objects.filter(email__in=small).values_list("email", flat=True))


def undeliverable_for(actor: Person, organisation: Organisation) -> QuerySet[Undeliverable]:
    """Return the addresses without a mailbox an owner may know of, the last failure first.

    These are the addresses of the organisation's members and of those it invited; the owner of the instance's first
    organisation also sees those of people who belong to no organisation. Nothing tells which mail it was.
    """
    if role_in(actor, organisation.pk) != Membership.Role.OWNER:
        return Undeliverable.objects.none()
    living = Membership.objects.filter(ended_at__isnull=True, organisation__is_host=True)
    people = Q(pk__in=living.filter(organisation=organisation).values("person"))
    if organisation == organisation_of_instance():
        people |= ~Q(pk__in=living.values("person"))
    invited = Invitation.objects.filter(organisation=organisation).annotate(small=Lower("email")).values("small")
    members = Person.objects.filter(people, email__isnull=False).annotate(small=Lower("email")).values("small")
    known = Undeliverable.objects.filter(Q(email__in=members) | Q(email__in=invited))
    return known.order_by("-failed_at", "-pk")
