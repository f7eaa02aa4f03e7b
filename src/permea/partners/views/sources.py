"""Where partners are met: noted, changed, and what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from permea.foundation.clock import now
from permea.partners import queries, rules, services
from permea.partners.forms import EventForm
from permea.partners.models import SourceEvent
from permea.partners.views.directory import INVALID, MANAGING
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member


@require_GET
@member(*rules.READING)
def sources(request: MemberRequest) -> HttpResponse:
    """Show what each event brought: partners, talks, work together, and what one of them cost."""
    context = {"rows": queries.event_rows(request.organisation), "may_write": request.role in MANAGING}
    return render(request, "partners/sources.html", context)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_source(request: MemberRequest) -> HttpResponse:
    """Note an event."""
    form = EventForm(request.POST or None, initial={"on": now().date(), "cost": 0, "hours": 0})
    return _noted(request, form, None)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def edit_source(request: MemberRequest, source_key: str) -> HttpResponse:
    """Change an event."""
    found = queries.managed_event(request.user, source_key)
    form = EventForm(request.POST or None, initial={name: getattr(found, name) for name in EventForm.base_fields})
    return _noted(request, form, found)


def _noted(request: MemberRequest, form: EventForm, found: SourceEvent | None) -> HttpResponse:
    """Store what was sent and go to the list, or show the form."""
    if not form.is_valid():
        status = INVALID if form.errors else 200
        return render(request, "partners/source_edit.html", {"form": form, "event": found}, status=status)
    services.note_event(
        organisation=found.organisation if found else request.organisation,
        content=services.EventInput(**form.cleaned_data),
        actor=request.user,
        at=now(),
        event_id=found.pk if found else None,
    )
    messages.success(request, _("Saved."))
    return redirect("partners:sources")
