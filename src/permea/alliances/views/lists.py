"""Lists of alliances, for the firm and for its partners, and a new one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from permea.alliances import queries, services
from permea.alliances.forms import AllianceForm
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.people.models import Membership
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, PersonRequest, member, page_number, signed_in

MANAGING = (Membership.Role.OWNER.value, Membership.Role.MANAGER.value)
READING = (*MANAGING, Membership.Role.MEMBER.value)
REFUSED, INVALID = 409, 422


@require_GET
@member(*READING)
def alliances(request: MemberRequest) -> HttpResponse:
    """List the firm's alliances."""
    listed = queries.alliances_of(request.organisation, page=page_number(request))
    return render(request, "alliances/list.html", {"listed": listed, "may_write": request.role in MANAGING})


@require_GET
@signed_in
def mine(request: PersonRequest) -> HttpResponse:
    """List the alliances that one's own organisation is a partner in."""
    listed = queries.own_alliances(request.user, page=page_number(request))
    context = {"listed": listed, "joinings": queries.shown_joinings(request.user)}
    return render(request, "alliances/mine.html", context)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_alliance(request: MemberRequest) -> HttpResponse:
    """Begin an alliance with partners of the directory; the address may name some, who are then chosen."""
    firm, is_sent, refusal = request.organisation, request.method == "POST", None
    candidates = queries.candidates(firm)
    begin = {"language": firm.language, "partners": request.GET.getlist("partner")}
    form = AllianceForm(request.POST if is_sent else None, initial=begin, candidates=candidates)
    if is_sent and form.is_valid():
        content = services.AllianceInput(**form.content())
        try:
            made = services.begin_alliance(organisation=firm, content=content, actor=request.user, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("alliances:charter", made.key)
    status = REFUSED if refusal else INVALID if form.errors else 200
    context = {"form": form, "refusal": refusal, "has_candidates": bool(candidates)}
    return render(request, "alliances/new.html", context, status=status)
