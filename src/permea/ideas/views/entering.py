"""From a public challenge to a draft: sign in, accept the terms, start; and the list of one's own entries."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from permea.challenges.models import Challenge
from permea.challenges.rules import circle_notice
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas import queries, rules, services
from permea.ideas.forms import TermsForm
from permea.ideas.models import Idea
from permea.people.models import Person
from permea.surface.pages import render
from permea.surface.ratelimit import client_of, why_too_many
from permea.surface.requests import PersonRequest, first_page, seat_of, signed_in

REFUSED, INVALID = 409, 422


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, key: str) -> HttpResponseBase:
    """Let somebody enter a published challenge: sign in first, then accept its terms, then write."""
    challenge = queries.challenge_for_entry(key)
    first = first_page(request)
    if first is not None:
        return first
    texts = [terms for terms in (challenge.participation_terms, challenge.ip_terms) if terms is not None]
    open_texts = [] if queries.has_accepted_terms(request.user, challenge) else texts
    form = TermsForm(request.POST or None, texts=open_texts)
    if request.method != "POST":
        return _enter_page(request, challenge, form)
    if open_texts and not form.is_valid():
        return _enter_page(request, challenge, form, status=INVALID)
    try:
        demand(why_too_many(client_of(request), what="ideas.enter", limit=30, per=timedelta(hours=1)))
        idea = _start(request, challenge, [terms.key for terms in open_texts])
    except RefusedError as error:
        return _enter_page(request, challenge, form, refusal=error.refusal, status=REFUSED)
    return redirect("ideas:entry", idea.key)


def _start(request: HttpRequest, challenge: Challenge, accepted: list[str]) -> Idea:
    """Accept these texts and return the draft, which says what it builds on."""
    actor, at = cast("Person", request.user), now()
    idea = services.enter_challenge(challenge_id=challenge.pk, actor=actor, accepted=accepted, at=at)
    earlier = _earlier(request, challenge)
    if earlier is not None:
        services.build_on(idea_id=idea.pk, earlier_id=earlier.pk, actor=actor, at=at)
    return idea


def _earlier(request: HttpRequest, challenge: Challenge) -> Idea | None:
    """Return the entry that the new one is to build on, if the address names one the reader may read."""
    return queries.readable_by_key(request.user, request.GET.get("on", ""), challenge.organisation_id, now())


def _enter_page(
    request: HttpRequest,
    challenge: Challenge,
    form: TermsForm,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the terms to accept, or the entries somebody has already."""
    at = now()
    texts = [terms for terms in (challenge.participation_terms, challenge.ip_terms) if terms is not None]
    context = {
        "challenge": challenge,
        "form": form,
        "texts": [(terms, form[terms.key]) for terms in texts if terms.key in form.fields],
        "own": queries.my_entries_in(request.user, challenge, at),  # type: ignore[arg-type]  # signed in
        "blocked": rules.why_not_enter(challenge, at=at),
        "circle_notice": circle_notice(challenge),
        "earlier": _earlier(request, challenge),
        "refusal": refusal,
        "at": at,
    }
    return render(request, "ideas/enter.html", context, status=status)


@require_GET
@signed_in
def mine(request: PersonRequest) -> HttpResponse:
    """List the signed-in person's own entries and what is next for each."""
    at = now()
    layout = "layouts/inside.html" if seat_of(request) else "layouts/public.html"
    context = {"entries": queries.my_entries(request.user, at), "at": at, "layout": layout}
    return render(request, "ideas/mine.html", context)
