"""Pages of the chooser: for the firm's people in the rail, for the partner's people outside it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.agreements import queries, rules, services
from permea.agreements.models import Agreement
from permea.agreements.queries import RunPage
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.people.models import Membership, Organisation, Person
from permea.surface.downloads import made_file
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, PersonRequest, member, signed_in

MANAGING = (Membership.Role.OWNER.value, Membership.Role.MANAGER.value)
READING = (*MANAGING, Membership.Role.MEMBER.value)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class ChooserForm(forms.Form):
    """What it is about, and who is on the other side."""

    title = forms.CharField(label=gettext_lazy("What is it about?"), max_length=160)
    partner_key = forms.ChoiceField(label=gettext_lazy("Partner"), required=False)
    partner_name = forms.CharField(label=gettext_lazy("Name of the partner"), max_length=160, required=False)
    partner_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of partner"), choices=Organisation.Kind.choices, initial="university", required=False
    )
    contact_email = forms.EmailField(label=gettext_lazy("E-mail address of a person there"), required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(partner.key, partner.name) for partner in queries.partners_of(organisation)]
        choices = [("", _("A new partner, named below")), *known]
        self.fields["partner_key"].choices = choices  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@member(*READING)
def choosing(request: MemberRequest) -> HttpResponse:
    """List the firm's runs, and start one."""
    form, refusal = ChooserForm(request.POST or None, organisation=request.organisation), None
    if request.method == "POST" and form.is_valid():
        said = services.ChooserInput(**form.cleaned_data)
        try:
            run = services.start_chooser(organisation=request.organisation, said=said, actor=request.user, at=now())
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("agreements:choosing_run", run.key)
    context = {
        "runs": queries.chooser_runs(request.user, request.organisation),
        "form": form,
        "refusal": refusal,
        "may_write": request.role in MANAGING,
    }
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "agreements/chooser_list.html", context, status=status)


def _answered(request: HttpRequest, page: RunPage, actor: Person) -> Refusal | None:
    """Keep the answers of a form and hand them in if asked; return why they are not, if so."""
    is_final = request.POST.get("action") == "hand_in"
    try:
        row = services.answer_chooser(
            run_id=page.run.pk, side=page.side, answers=request.POST.dict(), is_final=is_final, actor=actor, at=now()
        )
    except RefusedError as error:
        return error.refusal
    if is_final and row.handed_in_at is None:
        return rules.why_not_hand_in(queries.guide(), row.answers)
    messages.success(request, _("Handed in.") if is_final else _("Saved. Only your side sees it."))
    return None


def _shown(
    request: HttpRequest, template: str, page: RunPage, refusal: Refusal | None, *, may_write: bool
) -> HttpResponse:
    """Answer with a run; what was chosen is kept where something was refused."""
    context = {
        "page": page,
        "own": request.POST if refusal else page.own,
        "refusal": refusal,
        "may_write": may_write,
        "guest_address": request.build_absolute_uri(reverse("agreements:choose", args=[page.run.key])),
        "labels": {kind.value: kind.label for kind in Agreement.Kind},
    }
    return render(request, template, context, status=409 if refusal else 200)


@require_http_methods(["GET", "POST"])
@member(*READING)
def choosing_run(request: MemberRequest, key: str) -> HttpResponse:
    """Show a run to the firm's people, and take their side's answers."""
    page = queries.host_chooser(request.user, request.organisation, key, get_language())
    refusal = None
    if request.method == "POST":
        refusal = _answered(request, page, request.user)
        if refusal is None:
            return redirect("agreements:choosing_run", key)
    return _shown(request, "agreements/chooser.html", page, refusal, may_write=request.role in MANAGING)


@require_http_methods(["GET", "POST"])
@signed_in
def choose(request: PersonRequest, key: str) -> HttpResponse:
    """Show a run to the partner's people, and take their side's answers."""
    page = queries.guest_chooser(request.user, key, get_language())
    refusal = None
    if request.method == "POST":
        refusal = _answered(request, page, request.user)
        if refusal is None:
            return redirect("agreements:choose", key)
    return _shown(request, "agreements/chooser_guest.html", page, refusal, may_write=True)


def _again(request: HttpRequest, page: RunPage, actor: Person) -> None:
    """Begin a new round, or say why not."""
    try:
        services.answer_again(run_id=page.run.pk, side=page.side, actor=actor)
    except RefusedError as error:
        messages.warning(request, error.refusal.reason)


@require_POST
@member(*MANAGING)
def choosing_again(request: MemberRequest, key: str) -> HttpResponse:
    """Begin a new round for both sides, asked for by the firm."""
    _again(request, queries.host_chooser(request.user, request.organisation, key, get_language()), request.user)
    return redirect("agreements:choosing_run", key)


@require_POST
@signed_in
def choose_again(request: PersonRequest, key: str) -> HttpResponse:
    """Begin a new round for both sides, asked for by the partner."""
    _again(request, queries.guest_chooser(request.user, key, get_language()), request.user)
    return redirect("agreements:choose", key)


@require_POST
@member(*MANAGING)
def choosing_draft(request: MemberRequest, key: str) -> HttpResponse:
    """Make the draft of an agreement from the result."""
    page = queries.host_chooser(request.user, request.organisation, key, get_language())
    try:
        agreement = services.draft_from_chooser(run_id=page.run.pk, actor=request.user, at=now())
    except RefusedError as error:
        messages.warning(request, error.refusal.reason)
        return redirect("agreements:choosing_run", key)
    messages.success(request, _("The draft of the agreement is made."))
    return redirect("agreements:agreement", agreement.key)


def _sheet(page: RunPage) -> HttpResponse:
    """Send the term sheet as Markdown. Raises Http404 until both sides have handed in."""
    if page.compared is None:
        raise Http404
    text = queries.sheet_text(page.run, page.compared)
    return made_file(text, f"term-sheet-{page.run.key}.md", "text/markdown; charset=utf-8")


def _sheet_file(page: RunPage) -> HttpResponse:
    """Send the term sheet as a Word file. Raises Http404 until both sides have handed in."""
    if page.compared is None:
        raise Http404
    content = queries.sheet_file(page, page.compared, get_language())
    return made_file(content, f"term-sheet-{page.run.key}.docx", DOCX)


@require_GET
@member(*READING)
def choosing_file(request: MemberRequest, key: str) -> HttpResponse:
    """Send the term sheet to the firm's people, for Word."""
    return _sheet_file(queries.host_chooser(request.user, request.organisation, key, get_language()))


@require_GET
@signed_in
def choose_file(request: PersonRequest, key: str) -> HttpResponse:
    """Send the term sheet to the partner's people, for Word."""
    return _sheet_file(queries.guest_chooser(request.user, key, get_language()))


@require_GET
@member(*READING)
def choosing_sheet(request: MemberRequest, key: str) -> HttpResponse:
    """Send the term sheet to the firm's people."""
    return _sheet(queries.host_chooser(request.user, request.organisation, key, get_language()))


@require_GET
@signed_in
def choose_sheet(request: PersonRequest, key: str) -> HttpResponse:
    """Send the term sheet to the partner's people."""
    return _sheet(queries.guest_chooser(request.user, key, get_language()))
