"""Proposing that an agreement goes on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from permea.agreements import queries, services
from permea.agreements.forms import RenewForm
from permea.agreements.views.signing import agreement_page
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.requests import PersonRequest, signed_in


@require_POST
@signed_in
def renew(request: PersonRequest, key: str) -> HttpResponseBase:
    """Propose that an agreement goes on until a day, for one's side."""
    found, standing = queries.agreement_for(request.user, key)
    form = RenewForm(request.POST)
    if not form.is_valid():
        refusal = Refusal("agreements.renewal_day", _("Choose a day after the present end."))
        return agreement_page(request, key, refusal=refusal)
    until = form.cleaned_data["until"]
    try:
        made = services.propose_renewal(agreement_id=found.pk, until=until, actor=request.user, at=now())
    except RefusedError as error:
        return agreement_page(request, key, refusal=error.refusal)
    messages.success(request, _("Proposed. The other side got a mail."))
    return redirect("agreements:agreement" if standing.is_firm else "agreements:guest", made.key)
