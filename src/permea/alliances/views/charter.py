"""The charter of an alliance, on one page for all its parties: read, written anew, offered, accepted."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.alliances import queries, services
from permea.alliances.forms import CharterForm, begin_of
from permea.alliances.views.lists import INVALID, REFUSED
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, signed_in

INSIDE, OUTSIDE = "layouts/inside.html", "layouts/public.html"


def layout_of(side: queries.Side) -> str:
    """Return the frame of a page: with the rail for the firm, without it for partners."""
    return INSIDE if side.is_firm else OUTSIDE


@require_GET
@signed_in
def alliance(request: PersonRequest, key: str) -> HttpResponse:
    """Show an alliance and its charter to its parties."""
    return alliance_answer(request, key)


def alliance_answer(request: PersonRequest, key: str, refusal: Refusal | None = None) -> HttpResponse:
    """Answer with an alliance as its reader sees it."""
    shown = queries.charter_page(request.user, key)
    context = {
        "shown": shown,
        "joining": queries.joinings_page(shown),
        "refusal": refusal,
        "layout": layout_of(shown.side),
    }
    return render(request, "alliances/alliance.html", context, status=REFUSED if refusal else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def edit_charter(request: PersonRequest, key: str) -> HttpResponse:
    """Write the charter, or propose its next version."""
    found, side = queries.alliance_for(request.user, key)
    newest, refusal, is_sent = queries.newest_charter(found), None, request.method == "POST"
    form = CharterForm(
        request.POST if is_sent else None,
        initial=begin_of(newest.content) if newest else {},
        parties=list(found.parties.all()),
        agreements=queries.agreements_between(found),
        is_first=found.offered_at is None,
    )
    if is_sent and form.is_valid():
        told = {"content": form.content(), "note": form.cleaned_data.get("note", "")}
        try:
            services.write_charter(alliance_id=found.pk, **told, actor=request.user, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("alliances:alliance", key)
    context = {"alliance": found, "form": form, "newest": newest, "refusal": refusal, "layout": layout_of(side)}
    status = REFUSED if refusal else INVALID if form.errors else 200
    return render(request, "alliances/charter.html", context, status=status)


@require_POST
@signed_in
def offer(request: PersonRequest, key: str) -> HttpResponse:
    """Show an alliance to its partners."""
    found, _side = queries.alliance_for(request.user, key)
    try:
        services.offer_alliance(alliance_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return alliance_answer(request, key, error.refusal)
    messages.success(request, _("Your partners can read it now and got a mail."))
    return redirect("alliances:alliance", key)


@require_POST
@signed_in
def accept(request: PersonRequest, key: str) -> HttpResponse:
    """Accept for one's side the version of the charter that was on the page."""
    found, _side = queries.alliance_for(request.user, key)
    seen = request.POST.get("seen", "")
    try:
        services.accept_charter(alliance_id=found.pk, seen=seen, actor=request.user, at=now())
    except RefusedError as error:
        return alliance_answer(request, key, error.refusal)
    messages.success(request, _("Accepted for your side."))
    return redirect("alliances:alliance", key)
