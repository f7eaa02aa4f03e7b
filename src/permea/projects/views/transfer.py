"""One transfer, on one page for both its sides: read, shown, moved on, and filled by the side that fills it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.projects import queries, services
from permea.projects.forms import (
    ChangeForm,
    CriterionForm,
    DropForm,
    HeldForm,
    LevelForm,
    MeasureForm,
    NameForm,
    PackageForm,
    PointsForm,
    SessionForm,
    SupportForm,
    VerdictForm,
)
from permea.projects.models import Transfer
from permea.projects.rules import LEVELS
from permea.projects.views.lists import INVALID, REFUSED
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, answer_or_404, signed_in

INSIDE, OUTSIDE = "layouts/inside.html", "layouts/public.html"


@require_GET
@signed_in
def transfer(request: PersonRequest, key: str) -> HttpResponse:
    """Show a transfer to its two sides."""
    return transfer_answer(request, key)


def transfer_answer(
    request: PersonRequest, key: str, sent: Mapping[str, forms.Form] | None = None, *, refusal: Refusal | None = None
) -> HttpResponse:
    """Answer with a transfer as its reader sees it; what was typed stays in its forms."""
    at = now()
    shown = queries.transfer_page(request.user, key, at)
    context = {
        "shown": shown,
        "refusal": refusal,
        "layout": INSIDE if shown.side.is_firm else OUTSIDE,
        "at": at,
        "levels": LEVELS,
        **forms_of(shown),
        **(sent or {}),
        "opened": set(sent or {}),
    }
    status = REFUSED if refusal else INVALID if any(form.errors for form in (sent or {}).values()) else 200
    return render(request, "projects/transfer.html", context, status=status)


def forms_of(shown: queries.TransferPage) -> dict[str, forms.Form]:
    """Return the forms of a page as they are before anybody types."""
    one = shown.transfer
    support = {"start": one.support_from, "until": one.support_until, "contact": one.support_contact}
    return {
        "leveling": LevelForm(initial={"level": one.level, "basis": one.level_basis}),
        "packing": PackageForm(items=shown.items),
        "planning": SessionForm(auto_id="id_session_%s"),
        "holding": HeldForm(sessions=shown.sessions),
        "aiming": CriterionForm(auto_id="id_criterion_%s"),
        "measuring": MeasureForm(criteria=shown.criteria),
        "judging": VerdictForm(auto_id="id_verdict_%s"),
        "supporting": SupportForm(initial={**support, "hours": one.support_hours}, auto_id="id_support_%s"),
        "dropping": DropForm(auto_id="id_drop_%s"),
        "readying": PointsForm(points=shown.points),
        "adding": NameForm(auto_id="id_item_%s"),
        "pointing": NameForm(auto_id="id_point_%s"),
    }


def written(
    request: PersonRequest, key: str, form_as: dict[str, forms.Form], write: Callable[[], object], said: str, place: str
) -> HttpResponse:
    """Write what a form says, and answer with its place on the page, or with the form and what is wrong about it."""
    (form,) = form_as.values()
    if not form.is_valid():
        return transfer_answer(request, key, form_as)
    try:
        write()
    except RefusedError as error:
        return transfer_answer(request, key, form_as, refusal=error.refusal)
    messages.success(request, said)
    return redirect(f"{reverse('projects:transfer', args=[key])}#{place}")


def found_for(request: PersonRequest, key: str) -> tuple[Transfer, dict[str, Any]]:
    """Return a transfer of the reader's, and what every service asks for. Raises Http404 if it is none."""
    at = now()
    found, _side, _terms = queries.transfer_for(request.user, key, at)
    return found, {"transfer_id": found.pk, "actor": request.user, "at": at}


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: PersonRequest, key: str) -> HttpResponse:
    """Change the words of a record, its agreement, its purpose or its item."""
    at, refusal, is_sent = now(), None, request.method == "POST"
    found, side, terms = queries.transfer_for(request.user, key, at)
    answer_or_404((side.is_firm and side.may_bind) or None)
    begin = {name: getattr(found, name) for name in ("title", "about", "purpose", "item_key")}
    offered: dict[str, Any] = {
        "agreements": queries.agreements_with(found),
        "items": queries.items_to_name(found.organisation),
    }
    begin["agreement"] = found.agreement.key if found.agreement else ""
    form = ChangeForm(request.POST if is_sent else None, initial=begin, **offered)
    if is_sent and form.is_valid():
        content = services.ChangeInput(**form.content())
        try:
            services.change_transfer(transfer_id=found.pk, content=content, actor=request.user, at=at)
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("projects:transfer", key)
    status = REFUSED if refusal else INVALID if form.errors else 200
    context = {"transfer": found, "terms": terms, "form": form, "refusal": refusal, **offered}
    return render(request, "projects/edit.html", context, status=status)


@require_POST
@signed_in
def show(request: PersonRequest, key: str) -> HttpResponse:
    """Let the partner see a record."""
    _found, told = found_for(request, key)
    try:
        services.show_transfer(**told)
    except RefusedError as error:
        return transfer_answer(request, key, refusal=error.refusal)
    messages.success(request, _("Your partner sees it now and got a mail."))
    return redirect("projects:transfer", key)


@require_POST
@signed_in
def move(request: PersonRequest, key: str) -> HttpResponse:
    """Move a transfer on."""
    _found, told = found_for(request, key)
    try:
        services.move(**told, to=request.POST.get("to", ""))
    except RefusedError as error:
        return transfer_answer(request, key, refusal=error.refusal)
    messages.success(request, _("Written down. The other side hears of it."))
    return redirect("projects:transfer", key)


@require_POST
@signed_in
def drop(request: PersonRequest, key: str) -> HttpResponse:
    """Drop a transfer for the firm, of which nothing is handed over yet."""
    _found, told = found_for(request, key)
    form = DropForm(request.POST)
    said = _("The transfer is dropped.")
    return written(
        request, key, {"dropping": form}, lambda: services.drop(**told, **form.cleaned_data), said, "history"
    )  # fmt: skip


@require_POST
@signed_in
def level(request: PersonRequest, key: str) -> HttpResponse:
    """State the readiness level."""
    _found, told = found_for(request, key)
    form = LevelForm(request.POST)
    said = _("The readiness level is stated.")
    return written(
        request, key, {"leveling": form}, lambda: services.state_level(**told, **form.cleaned_data), said, "what"
    )


@require_POST
@signed_in
def judge(request: PersonRequest, key: str) -> HttpResponse:
    """Accept or refuse for the receiving side."""
    _found, told = found_for(request, key)
    form = VerdictForm(request.POST)
    said = _("Your side's word is written down. The other side hears of it.")
    return written(request, key, {"judging": form}, lambda: services.judge(**told, **form.cleaned_data), said, "test")


@require_POST
@signed_in
def support(request: PersonRequest, key: str) -> HttpResponse:
    """Say from when until when the giving side helps."""
    _found, told = found_for(request, key)
    form = SupportForm(request.POST)
    said = _("The support is written down. Both sides are reminded two weeks before it ends.")
    return written(
        request, key, {"supporting": form}, lambda: services.promise_support(**told, **form.cleaned_data), said,
        "support",
    )  # fmt: skip
