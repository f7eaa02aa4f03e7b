"""Who has seen what: the list, the same as a table to take along, and what is at stake."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from permea.disclosures import queries, services
from permea.disclosures.forms import SeenForm
from permea.disclosures.models import Seen
from permea.disclosures.views.items import MANAGING
from permea.foundation.clock import now
from permea.surface.downloads import csv_table, made_file
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number

COLUMNS = ("item", "title", "sensitivity", "part", "version", "depth", "person", "email", "organisation", "agreement",
           "first_at", "last_at", "times", "covered_now")  # fmt: skip


@require_GET
@member(*MANAGING)
def seen(request: MemberRequest) -> HttpResponse:
    """List who outside has read which version of what, and under which agreement."""
    form = SeenForm(request.GET)
    filters = form.filters()
    page = queries.seen_page(request.user, request.organisation, filters, now(), page=page_number(request))
    asked = {name: value for name, value in request.GET.items() if name in form.fields and value}
    base = f"?{urlencode({**asked, 'page': ''})}"
    context = {"seen": page, "form": form, "asked": asked, "page_base": base}
    return render(request, "disclosures/seen.html", context)


@require_GET
@member(*MANAGING)
def at_stake(request: MemberRequest) -> HttpResponse:
    """Show what could leak: by item, its sensitivity times who has seen it and is not covered now."""
    exposures = queries.exposure_of(request.user, request.organisation, now())
    context = {"exposures": exposures, "points": sum(row.points for row in exposures)}
    return render(request, "disclosures/at_stake.html", context)


@require_POST
@member(*MANAGING)
def table(request: MemberRequest) -> HttpResponse:
    """Hand the list out as CSV, narrowed as the page is; the ledger says so."""
    filters, at = SeenForm(request.POST).filters(), now()
    rows = queries.seen_rows(request.user, request.organisation, filters, at)[: queries.MOST_EXPORTED]
    lines = [_line(row) for row in rows]
    content = services.export_seen(
        organisation=request.organisation, table=csv_table(COLUMNS, lines), n_rows=len(lines), actor=request.user, at=at
    )
    return made_file(content, "who-has-seen-what.csv", "text/csv; charset=utf-8")


def _line(row: Seen) -> tuple[str | int, ...]:
    """Return a reading as a line of the table."""
    return (
        row.item.key, row.item.title, row.item.sensitivity, row.version.label, row.version.number, row.depth,
        row.reader.display_name, row.reader.email or "", row.organisation.name if row.organisation else "",
        row.agreement.title if row.agreement else "", row.first_at.isoformat(), row.last_at.isoformat(), row.n,
        "yes" if queries.is_covered(row) else "no",
    )  # fmt: skip
