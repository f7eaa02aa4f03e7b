"""Pages of IP tables: for the firm in the rail, for the other side outside it, and of all agreements of a firm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.agreements import queries, services
from permea.agreements.models import IpEntry, IpVersion
from permea.agreements.queries import IpLine, IpTable, Standing
from permea.agreements.rules import Stated
from permea.agreements.views.ip_forms import EntryForm, RightForms, begun, begun_rights, suggested
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.people.models import Membership
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, PersonRequest, member, page_number, signed_in

READING = (Membership.Role.OWNER.value, Membership.Role.MANAGER.value, Membership.Role.MEMBER.value)
INSIDE, OUTSIDE = "layouts/inside.html", "layouts/public.html"
A_PAGE = 50


@require_GET
@member(*READING)
def rights(request: MemberRequest) -> HttpResponse:
    """Show what stands in all IP tables of the firm, and what cannot hold together."""
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "")
    found = queries.house_rights(request.organisation, kind=kind, text=text, today=now().date())
    paged = Paginator(found.rows, A_PAGE).get_page(page_number(request))
    context = {"found": found, "paged": paged, "kind": kind, "text": text, "kinds": IpEntry.Kind.choices}
    return render(request, "agreements/rights.html", context)


@require_GET
@member(*READING)
def ip(request: MemberRequest, key: str) -> HttpResponse:
    """Show the IP table of an agreement to the firm."""
    table = queries.ip_table(request.user, key, at=now())
    if not table.standing.is_firm:
        raise Http404
    return _table_page(request, table)


@require_GET
@signed_in
def ip_guest(request: PersonRequest, key: str) -> HttpResponseBase:
    """Show the IP table to the other side; the firm's people are led to their own page."""
    table = queries.ip_table(request.user, key, at=now())
    return redirect("agreements:ip", key) if table.standing.is_firm else _table_page(request, table)


def _table_page(request: PersonRequest, table: IpTable, refusal: Refusal | None = None) -> HttpResponse:
    """Answer with an IP table as its reader sees it."""
    context = {"table": table, "refusal": refusal, "layout": _layout(table.standing)}
    return render(request, "agreements/ip.html", context, status=409 if refusal else 200)


def _layout(standing: Standing) -> str:
    """Return the frame of a page for a side."""
    return INSIDE if standing.is_firm else OUTSIDE


def _back(standing: Standing, key: str) -> HttpResponseBase:
    """Lead to the IP table on the reader's side."""
    return redirect("agreements:ip" if standing.is_firm else "agreements:ip_guest", key)


@require_http_methods(["GET", "POST"])
@signed_in
def ip_new(request: PersonRequest, key: str) -> HttpResponseBase:
    """Put something into the IP table."""
    table = queries.ip_table(request.user, key, at=now())

    def state(said: Stated, kind: str) -> IpVersion:
        return services.state_ip(agreement_id=table.agreement.pk, kind=kind, said=said, actor=request.user, at=now())

    return _edit(request, table, None, state)


@require_http_methods(["GET", "POST"])
@signed_in
def ip_edit(request: PersonRequest, key: str, entry_key: str) -> HttpResponseBase:
    """Say anew what an entry is, who owns it and who may use it."""
    table, line, _versions = queries.ip_entry(request.user, key, entry_key, at=now())
    before = queries.said_in(queries.newest_ip(line.entry))

    def revise(said: Stated, _kind: str) -> IpVersion:
        return services.revise_ip(entry_id=line.entry.pk, said=said, actor=request.user, at=now())

    return _edit(request, table, before, revise, line)


def _edit(
    request: PersonRequest,
    table: IpTable,
    before: Stated | None,
    write: Callable[[Stated, str], IpVersion],
    line: IpLine | None = None,
) -> HttpResponseBase:
    """Answer with the form of an entry; write it where it is whole, and warn of what it collides with."""
    is_firm, posted = table.standing.is_firm, request.POST if request.method == "POST" else None
    items = queries.items_of(table.agreement.organisation) if is_firm else []
    begin_with = begun(before) if before else suggested(request.GET, table.agreement)
    first = {"kind": request.GET.get("kind") or "background", **begin_with}
    form = EntryForm(posted, sides=table.sides, items=items, said=before, initial=first)
    begin = begun_rights(before, table.sides) if before else []
    grants = RightForms(posted, prefix="right", initial=begin, form_kwargs={"sides": table.sides})
    refusal = None
    if posted is not None and all([form.is_valid(), grants.is_valid()]):
        kept = None if is_firm else (before.item_key if before else "")
        said = form.stated(grants, item_key=kept)
        try:
            version = write(said, form.cleaned_data.get("kind", ""))
        except RefusedError as error:
            refusal = error.refusal
        else:
            return _saved(request, table, version)
    return _form_page(request, {"form": form, "grants": grants, "refusal": refusal, "table": table, "line": line})


def _form_page(request: PersonRequest, context: dict[str, Any]) -> HttpResponse:
    """Answer with the form of an entry."""
    table, form, grants = context["table"], context["form"], context["grants"]
    is_wrong = form.is_bound and not (form.is_valid() and grants.is_valid())
    context["layout"] = _layout(table.standing)
    status = 409 if context["refusal"] else 422 if is_wrong else 200
    return render(request, "agreements/ip_edit.html", context, status=status)


def _saved(request: PersonRequest, table: IpTable, version: IpVersion) -> HttpResponseBase:
    """Say that an entry was written, and what it collides with, and lead to the table."""
    messages.success(request, _("Saved. What stood there before stays readable."))
    fresh = queries.ip_table(request.user, table.agreement.key, at=now())
    touched = [one for one in fresh.conflicts if version.entry.key in one.entries]
    for one in touched[:3]:
        told = {"title": one.first.title, "reason": one.reason}
        messages.warning(request, _("Look at “%(title)s”: %(reason)s") % told)
    return _back(table.standing, table.agreement.key)


@require_GET
@signed_in
def ip_entry(request: PersonRequest, key: str, entry_key: str) -> HttpResponse:
    """Show one entry with everything that was said of it."""
    table, line, versions = queries.ip_entry(request.user, key, entry_key, at=now())
    context = {"table": table, "line": line, "versions": versions, "layout": _layout(table.standing)}
    return render(request, "agreements/ip_entry.html", context)


@require_POST
@signed_in
def ip_accept(request: PersonRequest, key: str, entry_key: str, version_key: str) -> HttpResponseBase:
    """Accept for one's side what was proposed."""
    found, standing = queries.agreement_for(request.user, key)
    version = queries.ip_version_for(found, entry_key, version_key)
    try:
        accepted = services.accept_ip(version_id=version.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _table_page(request, queries.ip_table(request.user, key, at=now()), error.refusal)
    is_whole = accepted.in_force_at is not None
    messages.success(request, _("Accepted by all: it holds from now on.") if is_whole else _("Accepted for your side."))
    return _back(standing, key)


@require_POST
@signed_in
def ip_withdraw(request: PersonRequest, key: str, entry_key: str) -> HttpResponseBase:
    """Take an entry back."""
    table, line, _versions = queries.ip_entry(request.user, key, entry_key, at=now())
    try:
        version = services.withdraw_ip(entry_id=line.entry.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _table_page(request, table, error.refusal)
    is_done = version.in_force_at is not None
    said = (
        _("Taken back; what was said stays readable.") if is_done else _("Proposed: the other side has to accept it.")
    )
    messages.success(request, said)
    return _back(table.standing, key)
