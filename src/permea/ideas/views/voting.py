"""Voting on entries as a circle reads them, and what came out."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.ideas import queries, services
from permea.ideas.views.shown import entry_read, gate
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, page_number, signed_in, wanted_page

VALUE = re.compile(r"-?[0-9]{1,3}")
NO_VALUE = 9999


@require_POST
@signed_in
def vote(request: PersonRequest, key: str, idea_key: str) -> HttpResponseBase:
    """Take in what somebody says of an entry; the script gets the buttons again, a plain form the page it came from."""
    showing, idea = queries.shown_idea(request.user, key, idea_key, now())
    refusal = None
    try:
        services.cast_vote(idea_id=idea.pk, actor=request.user, value=_said(request), at=now())
    except RefusedError as error:
        refusal = error.refusal
    if refusal is None and not getattr(request, "htmx", False):
        back = wanted_page(request) or reverse("ideas:shown_entry", args=[key, idea_key])
        return redirect(f"{back}#vote-{idea.key}")
    return entry_read(request, showing, idea, refusal=refusal)


def _said(request: HttpRequest) -> int | None:
    """Return what is said of an entry, None if it is taken back; what makes no sense is no value there is."""
    raw = request.POST.get("value", "")
    if not raw:
        return None
    return int(raw) if VALUE.fullmatch(raw) else NO_VALUE


@require_GET
def vote_result(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show what the vote of a challenge came to, to whoever could vote."""
    try:
        result = queries.vote_result(request.user, key, now(), page=page_number(request))
    except Http404:
        return gate(request, key)
    return render(request, "ideas/vote_result.html", {"result": result, "challenge": result.challenge})
