"""What of equipment and placements waits for a side: to be answered, or to be agreed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from permea.campus.models import Booking, Placement
from permea.campus.queries.lists import opened_to, waiting_for
from permea.campus.queries.placements import placed_of, placements
from permea.campus.rules import OPEN_END
from permea.people.rules import MANAGING
from permea.surface.registry import Stand, TodayItem, Waiting, moment


def waiting(stand: Stand) -> Iterator[Waiting]:
    """Yield the bookings and placements that wait, for who may bind the side they wait for."""
    binding = stand.ids(MANAGING)
    if not binding:
        return
    yield Waiting(_placements(stand, binding), partial(_placement_item, is_firm=stand.is_firm))
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


def _placements(stand: Stand, binding: list[int]) -> QuerySet[Placement]:
    """Return the placements for which a side names or answers a student, or agrees to what the other says came of it.

    What a partner's agreement does not cover any more waits for nobody there.
    """
    if stand.is_firm:
        ours = Placement.objects.filter(organisation__in=binding)
    else:
        seen = placed_of(placements().filter(partner__in=binding))
        ours = Placement.objects.filter(
            pk__in=[one.placement.pk for one in seen if one.is_open_to(stand.person, stand.at)]
        )
    asked = Q(state=Placement.State.NAMED if stand.is_firm else Placement.State.OFFERED)
    said = Q(state__in=OPEN_END, led_to_offer__isnull=False, said_is_firm=not stand.is_firm)
    found = JSONObject(key="key", title="title", state="state", name="student_name", first_day="first_day")
    return ours.filter(asked | said).order_by("first_day", "pk").annotate(found=found)


def _placement_item(found: Mapping[str, Any], *, is_firm: bool) -> TodayItem:
    """Return the item of a placement: before it begins it is due on its first day."""
    is_asked = found["state"] not in OPEN_END
    told = {"name": found["name"]}
    if not is_asked:
        detail, action = _("The other side has said what came of this placement."), _("Look")
    elif is_firm:
        detail, action = _("%(name)s is named as the student.") % told, _("Answer")
    else:
        detail, action = _("You are offered this placement for a student."), _("Answer")
    begins = datetime.combine(date.fromisoformat(found["first_day"]), time(), UTC)
    url = reverse("campus:placement", args=[found["key"]])
    return TodayItem(found["title"], detail, url, begins if is_asked else None, "placement", action)
