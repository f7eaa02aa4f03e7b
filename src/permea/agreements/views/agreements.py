"""Pages of agreements for the firm: the list, a new one, its clauses, the offer."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.agreements import queries, services
from permea.agreements.forms import ClausesForm, DraftForm
from permea.agreements.views.signing import agreement_page
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.people.models import Membership
from permea.surface.downloads import made_file
from permea.surface.formats import language_name
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number

MANAGING = (Membership.Role.OWNER.value, Membership.Role.MANAGER.value)
READING = (*MANAGING, Membership.Role.MEMBER.value)
A_PAGE = 50


@require_GET
@member(*READING)
def agreements(request: MemberRequest) -> HttpResponse:
    """List the firm's agreements, by where they stand or by words."""
    at, state, text = now(), request.GET.get("state", ""), request.GET.get("q", "")
    found = queries.agreements_of(request.organisation, state=state, text=text, at=at)
    paged = Paginator(found, A_PAGE).get_page(page_number(request))
    rows = [queries.agreement_row(one, at) for one in paged.object_list]
    context = {"rows": rows, "paged": paged, "state": state, "text": text, "may_write": request.role in MANAGING}
    return render(request, "agreements/all.html", context)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new(request: MemberRequest) -> HttpResponse:
    """Begin an agreement: which kind, with whom."""
    firm = request.organisation
    begin = {"kind": request.GET.get("kind", ""), "language": firm.language, "law": firm.country, "path": "full"}
    languages = [(code, language_name(code)) for code in queries.clause_languages()]
    form = DraftForm(
        request.POST if request.method == "POST" else None, initial=begin, organisation=firm, languages=languages
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        said = services.AgreementInput(**form.cleaned_data)
        try:
            made = services.draft_agreement(organisation=firm, said=said, actor=request.user, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("agreements:clauses", made.key)
    context = {"form": form, "refusal": refusal}
    return render(request, "agreements/new.html", context, status=409 if refusal else 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def clauses(request: MemberRequest, key: str) -> HttpResponse:
    """Choose and fill in the clauses of a draft, which makes its text anew."""
    found = queries.managed_agreement(request.user, key)
    choices = queries.library(found.language).choices_of(found.kind)
    begin = {**queries.newest_version(found).options, "law": found.law}
    form = ClausesForm(request.POST if request.method == "POST" else None, initial=begin, choices=choices)
    refusal = None
    if request.method == "POST" and form.is_valid():
        said = {"options": form.options(), "law": form.cleaned_data["law"]}
        try:
            services.choose_clauses(agreement_id=found.pk, **said, actor=request.user, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("agreements:agreement", key)
    context = {"agreement": found, "form": form, "names": list(choices), "refusal": refusal}
    return render(request, "agreements/clauses.html", context, status=409 if refusal else 422 if form.errors else 200)


@require_GET
@member(*READING)
def agreement(request: MemberRequest, key: str) -> HttpResponseBase:
    """Show an agreement of the firm: its text, who signed, what it covers, what to look at."""
    return agreement_page(request, key)


@require_POST
@member(*MANAGING)
def offer(request: MemberRequest, key: str) -> HttpResponseBase:
    """Show a draft to the other side."""
    found = queries.managed_agreement(request.user, key)
    try:
        services.offer_agreement(agreement_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return agreement_page(request, key, refusal=error.refusal)
    messages.success(request, _("The other side can read it now and got a mail."))
    return redirect("agreements:agreement", key)


@require_POST
@member(*MANAGING)
def drop(request: MemberRequest, key: str) -> HttpResponseBase:
    """Leave an agreement that is not signed."""
    found = queries.managed_agreement(request.user, key)
    try:
        services.drop_agreement(agreement_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return agreement_page(request, key, refusal=error.refusal)
    messages.success(request, _("The agreement is dropped."))
    return redirect("agreements:agreement", key)


@require_GET
@member(*READING)
def pack(request: MemberRequest, key: str) -> HttpResponse:
    """Send everything a lawyer needs as one file: every version, what changed, what was chosen, what to look at."""
    found = queries.read_agreement(request.user, key)
    return made_file(queries.lawyer_pack(found), f"agreement-{found.key}.zip", "application/zip")
