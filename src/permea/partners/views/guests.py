"""What people of a partner see and say: how their own organisation works, what it can do and looks for."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.partners import queries, services
from permea.partners.forms import CapabilityForm, PreferencesForm
from permea.partners.views.directory import INVALID
from permea.partners.views.knowing import said_before
from permea.people.queries import partner_roles_of
from permea.surface.pages import render
from permea.surface.registry import partner_items
from permea.surface.requests import PersonRequest, signed_in


@require_GET
@signed_in
def own(request: PersonRequest) -> HttpResponse:
    """Show a guest what waits for their side, who lists their organisation, and what it stated."""
    return _page(request, {})


def _page(request: PersonRequest, sent: dict[tuple[str, str], Form]) -> HttpResponse:
    """Answer with a guest's page; a form that was not whole keeps what was typed."""
    rows = []
    for number, shown in enumerate(queries.guest_pages(request.user)):
        key, begin = shown.partner.key, said_before(shown.stated)
        preferences = PreferencesForm(initial=begin, auto_id=f"preferences_{number}_%s")
        capability = CapabilityForm(auto_id=f"capability_{number}_%s")
        forms = (sent.get((key, "preferences"), preferences), sent.get((key, "capability"), capability))
        rows.append((shown, *forms))
    at = now()
    waiting = partner_items(request.user, partner_roles_of(request.user), at)
    context = {"rows": rows, "waiting": waiting, "at": at}
    return render(request, "partners/own.html", context, status=INVALID if sent else 200)


@require_POST
@signed_in
def state_preferences(request: PersonRequest, own_key: str) -> HttpResponse:
    """Let a guest say how their organisation likes to work."""
    found, form = queries.own_partner(request.user, own_key), PreferencesForm(request.POST)
    if not form.is_valid():
        return _page(request, {(own_key, "preferences"): form})
    content = services.PreferencesInput(**form.cleaned_data)
    services.state_preferences(partner_id=found.pk, content=content, actor=request.user, at=now())
    messages.success(request, _("Saved. %(firm)s sees it at once.") % {"firm": found.organisation.name})
    return redirect("partners:own")


@require_POST
@signed_in
def state_capability(request: PersonRequest, own_key: str) -> HttpResponse:
    """Let a guest say what their organisation can do or looks for."""
    found, form = queries.own_partner(request.user, own_key), CapabilityForm(request.POST)
    if not form.is_valid():
        return _page(request, {(own_key, "capability"): form})
    content = services.CapabilityInput(**form.cleaned_data)
    services.state_capability(partner_id=found.pk, content=content, actor=request.user, at=now())
    messages.success(request, _("Saved. %(firm)s sees it at once.") % {"firm": found.organisation.name})
    return redirect("partners:own")


@require_POST
@signed_in
def take_back(request: PersonRequest, statement_key: str) -> HttpResponse:
    """Let a guest take back what was stated of their organisation."""
    found = queries.own_capability(request.user, statement_key)
    services.remove_capability(capability_id=found.pk, actor=request.user, at=now())
    messages.success(request, _("Removed."))
    return redirect("partners:own")
