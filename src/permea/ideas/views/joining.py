"""An invitation to write an entry: who asks, to which challenge, on what terms; accepted by signing in, or declined."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from permea.agreements.models import Terms
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas import queries, rules, services
from permea.ideas.forms import TermsForm
from permea.ideas.models import CoauthorInvitation
from permea.people.models import Person
from permea.surface.pages import render
from permea.surface.ratelimit import client_of, why_too_many
from permea.surface.requests import first_page

REFUSED, INVALID = 409, 422


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show an invitation to whoever holds its link; the person it was sent to accepts it with the challenge's terms."""
    found = queries.invitation_by_link(token)
    if not request.user.is_authenticated and request.method != "POST":
        return _page(request, found, token, TermsForm(texts=[]))
    first = first_page(request)
    if first is not None:
        return first
    actor = cast("Person", request.user)
    if found.accepted_by_id == actor.pk and queries.is_contributor(actor, found.idea):
        return redirect("ideas:entry", found.idea.key)
    has_accepted = queries.has_accepted_terms(actor, found.idea.challenge)
    form = TermsForm(request.POST or None, texts=[] if has_accepted else _texts(found))
    if request.method != "POST":
        return _page(request, found, token, form)
    if form.fields and not form.is_valid() and rules.why_not_join(found, actor, at=now()) is None:
        return _page(request, found, token, form, status=INVALID)
    return _join(request, found, token, form)


def _texts(found: CoauthorInvitation) -> list[Terms]:
    """Return the texts the challenge is held under."""
    challenge = found.idea.challenge
    return [terms for terms in (challenge.participation_terms, challenge.ip_terms) if terms is not None]


def _join(request: HttpRequest, found: CoauthorInvitation, token: str, form: TermsForm) -> HttpResponseBase:
    """Accept the invitation and go to the entry, or say why not."""
    actor = cast("Person", request.user)
    try:
        demand(why_too_many(client_of(request), what="ideas.join", limit=30, per=timedelta(hours=1)))
        idea = services.join_entry(invitation_id=found.pk, actor=actor, accepted=list(form.fields), at=now())
    except RefusedError as error:
        return _page(request, found, token, form, refusal=error.refusal, status=REFUSED)
    messages.success(request, _("You write this entry now, too. It is saved as you type."))
    return redirect("ideas:entry", idea.key)


@never_cache
@require_POST
def decline(request: HttpRequest, token: str) -> HttpResponseBase:
    """Decline an invitation, for which its link is enough."""
    found = queries.invitation_by_link(token)
    try:
        demand(why_too_many(client_of(request), what="ideas.join", limit=30, per=timedelta(hours=1)))
        services.decline_invitation(invitation_id=found.pk, at=now())
    except RefusedError as error:
        return _page(request, found, token, TermsForm(texts=[]), refusal=error.refusal, status=REFUSED)
    return _page(request, found, token, TermsForm(texts=[]), is_declined=True)


def _page(
    request: HttpRequest,
    found: CoauthorInvitation,
    token: str,
    form: TermsForm,
    *,
    refusal: Refusal | None = None,
    is_declined: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Show who asks whom to write what, or why that is over; of the entry itself nothing is told."""
    at, person = now(), request.user if isinstance(request.user, Person) else None
    blocked = rules.why_not_join(found, person or Person(email=found.email), at=at)
    context = {
        "invitation": found,
        "challenge": found.idea.challenge,
        "token": token,
        "person": person,
        "form": form,
        "texts": [(terms, form[terms.key]) for terms in _texts(found) if terms.key in form.fields],
        "blocked": None if is_declined else refusal or blocked,
        "can_decline": rules.why_not_open(found, at=at) is None,
        "is_declined": is_declined,
        "at": at,
    }
    return render(request, "ideas/invitation.html", context, status=status)
