"""Taking reviews over from a spreadsheet: upload, see what would come, take all or nothing."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from permea.challenges.models import Challenge
from permea.challenges.queries import managed_challenge
from permea.evaluation import queries, rules, services
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.ideas.queries import staged_table
from permea.ideas.services import stage_table
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member
from permea.surface.tables import TableError, read_table
from permea.surface.uploads import TableForm

INVALID, REFUSED = 422, 409
SHOWN = 50


@require_http_methods(["GET", "POST"])
@member("owner", "manager")
def upload(request: MemberRequest, key: str) -> HttpResponseBase:
    """Take a spreadsheet of reviews in and go on to its preview."""
    challenge = managed_challenge(request.user, key)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _upload_page(request, challenge, form)
    if not form.is_valid():
        return _upload_page(request, challenge, form, status=INVALID)
    sent = form.cleaned_data["table"]
    content = sent.read()
    try:
        read_table(sent.name, content)
        staged = stage_table(challenge_id=challenge.pk, actor=request.user, name=sent.name, content=content, at=now())
    except (TableError, RefusedError) as error:
        form.add_error("table", str(error))
        return _upload_page(request, challenge, form, status=INVALID)
    return redirect("evaluation:take_over", challenge.key, staged.key)


def _upload_page(request: MemberRequest, challenge: Challenge, form: forms.Form, *, status: int = 200) -> HttpResponse:
    """Ask for the spreadsheet."""
    context = {
        "challenge": challenge,
        "form": form,
        "blocked": rules.why_not_judge_now(challenge, at=now()),
        "preview": None,
        "staged": None,
    }
    return render(request, "evaluation/import.html", context, status=status)


@require_http_methods(["GET", "POST"])
@member("owner", "manager")
def take_over(request: MemberRequest, key: str, table_key: str) -> HttpResponseBase:
    """Show what a spreadsheet would bring and, on a click, bring all of it or nothing."""
    challenge = managed_challenge(request.user, key)
    staged = staged_table(request.user, challenge, table_key)
    preview = queries.preview_reviews(challenge, read_table(staged.name, bytes(staged.content)))
    context = {
        "challenge": challenge,
        "form": TableForm(),
        "blocked": rules.why_not_judge_now(challenge, at=now()),
        "preview": preview,
        "first_errors": preview.errors[:SHOWN],
        "staged": staged,
    }
    if request.method != "POST":
        return render(request, "evaluation/import.html", context)
    if preview.errors or preview.problem or not preview.rows:
        return render(request, "evaluation/import.html", context, status=INVALID)
    try:
        added, present = services.import_reviews(
            challenge_id=challenge.pk, actor=request.user, rows=preview.rows, at=now()
        )
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
        return render(request, "evaluation/import.html", context, status=REFUSED)
    _tell(request, added, present)
    return redirect("evaluation:ranking", key)


def _tell(request: MemberRequest, added: int, present: int) -> None:
    """Say how many reviews came and how many were there already."""
    told = ngettext("%(n)s review was taken over.", "%(n)s reviews were taken over.", added)
    messages.success(request, told % {"n": added})
    if present:
        told = ngettext("%(n)s review was here already.", "%(n)s reviews were here already.", present)
        messages.info(request, told % {"n": present})
