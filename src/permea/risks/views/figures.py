"""What all risks together may cost, and what may leak."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from permea.foundation.clock import now
from permea.risks import queries, rules
from permea.risks.forms import TotalForm
from permea.risks.views.register import MANAGING
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member


@require_GET
@member(*MANAGING)
def total(request: MemberRequest) -> HttpResponse:
    """Show what the risks may cost in a year, and how likely that is more than an amount."""
    form = TotalForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    page = queries.total_page(request.organisation, currency=asked.get("currency", ""), amount=asked.get("amount"))
    return render(request, "risks/total.html", {"page": page, "form": form, "about": rules.about})


@require_GET
@member(*MANAGING)
def leaks(request: MemberRequest) -> HttpResponse:
    """Show what may leak, by item and by organisation."""
    return render(request, "risks/leaks.html", {"page": queries.leak_page(request.organisation, now())})
