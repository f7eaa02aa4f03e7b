"""Pages of planned publications: handed in by a partner, looked at and answered by the firm."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from permea.agreements import queries, services
from permea.agreements.forms import PublicationAnswerForm, PublicationForm
from permea.agreements.views.signing import INSIDE, OUTSIDE
from permea.foundation.clock import now
from permea.foundation.files.intake import SentFile
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.downloads import sent_file
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, signed_in


@require_GET
@signed_in
def publications(request: PersonRequest, key: str) -> HttpResponse:
    """List the planned publications of an agreement."""
    at = now()
    page = queries.publications_page(request.user, key, at)
    context = {"page": page, "at": at, "layout": INSIDE if page.standing.is_firm else OUTSIDE}
    return render(request, "agreements/publications.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def new_publication(request: PersonRequest, key: str) -> HttpResponse:
    """Hand a planned publication in."""
    page = queries.publications_page(request.user, key, now())
    if page.standing.is_firm:
        raise Http404
    is_sent = request.method == "POST"
    begin = {"title": request.GET.get("title", "")[:160]}
    form = PublicationForm(request.POST if is_sent else None, request.FILES if is_sent else None, initial=begin)
    refusal: Refusal | None = None
    if is_sent and form.is_valid():
        try:
            made = services.submit_publication(
                agreement_id=page.agreement.pk, said=_said(form), actor=request.user, at=now()
            )
        except RefusedError as error:
            refusal = error.refusal
        else:
            messages.success(request, _("Handed in. The firm got a mail, and the days count."))
            return redirect("agreements:publication", key, made.key)
    status = 409 if refusal else 422 if form.errors else 200
    context = {"page": page, "form": form, "refusal": refusal}
    return render(request, "agreements/new_publication.html", context, status=status)


def _said(form: PublicationForm) -> services.PublicationInput:
    """Return what was filled in, as the service takes it."""
    said = dict(form.cleaned_data)
    sent = said.pop("file")
    file = SentFile(sent.name, sent.chunks()) if sent else None
    return services.PublicationInput(**said, file=file)


@require_http_methods(["GET", "POST"])
@signed_in
def publication(request: PersonRequest, key: str, publication_key: str) -> HttpResponseBase:
    """Show a planned publication to either side, and take the firm's answer."""
    found, standing = queries.publication_for(request.user, key, publication_key)
    if request.method == "POST" and not standing.is_firm:
        raise Http404
    form = PublicationAnswerForm(request.POST if request.method == "POST" else None)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "days": form.cleaned_data["days"] or 0}
        try:
            services.answer_publication(publication_id=found.pk, **said, actor=request.user, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            messages.success(request, _("Answered. The partner got a mail."))
            return redirect("agreements:publication", key, publication_key)
    shown = queries.publication_page(request.user, key, publication_key, now())
    context = {"shown": shown, "form": form, "refusal": refusal, "layout": INSIDE if standing.is_firm else OUTSIDE}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "agreements/publication.html", context, status=status)


@require_GET
@signed_in
def publication_file(request: PersonRequest, key: str, publication_key: str) -> HttpResponseBase:
    """Send the file of a planned publication to either side."""
    found, _standing = queries.publication_for(request.user, key, publication_key)
    if not found.path:
        raise Http404
    return sent_file(found.path, found.name, found.content_type)
