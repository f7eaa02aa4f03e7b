"""The directory: who is known, put in and changed; what is to follow; the list to take away."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.partners import queries, rules, services
from permea.partners.forms import PartnerForm
from permea.partners.models import Partner
from permea.partners.views.saved import chips, filters_of
from permea.people.models import Membership, Organisation
from permea.people.rules import country_choices
from permea.surface.downloads import csv_table, made_file
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number

MANAGING = (Membership.Role.OWNER, Membership.Role.MANAGER)
INVALID = 422
NOTED = ("stage", "source", "source_name", "website", "city", "tags", "note")
NAMED = ("name", "kind", "country", "language")


@require_GET
@member(*rules.READING)
def partners(request: MemberRequest) -> HttpResponse:
    """List the firm's partners: all, or what the filters ask for."""
    filters = filters_of(request.GET)
    shown = queries.partners_of(request.organisation, now(), filters=filters, page=page_number(request))
    given = {"q": filters.text, "kind": filters.kind, "stage": filters.stage, "country": filters.country}
    names = dict(country_choices())
    every = ("", "–")
    context = {
        "shown": shown,
        "filters": filters,
        "kinds": [every, *Organisation.Kind.choices],
        "stages": [every, *Partner.Stage.choices, ("archived", pgettext("partner", "Put away"))],
        "countries": [every, *((code, names.get(code, code)) for code in shown.countries)],
        "sort_base": f"?{urlencode(given)}&order=",
        "page_base": f"?{urlencode({**given, 'order': filters.order})}&page=",
        "may_write": request.role in MANAGING,
        "chips": chips(request),
    }
    return render(request, "partners/list.html", context)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_partner(request: MemberRequest) -> HttpResponse:
    """Note a partner."""
    begin = {"owner": request.user.key, "language": request.organisation.language, "source": Partner.Source.OTHER}
    form = _form(request, request.organisation, begin)
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, form, None)
    content = services.PartnerInput(**form.values())
    made = services.note_partner(organisation=request.organisation, content=content, actor=request.user, at=now())
    messages.success(request, _("The partner is noted. Add who you know there and what they can do."))
    return redirect("partners:partner", made.key)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def edit_partner(request: MemberRequest, key: str) -> HttpResponse:
    """Change what is noted of a partner."""
    found = queries.managed_partner(request.user, key)
    begin = {name: getattr(found, name) for name in NOTED} | {name: getattr(found.party, name) for name in NAMED}
    form = _form(
        request, found.organisation, begin | {"owner": found.owner.key, "event": found.event.key if found.event else ""}
    )
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, form, found)
    content = services.PartnerInput(**form.values())
    services.change_partner(partner_id=found.pk, content=content, actor=request.user, at=now())
    messages.success(request, _("Saved."))
    return redirect("partners:partner", key)


def _form(request: HttpRequest, organisation: Organisation, begin: Mapping[str, object]) -> PartnerForm:
    """Return the form of a partner."""
    sent = request.POST if request.method == "POST" else None
    owners, events = queries.possible_owners(organisation), queries.events_of(organisation)
    return PartnerForm(sent, initial=begin, owners=owners, events=events)


def _edit_page(request: MemberRequest, form: PartnerForm, found: Partner | None) -> HttpResponse:
    """Answer with the form; what was typed stays in it."""
    status = INVALID if form.errors else 200
    return render(request, "partners/edit.html", {"form": form, "partner": found}, status=status)


@require_POST
@member(*MANAGING)
def archive(request: MemberRequest, key: str) -> HttpResponse:
    """Put a partner away, or take it back."""
    found, is_back = queries.managed_partner(request.user, key), "back" in request.POST
    try:
        services.archive(partner_id=found.pk, actor=request.user, at=now(), is_back=is_back)
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        messages.success(request, _("The partner is back in the list.") if is_back else _("The partner is put away."))
    return redirect("partners:partner", key)


@require_GET
@member(*rules.READING)
def follow_ups(request: MemberRequest) -> HttpResponse:
    """List what is to follow with partners, the nearest day first."""
    context = {"entries": queries.follow_ups(request.organisation), "today": now().date()}
    return render(request, "partners/follow_ups.html", context)


@require_GET
@member(*MANAGING)
def export(request: MemberRequest) -> HttpResponse:
    """Hand the directory out as CSV; text that a spreadsheet would take for a formula is quoted."""
    rows = [
        [*(getattr(one.party, name) for name in NAMED), *(getattr(one, name) for name in NOTED),
         one.owner.display_name, one.created_at.isoformat()]
        for one in queries.exported(request.organisation)
    ]  # fmt: skip
    table = csv_table([*NAMED, *NOTED, "owner", "created_at"], rows)
    return made_file(table, "partners.csv", "text/csv; charset=utf-8")
