"""Reading mails."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

from django.db.models import Q, QuerySet
from markupsafe import Markup

from permea.ideas.models import Idea, Posting
from permea.notifications.models import Mail, Notice
from permea.notifications.rules.mails import REPLY_KIND, TOGETHER_KINDS
from permea.people.models import Membership, Organisation, Person
from permea.people.queries import organisation_of_instance, role_in

ABOUT_ENTRIES = ("receipt", "withdrawal", *TOGETHER_KINDS)
ABOUT_POSTINGS = ("posting_receipt", "posting_reply", "posting_answer")
UNNAMED = ("answers_published", "question_hidden", "appeal_decided", "comment_posted", "votes_counted")
STYLE = Path(__file__).parents[1] / "data" / "mail.css"


@cache
def mail_style() -> Markup:
    """Return the style of HTML mails; mail programs load no files, so each mail carries it."""
    return Markup("<style>{}</style>").format(Markup(STYLE.read_text(encoding="utf-8")))  # noqa: S704 - our own file


def mails_visible_to(actor: Person, organisation: Organisation, at: datetime) -> QuerySet[Mail]:
    """Return the mails an owner may read at `at` where no mail server is set, newest first.

    These are the organisation's own and, of those that belong to none (codes for signing in), the ones to its
    members; the owner of the instance's first organisation also sees those to people who belong to no organisation.
    What tells of an entry (who writes it or handed it in, under which title, which files) is not among them while it is
    sealed; what goes to somebody who put something into a box and wants to stay unknown never is, nor what would tell
    who asked a question or spoke of an entry, unless it went to the actor.
    """
    if role_in(actor, organisation.pk) != Membership.Role.OWNER:
        return Mail.objects.none()
    living = Membership.objects.filter(ended_at__isnull=True, organisation__is_host=True)
    visible = Q(organisation=organisation) | Q(
        organisation__isnull=True, person__in=living.filter(organisation=organisation).values("person")
    )
    if organisation == organisation_of_instance():
        visible |= Q(organisation__isnull=True, person__isnull=False) & ~Q(person__in=living.values("person"))
    sealed = Idea.objects.filter(organisation=organisation, challenge__closes_at__gt=at)
    telling = Q(kind__in=ABOUT_ENTRIES, about__in=sealed.values("key"))
    unknown = Posting.objects.filter(organisation=organisation, is_anonymous=True)
    telling |= Q(kind__in=ABOUT_POSTINGS, about__in=unknown.values("key"))
    mails = Mail.objects.filter(visible).exclude(to="").exclude(telling)
    mails = mails.exclude(Q(kind__in=UNNAMED) & (Q(person__isnull=True) | ~Q(person=actor)))
    return mails.select_related("person").order_by("-created_at", "-pk")


def was_told(person: Person, *, kind: str, about: str) -> bool:
    """Say whether the person was told this kind of thing about this challenge, by mail or under the bell."""
    mails = Mail.objects.filter(person=person, kind=kind, about=about)
    return mails.exists() or Notice.objects.filter(person=person, kind=kind, challenge__key=about).exists()


def was_replied(email: str, *, since: datetime) -> bool:
    """Say whether a mail from this address was answered since then, by the instance itself."""
    return Mail.objects.filter(kind=REPLY_KIND, to__iexact=email, created_at__gt=since).exists()


def mail_by_message_id(message_id: str) -> Mail | None:
    """Return the mail of this instance that went out under this Message-ID, or None."""
    key = message_id.strip("<> ").partition("@")[0]
    return Mail.objects.filter(key=key).first() if key else None


def body_of(mail: Mail) -> Markup:
    """Return the HTML of a mail for showing it inside a page, or its text where it has none."""
    if mail.html:
        return Markup(mail.html)  # noqa: S704 - written by our own templates, which escape what comes from outside
    return Markup("<pre>{}</pre>").format(mail.text)


def entries_written_with(person_id: int) -> QuerySet[Idea, str]:
    """Return the keys of the entries somebody has or had a part in, or asked others to write."""
    had = Q(contributors__person_id=person_id) | Q(invitations__accepted_by_id=person_id)
    written = Idea.objects.filter(had | Q(author_id=person_id) | Q(invitations__invited_by_id=person_id))
    return written.order_by().values_list("key", flat=True)


def entries_there_are() -> QuerySet[Idea, str]:
    """Return the keys of all entries; mails about others are about drafts that were deleted."""
    return Idea.objects.order_by().values_list("key", flat=True)
