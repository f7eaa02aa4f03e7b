"""What of the challenges waits for the person who manages them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.challenges import rules
from permea.challenges.models import Challenge
from permea.people.models import Organisation, Person
from permea.people.rules import MANAGING
from permea.surface.registry import TodayItem

CLOSING_SOON = timedelta(days=3)
DUE_SOON = timedelta(days=14)
JUDGED = ("decide", "answer")


def today_items(actor: Person, organisation: Organisation, role: str, at: datetime) -> Iterator[TodayItem]:
    """Return drafts to finish, entries that close soon, decisions and answers that fall due; one query."""
    del actor
    if role not in MANAGING:
        return
    statuses = (Challenge.Status.DRAFT, Challenge.Status.PUBLISHED)
    rows = Challenge.objects.filter(organisation=organisation, status__in=statuses)
    for challenge in rows.order_by("closes_at", "pk"):
        item = _item(challenge, at)
        if item is not None:
            yield item


def _item(challenge: Challenge, at: datetime) -> TodayItem | None:
    """Return what waits on one challenge, or None."""
    phase = rules.phase_of(challenge, at=at)
    if phase == "draft":
        return TodayItem(
            title=challenge.title or _("Challenge without a title"),
            detail=_("A draft: nobody outside sees it yet."),
            url=reverse("challenges:edit", args=[challenge.key, "check"]),
            due_at=None,
            kind="draft",
            action=_("Finish it"),
        )
    due_at, kind = rules.next_date(challenge, at=at)
    if kind in {*JUDGED, *rules.STEP_PHASES} and not challenge.n_entries:
        said = _("Entries have closed, and nobody entered.")
        return TodayItem(challenge.title, said, _overview(challenge), None, "challenge", _("Archive it"))
    if due_at is None or kind == "opens" or due_at - at > (DUE_SOON if kind in JUDGED else CLOSING_SOON):
        return None
    return _due(challenge, due_at, kind)


def _due(challenge: Challenge, due_at: datetime, kind: str) -> TodayItem:
    """Return the item for a date that comes near or has passed."""
    entries = ngettext("%(number)d entry", "%(number)d entries", challenge.n_entries) % {"number": challenge.n_entries}
    texts = {
        "closes": (_("Entries close soon; so far: %(entries)s."), "challenge", _("Look at it")),
        "discuss": (_("Entries are being talked about: %(entries)s."), "challenge", _("Look at it")),
        "improve": (_("Entries are being improved: %(entries)s."), "challenge", _("Look at it")),
        "vote": (_("Entries are being voted on: %(entries)s."), "challenge", _("Look at it")),
        "decide": (_("To be decided: %(entries)s."), "decide", _("Decide")),
        "answer": (_("Answers are due: %(entries)s."), "answer", _("Answer")),
    }
    detail, icon_kind, action = texts[kind]
    url = reverse("selection:decide", args=[challenge.key]) if kind in JUDGED else _overview(challenge)
    return TodayItem(challenge.title, detail % {"entries": entries}, url, due_at, icon_kind, action)


def _overview(challenge: Challenge) -> str:
    """Return the address of a challenge's page."""
    return reverse("challenges:overview", args=[challenge.key])
