"""Keeping customer panels: made, changed, filled, hung up as a poster."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number
from permea.trials import queries, services
from permea.trials.forms import InviteForm, PanelForm
from permea.trials.models import CustomerPanel
from permea.trials.views.shared import MANAGING, address_of, status_of

FIELDS = ("title", "about", "language", "is_joinable")


@require_GET
@member(*MANAGING)
def panels(request: MemberRequest) -> HttpResponse:
    """List the organisation's customer panels."""
    return render(request, "trials/panels.html", {"rows": queries.panels_of(request.organisation)})


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_panel(request: MemberRequest) -> HttpResponse:
    """Begin a customer panel."""
    begin = {"language": request.organisation.language, "keep_months": 24}
    form = PanelForm(request.POST if request.method == "POST" else None, initial=begin)
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, form, None)
    try:
        made = services.create_panel(
            organisation=request.organisation, content=_content(form), actor=request.user, at=now()
        )
    except RefusedError as error:
        return _edit_page(request, form, None, error.refusal)
    messages.success(request, _("The panel is there. Invite people, or let them join by its page."))
    return redirect("trials:panel", made.key)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def edit_panel(request: MemberRequest, key: str) -> HttpResponse:
    """Change a customer panel and what its members agree to."""
    found = queries.managed_panel(request.user, key)
    text = queries.consent_of(found)
    begin = {name: getattr(found, name) for name in FIELDS}
    begin |= {"purpose": text.purpose, "keep_months": text.keep_months}
    form = PanelForm(request.POST if request.method == "POST" else None, initial=begin)
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, form, found)
    try:
        services.change_panel(panel_id=found.pk, content=_content(form), actor=request.user, at=now())
    except RefusedError as error:
        return _edit_page(request, form, found, error.refusal)
    messages.success(request, _("Saved."))
    return redirect("trials:panel", key)


def _content(form: PanelForm) -> services.PanelInput:
    """Return what a whole form says of a panel."""
    return services.PanelInput(**form.cleaned_data)


def _edit_page(
    request: MemberRequest, form: PanelForm, found: CustomerPanel | None, refusal: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    """Answer with the form of a panel."""
    context = {"form": form, "panel": found, "refusal": refusal}
    return render(
        request, "trials/panel_edit.html", context, status=status_of(refusal, is_invalid=bool(form.errors))
    )  # fmt: skip


@require_GET
@member(*MANAGING)
def panel(request: MemberRequest, key: str) -> HttpResponse:
    """Show a panel with who belongs to it."""
    return _panel_page(request, key, InviteForm())


def _panel_page(
    request: MemberRequest, key: str, form: InviteForm, refusal: Refusal | None = None
) -> HttpResponse:  # fmt: skip
    """Answer with the page of a panel."""
    shown = queries.panel_page(request.user, key, page=page_number(request))
    context = {"shown": shown, "form": form, "refusal": refusal, "address": address_of("trials:join", key)}
    return render(request, "trials/panel.html", context, status=status_of(refusal, is_invalid=bool(form.errors)))


@require_POST
@member(*MANAGING)
def invite(request: MemberRequest, key: str) -> HttpResponse:
    """Invite people to a panel by mail."""
    found, form = queries.managed_panel(request.user, key), InviteForm(request.POST)
    if not form.is_valid():
        return _panel_page(request, key, form)
    lines = form.cleaned_data["people"].splitlines()
    try:
        n_invited, n_not = services.invite(panel_id=found.pk, lines=lines, actor=request.user, at=now())
    except RefusedError as error:
        return _panel_page(request, key, form, error.refusal)
    said = ngettext("%(num)d person is invited.", "%(num)d people are invited.", n_invited) % {"num": n_invited}
    if n_not:
        said += " " + ngettext(
            "%(num)d is not: in the panel already, or left it once.",
            "%(num)d are not: in the panel already, or left it once.",
            n_not,
        ) % {"num": n_not}
    messages.success(request, said)
    return redirect("trials:panel", key)


@require_POST
@member(*MANAGING)
def end(request: MemberRequest, key: str, member_key: str) -> HttpResponse:
    """Let somebody go from a panel: name and address go, what they answered stays counted."""
    found = queries.managed_member(request.user, key, member_key)
    try:
        services.remove_member(member_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _panel_page(request, key, InviteForm(), error.refusal)
    messages.success(request, _("Name and address are removed. What was answered stays counted."))
    return redirect("trials:panel", key)


@require_GET
@member(*MANAGING)
def poster(request: MemberRequest, key: str) -> HttpResponse:
    """Show the poster of a panel for print."""
    found = queries.managed_panel(request.user, key)
    context = {
        "organisation": found.organisation,
        "title": found.title,
        "text": found.about,
        "lang": found.language,
        "address": address_of("trials:join", key),
        "code": "trials:join_code",
        "key": key,
        "back": ("trials:panel", found.title),
        "blocked": None if found.is_joinable else _("This panel takes members by invitation only."),
    }
    return render(request, "trials/poster.html", context)
