"""Entries as a circle reads them after the deadline: a list, and one of them."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas import queries, services
from permea.ideas.models import Idea
from permea.ideas.views.keeping import REFUSED, entry_page
from permea.people.models import Person
from permea.surface.pages import render, render_block
from permea.surface.ratelimit import client_of, why_too_many
from permea.surface.registry import reader_parts
from permea.surface.requests import PersonRequest, first_page, page_number, signed_in


def gate(request: HttpRequest, key: str) -> HttpResponseBase:
    """Return the sign-in page to somebody unknown if entries are read by people who sign in. Raises Http404 if not."""
    first = first_page(request)
    if first is None or not queries.is_for_signed_in(key, now()):
        raise Http404
    return first


@require_GET
def shown(request: HttpRequest, key: str) -> HttpResponseBase:
    """List the entries of a challenge to those who may read them."""
    at = now()
    text = request.GET.get("q", "").replace("\x00", "")[:100]
    visitor = str(request.user.pk or client_of(request))
    try:
        listed = queries.shown_page(request.user, key, at, visitor=visitor, text=text, page=page_number(request))
    except Http404:
        return gate(request, key)
    voted = queries.voted_on(request.user, listed.showing, [idea.pk for idea in listed.page], at)
    context = {"shown": listed, "challenge": listed.showing.challenge, "at": at, "voted": voted}
    return render(request, "ideas/shown.html", context)


@require_GET
def shown_entry(request: HttpRequest, key: str, idea_key: str) -> HttpResponseBase:
    """Show one entry to those who may read it."""
    at = now()
    try:
        showing, idea = queries.shown_idea(request.user, key, idea_key, at)
    except Http404:
        return gate(request, key)
    services.keep_readings(organisation_id=idea.organisation_id, keys=[idea_key], reader=request.user, at=at)
    return entry_read(request, showing, idea)


def entry_read(
    request: HttpRequest, showing: queries.Showing, idea: Idea, *, refusal: Refusal | None = None
) -> HttpResponse:
    """Show an entry with what the reader can do about it, or their vote alone to the script."""
    at, is_script = now(), bool(getattr(request, "htmx", False))
    reader = request.user if isinstance(request.user, Person) and not is_script else None
    context = {
        "challenge": showing.challenge,
        "idea": idea,
        "is_own": idea.pk in queries.own_among(request.user, [idea.pk]),
        "page_parts": reader_parts("ideas:shown_entry", idea.key, request.user, at),
        "places": queries.places_to_build(reader, idea, at) if reader else None,
        "voted": queries.voted_on(request.user, showing, [idea.pk], at),
        "refusal": refusal,
        "is_swapped": is_script,
        "back": request.POST.get("next", ""),
    }
    status = 200 if refusal is None or is_script else REFUSED
    return render_block(request, "ideas/shown_entry.html", "vote", context, status=status)


@require_POST
@signed_in
def build(request: PersonRequest, key: str, idea_key: str) -> HttpResponseBase:
    """Name an entry the actor reads in one they write, or go on to a challenge to write a new one there."""
    at = now()
    _showing, earlier = queries.shown_idea(request.user, key, idea_key, at)
    place = queries.place_to_build(request.user, earlier, request.POST.get("place", ""), at)
    if place is None:
        messages.error(request, _("Choose an entry of yours, or an open challenge."))
        return redirect("ideas:shown_entry", key, idea_key)
    if not isinstance(place, Idea):
        return redirect(f"{reverse('ideas:enter', args=[place.key])}?on={earlier.key}")
    try:
        demand(why_too_many(client_of(request), what="ideas.build", limit=60, per=timedelta(hours=1)))
        services.build_on(idea_id=place.pk, earlier_id=earlier.pk, actor=request.user, at=at)
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
        return redirect("ideas:shown_entry", key, idea_key)
    messages.success(request, _("Your entry says now that it builds on “%(title)s”.") % {"title": earlier.title})
    return redirect("ideas:entry", place.key)


@require_POST
@signed_in
def unbuild(request: PersonRequest, key: str, earlier_key: str) -> HttpResponseBase:
    """Take back that an own entry builds on an earlier one."""
    idea = queries.my_idea(request.user, key)
    earlier = next((one for one in queries.built_on(idea) if one.key == earlier_key), None)
    if earlier is None:
        raise Http404
    try:
        services.take_back_building_on(idea_id=idea.pk, earlier_id=earlier.pk, actor=request.user, at=now())
    except RefusedError as error:
        return entry_page(request, idea, None, error.refusal, REFUSED)
    messages.success(request, _("Your entry does not name that one any more."))
    return redirect("ideas:entry", key)
