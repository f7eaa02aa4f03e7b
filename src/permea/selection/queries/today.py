"""What of selection waits for somebody today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.people.rules import MANAGING
from permea.selection.models import Award, Clarification, Work
from permea.surface.registry import Stand, TodayItem, Waiting

Found = Mapping[str, Any]


def waiting(stand: Stand) -> Iterator[Waiting]:
    """Yield for managers questions about answers that wait, prizes that can be paid, and own work with open matters."""
    firms = stand.ids(MANAGING) if stand.is_firm else []
    if not firms:
        return
    asked = Clarification.objects.filter(replied_at__isnull=True, answer__idea__organisation__in=firms)
    found = JSONObject(key="answer__idea__challenge__key", title="answer__idea__title")
    yield Waiting(asked.order_by("asked_at", "pk").annotate(found=found), _question)
    awards = Award.objects.filter(
        decision__challenge__organisation__in=firms,
        payment=Award.Payment.DUE,
        rights_accepted_at__isnull=False,
        prize_amount__gt=0,
    )
    found = JSONObject(key="decision__challenge__key", title="decision__idea__title")
    yield Waiting(awards.order_by("pk").annotate(found=found), _prize)
    works = Work.objects.filter(organisation__in=firms, n_open__gt=0).order_by("-n_open", "pk")
    yield Waiting(works.annotate(found=JSONObject(key="key", title="name", n="n_open")), _work)


def _question(found: Found) -> TodayItem:
    """Return the item of a question."""
    return TodayItem(
        title=found["title"],
        detail=_("A contributor asks about the answer."),
        url=reverse("selection:decide", args=[found["key"]]) + "#questions",
        due_at=None,
        kind="clarification",
        action=_("Reply"),
    )


def _prize(found: Found) -> TodayItem:
    """Return the item of a prize."""
    return TodayItem(
        title=found["title"],
        detail=_("The winner accepted the rights text; the prize can be paid."),
        url=reverse("selection:awards", args=[found["key"]]),
        due_at=None,
        kind="payment",
        action=_("Pay"),
    )


def _work(found: Found) -> TodayItem:
    """Return the item of a piece of own work."""
    text = ngettext(
        "%(num)d thing that people on this work had read is like it, and not settled.",
        "%(num)d things that people on this work had read are like it, and not settled.",
        found["n"],
    )
    return TodayItem(
        title=found["title"],
        detail=text % {"num": found["n"]},
        url=reverse("selection:work", args=[found["key"]]),
        due_at=None,
        kind="work",
        action=_("Settle"),
    )
