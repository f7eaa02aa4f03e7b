"""The register: the list with its map, noting a risk, the typical ones, looking at triggers, the list to take away."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.people.models import Membership
from permea.risks import queries, rules, services
from permea.risks.forms import FilterForm, RiskForm
from permea.risks.models import Risk
from permea.surface.downloads import csv_table, made_file
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number

MANAGING = (Membership.Role.OWNER, Membership.Role.MANAGER)
INSIDE = (*MANAGING, Membership.Role.MEMBER)
INVALID, REFUSED = 422, 409
RANGES = tuple(
    f"{name}_{end}" for name in ("probability", "impact", "left_probability", "left_impact")
    for end in ("low", "likely", "high")
)  # fmt: skip
COLUMNS = ("key", "kind", "title", "subject", "cause", "event", "effect", *RANGES, "currency", "loss_of_a_year",
           "mitigation", "mitigation_cost", "owner", "review_on", "state", "version", "changed_at")  # fmt: skip


@require_GET
@member(*MANAGING)
def risks(request: MemberRequest) -> HttpResponse:
    """List the risks that fit, with their map."""
    filters = FilterForm(request.GET).filters()
    register = queries.register_page(request.organisation, filters, now(), page=page_number(request))
    asked = {name: value for name in FilterForm.base_fields if (value := request.GET.get(name, ""))}
    every = ("", "–")
    context = {
        "register": register,
        "asked": asked,
        "page_base": f"?{urlencode({**asked, 'page': ''})}",
        "kinds": [every, *Risk.Kind.choices],
        "states": [every, *Risk.State.choices],
        "owners": [every, *((person.key, person.display_name) for person in register.owners)],
        "dues": [every, ("due", pgettext("review", "Due"))],
        "currencies": [(code, code) for code in register.currencies],
    }
    return render(request, "risks/list.html", context)


def edit_page(
    request: MemberRequest,
    form: RiskForm,
    found: Risk | None,
    *,
    refusal: Refusal | None = None,
    is_review: bool = False,
) -> HttpResponse:
    """Answer with the form of a risk; what was typed stays in it."""
    status = REFUSED if refusal else INVALID if form.errors else 200
    context = {"form": form, "risk": found, "refusal": refusal, "is_review": is_review}
    return render(request, "risks/edit.html", context, status=status)


def risk_form(request: MemberRequest, house: Any, begin: dict[str, Any], found: Risk | None = None) -> RiskForm:
    """Return the form of a risk of this firm; what it is about now can be kept even where it is no longer offered."""
    sent, offered = request.POST if request.method == "POST" else None, queries.subjects_of(house)
    if found is not None and found.subject_key:
        kept = queries.Subject(found.subject_kind, found.subject_key, found.subject_label)
        offered = [kept, *(one for one in offered if one.key != kept.key)]
    return RiskForm(sent, initial=begin, team=queries.team_of(house), subjects=offered)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_risk(request: MemberRequest) -> HttpResponse:
    """Note a risk."""
    at, house = now(), request.organisation
    begin = {"owner": request.user.key, "review_on": at.date() + rules.REVIEW_EVERY, "mitigation_cost": 0}
    form = risk_form(request, house, begin)
    if request.method != "POST" or not form.is_valid():
        return edit_page(request, form, None)
    try:
        content = services.RiskInput(**form.content())
        made = services.note_risk(organisation=house, content=content, actor=request.user, at=at)
    except RefusedError as error:
        return edit_page(request, form, None, refusal=error.refusal)
    messages.success(request, _("The risk is noted. Say below what it is to be watched for."))
    return redirect("risks:risk", made.key)


@require_GET
@member(*MANAGING)
def starters(request: MemberRequest) -> HttpResponse:
    """Show ten typical risks."""
    return render(request, "risks/starters.html", {"starters": rules.STARTERS})


@require_POST
@member(*MANAGING)
def take(request: MemberRequest, name: str) -> HttpResponse:
    """Take a typical risk over."""
    starter = next((one for one in rules.STARTERS if one.name == name), None)
    if starter is None:
        raise Http404
    made = services.take_starter(organisation=request.organisation, starter=starter, actor=request.user, at=now())
    messages.success(request, _("Taken over. Its numbers are only where to begin: put yours."))
    return redirect("risks:edit", made.key)


@require_POST
@member(*MANAGING)
def look(request: MemberRequest) -> HttpResponse:
    """Look now whether what risks are watched for has come to pass."""
    n = services.look_now(organisation=request.organisation, actor=request.user, at=now())
    text = ngettext("Looked. %(num)d trigger has fired.", "Looked. %(num)d triggers have fired.", n)
    messages.info(request, text % {"num": n})
    return redirect("risks:list")


@require_POST
@member(*MANAGING)
def table(request: MemberRequest) -> HttpResponse:
    """Hand the register out as CSV; the ledger says so."""
    rows = queries.exported(request.organisation)
    content = services.export_register(
        organisation=request.organisation,
        table=csv_table(COLUMNS, map(_line, rows)),
        n_rows=len(rows),
        actor=request.user,
        at=now(),
    )
    return made_file(content, "risks.csv", "text/csv; charset=utf-8")


def _line(row: Risk) -> tuple[Any, ...]:
    """Return a risk as a line of the table."""
    loss = round(rules.average_loss(rules.counted(row) or rules.ranges_of(row)), 2)
    return (
        row.key, row.kind, row.title, row.subject_label, row.cause, row.event, row.effect,
        *(getattr(row, name) for name in RANGES), row.currency, loss, row.mitigation, row.mitigation_cost,
        row.owner.display_name, row.review_on.isoformat(), row.state, row.number, row.changed_at.isoformat(),
    )  # fmt: skip
