"""Pages on which two ideas are compared: for evaluators, and for the public where a challenge lets it."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from permea.challenges.queries import criteria_of
from permea.evaluation import queries, services
from permea.evaluation.forms import CompareForm
from permea.evaluation.models import Comparison
from permea.evaluation.queries import Judge
from permea.evaluation.rules import PUBLIC_LIMIT, PUBLIC_WINDOW
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas.services import keep_readings
from permea.surface.pages import render_block
from permea.surface.ratelimit import client_of, why_too_many
from permea.surface.requests import MemberRequest, PersonRequest, member, signed_in

REFUSED = 409
HERE = {False: "evaluation:compare", True: "evaluation:compare_public"}


@require_http_methods(["GET", "POST"])
@member()
def compare(request: MemberRequest, key: str) -> HttpResponseBase:
    """Show an evaluator two ideas, and take the answer in."""
    judge = queries.evaluating_judge(request.user, key)
    return _answer(request, judge) if request.method == "POST" else _page(request, judge)


@require_http_methods(["GET", "POST"])
@signed_in
def compare_public(request: PersonRequest, key: str) -> HttpResponseBase:
    """Show somebody of the public two titles and summaries, and take the answer in."""
    judge = queries.public_judge(request.user, key)
    return _answer(request, judge) if request.method == "POST" else _page(request, judge)


@require_POST
@member()
def undo(request: MemberRequest, key: str) -> HttpResponseBase:
    """Take an evaluator's answer back and show its pair again."""
    return _take_back(request, queries.evaluating_judge(request.user, key))


@require_POST
@signed_in
def undo_public(request: PersonRequest, key: str) -> HttpResponseBase:
    """Take an answer of the public back and show its pair again."""
    return _take_back(request, queries.public_judge(request.user, key))


@require_POST
@member()
def conflict(request: MemberRequest, key: str) -> HttpResponseBase:
    """Take in that an evaluator has a conflict of interest with one of the two; it never comes up again."""
    judge, refusal = queries.evaluating_judge(request.user, key), None
    offer, side = queries.read_token(request.POST.get("token", "")), request.POST.get("side", "")
    try:
        services.declare_conflict(judge=judge, offer=offer, side=side, at=now())
        judge = queries.evaluating_judge(request.user, key)
    except RefusedError as error:
        refusal = error.refusal
    return _after(request, judge, refusal)


def _answer(request: PersonRequest, judge: Judge) -> HttpResponseBase:
    """Store an answer and show the next pair."""
    form, refusal = CompareForm(request.POST), None
    form.is_valid()
    said = {name: form.cleaned_data.get(name, "") for name in ("outcome", "note")}
    try:
        if judge.is_public:
            demand(why_too_many(client_of(request), what="evaluation.compare", limit=PUBLIC_LIMIT, per=PUBLIC_WINDOW))
        offer = queries.read_token(form.cleaned_data.get("token", ""))
        services.compare(judge=judge, offer=offer, at=now(), **said)
    except RefusedError as error:
        refusal = error.refusal
    return _after(request, judge, refusal)


def _take_back(request: PersonRequest, judge: Judge) -> HttpResponseBase:
    """Take an answer of the judge's own back."""
    refusal = None
    try:
        services.take_back(judge=judge, key=request.POST.get("comparison", ""), at=now())
    except Comparison.DoesNotExist as error:
        raise Http404 from error
    except RefusedError as error:
        refusal = error.refusal
    return _after(request, judge, refusal)


def _after(request: PersonRequest, judge: Judge, refusal: Refusal | None) -> HttpResponseBase:
    """Answer a click: with the next pair alone to the script, with the page again to a plain form."""
    if _is_script(request) or refusal is not None:
        return _page(request, judge, refusal=refusal)
    return redirect(HERE[judge.is_public], judge.challenge.key)


def _is_script(request: PersonRequest) -> bool:
    """Say whether the page's script asks, which changes the pair alone."""
    return bool(getattr(request, "htmx", False))


def _page(request: PersonRequest, judge: Judge, *, refusal: Refusal | None = None) -> HttpResponse:
    """Show the pair to compare now, or say why there is none."""
    here, key, at = HERE[judge.is_public], judge.challenge.key, now()
    page = queries.compare_page(judge, at=at)
    firm = judge.challenge.organisation_id
    keep_readings(organisation_id=firm, keys=page.in_full, reader=request.user, at=at)
    context = {
        "page": page,
        "is_public": judge.is_public,
        "is_swapped": _is_script(request),
        "layout": "layouts/public.html" if judge.is_public else "layouts/inside.html",
        "criteria": [] if _is_script(request) else criteria_of(judge.challenge),
        "address": reverse(here, args=[key]),
        "undo_address": reverse(f"{here}_undo", args=[key]),
        "note": CompareForm()["note"],
        "refusal": refusal,
    }
    status = REFUSED if refusal is not None and not _is_script(request) else 200
    return render_block(request, "evaluation/compare.html", "pair", context, status=status)
