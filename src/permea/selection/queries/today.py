"""What of selection waits for somebody today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from permea.people.models import Organisation, Person
from permea.people.rules import MANAGING
from permea.selection.models import Award, Clarification
from permea.surface.registry import TodayItem


def today_items(actor: Person, organisation: Organisation, role: str, at: datetime) -> Iterator[TodayItem]:
    """Yield questions about answers that wait for a reply, and prizes that can be paid, for managers."""
    del actor, at
    if role not in MANAGING:
        return
    asked = Clarification.objects.filter(replied_at__isnull=True, answer__idea__organisation=organisation)
    for one in asked.select_related("answer__idea__challenge").order_by("asked_at"):
        yield TodayItem(
            title=one.answer.idea.title,
            detail=_("A contributor asks about the answer."),
            url=reverse("selection:decide", args=[one.answer.idea.challenge.key]) + "#questions",
            due_at=None,
            kind="clarification",
            action=_("Reply"),
        )
    awards = Award.objects.filter(
        decision__challenge__organisation=organisation,
        payment=Award.Payment.DUE,
        rights_accepted_at__isnull=False,
        prize_amount__gt=0,
    )
    for award in awards.select_related("decision__idea", "decision__challenge").order_by("pk"):
        yield TodayItem(
            title=award.decision.idea.title,
            detail=_("The winner accepted the rights text; the prize can be paid."),
            url=reverse("selection:awards", args=[award.decision.challenge.key]),
            due_at=None,
            kind="payment",
            action=_("Pay"),
        )
