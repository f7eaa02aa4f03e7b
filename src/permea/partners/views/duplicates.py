"""Partners that are probably the same: merged, kept apart, parted again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.partners import queries, services
from permea.partners.views.directory import MANAGING
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number

REFUSED = 409


@require_GET
@member(*MANAGING)
def duplicates(request: MemberRequest) -> HttpResponse:
    """List the partners that are probably the same, those kept apart, and those merged."""
    return _page(request)


def _page(request: MemberRequest, refusal: Refusal | None = None) -> HttpResponse:
    """Answer with the list, and why something could not be done."""
    context = {
        "shown": queries.duplicates_of(request.organisation, page=page_number(request)),
        "refusal": refusal,
    }
    return render(request, "partners/duplicates.html", context, status=REFUSED if refusal else 200)


@require_POST
@member(*MANAGING)
def merge(request: MemberRequest, key: str) -> HttpResponse:
    """Merge a partner into another."""
    gone = queries.managed_partner(request.user, key)
    kept = queries.managed_partner(request.user, request.POST.get("into", ""))
    try:
        services.merge_partners(gone_id=gone.pk, kept_id=kept.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _page(request, error.refusal)
    said = _("“%(gone)s” is merged into “%(kept)s”.") % {"gone": gone.party.name, "kept": kept.party.name}
    messages.success(request, said)
    return redirect("partners:duplicates")


@require_POST
@member(*MANAGING)
def apart(request: MemberRequest, key: str) -> HttpResponse:
    """Remember that two partners are not the same, or propose them again."""
    one = queries.managed_partner(request.user, key)
    other = queries.managed_partner(request.user, request.POST.get("other", ""))
    is_back = "back" in request.POST
    services.keep_apart(partner_id=one.pk, other_id=other.pk, actor=request.user, at=now(), is_back=is_back)
    messages.success(request, _("They are compared again.") if is_back else _("They are kept apart."))
    return redirect("partners:duplicates")


@require_POST
@member(*MANAGING)
def part(request: MemberRequest, merge_key: str) -> HttpResponse:
    """Undo a merge."""
    found = queries.managed_merge(request.user, merge_key)
    try:
        services.part_partners(merge_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _page(request, error.refusal)
    messages.success(request, _("The merge is undone: both stand in the directory again."))
    return redirect("partners:duplicates")
