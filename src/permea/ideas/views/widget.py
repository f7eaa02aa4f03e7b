"""The form of a box in somebody else's page: a small script that puts a frame there, and what the frame shows.

The frame has no cookies and needs none: the form's slip says which box it belongs to and since when. Which sites may
show it is said to the browser by `frame-ancestors`; every other page of the product can be shown in no frame at all.
"""

from __future__ import annotations

from importlib.resources import files

from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from permea.ideas import queries
from permea.ideas.models import IdeaBox
from permea.ideas.views.box import EMBED, form_page, is_foreign, take
from permea.surface.errors import csrf_failure

SCRIPT = files("permea.ideas") / "data" / "widget.js"


@require_GET
def widget_script(request: HttpRequest, key: str) -> HttpResponse:
    """Answer with the script that puts the frame into a page; it finds the frame's address by its own."""
    del request
    queries.public_box(key)
    headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "public, max-age=3600"}
    return HttpResponse(SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)


@require_http_methods(["GET", "POST"])
@csrf_exempt
@xframe_options_exempt
def embed(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show the form of a box in a frame of one of its listed sites, and take what is put into it."""
    found = queries.public_box(key)
    if request.method != "POST":
        return _framed(request, found, form_page(request, found, way=EMBED))
    answer = csrf_failure(request) if is_foreign(request) else take(request, found, way=EMBED)
    return _framed(request, found, answer)


def _framed(request: HttpRequest, found: IdeaBox, response: HttpResponse) -> HttpResponseBase:
    """Let exactly the listed sites show this answer in a frame; without any, nobody."""
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    ancestors = {"frame-ancestors": found.origins or [NONE]}

    def shown(_request: HttpRequest) -> HttpResponseBase:
        return response

    return csp_replace(ancestors)(shown)(request)
