"""What of the ideas step waits for somebody today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.challenges.models import Challenge
from permea.ideas.models import Contributor, Idea, Merge, SimilarPair
from permea.ideas.rules import is_lapsed
from permea.people.models import Organisation, Person
from permea.people.rules import MANAGING
from permea.surface.registry import TodayItem


def today_items(actor: Person, organisation: Organisation, role: str, at: datetime) -> Iterator[TodayItem]:
    """Yield the question to an author; for managers, pairs that are not settled and questions left unanswered."""
    asked = Merge.objects.filter(
        state=Merge.State.ASKED,
        idea__organisation=organisation,
        idea__challenge__status=Challenge.Status.PUBLISHED,
    ).select_related("idea__challenge")
    mine = Contributor.objects.filter(person=actor).values("idea_id")
    for_me = Q(idea__in=mine, answer_by__gt=at)
    lapsed = Q(answer_by__lte=at)
    waiting = list(asked.filter(for_me | lapsed if role in MANAGING else for_me).order_by("answer_by"))
    for merge in (one for one in waiting if not is_lapsed(one, at=at)):
        yield TodayItem(
            title=merge.idea.title,
            detail=_("May your entry be merged with another one?"),
            url=reverse("ideas:merge_answer", args=[merge.idea.key]),
            due_at=merge.answer_by,
            kind="similar",
            action=_("Answer"),
        )
    if role in MANAGING:
        yield from _unanswered([one for one in waiting if is_lapsed(one, at=at)])
        yield from _unsettled(organisation, at)


def _unanswered(merges: list[Merge]) -> Iterator[TodayItem]:
    """Yield the questions that no author answered in time."""
    for merge in merges:
        yield TodayItem(
            title=merge.idea.title,
            detail=_("Its author did not say whether it may be merged."),
            url=reverse("ideas:similar", args=[merge.idea.challenge.key]),
            due_at=merge.idea.challenge.decide_by,
            kind="similar",
            action=_("Decide"),
        )


def _unsettled(organisation: Organisation, at: datetime) -> Iterator[TodayItem]:
    """Yield the closed challenges in which pairs of entries say nearly the same and nobody has said what they are."""
    pairs = SimilarPair.objects.filter(
        challenge__organisation=organisation,
        challenge__status=Challenge.Status.PUBLISHED,
        challenge__closes_at__lte=at,
        apart_at__isnull=True,
        first__status=Idea.Status.SUBMITTED,
        second__status=Idea.Status.SUBMITTED,
    )
    rows = pairs.values(key=F("challenge__key"), title=F("challenge__title"), due=F("challenge__decide_by"))
    for row in rows.annotate(n=Count("pk")).order_by("due"):
        told = ngettext(
            "%(n)s pair of entries says nearly the same", "%(n)s pairs of entries say nearly the same", row["n"]
        )
        yield TodayItem(
            title=row["title"],
            detail=told % {"n": row["n"]},
            url=reverse("ideas:similar", args=[row["key"]]),
            due_at=row["due"],
            kind="similar",
            action=_("Look at them"),
        )
