"""Signing by hand: the scan of a signed paper is sent by one side, and looked at by the other."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.agreements import queries, services
from permea.agreements.forms import ScanForm
from permea.agreements.views.signing import agreement_page, back, refused
from permea.foundation.clock import now
from permea.foundation.files.intake import SentFile
from permea.surface.downloads import sent_file
from permea.surface.requests import PersonRequest, signed_in


@require_POST
@signed_in
def send_scan(request: PersonRequest, key: str, version_key: str) -> HttpResponseBase:
    """Take the scan of a paper that the sender's side signed by hand."""
    found, standing = queries.agreement_for(request.user, key)
    version, form = queries.version_for(found, version_key), ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return agreement_page(request, key, scan_form=form)
    said = dict(form.cleaned_data)
    sent = said.pop("file")
    told = services.ScanInput(**said, file=SentFile(sent.name, sent.chunks()))
    refusal = refused(
        lambda: services.send_scan(version_id=version.pk, said=told, actor=request.user, at=now())
    )  # fmt: skip
    if refusal is not None:
        return agreement_page(request, key, scan_form=form, refusal=refusal)
    messages.success(request, _("The scan is kept, and the other side got a mail. It counts once they accept it."))
    return back(standing, key)


@require_GET
@signed_in
def scan_file(request: PersonRequest, key: str, scan_key: str) -> HttpResponseBase:
    """Send the scan to either side."""
    scan, _standing = queries.scan_for(request.user, key, scan_key)
    return sent_file(scan.path, scan.name, scan.content_type)


@require_POST
@signed_in
def accept_scan(request: PersonRequest, key: str, scan_key: str) -> HttpResponseBase:
    """Accept the scan of another side: it has signed."""
    scan, standing = queries.scan_for(request.user, key, scan_key)
    refusal = refused(lambda: services.accept_scan(scan_id=scan.pk, actor=request.user, at=now()))
    if refusal is not None:
        return agreement_page(request, key, refusal=refusal)
    messages.success(request, _("Accepted: that side has signed."))
    return back(standing, key)


@require_POST
@signed_in
def turn_scan_down(request: PersonRequest, key: str, scan_key: str) -> HttpResponseBase:
    """Do not accept the scan of another side, and say why."""
    scan, standing = queries.scan_for(request.user, key, scan_key)
    reason = request.POST.get("reason", "")[:400]
    refusal = refused(
        lambda: services.turn_scan_down(scan_id=scan.pk, reason=reason, actor=request.user, at=now())
    )  # fmt: skip
    if refusal is not None:
        return agreement_page(request, key, refusal=refusal)
    messages.success(request, _("Not accepted. The other side got a mail with your reason."))
    return back(standing, key)
