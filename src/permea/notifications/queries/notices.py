"""Which notices a person may see: only those whose matter they may still read, asked of the step it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from permea.evaluation.models import Panelist
from permea.ideas.queries import ideas_visible_to, my_ideas
from permea.notifications import rules
from permea.notifications.models import Notice
from permea.people.models import Person
from permea.people.queries import managed_organisation_ids


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as its reader sees it, in their language."""

    notice: Notice
    text: str
    where: str
    href: str


def notices_visible_to(actor: Person, at: datetime, *, kinds: Collection[str] = rules.NOTED) -> QuerySet[Notice]:
    """Return the actor's notices of these kinds about what they may read at `at`, the newest first; no others."""
    visible = Q(pk__in=())
    for group, part in _PARTS:
        if not group.isdisjoint(kinds):
            visible |= Q(kind__in=group) & part(actor, at)
    rows = Notice.objects.filter(visible, person=actor).select_related("challenge__organisation", "idea")
    return rows.order_by("-at", "-pk")


def _own(actor: Person, at: datetime) -> Q:
    """Return the condition that a notice is about an idea the actor has a part in."""
    del at
    return Q(idea__in=my_ideas(actor).order_by().values("pk"))


def _standing(actor: Person, at: datetime) -> Q:
    """Return the condition that a notice is about a challenge the actor has an entry in."""
    del at
    return Q(challenge__in=my_ideas(actor).order_by().values("challenge"))


def _judging(actor: Person, at: datetime) -> Q:
    """Return the condition that the actor sits on the panel of the challenge."""
    del at
    seats = Panelist.objects.filter(person=actor, left_at__isnull=True)
    return Q(challenge__in=seats.values("panel__challenge"))


def _managing(actor: Person, at: datetime) -> Q:
    """Return the condition that the actor manages the challenge, and may read the idea if there is one."""
    readable = Q(idea__isnull=True) | Q(idea__in=ideas_visible_to(actor, at).values("pk"))
    return Q(challenge__organisation_id__in=managed_organisation_ids(actor)) & readable


_PARTS = ((rules.OWN, _own), (rules.STANDING, _standing), (rules.JUDGING, _judging), (rules.MANAGING, _managing))


def my_notice(actor: Person, key: str, at: datetime) -> Notice | None:
    """Return one of the notices the actor sees, or None."""
    return notices_visible_to(actor, at).filter(key=key).first()


def notice_row(notice: Notice) -> NoticeRow:
    """Return what is shown of a notice, in the language of now."""
    page, key = rules.place_of(notice)
    href = reverse(page, args=[key] if key else [])
    where = notice.challenge.title if notice.idea is not None or notice.kind == "assignments" else ""
    return NoticeRow(notice, rules.headline(notice), where, href)


def count_unread(actor: Person) -> int:
    """Return how many notices the actor has not read, those they may no longer see included."""
    return Notice.objects.filter(person=actor, read_at__isnull=True).count()


def hidden_unread(actor: Person, at: datetime) -> int:
    """Return how many unread notices are about something the actor may no longer see."""
    seen = notices_visible_to(actor, at).filter(read_at__isnull=True).count()
    return count_unread(actor) - seen


def unread_count() -> Coalesce:
    """Return the number of unread notices as a part of the query that reads a person."""
    mine = Notice.objects.filter(person=OuterRef("pk"), read_at__isnull=True).order_by().values("person")
    counted = Subquery(mine.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return Coalesce(counted, 0)
