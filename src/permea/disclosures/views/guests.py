"""Pages outside the rail: what was shared with somebody, and what the world sees."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from permea.disclosures import queries, services
from permea.foundation.clock import now
from permea.surface.downloads import PRIVATE, made_file, sent_file
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, page_number, signed_in


def reader_page(
    request: HttpRequest, shown: queries.Shown, *, is_public: bool = False, as_whom: str = ""
) -> HttpResponse:
    """Answer with an item as one reader sees it; `as_whom` is set when somebody inside looks at it as them."""
    context = {"shown": shown, "is_public": is_public, "as_whom": as_whom}
    response = render(request, "disclosures/shared_item.html", context)
    response.headers["Cache-Control"] = PRIVATE
    return response


@require_GET
@signed_in
def shared(request: PersonRequest) -> HttpResponse:
    """List what was shared with the person."""
    page = queries.shared_page(request.user, now(), page=page_number(request))
    return render(request, "disclosures/shared.html", {"shared": page})


@require_GET
@signed_in
def shared_item(request: PersonRequest, key: str) -> HttpResponse:
    """Show an item as deep as its reader stands."""
    return reader_page(request, services.read_item(key=key, reader=request.user, at=now()))


@require_GET
@signed_in
def shared_file(request: PersonRequest, key: str, part_key: str) -> HttpResponseBase:
    """Send a file of an item to somebody who reads it."""
    part = services.download_part(key=key, part_key=part_key, reader=request.user, at=now())
    return sent_file(part.version.path, part.version.name, part.version.content_type)


@require_POST
@signed_in
def take_along(request: PersonRequest, key: str) -> HttpResponse:
    """Hand an item out as one text document, as deep as its reader stands."""
    shown = services.export_item(key=key, reader=request.user, at=now())
    return made_file(queries.as_document(shown), f"{key}.md", "text/markdown; charset=utf-8")


@require_GET
def shown(request: HttpRequest, key: str) -> HttpResponse:
    """Show the public parts of an item to anybody, if it is published."""
    return reader_page(request, queries.shown_to(AnonymousUser(), key, now(), is_public=True), is_public=True)


@require_GET
def shown_file(request: HttpRequest, key: str, part_key: str) -> HttpResponseBase:
    """Send a public file of a published item to anybody."""
    del request
    version = queries.shown_to(AnonymousUser(), key, now(), is_public=True).file(part_key).version
    return sent_file(version.path, version.name, version.content_type)
