"""Agreements as files: the PDF of a version, the sealed one, and the certificate to check it by."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.agreements import queries, services
from permea.agreements.views.signing import agreement_page, back, refused
from permea.foundation.clock import now
from permea.surface.downloads import made_file, sent_file
from permea.surface.requests import PersonRequest, signed_in

PDF = "application/pdf"


@require_GET
@signed_in
def paper(request: PersonRequest, key: str, version_key: str) -> HttpResponse:
    """Send a version with its signatures as a PDF."""
    version = queries.paper_for(request.user, key, version_key)
    return made_file(queries.paper_of(version), f"agreement-{key}-v{version.number}.pdf", PDF)


@require_GET
@signed_in
def sealed(request: PersonRequest, key: str) -> HttpResponseBase:
    """Send the sealed PDF, always the same bytes."""
    seal = queries.sealed_for(request.user, key)
    return sent_file(seal.path, f"agreement-{key}-sealed.pdf", PDF)


@require_GET
@signed_in
def stamped(request: PersonRequest, key: str) -> HttpResponseBase:
    """Send the sealed PDF with the time-stamp that came later behind it."""
    seal = queries.sealed_for(request.user, key)
    if not seal.stamped_path:
        raise Http404
    return sent_file(seal.stamped_path, f"agreement-{key}-stamped.pdf", PDF)


@require_GET
@signed_in
def certificate(request: PersonRequest, key: str) -> HttpResponse:
    """Send the certificate that the seal was made with."""
    used = queries.certificate_for(request.user, key)
    return made_file(used.pem, f"seal-{used.sha256[:16]}.pem", "application/x-pem-file")


@require_POST
@signed_in
def seal(request: PersonRequest, key: str) -> HttpResponseBase:
    """Have the paper sealed, again if it failed."""
    found, standing = queries.agreement_for(request.user, key)
    refusal = refused(lambda: services.seal_again(agreement_id=found.pk, actor=request.user, at=now()))
    if refusal is not None:
        return agreement_page(request, key, refusal=refusal)
    messages.success(request, _("The paper is being sealed. Look again in a minute."))
    return back(standing, key)


@require_POST
@signed_in
def stamp(request: PersonRequest, key: str) -> HttpResponseBase:
    """Ask the authority for a time-stamp on the sealed paper."""
    _found, standing = queries.agreement_for(request.user, key)
    sealed = queries.sealed_for(request.user, key)
    refusal = refused(lambda: services.stamp_again(seal_id=sealed.pk, actor=request.user, at=now()))
    if refusal is not None:
        return agreement_page(request, key, refusal=refusal)
    messages.success(request, _("The authority is being asked. Look again in a minute."))
    return back(standing, key)
