"""Prototypes and their rounds for those who manage: handed out, measured, answered, told."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number
from permea.trials import queries, services
from permea.trials.forms import PrototypeForm, RoundForm
from permea.trials.models import Prototype
from permea.trials.views.shared import MANAGING, address_of, status_of

FIELDS = ("title", "about", "language", "measure", "unit")
USUAL_DAYS = 21


@require_GET
@member(*MANAGING)
def prototypes(request: MemberRequest) -> HttpResponse:
    """List the organisation's prototypes."""
    paged = queries.prototypes_of(request.organisation, page=page_number(request))
    return render(request, "trials/prototypes.html", {"paged": paged})


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_prototype(request: MemberRequest) -> HttpResponse:
    """Begin a prototype."""
    begin = {"language": request.organisation.language, "is_more_better": "yes"}
    form = PrototypeForm(request.POST if request.method == "POST" else None, initial=begin)
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, form, None)
    content = services.PrototypeInput(**form.cleaned_data)
    made = services.create_prototype(organisation=request.organisation, content=content, actor=request.user, at=now())
    return redirect("trials:prototype", made.key)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def edit_prototype(request: MemberRequest, key: str) -> HttpResponse:
    """Change what a prototype is."""
    found = queries.managed_prototype(request.user, key)
    begin = {name: getattr(found, name) for name in FIELDS}
    begin["is_more_better"] = "yes" if found.is_more_better else "no"
    form = PrototypeForm(request.POST if request.method == "POST" else None, initial=begin)
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, form, found)
    content = services.PrototypeInput(**form.cleaned_data)
    services.change_prototype(prototype_id=found.pk, content=content, actor=request.user)
    messages.success(request, _("Saved."))
    return redirect("trials:prototype", key)


def _edit_page(request: MemberRequest, form: PrototypeForm, found: Prototype | None) -> HttpResponse:
    """Answer with the form of a prototype."""
    context = {"form": form, "prototype": found}
    return render(
        request, "trials/prototype_edit.html", context, status=status_of(None, is_invalid=bool(form.errors))
    )  # fmt: skip


@require_GET
@member(*MANAGING)
def prototype(request: MemberRequest, key: str) -> HttpResponse:
    """Show a prototype with its rounds, what they changed and what was suggested."""
    return _prototype_page(request, key, None)


def _prototype_page(
    request: MemberRequest, key: str, form: RoundForm | None, refusal: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    """Answer with the page of a prototype."""
    begin = {"closes_on": timezone.localdate(now() + timedelta(days=USUAL_DAYS))}
    panels = queries.own_panels(request.organisation)
    context = {
        "shown": queries.prototype_page(request.user, key, now()),
        "form": form or RoundForm(initial=begin, panels=panels),
        "refusal": refusal,
        "at": now(),
        "link": address_of,
    }
    is_invalid = form is not None and bool(form.errors)
    return render(request, "trials/prototype.html", context, status=status_of(refusal, is_invalid=is_invalid))


@require_POST
@member(*MANAGING)
def open_round(request: MemberRequest, key: str) -> HttpResponse:
    """Hand a prototype out: its next round begins."""
    found = queries.managed_prototype(request.user, key)
    form = RoundForm(request.POST, panels=queries.own_panels(request.organisation))
    if not form.is_valid():
        return _prototype_page(request, key, form)
    said = {name: form.cleaned_data[name] for name in ("news", "takes_anyone")}
    content = services.RoundInput(**said, panel=form.chosen_panel, closes_at=form.closes_at)
    try:
        services.open_round(prototype_id=found.pk, content=content, actor=request.user, at=now())
    except RefusedError as error:
        return _prototype_page(request, key, form, error.refusal)
    messages.success(request, _("The round is open. Who takes part measures before and after."))
    return redirect("trials:prototype", key)


@require_POST
@member(*MANAGING)
def close_round(request: MemberRequest, key: str) -> HttpResponse:
    """Close a round before its time."""
    found = queries.managed_round(request.user, key)
    try:
        services.close_round(round_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _prototype_page(request, found.prototype.key, None, error.refusal)
    return redirect("trials:prototype", found.prototype.key)


@require_POST
@member(*MANAGING)
def suggestion(request: MemberRequest, key: str) -> HttpResponse:
    """Say what becomes of a suggestion."""
    found = queries.managed_suggestion(request.user, key)
    page = found.participant.round.prototype.key
    said = {name: request.POST.get(name, "") for name in ("outcome", "words")}
    try:
        services.answer_suggestion(suggestion_id=found.pk, actor=request.user, at=now(), **said)
    except RefusedError as error:
        return _prototype_page(request, page, None, error.refusal)
    return redirect("trials:prototype", page)


@require_POST
@member(*MANAGING)
def tell(request: MemberRequest, key: str) -> HttpResponse:
    """Tell everybody who took part what became of their suggestions."""
    found = queries.managed_round(request.user, key)
    try:
        services.tell_answers(round_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _prototype_page(request, found.prototype.key, None, error.refusal)
    messages.success(request, _("Everybody who took part is told."))
    return redirect("trials:prototype", found.prototype.key)


@require_GET
@member(*MANAGING)
def poster(request: MemberRequest, key: str) -> HttpResponse:
    """Show the poster of a round for print."""
    found = queries.managed_round(request.user, key)
    context = {
        "organisation": found.organisation,
        "title": found.prototype.title,
        "text": found.prototype.about,
        "lang": found.language,
        "address": address_of("trials:try", key),
        "code": "trials:try_code",
        "key": key,
        "back": ("trials:prototype", found.prototype.title),
        "back_key": found.prototype.key,
        "blocked": None if found.takes_anyone else _("Only people who were invited can answer."),
    }
    return render(request, "trials/poster.html", context)
