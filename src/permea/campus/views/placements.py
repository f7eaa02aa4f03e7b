"""One placement, on one page for firm, partner and student: each sees and does what is theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from http.client import FOUND
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.campus import queries, rules, services
from permea.campus.forms import (
    AcceptForm,
    OutcomeForm,
    PlacementForm,
    ReasonForm,
    RemarkForm,
    ReportForm,
    StudentAnswerForm,
    StudentForm,
    typed_placement,
)
from permea.campus.models import Placement, PlacementStep
from permea.campus.views.equipment import INSIDE, OUTSIDE
from permea.campus.views.lists import INVALID, REFUSED
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, answer_or_404, signed_in

Side = PlacementStep.Side
Sent = Mapping[str, forms.Form]


@require_GET
@signed_in
def placement(request: PersonRequest, key: str) -> HttpResponse:
    """Show a placement to its three sides."""
    return placement_answer(request, queries.placement_for(request.user, key, now()))


def placement_answer(
    request: PersonRequest, found: queries.PlacementFound, sent: Sent | None = None, *, refusal: Refusal | None = None
) -> HttpResponse:
    """Answer with a placement as its reader sees it; what was typed stays in its forms."""
    at, standing = now(), found.standing
    shown = queries.placement_page(found, at)
    context = {
        "shown": shown, "refusal": refusal, "at": at, "today": at.date(), "standing": standing,
        "layout": INSIDE if standing.is_firm else OUTSIDE, "is_thesis": found.placement.kind in rules.WITH_A_THESIS,
        **_forms_of(shown, at), **(sent or {}), "opened": set(sent or {}),
    }  # fmt: skip
    status = REFUSED if refusal else INVALID if any(form.errors for form in (sent or {}).values()) else 200
    return render(request, "campus/placement.html", context, status=status)


def _forms_of(shown: queries.PlacementPage, at: datetime) -> dict[str, forms.Form]:
    """Return the forms of a page as they are before anybody types."""
    made: dict[str, forms.Form] = {
        "answering": StudentAnswerForm(auto_id="id_answer_%s"), "accepting": AcceptForm(auto_id="id_accept_%s"),
        "declining": ReasonForm(auto_id="id_decline_%s"), "reporting": ReportForm(auto_id="id_report_%s"),
        "remarking": RemarkForm(auto_id="id_remark_%s"), "ending": ReasonForm(auto_id="id_end_%s"),
        "closing": OutcomeForm(auto_id="id_close_%s"),
    }  # fmt: skip
    if shown.can["name"]:
        people = queries.partner_supervisors_to_name(shown.found, at)
        made["naming"] = StudentForm(supervisors=people, auto_id="id_name_%s")
    return made


def _found_for(request: PersonRequest, key: str, *sides: str) -> tuple[queries.PlacementFound, dict[str, Any]]:
    """Return a placement of the reader's, and what every service asks for. Raises Http404 to all other sides."""
    at = now()
    found = queries.placement_for(request.user, key, at)
    answer_or_404(found.standing.side in sides or None)
    return found, {"placement_id": found.placement.pk, "actor": request.user, "at": at}


def _written(
    request: PersonRequest, found: queries.PlacementFound, form_as: Sent, write: Callable[[], object], said: str
) -> HttpResponse:
    """Write what a form says, and answer with the page, or with the form and what is wrong about it."""
    (form,) = form_as.values()
    if not form.is_valid():
        return placement_answer(request, found, form_as)
    try:
        write()
    except RefusedError as error:
        again = queries.placement_for(request.user, found.placement.key, now())
        return placement_answer(request, again, form_as, refusal=error.refusal)
    messages.success(request, said)
    return redirect("campus:placement", found.placement.key)


@require_http_methods(["GET", "POST"])
@signed_in
def edit_placement(request: PersonRequest, key: str) -> HttpResponse:
    """Change an offer."""
    found, told = _found_for(request, key, Side.FIRM)
    one, is_sent, refusal = found.placement, request.method == "POST", None
    answer_or_404((found.standing.may_bind and (is_sent or one.state == Placement.State.OFFERED)) or None)
    people = queries.supervisors_to_name(one.organisation)
    form = PlacementForm(request.POST if is_sent else None, initial=typed_placement(one), supervisors=people)
    if is_sent and form.is_valid():
        try:
            services.change_placement(**told, content=form.content())
        except RefusedError as error:
            refusal = error.refusal
        else:
            messages.success(request, _("Written down. The partner got a mail."))
            return redirect("campus:placement", key)
    context = {"form": form, "refusal": refusal, "placement": one}
    status = REFUSED if refusal else INVALID if form.errors else 200
    return render(request, "campus/placement_edit.html", context, status=status)


