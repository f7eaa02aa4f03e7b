"""Pages that both sides of an agreement use: reading, proposing a text, signing by a mailed code, giving notice."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.agreements import queries, services
from permea.agreements.forms import ScanForm, SignForm, VersionForm
from permea.agreements.queries import Standing
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, signed_in

INSIDE, OUTSIDE = "layouts/inside.html", "layouts/public.html"


def agreement_page(
    request: PersonRequest,
    key: str,
    *,
    form: SignForm | None = None,
    scan_form: ScanForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Answer with an agreement as its reader sees it: in the rail for the firm, a page of its own for the others."""
    at = now()
    shown = queries.agreement_page(request.user, key, at)
    begin = SignForm(initial={"typed_name": request.user.name})
    context = {
        "shown": shown,
        "obligations": queries.obligations_part(shown.agreement, at),
        "renewal": queries.renewal_part(shown.agreement, shown.newest, at),
        "form": form or begin,
        "scan_form": scan_form or ScanForm(),
        "scans": queries.scans_part(shown.agreement, shown.newest, shown.standing, may_sign=shown.sign_blocked is None),
        "refusal": refusal,
        "at": at,
        "papers": queries.papers_of(shown.agreement, shown.newest, shown.standing),
        "layout": INSIDE if shown.standing.is_firm else OUTSIDE,
    }
    status = 409 if refusal else 422 if form or scan_form else 200
    return render(request, "agreements/agreement.html", context, status=status)


def back(standing: Standing, key: str) -> HttpResponseBase:
    """Lead to the page of an agreement on the reader's side."""
    return redirect("agreements:agreement" if standing.is_firm else "agreements:guest", key)


@require_GET
@signed_in
def mine(request: PersonRequest) -> HttpResponse:
    """List the agreements somebody is a party to."""
    return render(request, "agreements/mine.html", {"rows": queries.own_agreements(request.user, now())})


@require_GET
@signed_in
def guest(request: PersonRequest, key: str) -> HttpResponseBase:
    """Show an agreement to the other side; the firm's people are led to their own page."""
    _found, standing = queries.agreement_for(request.user, key)
    if standing.is_firm:
        return redirect("agreements:agreement", key)
    return agreement_page(request, key)


@require_http_methods(["GET", "POST"])
@signed_in
def text(request: PersonRequest, key: str) -> HttpResponseBase:
    """Propose the next version of the text."""
    found, standing = queries.agreement_for(request.user, key)
    latest = queries.newest_version(found)
    sent = request.POST if request.method == "POST" else None
    form = VersionForm(sent, initial={"body": latest.body}, options=latest.options)
    refusal = None
    if request.method == "POST" and form.is_valid():
        told = {"body": form.cleaned_data["body"], "note": form.cleaned_data["note"], "options": form.options()}
        try:
            services.propose_version(agreement_id=found.pk, **told, actor=request.user, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            return back(standing, key)
    layout = INSIDE if standing.is_firm else OUTSIDE
    context = {"agreement": found, "standing": standing, "form": form, "refusal": refusal, "layout": layout}
    return render(request, "agreements/text.html", context, status=409 if refusal else 422 if form.errors else 200)


@require_POST
@signed_in
def code(request: PersonRequest, key: str, version_key: str) -> HttpResponseBase:
    """Mail the code that proves who signs."""
    found, standing = queries.agreement_for(request.user, key)
    version = queries.version_for(found, version_key)
    refusal = refused(lambda: services.send_signing_code(version_id=version.pk, actor=request.user, at=now()))
    if refusal is not None:
        return agreement_page(request, key, refusal=refusal)
    messages.success(request, _("The code is on its way to you. It counts for 15 minutes."))
    return back(standing, key)


@require_POST
@signed_in
def sign(request: PersonRequest, key: str, version_key: str) -> HttpResponseBase:
    """Sign a version for one's side."""
    found, standing = queries.agreement_for(request.user, key)
    version, form = queries.version_for(found, version_key), SignForm(request.POST)
    if not form.is_valid():
        return agreement_page(request, key, form=form)
    said = form.cleaned_data
    refusal = refused(
        lambda: services.sign_version(version_id=version.pk, **said, actor=request.user, at=now())
    )  # fmt: skip
    if refusal is not None:
        return agreement_page(request, key, form=form, refusal=refusal)
    messages.success(request, _("You have signed for your side."))
    return back(standing, key)


@require_POST
@signed_in
def end(request: PersonRequest, key: str) -> HttpResponseBase:
    """Give notice for one's side."""
    found, standing = queries.agreement_for(request.user, key)
    refusal = refused(lambda: services.end_agreement(agreement_id=found.pk, actor=request.user, at=now()))
    if refusal is not None:
        return agreement_page(request, key, refusal=refusal)
    messages.success(request, _("Notice is given."))
    return back(standing, key)


def refused(act: Callable[[], object]) -> Refusal | None:
    """Do something, and say why not where that is refused."""
    try:
        act()
    except RefusedError as error:
        return error.refusal
    return None
