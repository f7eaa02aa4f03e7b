"""Which notices a person may see: only those whose matter they may still read, asked of the step it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from permea.challenges.models import Circle
from permea.dialogue.models import Comment, EntryFollower
from permea.evaluation.models import Panelist
from permea.ideas.models import Contributor
from permea.ideas.queries import ideas_visible_to
from permea.notifications import rules
from permea.notifications.models import Notice
from permea.people.models import Membership, Person
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
    for group, part in _OF_ANYBODY:
        if not group.isdisjoint(kinds):
            visible |= Q(kind__in=group) & part()
    if not rules.MANAGING.isdisjoint(kinds):
        visible |= Q(kind__in=rules.MANAGING) & _managing(actor, at)
    rows = Notice.objects.filter(visible, person=actor).select_related("challenge__organisation", "idea")
    return rows.order_by("-at", "-pk")


def due_of_many(people: Collection[Person], at: datetime) -> dict[int, list[Notice]]:
    """Return what is due to each of these people and they may still read, the newest first, by one query.

    For kinds that do not ask who manages what; the others are seen by `notices_visible_to`.
    """
    visible = Q(pk__in=())
    for group, part in _OF_ANYBODY:
        visible |= Q(kind__in=group) & part()
    rows = Notice.objects.filter(visible, person__in=people, digest_at__lte=at)
    found: dict[int, list[Notice]] = {}
    for notice in rows.select_related("challenge__organisation", "idea").order_by("-at", "-pk"):
        found.setdefault(notice.person_id, []).append(notice)
    return found


def _own() -> Q:
    """Return the condition that a notice is about an idea its person has a part in."""
    return Q(Exists(Contributor.objects.filter(person=OuterRef("person"), idea=OuterRef("idea"))))


def _standing() -> Q:
    """Return the condition that a notice is about a challenge its person has an entry in."""
    return Q(Exists(Contributor.objects.filter(person=OuterRef("person"), idea__challenge=OuterRef("challenge"))))


def _judging() -> Q:
    """Return the condition that its person sits on the panel of the challenge a notice is about."""
    seats = Panelist.objects.filter(person=OuterRef("person"), panel__challenge=OuterRef("challenge"))
    return Q(Exists(seats.filter(left_at__isnull=True)))


def _talking() -> Q:
    """Return the condition that its person wrote, follows or has spoken about the entry a notice is about."""
    of_both = {"person": OuterRef("person"), "idea": OuterRef("idea")}
    spoken = Comment.objects.filter(writer=OuterRef("person"), idea=OuterRef("idea"))
    follows = EntryFollower.objects.filter(is_wanted=True, **of_both)
    return Q(Exists(Contributor.objects.filter(**of_both))) | Q(Exists(spoken)) | Q(Exists(follows))


def _voting() -> Q:
    """Return the condition that its person belongs to the circle that sees what the vote of its challenge came to."""
    of_house = {"person": OuterRef("person"), "organisation": OuterRef("challenge__organisation")}
    inside = Exists(Membership.objects.filter(ended_at__isnull=True, **of_house))
    circle = "challenge__vote_count__circle"
    entered = Q(**{circle: Circle.CONTRIBUTORS}) & _standing()
    return Q(**{circle: Circle.EVERYONE}) | (Q(**{f"{circle}__isnull": False}) & Q(inside)) | entered


def _managing(actor: Person, at: datetime) -> Q:
    """Return the condition that the actor manages the challenge, and may read the idea if there is one."""
    readable = Q(idea__isnull=True) | Q(idea__in=ideas_visible_to(actor, at).values("pk"))
    return Q(challenge__organisation_id__in=managed_organisation_ids(actor)) & readable


_OF_ANYBODY = (
    (rules.OWN, _own),
    (rules.STANDING, _standing),
    (rules.JUDGING, _judging),
    (rules.TALKING, _talking),
    (rules.VOTING, _voting),
)


def my_notice(actor: Person, key: str, at: datetime) -> Notice | None:
    """Return one of the notices the actor sees, or None."""
    return notices_visible_to(actor, at).filter(key=key).first()


def notice_row(notice: Notice) -> NoticeRow:
    """Return what is shown of a notice, in the language of now."""
    page, key = rules.place_of(notice)
    href = reverse(page, args=[key] if key else [])
    where = notice.challenge.title if notice.idea is not None or notice.kind == "assignments" else ""
    return NoticeRow(notice, rules.headline(notice), where, href)


def told_of_talk(idea_id: int, *, since: datetime) -> set[int]:
    """Return the ids of whom a comment on an entry was told since then."""
    told = Notice.objects.filter(kind="comment_posted", idea=idea_id, at__gt=since)
    return set(told.values_list("person_id", flat=True))


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
