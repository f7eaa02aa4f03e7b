"""Taking comments over from a table: upload, choose the columns, see what would come, take all or nothing; erasing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.timezone import get_current_timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from permea.challenges.models import Challenge
from permea.dialogue import queries, rules, services
from permea.dialogue.views.managing import INVALID, MANAGING
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.ideas import queries as ideas
from permea.ideas import services as idea_services
from permea.ideas.models import StagedTable
from permea.ideas.rules import languages_in_question
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member
from permea.surface.tables import Mapping, RowError, Table, TableError, convert, guess_mapping, read_table
from permea.surface.uploads import TableForm

REFUSED = 409
ERRORS_SHOWN, ROWS_SHOWN = 50, 10


@dataclass(frozen=True, slots=True)
class Preview:
    """What a table would bring: the columns found, the comments, what is wrong."""

    table: Table
    mapping: Mapping
    errors: list[RowError]
    checked: rules.CheckedComments = field(default_factory=rules.CheckedComments)
    notes: tuple[str, ...] = ()
    problem: str = ""


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def upload(request: MemberRequest, key: str) -> HttpResponseBase:
    """Take a table of comments in and go on to its preview."""
    challenge = ideas.managed_challenge(request.user, key)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _upload_page(request, challenge, form)
    if not form.is_valid():
        return _upload_page(request, challenge, form, status=INVALID)
    sent = form.cleaned_data["table"]
    content = sent.read()
    try:
        read_table(sent.name, content)
        staged = idea_services.stage_table(
            challenge_id=challenge.pk, actor=request.user, name=sent.name, content=content, at=now()
        )
    except (TableError, RefusedError) as error:
        form.add_error("table", str(error))
        return _upload_page(request, challenge, form, status=INVALID)
    return redirect("dialogue:take_over", challenge.key, staged.key)


def _upload_page(request: MemberRequest, challenge: Challenge, form: TableForm, *, status: int = 200) -> HttpResponse:
    """Ask for the table."""
    context = {
        "challenge": challenge,
        "form": form,
        "blocked": rules.why_not_take_over(challenge, role=request.role),
        "columns": [(rules.comment_label(one.name), one.required) for one in rules.COMMENT_FIELDS],
    }
    return render(request, "dialogue/import.html", context, status=status)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def take_over(request: MemberRequest, key: str, table_key: str) -> HttpResponseBase:
    """Show what a table would bring and, on a click, bring all of it or nothing."""
    challenge = ideas.managed_challenge(request.user, key)
    staged = ideas.staged_table(request.user, challenge, table_key)
    preview = _preview(staged, challenge, request)
    source = rules.source_of(request.POST.get("source", "").replace("\x00", ""), staged.name)
    if request.method != "POST" or request.POST.get("action") == "preview":
        return _preview_page(request, challenge, staged, preview, source)
    if preview.errors or preview.problem or not preview.checked.rows:
        return _preview_page(request, challenge, staged, preview, source, status=INVALID)
    try:
        done = services.import_comments(
            challenge_id=challenge.pk, actor=request.user, rows=preview.checked.rows, source=source, at=now(),
            source_sha256=staged.sha256,
        )  # fmt: skip
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
        return _preview_page(request, challenge, staged, preview, source, status=REFUSED)
    _tell(request, done)
    return redirect("ideas:list", challenge.key)


def _tell(request: HttpRequest, done: services.TakenOver) -> None:
    """Say how many comments came, and how many were there."""
    added = ngettext("%(num)d comment was taken over.", "%(num)d comments were taken over.", done.n_added)
    messages.success(request, added % {"num": done.n_added})
    if done.n_present:
        text = ngettext("%(num)d comment was here already.", "%(num)d comments were here already.", done.n_present)
        messages.info(request, text % {"num": done.n_present})


def _preview(staged: StagedTable, challenge: Challenge, request: HttpRequest) -> Preview:
    """Read the table by the columns that were chosen, or else guessed."""
    table = read_table(staged.name, bytes(staged.content))
    sent = request.POST if request.method == "POST" else request.GET
    chosen = {one.name: sent.get(f"column-{one.name}") for one in rules.COMMENT_FIELDS}
    fields = [one for one in rules.COMMENT_FIELDS if one.required or chosen[one.name] != ""]
    try:
        mapping = guess_mapping(table, fields, chosen={name: column for name, column in chosen.items() if column})
        converted = convert(table, mapping, fields)
    except TableError as error:
        return Preview(table, Mapping(columns={}), list(table.errors), problem=str(error))
    checked = rules.check_comments(
        converted.rows,
        queries.known_of(challenge, now()),
        language=challenge.language,
        among=languages_in_question(challenge),
        zone=get_current_timezone(),
        at=now(),
    )
    named = [replace(fault, column=mapping.columns.get(fault.column, fault.column)) for fault in checked.errors]
    found = sorted([*converted.errors, *named], key=lambda fault: fault.line)
    return Preview(table, mapping, found, checked, (*table.notes, *converted.notes))


def _preview_page(
    request: MemberRequest, challenge: Challenge, staged: StagedTable, preview: Preview, source: str, *,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Show columns, first comments and faults."""
    rows = preview.checked.rows
    present = queries.comments_taken_over(challenge)
    context = {
        "challenge": challenge,
        "staged": staged,
        "preview": preview,
        "source": source,
        "fields": [
            (one, rules.comment_label(one.name), preview.mapping.columns.get(one.name, ""))
            for one in rules.COMMENT_FIELDS
        ],
        "columns": [("", "–"), *((column, column) for column in preview.table.columns)],
        "first_rows": rows[:ROWS_SHOWN],
        "first_errors": preview.errors[:ERRORS_SHOWN],
        "n_present": sum(row.external_id in present for row in rows),
        "n_answers": sum(bool(row.parent) for row in rows),
        "n_voices": len({row.mark for row in rows if row.mark}),
        "blocked": rules.why_not_take_over(challenge, role=request.role),
    }
    return render(request, "dialogue/take_over.html", context, status=status)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def erase_voice(request: MemberRequest, key: str) -> HttpResponse:
    """Ask whether to erase all that somebody without an account said, and do it."""
    comment = queries.voice_for(request.user, key)
    refusal: Refusal | None = rules.why_not_erase_voice(comment)
    if request.method == "POST":
        try:
            n_erased = services.erase_voice(comment_id=comment.pk, actor=request.user, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            said = ngettext("%(num)d comment was erased.", "%(num)d comments were erased.", n_erased)
            messages.success(request, said % {"num": n_erased})
            return redirect("ideas:list", comment.challenge.key)
    context = {
        "comment": comment,
        "who": queries.name_of(comment),
        "n_comments": len(queries.comments_of_voice(comment)),
        "blocked": refusal,
    }
    return render(request, "dialogue/erase_voice.html", context, status=REFUSED if request.method == "POST" else 200)
