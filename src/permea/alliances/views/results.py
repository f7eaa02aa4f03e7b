"""What the parties made together: the list, one result with its division, a new proposal, and agreeing to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.alliances import queries, rules, services
from permea.alliances.forms import ResultForm, SplitForm, begin_of_split
from permea.alliances.models import Result, Split
from permea.alliances.views.charter import layout_of
from permea.alliances.views.lists import INVALID, REFUSED
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, page_number, signed_in


@require_http_methods(["GET", "POST"])
@signed_in
def results(request: PersonRequest, key: str) -> HttpResponse:
    """List what the parties made together, or name one thing more."""
    found, _side = queries.alliance_for(request.user, key)
    form, refusal = ResultForm(request.POST if request.method == "POST" else None), None
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            made = services.name_result(alliance_id=found.pk, **told, actor=request.user, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("alliances:result", made.key)
    shown = queries.results_page(request.user, key, page=page_number(request))
    context = {"shown": shown, "form": form, "refusal": refusal, "layout": layout_of(shown.side)}
    status = REFUSED if refusal else INVALID if form.errors else 200
    return render(request, "alliances/results.html", context, status=status)


@require_GET
@signed_in
def result(request: PersonRequest, key: str) -> HttpResponse:
    """Show a joint result, how it is divided, and how that was worked out."""
    return result_answer(request, key)


def result_answer(request: PersonRequest, key: str, refusal: Refusal | None = None) -> HttpResponse:
    """Answer with a joint result as its reader sees it."""
    shown = queries.result_page(request.user, key)
    context = {"shown": shown, "refusal": refusal, "ways": Split.Way.choices, "layout": layout_of(shown.side)}
    return render(request, "alliances/result.html", context, status=REFUSED if refusal else 200)


def _way(request: PersonRequest) -> str:
    """Return the way to divide that the address names, at first by the book. Raises Http404 if there is no such way."""
    way = request.GET.get("way", Split.Way.PROPORTIONAL.value)
    if way not in Split.Way.values:
        raise Http404
    return way


def _split_form(request: PersonRequest, found: Result, way: str, *, has_open_lines: bool) -> SplitForm:
    """Return the form of a division; it begins with what the newest proposal says."""
    parties, sent = queries.parties_dividing(found), request.POST if request.method == "POST" else None
    begin = begin_of_split(queries.newest_split(found), way, parties)
    return SplitForm(sent, way=way, parties=parties, has_open_lines=has_open_lines, initial=begin)


@require_http_methods(["GET", "POST"])
@signed_in
def split(request: PersonRequest, key: str) -> HttpResponse:
    """Propose how a joint result is divided, in the way that the address names."""
    found, alliance, side = queries.result_for(request.user, key)
    way, refusal = _way(request), None
    is_by_book = way == Split.Way.PROPORTIONAL
    waiting = rules.open_lines(queries.standings_of(alliance).values()) if is_by_book else []
    left_out = [one for one in waiting if rules.is_read(one.line, side.party)]
    form = _split_form(request, found, way, has_open_lines=bool(waiting))
    if form.is_bound and form.is_valid():
        said = rules.SplitInput(**form.content())
        try:
            services.propose_split(result_id=found.pk, said=said, actor=request.user, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("alliances:result", key)
    context = {"result": found, "alliance": alliance, "form": form, "way": way, "left_out": left_out,
               "ways": Split.Way.choices, "refusal": refusal, "layout": layout_of(side)}  # fmt: skip
    status = REFUSED if refusal else INVALID if form.errors else 200
    return render(request, "alliances/split.html", context, status=status)


@require_POST
@signed_in
def agree(request: PersonRequest, key: str) -> HttpResponse:
    """Agree for one's side to the division that was on the page."""
    found, _alliance, _side = queries.result_for(request.user, key)
    seen = request.POST.get("seen", "")
    try:
        services.accept_split(result_id=found.pk, seen=seen, actor=request.user, at=now())
    except RefusedError as error:
        return result_answer(request, key, error.refusal)
    messages.success(request, _("Agreed to for your side."))
    return redirect("alliances:result", key)
