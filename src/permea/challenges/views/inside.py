"""Pages for people inside: the list, one challenge, its timetable and its end."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.challenges import queries, services
from permea.challenges.forms import ExtendForm, ReasonForm
from permea.challenges.models import Challenge
from permea.challenges.views.public import address_of, zone_name
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.people.rules import MANAGING
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member

ROLES = tuple(sorted(MANAGING))


@require_GET
@member()
def challenge_list(request: MemberRequest) -> HttpResponse:
    """Show the organisation's challenges, by phase, sorted as asked."""
    at, phase, order = now(), request.GET.get("phase", ""), request.GET.get("sort", "")
    rows = queries.challenges_of(request.user, request.organisation, at, order=order)
    context = {
        "rows": [row for row in rows if row.group == phase or (not phase and row.group != "archived")],
        "counts": Counter(row.group for row in rows),
        "phase": phase,
        "sort": order,
        "sort_base": f"?{urlencode({'phase': phase})}&sort=" if phase else "?sort=",
        "at": at,
        "is_empty": not rows,
    }
    return render(request, "challenges/list.html", context)


@require_GET
@member()
def overview(request: MemberRequest, key: str) -> HttpResponse:
    """Show one challenge: where it stands, what it cost, what comes next."""
    return _overview(request, queries.challenge_for_member(request.user, key))


def _overview(request: MemberRequest, challenge: Challenge, refusal: Refusal | None = None) -> HttpResponse:
    """Answer with the page of a challenge as it stands now."""
    page = queries.overview_page(request.user, challenge, now())
    context = {"page": page, "challenge": challenge, "address": address_of(challenge.key), "refusal": refusal}
    return render(request, "challenges/overview.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "POST"])
@member(*ROLES)
def timetable(request: MemberRequest, key: str) -> HttpResponse:
    """Move the dates of a public challenge, with a reason."""
    challenge = queries.managed_challenge(request.user, key)
    is_closing = request.POST.get("action") == "close"
    initial = {name: getattr(challenge, name) for name in ("closes_at", "decide_by", "answer_by")}
    sent = request.POST or None
    extend_form = ExtendForm(None if is_closing else sent, initial=initial, prefix="extend")
    close_form = ReasonForm(sent if is_closing else None, prefix="close")
    refusal = None
    if request.method == "POST" and (close_form if is_closing else extend_form).is_valid():
        refusal = _move(request, challenge, close_form if is_closing else extend_form, is_closing=is_closing)
        if refusal is None:
            messages.success(request, _("The timetable is changed; everybody who entered is told, with your reason."))
            return redirect("challenges:overview", key)
    page = queries.overview_page(request.user, challenge, now())
    context = {"page": page, "challenge": challenge, "extend_form": extend_form, "close_form": close_form}
    status = 409 if refusal else 422 if extend_form.errors or close_form.errors else 200
    context |= {"refusal": refusal, "zone_name": zone_name()}
    return render(request, "challenges/timetable.html", context, status=status)


def _move(
    request: MemberRequest, challenge: Challenge, form: ExtendForm | ReasonForm, *, is_closing: bool
) -> Refusal | None:
    """Close early or extend; return why not."""
    act = services.close_early if is_closing else services.extend
    try:
        act(challenge_id=challenge.pk, actor=request.user, at=now(), **form.cleaned_data)
    except RefusedError as error:
        return error.refusal
    return None


@require_POST
@member(*ROLES)
def archive(request: MemberRequest, key: str) -> HttpResponse:
    """Put a challenge away; the page then offers to undo it."""
    challenge = queries.managed_challenge(request.user, key)
    try:
        services.archive(challenge_id=challenge.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _overview(request, challenge, error.refusal)
    return redirect("challenges:overview", key)


@require_POST
@member(*ROLES)
def restore(request: MemberRequest, key: str) -> HttpResponse:
    """Take a challenge out of the archive."""
    challenge = queries.managed_challenge(request.user, key)
    try:
        services.restore(challenge_id=challenge.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _overview(request, challenge, error.refusal)
    return redirect("challenges:overview", key)
