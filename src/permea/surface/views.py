"""Pages every instance has: what waits for you, the language, the organisation, the gallery, the pulse."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.people.queries import seats_of
from permea.surface import formats
from permea.surface.middleware import LANGUAGE_KEY
from permea.surface.pages import render
from permea.surface.registry import today_items
from permea.surface.requests import (
    MemberRequest,
    PersonRequest,
    choose_organisation,
    member,
    seat_of,
    signed_in,
    wanted_page,
)
from permea.surface.specimens import specimens

PREVIEW_AT_MOST = 20_000


@require_GET
@signed_in
def today(request: PersonRequest) -> HttpResponseBase:
    """Show what waits for this person; a guest goes to their own organisation, another contributor to their entries."""
    seat = seat_of(request)
    if seat is None:
        return redirect(get_adapter(request).get_login_redirect_url(request))
    at = now()
    items = today_items(request.user, *seat, at)
    return render(request, "surface/today.html", {"items": items, "at": at})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on."""
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        request.session[LANGUAGE_KEY] = chosen
    return back(request)


@require_POST
@signed_in
def organisation(request: PersonRequest) -> HttpResponse:
    """Show another organisation's pages from now on. Answers 404 for one this person has no seat in."""
    key = request.POST.get("organisation", "")
    for candidate, _role in seats_of(request.user):
        if candidate.key == key:
            choose_organisation(request, candidate)
            return redirect("surface:today")
    raise Http404


@require_POST
@signed_in
def preview(request: PersonRequest) -> HttpResponse:
    """Answer with the formatted form of a text being written."""
    field = request.POST.get("preview_of", "")
    return HttpResponse(formats.markdown(request.POST.get(field, "")[:PREVIEW_AT_MOST]))


@require_GET
@member()
def gallery(request: MemberRequest) -> HttpResponse:
    """Show every component with its states."""
    return render(request, "surface/gallery.html", specimens(now()))


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Say whether this instance and its database answer."""
    del request
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


def back(request: HttpRequest) -> HttpResponse:
    """Return to the page the form stood on, if it is one of ours."""
    return HttpResponseRedirect(wanted_page(request) or "/")
