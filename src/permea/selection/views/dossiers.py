"""The dossier of a challenge: to print, and as a document that can be verified."""

from __future__ import annotations

import json

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from permea.foundation.clock import now
from permea.selection import queries, services
from permea.surface.downloads import made_file
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member


@require_GET
@member("owner", "manager")
def dossier(request: MemberRequest, key: str) -> HttpResponse:
    """Show the dossier to print, or why there is none yet; `?format=json` downloads the signed document."""
    is_download = request.GET.get("format") == "json"
    try:
        document = services.make_dossier(actor=request.user, challenge_key=key, at=now())
    except Http404:
        challenge, blocked = queries.dossier_blocked(request.user, key, at=now())
        if blocked is None or is_download:
            raise
        return render(request, "selection/no_dossier.html", {"challenge": challenge, "blocked": blocked})
    if is_download:
        text = json.dumps(document, ensure_ascii=False, indent=1)
        return made_file(text, f"dossier-{key}.json", "application/json; charset=utf-8")
    context = queries.dossier_context(request.user, key, document, at=now())
    return render(request, "selection/dossier.html", context)
