"""An entry in the reader's own language, by machine, beside what was written."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError, demand
from permea.ideas import queries, services
from permea.surface.pages import render
from permea.surface.ratelimit import client_of, why_too_many
from permea.surface.requests import PersonRequest, seat_of, signed_in

REFUSED = 409


@require_http_methods(["GET", "POST"])
@signed_in
def translation(request: PersonRequest, key: str) -> HttpResponseBase:
    """Show an entry beside its machine translation, or have it made."""
    at, language = now(), get_language() or "en"
    page = queries.translation_page(request.user, key, language, at)
    services.keep_readings(organisation_id=page.idea.organisation_id, keys=[key], reader=request.user, at=at)
    layout = "layouts/inside.html" if seat_of(request) else "layouts/public.html"
    context = {"page": page, "idea": page.idea, "target": language, "layout": layout, "refusal": None}
    if request.method != "POST":
        return render(request, "ideas/translation.html", context)
    try:
        demand(why_too_many(client_of(request), what="ideas.translate", limit=60, per=timedelta(hours=1)))
        services.translate_idea(idea_id=page.idea.pk, language=language, actor=request.user, at=at)
    except RefusedError as error:
        return render(request, "ideas/translation.html", {**context, "refusal": error.refusal}, status=REFUSED)
    return redirect("ideas:translation", key)
