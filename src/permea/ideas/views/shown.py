"""Entries as a circle reads them after the deadline: a list, and one of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from permea.foundation.clock import now
from permea.ideas import queries
from permea.surface.pages import render
from permea.surface.ratelimit import client_of
from permea.surface.requests import first_page, page_number


def _gate(request: HttpRequest, key: str) -> HttpResponseBase:
    """Return the sign-in page to somebody unknown if entries are read by people who sign in. Raises Http404 if not."""
    first = first_page(request)
    if first is None or not queries.is_for_signed_in(key, now()):
        raise Http404
    return first


@require_GET
def shown(request: HttpRequest, key: str) -> HttpResponseBase:
    """List the entries of a challenge to those who may read them."""
    at = now()
    text = request.GET.get("q", "").replace("\x00", "")[:100]
    visitor = str(request.user.pk or client_of(request))
    try:
        listed = queries.shown_page(request.user, key, at, visitor=visitor, text=text, page=page_number(request))
    except Http404:
        return _gate(request, key)
    return render(request, "ideas/shown.html", {"shown": listed, "challenge": listed.showing.challenge, "at": at})


@require_GET
def shown_entry(request: HttpRequest, key: str, idea_key: str) -> HttpResponseBase:
    """Show one entry to those who may read it."""
    at = now()
    try:
        showing, idea = queries.shown_idea(request.user, key, idea_key, at)
    except Http404:
        return _gate(request, key)
    is_own = idea.pk in queries.own_among(request.user, [idea.pk])
    return render(
        request,
        "ideas/shown_entry.html",
        {"challenge": showing.challenge, "idea": idea, "is_own": is_own},
    )
