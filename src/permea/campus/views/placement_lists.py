"""Lists of placements, and a new offer."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from permea.campus import queries, rules, services
from permea.campus.forms import OfferForm
from permea.campus.views.lists import INVALID, MANAGING, READING, REFUSED
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, PersonRequest, member, page_number, signed_in


@require_GET
@member(*READING)
def placements(request: MemberRequest) -> HttpResponse:
    """List a firm's placements."""
    page = queries.placements_of(request.organisation, page_number(request))
    return render(request, "campus/placements.html", {"page": page, "may_write": request.role in MANAGING})


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_placement(request: MemberRequest) -> HttpResponse:
    """Offer a placement to a partner."""
    firm, refusal, is_sent = request.organisation, None, request.method == "POST"
    pairs, people = queries.agreements_to_name(firm, rules.PLACING), queries.supervisors_to_name(firm)
    begin = {"language": firm.language, "supervisor": request.user.key}
    form = OfferForm(request.POST if is_sent else None, initial=begin, pairs=pairs, supervisors=people)
    if is_sent and form.is_valid():
        try:
            made = services.offer_placement(**form.pair(), content=form.content(), actor=request.user, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("campus:placement", made.key)
    status = REFUSED if refusal else INVALID if form.errors else 200
    context = {"form": form, "refusal": refusal, "placement": None, "pairs": pairs}
    return render(request, "campus/placement_edit.html", context, status=status)


@require_GET
@signed_in
def my_placements(request: PersonRequest) -> HttpResponse:
    """List somebody's own placements as a student, and those of the partners they belong to."""
    shown = queries.my_placements(request.user, now(), page=page_number(request))
    return render(request, "campus/my_placements.html", {"shown": shown})