@require_POST
@signed_in
def name_student(request: PersonRequest, key: str) -> HttpResponse:
    """Name a student."""
    found, told = _found_for(request, key, Side.PARTNER)
    people = queries.partner_supervisors_to_name(found, told["at"])
    form = StudentForm(request.POST, supervisors=people, auto_id="id_name_%s")
    said = _("The student is named. The firm got a mail.")
    return _written(
        request, found, {"naming": form}, lambda: services.name_student(**told, **form.cleaned_data), said
    )  # fmt: skip


@require_POST
@signed_in
def answer_student(request: PersonRequest, key: str) -> HttpResponse:
    """Agree to a student, or ask for another one."""
    found, told = _found_for(request, key, Side.FIRM)
    form = StudentAnswerForm(request.POST, auto_id="id_answer_%s")

    def write() -> object:
        said = form.cleaned_data
        return services.answer_student(**told, is_yes=said["answer"] == "yes", reason=said["reason"])

    return _written(request, found, {"answering": form}, write, _("Your answer is written down. They got a mail."))


@require_POST
@signed_in
def accept(request: PersonRequest, key: str) -> HttpResponse:
    """Accept a placement as its student."""
    found, told = _found_for(request, key, Side.STUDENT)
    form = AcceptForm(request.POST, auto_id="id_accept_%s")
    return _written(
        request, found, {"accepting": form},
        lambda: services.accept_placement(**told, sha256=form.cleaned_data["sha256"]),
        _("Accepted. Both sides got a mail, and a receipt of it is yours."),
    )  # fmt: skip


@require_POST
@signed_in
def decline(request: PersonRequest, key: str) -> HttpResponse:
    """Decline a placement as its student."""
    found, told = _found_for(request, key, Side.STUDENT)
    form = ReasonForm(request.POST, auto_id="id_decline_%s")
    said = _("Declined. Your name and address are not kept with it.")
    answer = _written(
        request, found, {"declining": form}, lambda: services.decline_placement(**told, **form.cleaned_data), said
    )  # fmt: skip
    return redirect("campus:my_placements") if answer.status_code == FOUND else answer


@require_POST
@signed_in
def report(request: PersonRequest, key: str) -> HttpResponse:
    """Hand a report in as the student."""
    found, told = _found_for(request, key, Side.STUDENT)
    form = ReportForm(request.POST, auto_id="id_report_%s")
    said = _("Handed in. Both supervisors got a mail.")
    return _written(
        request, found, {"reporting": form}, lambda: services.hand_in_report(**told, **form.cleaned_data), said
    )  # fmt: skip


@require_POST
@signed_in
def remark(request: PersonRequest, key: str, report_key: str) -> HttpResponse:
    """Comment on a report, or accept it."""
    found, told = _found_for(request, key, Side.FIRM, Side.PARTNER)
    del told["placement_id"]
    one = get_object_or_404(found.placement.reports, key=report_key)
    form = RemarkForm(request.POST, auto_id="id_remark_%s")
    return _written(
        request, found, {"remarking": form},
        lambda: services.remark_on_report(**told, report_id=one.pk, **form.cleaned_data),
        _("Written down. The student got a mail."),
    )  # fmt: skip


@require_POST
@signed_in
def end(request: PersonRequest, key: str) -> HttpResponse:
    """Take an offer back, refuse it, or end a placement early."""
    found, told = _found_for(request, key, Side.FIRM, Side.PARTNER, Side.STUDENT)
    form = ReasonForm(request.POST, auto_id="id_end_%s")
    said = _("It is ended. The others got a mail.")
    return _written(
        request, found, {"ending": form}, lambda: services.end_placement(**told, **form.cleaned_data), said
    )  # fmt: skip


@require_POST
@signed_in
def outcome(request: PersonRequest, key: str) -> HttpResponse:
    """Say what came of a placement."""
    found, told = _found_for(request, key, Side.FIRM, Side.PARTNER)
    form = OutcomeForm(request.POST, auto_id="id_close_%s")
    said = _("Written down. The other side agrees, or says something else.")
    return _written(
        request, found, {"closing": form}, lambda: services.say_outcome(**told, outcome=form.content()), said
    )  # fmt: skip


@require_POST
@signed_in
def agree_outcome(request: PersonRequest, key: str) -> HttpResponse:
    """Agree to what the other side said came of it."""
    found, told = _found_for(request, key, Side.FIRM, Side.PARTNER)
    form = OutcomeForm(request.POST, auto_id="id_agree_%s")
    said = _("Agreed. The placement is closed.")
    return _written(
        request, found, {"agreeing": form}, lambda: services.close_placement(**told, outcome=form.content()), said
    )  # fmt: skip
