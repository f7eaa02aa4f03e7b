"""What the parties put in: the list with its balance, one line, answers and corrections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.alliances import queries, services
from permea.alliances.forms import AnswerForm, LineForm
from permea.alliances.models import Alliance, Word
from permea.alliances.views.charter import layout_of
from permea.alliances.views.lists import INVALID, REFUSED
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.downloads import csv_table, made_file
from permea.surface.formats import typed_values
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, page_number, signed_in

BOOK = ("number", "day", "from", "for", "kind", "amount", "unit", "value", "currency", "state", "counted", "corrects",
        "note", "written_at", "sha256")  # fmt: skip


def line_form(
    alliance: Alliance, side: queries.Side, data: Any = None, begin: dict[str, Any] | None = None
) -> LineForm:
    """Return the form of a line that one's own side put in."""
    others = [party for party in alliance.parties.all() if party != side.party]
    return LineForm(data, others=others, initial=begin)


@require_GET
@signed_in
def contributions(request: PersonRequest, key: str) -> HttpResponse:
    """Show what the parties put in, and how even that is."""
    return contributions_answer(request, key)


def contributions_answer(
    request: PersonRequest, key: str, form: LineForm | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    """Answer with the list of lines; what was typed stays in the form."""
    shown = queries.lines_page(request.user, key, page=page_number(request))
    begin = {"on": now().date(), "kind": "hours"}
    context = {
        "shown": shown,
        "form": form or line_form(shown.alliance, shown.side, begin=begin),
        "refusal": refusal,
        "layout": layout_of(shown.side),
    }
    status = REFUSED if refusal else INVALID if form is not None else 200
    return render(request, "alliances/contributions.html", context, status=status)


@require_POST
@signed_in
def contribute(request: PersonRequest, key: str) -> HttpResponse:
    """Write down what one's own side put in."""
    found, side = queries.alliance_for(request.user, key)
    form = line_form(found, side, request.POST)
    if not form.is_valid():
        return contributions_answer(request, key, form)
    try:
        content = services.LineInput(**form.content())
        services.write_line(alliance_id=found.pk, content=content, actor=request.user, at=now())
    except RefusedError as error:
        return contributions_answer(request, key, form, error.refusal)
    messages.success(request, _("Written down. It counts once the other side has confirmed it."))
    return redirect("alliances:contributions", key)


@require_POST
@signed_in
def export(request: PersonRequest, key: str) -> HttpResponse:
    """Hand all of an alliance out as one document, from which its balance can be computed again."""
    found, _side = queries.alliance_for(request.user, key)
    content = services.export_alliance(alliance_id=found.pk, actor=request.user, at=now())
    return made_file(content, f"alliance-{key}.json", "application/json")


@require_POST
@signed_in
def export_book(request: PersonRequest, key: str) -> HttpResponse:
    """Hand the book of an alliance out as CSV; the ledger says so."""
    found, side = queries.alliance_for(request.user, key)
    rows = queries.book_of(found, side.party)
    content = services.export_book(
        alliance_id=found.pk, table=csv_table(BOOK, rows), n_rows=len(rows), actor=request.user, at=now()
    )
    return made_file(content, f"alliance-{key}.csv", "text/csv; charset=utf-8")


@require_GET
@signed_in
def line(request: PersonRequest, key: str) -> HttpResponse:
    """Show one line, and what was said of it."""
    return line_answer(request, key)


def line_answer(
    request: PersonRequest,
    key: str,
    *,
    correcting: LineForm | None = None,
    answering: AnswerForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Answer with the page of a line; what was typed stays in its forms."""
    shown = queries.line_page(request.user, key)
    found = shown.standing.line
    names = ("kind", "amount", "unit", "value", "on", "note")
    begin = typed_values({name: getattr(found, name) for name in names})
    begin["receiver"] = found.receiver.key if found.receiver else "all"
    context = {
        "shown": shown,
        "correcting": correcting or line_form(shown.alliance, shown.side, begin=begin),
        "answering": answering or AnswerForm(),
        "refusal": refusal,
        "layout": layout_of(shown.side),
    }
    is_wrong = any(form is not None and form.errors for form in (correcting, answering))
    return render(request, "alliances/line.html", context, status=REFUSED if refusal else INVALID if is_wrong else 200)


@require_POST
@signed_in
def answer(request: PersonRequest, key: str) -> HttpResponse:
    """Say for one's side that a line is right or not, or what it could be settled on."""
    found, alliance, _side = queries.line_for(request.user, key)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return line_answer(request, key, answering=form)
    try:
        services.answer_line(line_id=found.pk, **form.cleaned_data, actor=request.user, at=now())
    except RefusedError as error:
        return line_answer(request, key, answering=form, refusal=error.refusal)
    messages.success(request, _("Your side's answer is written down."))
    is_done = form.cleaned_data["kind"] in {Word.Kind.CONFIRMED, Word.Kind.AGREED}
    return redirect("alliances:contributions", alliance.key) if is_done else redirect("alliances:line", key)


@require_POST
@signed_in
def correct(request: PersonRequest, key: str) -> HttpResponse:
    """Write a line that corrects one of one's own side."""
    found, alliance, side = queries.line_for(request.user, key)
    form = line_form(alliance, side, request.POST)
    if not form.is_valid():
        return line_answer(request, key, correcting=form)
    try:
        content = services.LineInput(**form.content(), corrects=found)
        made = services.write_line(alliance_id=alliance.pk, content=content, actor=request.user, at=now())
    except RefusedError as error:
        return line_answer(request, key, correcting=form, refusal=error.refusal)
    messages.success(request, _("The correction is written down. It takes the old line's place once it is confirmed."))
    return redirect("alliances:line", made.key)
