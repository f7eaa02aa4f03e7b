"""How it goes: the pulse of a quarter, and matters on the ladder."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.alliances import queries, services
from permea.alliances.forms import MatterForm, PulseForm
from permea.alliances.views.charter import layout_of
from permea.alliances.views.lists import INVALID, REFUSED
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, signed_in


@require_GET
@signed_in
def pulse(request: PersonRequest, key: str) -> HttpResponse:
    """Show how an alliance goes."""
    return pulse_answer(request, key)


def pulse_answer(request: PersonRequest, key: str, *, refusal: Refusal | None = None, **forms: Any) -> HttpResponse:
    """Answer with how an alliance goes; what was typed stays in its forms."""
    at = now()
    shown = queries.pulse_page(request.user, key, at)
    begin = {f"mark_{n}": mark for n, mark in enumerate(shown.own.marks)} if shown.own else {}
    context = {
        "shown": shown,
        "rating": PulseForm(initial={**begin, "words": shown.own.words if shown.own else ""}),
        "raising": MatterForm(initial={"days": 7}),
        "refusal": refusal,
        "layout": layout_of(shown.side),
        "at": at,
        **forms,
    }
    return render(request, "alliances/pulse.html", context, status=REFUSED if refusal else INVALID if forms else 200)


@require_POST
@signed_in
def rate(request: PersonRequest, key: str) -> HttpResponse:
    """Answer this quarter's pulse for one's side."""
    found, _side = queries.alliance_for(request.user, key)
    form = PulseForm(request.POST)
    if not form.is_valid():
        return pulse_answer(request, key, rating=form)
    try:
        services.answer_pulse(alliance_id=found.pk, **form.content(), actor=request.user, at=now())
    except RefusedError as error:
        return pulse_answer(request, key, rating=form, refusal=error.refusal)
    messages.success(request, _("Your side's answers are kept. All are shown once every side has answered."))
    return redirect("alliances:pulse", key)


@require_POST
@signed_in
def raise_matter(request: PersonRequest, key: str) -> HttpResponse:
    """Put a matter on the ladder."""
    found, _side = queries.alliance_for(request.user, key)
    form = MatterForm(request.POST)
    if not form.is_valid():
        return pulse_answer(request, key, raising=form)
    try:
        services.raise_matter(alliance_id=found.pk, **form.cleaned_data, actor=request.user, at=now())
    except RefusedError as error:
        return pulse_answer(request, key, raising=form, refusal=error.refusal)
    messages.success(request, _("Raised. The other sides got a mail, and it climbs by itself until it is solved."))
    return redirect("alliances:pulse", key)


@require_POST
@signed_in
def solve_matter(request: PersonRequest, key: str) -> HttpResponse:
    """Say how a matter was solved."""
    found, alliance = queries.matter_for(request.user, key)
    outcome = request.POST.get("outcome", "").replace("\x00", "")[:400]
    try:
        services.solve_matter(matter_id=found.pk, outcome=outcome, actor=request.user, at=now())
    except RefusedError as error:
        return pulse_answer(request, alliance.key, refusal=error.refusal)
    messages.success(request, _("Solved. It stays in the list, with how many days it took."))
    return redirect("alliances:pulse", alliance.key)
