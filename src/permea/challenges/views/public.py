"""Pages for the world: what is open here, one challenge, its code to scan."""

from __future__ import annotations

import io

import qrcode
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from qrcode.image.svg import SvgPathImage

from permea.challenges import queries, services
from permea.foundation.clock import now
from permea.people.models import Person
from permea.people.queries import organisation_of_instance
from permea.surface.pages import render
from permea.surface.registry import page_parts, public_doors
from permea.surface.requests import seat_of

MOST_CLOSED = 12


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what is open here; members go to what waits for them."""
    if seat_of(request) is not None:
        return redirect("surface:today")
    organisation = organisation_of_instance()
    if organisation is None:
        return render(request, "challenges/begin.html")
    at = now()
    listed = queries.public_challenges(at, only_current=False)
    context = {
        "organisation": organisation,
        "current": [row for row in listed if row.phase in {"open", "upcoming"}],
        "closed": [row for row in listed if row.phase not in {"open", "upcoming"}][-MOST_CLOSED:],
        "doors": public_doors(),
        "at": at,
    }
    return render(request, "challenges/home.html", context)


@require_GET
def public(request: HttpRequest, key: str) -> HttpResponse:
    """Show a challenge to anybody."""
    at = now()
    challenge = queries.challenge_for_reader(key, request.user, at)
    if challenge.standing == "room" and isinstance(request.user, Person):
        services.note_confidential_reading(challenge_key=key, reader=request.user, channel="page", at=at)
    context = {
        "challenge": challenge,
        "stages": queries.public_stages(key, at),
        "step_changes": queries.step_changes_in(key) if challenge.has_moved else [],
        "at": at,
        "address": address_of(key),
        "is_preview": False,
        "zone_name": zone_name(),
        "page_parts": page_parts("challenges:public", key, at),
    }
    return render(request, "challenges/public.html", context)


@require_GET
def qr(request: HttpRequest, key: str) -> HttpResponse:
    """Draw a challenge's public address as a code to scan, for print."""
    del request
    queries.public_challenge(key, now())
    drawn = qrcode.make(address_of(key), image_factory=SvgPathImage, box_size=12, border=2)
    picture = io.BytesIO()
    drawn.save(picture)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


def zone_name() -> str:
    """Return the name of the reader's time zone."""
    return timezone.get_current_timezone_name().replace("_", " ")


def address_of(key: str) -> str:
    """Return the address under which the world finds a challenge."""
    return f"{settings.BASE_URL}{reverse('challenges:public', args=[key])}"
