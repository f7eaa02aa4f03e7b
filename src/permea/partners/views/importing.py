"""Taking partners over from a file: upload, choose the columns, see what becomes what, take it all, undo it all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.partners import queries, rules, services
from permea.partners.forms import MetForm
from permea.partners.models import PartnerImport
from permea.partners.views.directory import INVALID, MANAGING
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member
from permea.surface.tables import Mapping, RowError, Table, TableError, convert, guess_mapping, read_table
from permea.surface.uploads import TableForm

REFUSED = 409
FAULTS_SHOWN, ROWS_SHOWN = 50, 10


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring: the columns found, what is new, which lines and cells cannot be kept."""

    table: Table
    mapping: Mapping
    checked: rules.CheckedPartners
    new: rules.Arrivals = field(default_factory=rules.Arrivals)
    problem: str = ""

    @property
    def is_empty(self) -> bool:
        """Say whether nothing would come."""
        return not self.new.partners and not self.new.people


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def upload(request: MemberRequest) -> HttpResponse:
    """Take a file of partners in and go on to its preview; below stands what was taken over before."""
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _upload_page(request, form)
    if not form.is_valid():
        return _upload_page(request, form, status=INVALID)
    sent = form.cleaned_data["table"]
    content = sent.read()
    try:
        read_table(sent.name, content)
    except TableError as error:
        form.add_error("table", str(error))
        return _upload_page(request, form, status=INVALID)
    found = services.stage_import(
        organisation=request.organisation, name=sent.name, content=content, actor=request.user, at=now()
    )
    return redirect("partners:take_over", found.key)


def _upload_page(
    request: MemberRequest, form: TableForm, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    """Ask for the file."""
    context = {
        "form": form,
        "refusal": refusal,
        "columns": [(rules.partner_label(one.name), one.required) for one in rules.PARTNER_FIELDS],
        "imports": queries.imports_of(request.organisation),
    }
    return render(request, "partners/import.html", context, status=status)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def take_over(request: MemberRequest, import_key: str) -> HttpResponse:
    """Show what a file would bring and, on a click, bring all of it that can be kept."""
    found = queries.managed_import(request.user, import_key)
    if found.taken_at is not None:
        return redirect("partners:import")
    preview = _preview(found, request)
    form = MetForm(request.POST or None, events=queries.events_of(found.organisation))
    if request.method != "POST" or request.POST.get("action") == "preview":
        return _preview_page(request, found, preview, form)
    if preview.problem or preview.is_empty or not form.is_valid():
        return _preview_page(request, found, preview, form, status=INVALID)
    _bring(request, found, preview.checked, services.Met(**form.values()))
    return redirect("partners:list")


def _bring(request: MemberRequest, found: PartnerImport, checked: rules.CheckedPartners, met: services.Met) -> None:
    """Take what a file brings over, and say how many partners and people came, or why none did."""
    try:
        new = services.take_over(
            import_id=found.pk, coming=list(checked.partners.values()), n_left_out=len(checked.left_out), met=met,
            actor=request.user, at=now(),
        )  # fmt: skip
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
        return
    n_partners = len(new.partners)
    said = ngettext("%(num)d partner was noted.", "%(num)d partners were noted.", n_partners) % {"num": n_partners}
    also = ngettext("%(num)d person came along.", "%(num)d people came along.", new.n_people) % {"num": new.n_people}
    messages.success(request, f"{said} {also}")


def _preview(found: PartnerImport, request: HttpRequest) -> Preview:
    """Read the file by the columns that were chosen, or else guessed."""
    table = read_table(found.name, bytes(found.content))
    chosen = {one.name: request.POST.get(f"column-{one.name}") for one in rules.PARTNER_FIELDS}
    fields = [one for one in rules.PARTNER_FIELDS if one.required or chosen[one.name] != ""]
    try:
        mapping = guess_mapping(table, fields, chosen={name: column for name, column in chosen.items() if column})
        converted = convert(table, mapping, fields)
    except TableError as error:
        return Preview(table, Mapping(columns={}), rules.CheckedPartners(), problem=str(error))
    checked = rules.check_partners(converted.rows)
    checked.left_out = _named([*converted.errors, *checked.left_out], mapping)
    checked.without = _named(checked.without, mapping)
    new = rules.arrivals(checked.partners.values(), queries.known_partners(found.organisation))
    return Preview(table, mapping, checked, new)


def _named(faults: list[RowError], mapping: Mapping) -> list[RowError]:
    """Return faults by line, with the columns as the file calls them."""
    named = (replace(one, column=mapping.columns.get(one.column, one.column)) for one in faults)
    return sorted(named, key=lambda one: one.line)


def _preview_page(
    request: MemberRequest, found: PartnerImport, preview: Preview, form: MetForm, *, status: int = 200
) -> HttpResponse:
    """Show columns, what becomes of the first rows, and faults."""
    context = {
        "found": found,
        "preview": preview,
        "form": form,
        "fields": [
            (one, rules.partner_label(one.name), preview.mapping.columns.get(one.name, ""))
            for one in rules.PARTNER_FIELDS
        ],
        "columns": [("", "–"), *((column, column) for column in preview.table.columns)],
        "first_partners": preview.new.partners[:ROWS_SHOWN],
        "n_shown": FAULTS_SHOWN,
    }
    return render(request, "partners/take_over.html", context, status=status)


@require_POST
@member(*MANAGING)
def undo(request: MemberRequest, import_key: str) -> HttpResponse:
    """Take away all that a file brought, or say what was built on it."""
    found = queries.managed_import(request.user, import_key)
    try:
        services.undo_import(import_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _upload_page(request, TableForm(), refusal=error.refusal, status=REFUSED)
    messages.success(request, _("The import is undone: what it brought is deleted."))
    return redirect("partners:import")
