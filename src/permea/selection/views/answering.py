"""Pages for contributors: what became of my idea, one question about it, the winner's rights text."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.selection import queries, services
from permea.selection.forms import TextForm
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, page_number, seat_of, signed_in


@require_GET
@signed_in
def status(request: PersonRequest, key: str) -> HttpResponseBase:
    """Show a contributor where their idea stands, and the answer once it is out."""
    view = queries.status_for(request.user, key, at=now())
    if view.answer is not None and view.answer.first_read_at is None:
        services.mark_answer_read(answer_id=view.answer.pk, at=now())
    context = {"view": view, "steps": queries.steps_of(view), "can_edit": view.challenge.is_open_at(now()), "at": now()}
    return render(request, "selection/status.html", context)


@require_POST
@signed_in
def clarify(request: PersonRequest, key: str) -> HttpResponse:
    """Ask once about the answer."""
    view = queries.status_for(request.user, key, at=now())
    if view.answer is None:
        raise Http404
    form = TextForm(request.POST)
    try:
        services.ask_clarification(
            answer_id=view.answer.pk,
            actor=request.user,
            question=form.cleaned_data["text"] if form.is_valid() else "",
            at=now(),
        )
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    return redirect("selection:status", key)


@require_POST
@signed_in
def accept_rights(request: PersonRequest, key: str) -> HttpResponse:
    """Accept, as author of an awarded idea, the text about its rights."""
    view = queries.status_for(request.user, key, at=now())
    if view.award is None:
        raise Http404
    try:
        services.accept_rights(award_id=view.award.pk, actor=request.user, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    return redirect("selection:status", key)


@require_GET
@signed_in
def my_credits(request: PersonRequest) -> HttpResponse:
    """List what became of the person's ideas, and their part in them."""
    layout = "layouts/inside.html" if seat_of(request) else "layouts/public.html"
    at = now()
    page = queries.my_credits(request.user, page=page_number(request), at=at)
    context = {"page": page, "at": at, "layout": layout}
    return render(request, "selection/credits.html", context)
