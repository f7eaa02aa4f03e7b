"""Lists of equipment and bookings, a new piece, and one's own bookings for a calendar."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from permea.campus import queries, services
from permea.campus.forms import NewForm
from permea.campus.models import Booking
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.people.models import Membership
from permea.surface.calendars import CONTENT_TYPE, Event, calendar_of_events
from permea.surface.downloads import made_file
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, PersonRequest, member, page_number, signed_in

MANAGING = (Membership.Role.OWNER.value, Membership.Role.MANAGER.value)
READING = (*MANAGING, Membership.Role.MEMBER.value)
REFUSED, INVALID = 409, 422


@require_GET
@member(*READING)
def listed(request: MemberRequest) -> HttpResponse:
    """List the equipment a firm shares with partners, and what was used."""
    context = {
        "page": queries.equipment_of(request.organisation, page_number(request)),
        "totals": queries.totals_of(request.organisation),
        "may_write": request.role in MANAGING,
    }
    return render(request, "campus/list.html", context)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_equipment(request: MemberRequest) -> HttpResponse:
    """Enter a piece of equipment."""
    firm, refusal, is_sent = request.organisation, None, request.method == "POST"
    begin = {"language": firm.language, "time_zone": request.user.time_zone}
    form = NewForm(request.POST if is_sent else None, initial=begin, owners=queries.owners_to_name(firm))
    if is_sent and form.is_valid():
        told: dict[str, Any] = {"organisation": firm, "owner": form.owner_chosen, "content": form.content()}
        try:
            made = services.enter_equipment(**told, actor=request.user, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("campus:equipment", made.key)
    status = REFUSED if refusal else INVALID if form.errors else 200
    return render(request, "campus/edit.html", {"form": form, "refusal": refusal, "equipment": None}, status=status)


@require_GET
@signed_in
def mine(request: PersonRequest) -> HttpResponse:
    """List what waits for somebody's side, their bookings, and the equipment open to them."""
    shown = queries.mine(request.user, now(), page=page_number(request))
    return render(request, "campus/mine.html", {"shown": shown})


@require_GET
@signed_in
def calendar(request: PersonRequest) -> HttpResponse:
    """Hand one's own confirmed bookings out for a calendar."""
    language = request.user.language
    events = [_event(one, language) for one in queries.own_confirmed(request.user, now())]
    return made_file(calendar_of_events(events, name=_("Bookings of equipment")), "bookings.ics", CONTENT_TYPE)


def _event(booking: Booking, language: str) -> Event:
    """Return a booking as an event of a calendar."""
    equipment, address = booking.equipment, f"{settings.BASE_URL}{reverse('campus:booking', args=[booking.key])}"
    return Event(
        uid=f"booking-{booking.key}@permea",
        sequence=0,
        revised_at=booking.said_at or booking.asked_at,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        summary=equipment.name,
        description="\n".join((equipment.place, booking.purpose, *booking.people, address)),
        address=address,
        language=language,
    )
