"""What of evaluation waits for somebody today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.challenges.models import Challenge
from permea.challenges.rules import is_before_reviews
from permea.evaluation.models import Panel
from permea.evaluation.queries.reviews import Queue, my_queue
from permea.people.models import Organisation, Person
from permea.people.rules import MANAGING
from permea.surface.registry import TodayItem


def today_items(actor: Person, organisation: Organisation, role: str, at: datetime) -> Iterator[TodayItem]:
    """Yield the reviews that wait for the actor and, for managers, challenges that nobody judges yet."""
    for queue in my_queue(actor, at=at):
        if queue.challenge.organisation_id != organisation.pk:
            continue
        if queue.is_comparing and queue.n_compared < queue.n_fit:
            yield _to_compare(queue)
        if queue.items:
            told = ngettext(
                "%(n)s review, about %(minutes)s minutes", "%(n)s reviews, about %(minutes)s minutes", len(queue.items)
            )
            yield TodayItem(
                title=queue.challenge.title,
                detail=told % {"n": len(queue.items), "minutes": queue.minutes},
                url=reverse("evaluation:queue"),
                due_at=queue.challenge.decide_by,
                kind="review",
                action=_("Review"),
            )
    if role in MANAGING:
        yield from _without_panel(organisation, at)


def _to_compare(queue: Queue) -> TodayItem:
    """Return the pairs that wait to be compared."""
    left = queue.n_fit - queue.n_compared
    told = ngettext("%(n)s pair to compare, a minute each", "%(n)s pairs to compare, about a minute each", left)
    return TodayItem(
        title=queue.challenge.title,
        detail=told % {"n": left},
        url=reverse("evaluation:compare", args=[queue.challenge.key]),
        due_at=queue.challenge.decide_by,
        kind="review",
        action=_("Compare"),
    )


def _without_panel(organisation: Organisation, at: datetime) -> Iterator[TodayItem]:
    """Yield closed challenges without anybody on the panel."""
    staffed = Panel.objects.filter(panelists__left_at__isnull=True, panelists__isnull=False).values("challenge")
    waiting = Challenge.objects.filter(
        organisation=organisation, status=Challenge.Status.PUBLISHED, closes_at__lte=at
    ).exclude(pk__in=staffed)
    for challenge in (one for one in waiting.order_by("decide_by") if not is_before_reviews(one, at=at)):
        yield TodayItem(
            title=challenge.title,
            detail=_("Entries are in and nobody judges them yet."),
            url=reverse("evaluation:panel", args=[challenge.key]),
            due_at=challenge.decide_by,
            kind="panel",
            action=_("Choose the panel"),
        )
