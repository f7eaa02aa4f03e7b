"""Taking ideas over from a spreadsheet: upload, choose the columns, see what would come, take all or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from permea.challenges.models import Challenge
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.ideas import queries, rules, services
from permea.ideas.models import StagedTable
from permea.ideas.views.saved import MANAGING
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member
from permea.surface.tables import Mapping, RowError, Table, TableError, convert, read_table
from permea.surface.uploads import TableForm

INVALID, REFUSED = 422, 409
ERRORS_SHOWN, ROWS_SHOWN = 50, 10


@dataclass(frozen=True, slots=True)
class Preview:
    """What a table would bring: the columns found, the ideas, what is wrong."""

    table: Table
    mapping: Mapping
    rows: list[rules.ImportRow]
    errors: list[RowError]
    notes: list[str]
    problem: str = ""


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def upload(request: MemberRequest, key: str) -> HttpResponseBase:
    """Take a spreadsheet in and go on to its preview."""
    challenge = queries.managed_challenge(request.user, key)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _upload_page(request, challenge, form)
    if not form.is_valid():
        return _upload_page(request, challenge, form, status=INVALID)
    sent = form.cleaned_data["table"]
    content = sent.read()
    try:
        read_table(sent.name, content)
        staged = services.stage_table(
            challenge_id=challenge.pk, actor=request.user, name=sent.name, content=content, at=now()
        )
    except (TableError, RefusedError) as error:
        form.add_error("table", str(error))
        return _upload_page(request, challenge, form, status=INVALID)
    return redirect("ideas:take_over", challenge.key, staged.key)


def _upload_page(request: MemberRequest, challenge: Challenge, form: TableForm, *, status: int = 200) -> HttpResponse:
    """Ask for the spreadsheet."""
    context = {
        "challenge": challenge,
        "form": form,
        "blocked": rules.why_not_import(challenge, role=request.role),
        "columns": [(rules.import_label(field.name), field.required) for field in rules.IMPORT_FIELDS],
        "at": now(),
    }
    return render(request, "ideas/import.html", context, status=status)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def take_over(request: MemberRequest, key: str, table_key: str) -> HttpResponseBase:
    """Show what a spreadsheet would bring and, on a click, bring all of it or nothing."""
    challenge = queries.managed_challenge(request.user, key)
    staged = queries.staged_table(request.user, challenge, table_key)
    preview = _preview(staged, challenge, request)
    if request.method != "POST" or request.POST.get("action") == "preview":
        return _preview_page(request, challenge, staged, preview)
    if preview.errors or preview.problem or not preview.rows:
        return _preview_page(request, challenge, staged, preview, status=INVALID)
    try:
        done = services.import_ideas(
            challenge_id=challenge.pk, actor=request.user, rows=preview.rows, at=now(), source_sha256=staged.sha256
        )
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
        return _preview_page(request, challenge, staged, preview, status=REFUSED)
    _tell(request, done)
    return redirect("ideas:list", challenge.key)


def _tell(request: HttpRequest, done: services.Imported) -> None:
    """Say how many ideas came, how many were there, and to how many authors no answer can be mailed."""
    added = ngettext("%(num)d idea was taken over.", "%(num)d ideas were taken over.", done.n_added)
    messages.success(request, added % {"num": done.n_added})
    if done.n_present:
        text = ngettext("%(num)d idea was here already.", "%(num)d ideas were here already.", done.n_present)
        messages.info(request, text % {"num": done.n_present})
    if done.n_without_address:
        text = ngettext(
            "%(num)d author has no address: their answer cannot be mailed, so tell them yourself.",
            "%(num)d authors have no address: their answers cannot be mailed, so tell them yourself.",
            done.n_without_address,
        )
        messages.warning(request, text % {"num": done.n_without_address})


def _preview(staged: StagedTable, challenge: Challenge, request: HttpRequest) -> Preview:
    """Read the table by the columns that were chosen, or else guessed."""
    table = read_table(staged.name, bytes(staged.content))
    sent = request.POST if request.method == "POST" else request.GET
    chosen = {field.name: sent.get(f"column-{field.name}") for field in rules.IMPORT_FIELDS}
    left_out = [field.name for field in rules.IMPORT_FIELDS if chosen[field.name] == "" and not field.required]
    try:
        picked = {name: column for name, column in chosen.items() if column}
        mapping, fields = rules.map_columns(table, without=left_out, chosen=picked)
        converted = convert(table, mapping, fields)
    except TableError as error:
        return Preview(table, Mapping(columns={}), [], list(table.errors), [], str(error))
    among = rules.languages_in_question(challenge)
    rows, errors = rules.check_rows(converted.rows, language=challenge.language, among=among)
    named = [replace(fault, column=mapping.columns.get(fault.column, fault.column)) for fault in errors]
    found = sorted([*converted.errors, *named], key=lambda fault: fault.line)
    return Preview(table, mapping, rows, found, [*table.notes, *converted.notes])


def _with_alike(
    request: MemberRequest, challenge: Challenge, rows: list[rules.ImportRow]
) -> list[tuple[rules.ImportRow, queries.Alike | None]]:
    """Return rows with the entry that says nearly the same, None where none does or entries are sealed."""
    texts = [f"{row.fields['title']}\n{row.fields['summary']}\n{row.fields['body']}" for row in rows]
    return list(zip(rows, queries.closest_to(request.user, challenge, texts, now()), strict=True))


def _preview_page(
    request: MemberRequest, challenge: Challenge, staged: StagedTable, preview: Preview, *, status: int = 200
) -> HttpResponse:
    """Show columns, first ideas and faults."""
    present = queries.existing_external_ids(challenge)
    columns = [("", "–"), *((column, column) for column in preview.table.columns)]
    context = {
        "challenge": challenge,
        "staged": staged,
        "preview": preview,
        "fields": [
            (field, rules.import_label(field.name), preview.mapping.columns.get(field.name, ""))
            for field in rules.IMPORT_FIELDS
        ],
        "columns": columns,
        "first_rows": _with_alike(request, challenge, preview.rows[:ROWS_SHOWN]),
        "first_errors": preview.errors[:ERRORS_SHOWN],
        "n_present": sum(row.external_id in present for row in preview.rows),
        "n_without_address": sum(not row.author_email for row in preview.rows),
        "blocked": rules.why_not_import(challenge, role=request.role),
        "at": now(),
    }
    return render(request, "ideas/take_over.html", context, status=status)
