"""A further partner that joins a running alliance: proposed, read, agreed to or refused, withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.alliances import queries, services
from permea.alliances.forms import JoiningForm
from permea.alliances.views.charter import INSIDE, OUTSIDE, layout_of
from permea.alliances.views.lists import INVALID, REFUSED
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def propose(request: PersonRequest, key: str) -> HttpResponse:
    """Propose for the firm that a partner joins."""
    found, side = queries.alliance_for(request.user, key)
    if not side.is_firm:
        raise Http404
    candidates, content = queries.joiners(found), found.charter.content if found.charter else {"tasks": []}
    sent, refusal = request.POST if request.method == "POST" else None, None
    form = JoiningForm(sent, initial={"from_on": now().date()}, candidates=candidates, tasks=content["tasks"])
    if form.is_bound and form.is_valid():
        organisation, terms = form.content()
        told: dict[str, Any] = {"organisation": organisation, "terms": terms, "actor": request.user, "at": now()}
        try:
            made = services.propose_joining(alliance_id=found.pk, **told)
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("alliances:joining", made.key)
    context = {
        "alliance": found,
        "form": form,
        "has_candidates": bool(candidates),
        "refusal": refusal,
        "layout": layout_of(side),
    }
    status = REFUSED if refusal else INVALID if form.errors else 200
    return render(request, "alliances/join.html", context, status=status)


@require_GET
@signed_in
def joining(request: PersonRequest, key: str) -> HttpResponse:
    """Show who would join, on which terms, and who has agreed."""
    return joining_answer(request, key)


def joining_answer(request: PersonRequest, key: str, refusal: Refusal | None = None) -> HttpResponse:
    """Answer with a joining as its reader sees it."""
    shown = queries.joining_page(request.user, key)
    context = {"shown": shown, "refusal": refusal, "layout": INSIDE if shown.place.is_firm else OUTSIDE}
    return render(request, "alliances/joining.html", context, status=REFUSED if refusal else 200)


@require_POST
@signed_in
def agree(request: PersonRequest, key: str) -> HttpResponse:
    """Agree for one's side to what was on the page."""
    told = {"seen": request.POST.get("seen", "")}
    return _done(request, key, services.agree_to_joining, _("Agreed to for your side."), told)


@require_POST
@signed_in
def refuse(request: PersonRequest, key: str) -> HttpResponse:
    """Refuse for one's side that a partner joins; who refused to join itself is led to its own list, twice as once."""
    if queries.has_refused(request.user, key):
        return redirect("alliances:mine")
    told = {"seen": request.POST.get("seen", ""), "reason": request.POST.get("reason", "").replace("\x00", "")[:400]}
    return _done(request, key, services.refuse_joining, _("Refused for your side."), told)


@require_POST
@signed_in
def withdraw(request: PersonRequest, key: str) -> HttpResponse:
    """Withdraw for the firm that a partner joins."""
    return _done(request, key, services.withdraw_joining, _("Withdrawn. The alliance goes on as it is."), {})


def _done(request: PersonRequest, key: str, do: Callable[..., Any], said: str, told: dict[str, str]) -> HttpResponse:
    """Do something with a joining, and lead back to it, or to one's own list if it is not shown any more."""
    found, _alliance, place = queries.joining_for(request.user, key)
    try:
        done = do(joining_id=found.pk, **told, actor=request.user, at=now())
    except RefusedError as error:
        return joining_answer(request, key, error.refusal)
    messages.success(request, said)
    if place.side is None and done.ended_at is not None:
        return redirect("alliances:mine")
    return redirect("alliances:joining", key)
