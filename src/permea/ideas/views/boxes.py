"""Keeping boxes: made, changed, closed, hung up as a poster, put into a website."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.ideas import queries, rules, services
from permea.ideas.forms import BoxForm
from permea.ideas.models import IdeaBox
from permea.ideas.views.box import box_address
from permea.ideas.views.saved import MANAGING
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member

REFUSED, INVALID = 409, 422
FIELDS = ("title", "welcome", "language", "asks_source", "source", "answer_days")


@require_GET
@member(*MANAGING)
def boxes(request: MemberRequest) -> HttpResponse:
    """List the organisation's boxes."""
    rows = [(row, box_address(row.box, is_code=False)) for row in queries.boxes_of(request.organisation)]
    return render(request, "ideas/boxes.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_box(request: MemberRequest) -> HttpResponse:
    """Open a new box."""
    begin = {"language": request.organisation.language, "source": "customer", "answer_days": 7, "asks_source": True}
    form = BoxForm(request.POST if request.method == "POST" else None, initial=begin)
    if request.method != "POST" or not form.is_valid():
        return _box_page(request, form, None)
    try:
        made = services.create_box(
            organisation=request.organisation, content=_content(form), actor=request.user, at=now()
        )
    except RefusedError as error:
        return _box_page(request, form, None, error.refusal)
    messages.success(request, _("The box is open. Hang up its poster, or put its form into your website."))
    return redirect("ideas:boxes_poster", made.key)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def edit_box(request: MemberRequest, key: str) -> HttpResponse:
    """Change a box."""
    found = queries.managed_box(request.user, key)
    begin = {**{name: getattr(found, name) for name in FIELDS}, "origins": "\n".join(found.origins)}
    form = BoxForm(request.POST if request.method == "POST" else None, initial=begin)
    if request.method != "POST" or not form.is_valid():
        return _box_page(request, form, found)
    try:
        services.change_box(box_id=found.pk, content=_content(form), actor=request.user)
    except RefusedError as error:
        return _box_page(request, form, found, error.refusal)
    messages.success(request, _("Saved."))
    return redirect("ideas:boxes_edit", key)


def _content(form: BoxForm) -> services.BoxInput:
    """Return what a whole form says of a box."""
    said: dict[str, Any] = {name: form.cleaned_data[name] for name in FIELDS}
    return services.BoxInput(**said, origins=form.cleaned_data["origins"].splitlines())


def _box_page(
    request: MemberRequest, form: BoxForm, found: IdeaBox | None, refusal: Refusal | None = None
) -> HttpResponse:
    """Answer with the form of a box."""
    context = {
        "form": form,
        "box": found,
        "refusal": refusal,
        "address": box_address(found, is_code=False) if found else "",
    }
    status = REFUSED if refusal else INVALID if form.errors else 200
    return render(request, "ideas/box_edit.html", context, status=status)


@require_POST
@member(*MANAGING)
def open_or_close(request: MemberRequest, key: str) -> HttpResponse:
    """Close a box to new things, or open it again."""
    found, is_open = queries.managed_box(request.user, key), request.POST.get("action") == "open"
    services.set_box_open(box_id=found.pk, is_open=is_open, actor=request.user, at=now())
    said = (
        _("The box is open again.") if is_open else _("The box is closed. What is in it still waits for your answer.")
    )
    messages.success(request, said)
    return redirect("ideas:boxes")


@require_GET
@member(*MANAGING)
def poster(request: MemberRequest, key: str) -> HttpResponse:
    """Show the poster of a box for print, with the place it will hang at in its code if one is given."""
    found = queries.managed_box(request.user, key)
    place = rules.clean_place(request.GET.get("at", ""))
    with translation.override(found.language):
        how = ngettext(
            "Scan it and say it in a minute, without signing in. You have an answer within %(days)d day.",
            "Scan it and say it in a minute, without signing in. You have an answer within %(days)d days.",
            found.answer_days,
        ) % {"days": found.answer_days}
    context = {"box": found, "place": place, "address": box_address(found, is_code=False), "poster_how": how}
    return render(request, "ideas/poster.html", context)


@require_GET
@member(*MANAGING)
def widget_page(request: MemberRequest, key: str) -> HttpResponse:
    """Show the line that puts the form of a box into a website, and which sites may."""
    found = queries.managed_box(request.user, key)
    script = f"{settings.BASE_URL}{reverse('ideas:widget', args=[found.key])}"
    title = escape(found.title)
    line = f'<script src="{script}" data-title="{title}" async></script>'
    return render(request, "ideas/widget.html", {"box": found, "line": line})
