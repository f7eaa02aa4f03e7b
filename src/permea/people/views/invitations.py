"""Accepting an invitation; founding the firm by the first owner's link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache

from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.people import queries, rules, services
from permea.people.forms import FoundForm
from permea.people.models import Invitation, Person
from permea.people.views.entrance import enter
from permea.surface.pages import render
from permea.surface.requests import answer_or_404


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation and accept it; whoever holds the mailed link owns the address it was sent to."""
    found: Invitation = answer_or_404(queries.invitation_by_token(token))
    if found.organisation_id is None:
        return _found(request, found, token)
    person = request.user if isinstance(request.user, Person) else None
    refusal = rules.why_not_accept(found, person or Person(email=found.email), at=now())
    if request.method == "POST" and refusal is None:
        return _accept(request, found, token)
    context = {"invitation": found, "refusal": refusal, "person": person}
    return render(request, "people/invitation.html", context, status=409 if refusal else 200)


def _accept(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    """Make the visitor a member; an unknown one is registered and signed in by the link."""
    if isinstance(request.user, Person):
        services.accept_invitation(token=token, person=request.user, at=now())
        return HttpResponseRedirect(reverse("surface:today"))
    if not found.email:
        return HttpResponseRedirect(reverse("account_login", query={"next": request.path}))
    person = services.join_by_link(token=token, language=translation.get_language() or "en", at=now())
    return enter(request, person, reverse("surface:today"))


def _found(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    """Ask the first owner for the firm and found it."""
    person = request.user if isinstance(request.user, Person) else None
    refusal = rules.why_not_accept(found, person or Person(), at=now())
    initial = {"language": translation.get_language() or "en"}
    form = FoundForm(request.POST or None, is_signed_in=person is not None, initial=initial)
    if refusal is None and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("name", "kind", "country", "language")}
        try:
            if person is not None:
                services.found_by_invitation(token=token, person=person, at=now(), **fields)
                return HttpResponseRedirect(reverse("surface:today"))
            newcomer = {name: form.cleaned_data[name] for name in ("email", "person_name")}
            founder = services.found_as_newcomer(token=token, at=now(), **newcomer, **fields)
            return enter(request, founder, reverse("surface:today"))
        except RefusedError as error:
            form.add_error(None, error.refusal.reason)
    context = {"form": form, "refusal": refusal, "person": person}
    return render(request, "people/found.html", context, status=409 if refusal else 422 if form.errors else 200)
