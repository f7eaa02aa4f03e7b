"""Partners that are firms of the same hub: said by their people, confirmed by who lists them, ended by either."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.partners import queries, services
from permea.people.queries import seats_of
from permea.surface.requests import PersonRequest, signed_in


@require_POST
@signed_in
def say(request: PersonRequest, own_key: str) -> HttpResponse:
    """Let a guest say which firm of theirs a partner is."""
    found = queries.own_partner(request.user, own_key)
    firm = next((one for one, _role in seats_of(request.user) if one.key == request.POST.get("firm")), None)
    if firm is None:
        raise Http404
    try:
        services.say_firm(partner_id=found.pk, firm=firm, actor=request.user, at=now())
    except RefusedError as error:
        messages.warning(request, error.refusal.reason)
    else:
        messages.success(request, _("Said. %(firm)s is asked to confirm it.") % {"firm": found.organisation.name})
    return redirect("partners:own")


@require_POST
@signed_in
def confirm(request: PersonRequest, link_key: str) -> HttpResponse:
    """Confirm that a partner is a firm of this hub."""
    found, is_lister = queries.link_for(request.user, link_key)
    if not is_lister:
        raise Http404
    try:
        services.confirm_firm(link_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        messages.warning(request, error.refusal.reason)
    else:
        messages.success(request, _("Connected. You stand in each other's directory now."))
    return redirect("partners:partner", found.partner.key)


@require_POST
@signed_in
def end(request: PersonRequest, link_key: str) -> HttpResponse:
    """Refuse it, take it back, or end a connection."""
    found, is_lister = queries.link_for(request.user, link_key)
    services.end_link(link_id=found.pk, actor=request.user, at=now())
    messages.success(request, _("Both are as they were before: partners, but not connected."))
    if is_lister:
        return redirect("partners:partner", found.partner.key)
    return redirect("partners:partner", found.mirror.key) if found.mirror else redirect("partners:own")
