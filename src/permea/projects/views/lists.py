"""Lists of transfers, for the firm and for its partners, a new one, and the table to take away."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.foundation.clock import now
from permea.people.models import Membership
from permea.projects import queries, services
from permea.projects.forms import FilterForm, TransferForm
from permea.projects.models import PackageItem, Transfer
from permea.projects.rules import course_of, readiness_of
from permea.surface.downloads import csv_table, made_file
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, PersonRequest, member, page_number, signed_in

MANAGING = (Membership.Role.OWNER.value, Membership.Role.MANAGER.value)
READING = (*MANAGING, Membership.Role.MEMBER.value)
REFUSED, INVALID = 409, 422
COLUMNS = (
    "key", "direction", "kind", "title", "partner", "agreement", "level", "level_basis", "state",
    "items", "items_handed", "items_missing", "items_not_needed", "sessions", "sessions_done",
    "criteria", "criteria_passed", "verdict", "verdict_note", "verdict_at", "first_verdict_good", "days_to_accept",
    "support_from", "support_until", "points", "points_ready", "currency", "budget", "created_at",
)  # fmt: skip


@require_GET
@member(*READING)
def transfers(request: MemberRequest) -> HttpResponse:
    """List the firm's transfers that fit."""
    filters = FilterForm(request.GET).filters()
    asked = {name: value for name in FilterForm.base_fields if (value := request.GET.get(name, ""))}
    every = ("", "–")
    context = {
        "listed": queries.transfers_page(request.organisation, filters, page=page_number(request)),
        "filters": filters,
        "may_write": request.role in MANAGING,
        "page_base": f"?{urlencode({**asked, 'page': ''})}",
        "directions": [every, *Transfer.Direction.choices],
        "kinds": [every, *Transfer.Kind.choices],
        "states": [every, *Transfer.State.choices],
    }
    return render(request, "projects/list.html", context)


@require_GET
@signed_in
def mine(request: PersonRequest) -> HttpResponse:
    """List the transfers that were shown to somebody of a partner."""
    listed = queries.own_transfers(request.user, now(), page=page_number(request))
    return render(request, "projects/mine.html", {"listed": listed})


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_transfer(request: MemberRequest) -> HttpResponse:
    """Begin a record with a partner of the directory."""
    firm, is_sent = request.organisation, request.method == "POST"
    candidates = queries.candidates(firm)
    form = TransferForm(request.POST if is_sent else None, initial={"language": firm.language}, candidates=candidates)
    if is_sent and form.is_valid():
        content = services.TransferInput(**form.content())
        made = services.begin_transfer(organisation=firm, content=content, actor=request.user, at=now())
        messages.success(request, _("The record is begun. Name the agreement it is under."))
        return redirect("projects:edit", made.key)
    context = {"form": form, "has_candidates": bool(candidates)}
    return render(request, "projects/new.html", context, status=INVALID if form.errors else 200)


@require_POST
@member(*MANAGING)
def table(request: MemberRequest) -> HttpResponse:
    """Hand the list out as CSV; the ledger says so."""
    rows = queries.exported(request.organisation)
    content = services.export_transfers(
        organisation=request.organisation,
        table=csv_table(COLUMNS, map(_line, rows)),
        n_rows=len(rows),
        actor=request.user,
        at=now(),
    )
    return made_file(content, "transfers.csv", "text/csv; charset=utf-8")


def _line(row: Transfer) -> tuple[Any, ...]:
    """Return a transfer as a line of the table; what a partner plans to spend is not the firm's to take along."""
    states = [item.state for item in row.items.all()]
    counts = [states.count(state) for state in (State.HANDED, State.MISSING, State.NOT_NEEDED)]
    sessions, criteria = list(row.sessions.all()), list(row.criteria.all())
    readiness, course = readiness_of(list(row.points.all())), course_of(row.steps.all())
    budget = readiness.budget if row.direction == Transfer.Direction.IN else None
    return (
        row.key, row.direction, row.kind, row.title, row.partner.name, row.agreement.title if row.agreement else "",
        row.level, row.level_basis, row.state, len(states), *counts,
        len(sessions), sum(one.is_done for one in sessions),
        len(criteria), sum(bool(one.is_passed) for one in criteria),
        row.verdict, row.verdict_note, row.verdict_at.isoformat() if row.verdict_at else "",
        "" if course.is_first_time is None else int(course.is_first_time),
        "" if course.days is None else round(course.days, 1),
        row.support_from or "", row.support_until or "", readiness.n_all, readiness.n_ready,
        row.currency, "" if budget is None else budget, row.created_at.isoformat(),
    )  # fmt: skip


State = PackageItem.State
