"""What stands before the entry page: requests that are far too big get a page, not a crash."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from permea.foundation.refusals import Refusal
from permea.ideas.rules import MAX_BODY
from permea.surface.pages import render
from permea.surface.requests import seat_of

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
PIECE = 65_536
MOST_READ = 200 * 1024 * 1024
TOO_BIG = 413


def bounded(view: Page[P]) -> Page[P]:
    """Answer with a page that says what was kept when a request is larger than any entry can be.

    The check of the form's token reads the request, so it happens in here, where its size can be answered for.
    """

    @wraps(view)
    def gate(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return csrf_protect(view)(request, *args, **kwargs)
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            _read_to_the_end(request)
            return _too_big(request)

    return csrf_exempt(gate)  # type: ignore[return-value]  # the same callable, marked


def _read_to_the_end(request: HttpRequest) -> None:
    """Take in what is still under way, so that the browser gets to read the answer."""
    left = MOST_READ
    while left > 0 and (piece := request.read(PIECE)):
        left -= len(piece)


def _too_big(request: HttpRequest) -> HttpResponse:
    """Say that nothing of this request was stored and that the draft saved before it is still there."""
    refusal = Refusal(
        "ideas.request_too_big",
        _(
            "What you sent is far larger than an entry can be, so none of it was stored. The description takes at most "
            "%(limit)d characters; longer texts can be attached as a file. Your draft is kept as it was last saved."
        )
        % {"limit": MAX_BODY},
    )
    if request.headers.get("X-Autosave"):
        return problem(refusal, TOO_BIG)
    layout = "layouts/inside.html" if seat_of(request) else "layouts/public.html"
    return render(request, "ideas/too_big.html", {"refusal": refusal, "layout": layout}, status=TOO_BIG)


def problem(refusal: Refusal, status: int) -> JsonResponse:
    """Answer a script with problem+json."""
    body = {
        "type": "about:blank",
        "title": "Refused",
        "status": status,
        "code": refusal.code,
        "detail": refusal.reason,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
