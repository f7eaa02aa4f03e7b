"""What of equipment waits for a side: bookings to answer, and hours to agree to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from permea.campus.models import Booking
from permea.campus.queries.lists import opened_to, waiting_for
from permea.people.rules import MANAGING
from permea.surface.registry import Stand, TodayItem, Waiting, moment


def waiting(stand: Stand) -> Iterator[Waiting]:
    """Yield the bookings that wait, for who may bind the side they wait for."""
    binding = stand.ids(MANAGING)
    if not binding:
        return
    ours = Q(equipment__organisation__in=binding)
    if not stand.is_firm:
        ours = Q(equipment__in=[one.pk for one in opened_to(stand.person, stand.roles, stand.at)])
    rows = waiting_for(Booking.objects.filter(ours), binding).order_by("starts_at", "pk")
    found = JSONObject(key="key", title="equipment__name", user="user__name", state="state", starts_at="starts_at")
    yield Waiting(rows.annotate(found=found), _item)


def _item(found: Mapping[str, Any]) -> TodayItem:
    """Return the item of a booking: one to answer is due when it begins."""
    is_asked = found["state"] == Booking.State.ASKED
    hours = _("Hours of the booking by %(name)s wait for you to agree.")
    detail = _("%(name)s asks for a time.") if is_asked else hours
    return TodayItem(
        title=found["title"],
        detail=detail % {"name": found["user"]},
        url=reverse("campus:booking", args=[found["key"]]),
        due_at=moment(found["starts_at"]) if is_asked else None,
        kind="equipment",
        action=_("Answer") if is_asked else _("Agree"),
    )
