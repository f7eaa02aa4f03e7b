"""Milestones that were reached, and the end of an alliance: asked for, rated by each side, closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.alliances import queries, rules, services
from permea.alliances.forms import CloseForm, SuccessForm
from permea.alliances.views.charter import alliance_answer, layout_of
from permea.alliances.views.lists import INVALID, REFUSED
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, signed_in


def day_in(request: PersonRequest) -> date | None:
    """Return the day that was sent, or None if there is none."""
    try:
        return parse_date(request.POST.get("on", ""))
    except ValueError:
        return None


@require_POST
@signed_in
def reach(request: PersonRequest, key: str) -> HttpResponse:
    """Say for one's side that a milestone was reached."""
    found, _side = queries.alliance_for(request.user, key)
    milestone, on = request.POST.get("milestone", "").replace("\x00", ""), day_in(request)
    if on is None:
        return alliance_answer(request, key, Refusal("alliances.no_day", _("Name the day on which it was reached.")))
    try:
        services.reach_milestone(alliance_id=found.pk, milestone=milestone, on=on, actor=request.user, at=now())
    except RefusedError as error:
        return alliance_answer(request, key, error.refusal)
    messages.success(request, _("Written down. It is confirmed once another side says so, too."))
    return redirect("alliances:alliance", key)


@require_POST
@signed_in
def confirm(request: PersonRequest, key: str) -> HttpResponse:
    """Confirm for one's side that another reached a milestone."""
    found, alliance = queries.reached_for(request.user, key)
    try:
        services.confirm_milestone(reached_id=found.pk, seen=day_in(request), actor=request.user, at=now())
    except RefusedError as error:
        return alliance_answer(request, alliance.key, error.refusal)
    messages.success(request, _("Confirmed for your side."))
    return redirect("alliances:alliance", alliance.key)


@require_GET
@signed_in
def closing(request: PersonRequest, key: str) -> HttpResponse:
    """Show how an alliance ends, or how each side rates what came of it."""
    return closing_answer(request, key)


def closing_answer(request: PersonRequest, key: str, *, refusal: Refusal | None = None, **forms: Any) -> HttpResponse:
    """Answer with how an alliance ends; what was typed stays in its forms."""
    at = now()
    shown = queries.closing_page(request.user, key, at)
    context = {
        "shown": shown,
        "asking": CloseForm(initial={"days": rules.USUAL_WAIT}),
        "rating": SuccessForm(criteria=shown.criteria, initial=_begin(shown)),
        "refusal": refusal,
        "layout": layout_of(shown.side),
        "at": at,
        **forms,
    }
    status = REFUSED if refusal else INVALID if forms else 200
    return render(request, "alliances/closing.html", context, status=status)


def _begin(shown: queries.ClosingPage) -> dict[str, Any]:
    """Return what the form of a rating shows at first: what one's side has said already."""
    if shown.own is None:
        return {}
    begin: dict[str, Any] = {"overall": shown.own.overall, "words": shown.own.words}
    for number, one in enumerate(shown.own.marks):
        begin |= {f"mark_{number}": one["mark"], f"words_{number}": one["words"]}
    return begin


@require_POST
@signed_in
def ask(request: PersonRequest, key: str) -> HttpResponse:
    """Ask for one's side to close an alliance."""
    found, _side = queries.alliance_for(request.user, key)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return closing_answer(request, key, asking=form)
    try:
        services.ask_to_close(alliance_id=found.pk, **form.cleaned_data, actor=request.user, at=now())
    except RefusedError as error:
        return closing_answer(request, key, asking=form, refusal=error.refusal)
    messages.success(request, _("Asked. The other sides got a mail. Now each side rates what came of it."))
    return redirect("alliances:closing", key)


@require_POST
@signed_in
def rate(request: PersonRequest, key: str) -> HttpResponse:
    """Rate an alliance for one's side against the criteria of its charter."""
    shown = queries.closing_page(request.user, key, now())
    form = SuccessForm(request.POST, criteria=shown.criteria)
    if not form.is_valid():
        return closing_answer(request, key, rating=form)
    said = services.RatingInput(**form.content())
    try:
        services.rate_success(alliance_id=shown.alliance.pk, said=said, actor=request.user, at=now())
    except RefusedError as error:
        return closing_answer(request, key, rating=form, refusal=error.refusal)
    messages.success(request, _("Your side's rating is kept."))
    return redirect("alliances:closing", key)


@require_POST
@signed_in
def take_back(request: PersonRequest, key: str) -> HttpResponse:
    """Take back for one's side that it asked to close an alliance."""
    return _done(request, key, services.take_back_closing, _("Taken back. The alliance goes on."))


@require_POST
@signed_in
def close(request: PersonRequest, key: str) -> HttpResponse:
    """Close an alliance although some have not rated it in time."""
    return _done(request, key, services.close_alliance, _("Closed. Everything in it can still be read."))


def _done(request: PersonRequest, key: str, do: Callable[..., object], said: str) -> HttpResponse:
    """Do something with an alliance, and lead back to how it ends."""
    found, _side = queries.alliance_for(request.user, key)
    try:
        do(alliance_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return closing_answer(request, key, refusal=error.refusal)
    messages.success(request, said)
    return redirect("alliances:closing", key)
