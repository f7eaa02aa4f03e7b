"""Pages of assigning: a draft is worked out, looked at, changed by hand and published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from permea.challenges.queries import managed_challenge
from permea.evaluation import queries, services
from permea.evaluation.forms import ConflictForm, DraftForm, PairForm
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number

INVALID = 422
LACKING = "lacking"


@require_GET
@member("owner", "manager")
def assigning(request: MemberRequest, key: str) -> HttpResponse:
    """Show who is to judge what."""
    return _page(request, key)


def _page(request: MemberRequest, key: str, *, form: DraftForm | None = None, status: int = 200) -> HttpResponse:
    """Answer with the assignment page; it may show only ideas that lack a judge."""
    view = queries.assigning_for(request.user, key, at=now())
    is_lacking_only = request.GET.get("only") == LACKING and view.n_ideas_lacking > 0
    context = {
        "view": view,
        "page": view.page(page_number(request), is_lacking_only=is_lacking_only),
        "is_lacking_only": is_lacking_only,
        "form": form or DraftForm(initial=view.settings),
    }
    return render(request, "evaluation/assigning.html", context, status=status)


@require_POST
@member("owner", "manager")
def draft(request: MemberRequest, key: str) -> HttpResponse:
    """Work a draft out."""
    challenge = managed_challenge(request.user, key)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _page(request, key, form=form, status=INVALID)
    return _done(request, key, services.draft_assignments, challenge_id=challenge.pk, **form.cleaned_data)


@require_POST
@member("owner", "manager")
def add(request: MemberRequest, key: str) -> HttpResponse:
    """Give a judge an idea by hand."""
    return _change_pair(request, key, services.add_to_draft)


@require_POST
@member("owner", "manager")
def take_out(request: MemberRequest, key: str) -> HttpResponse:
    """Take a judge off an idea by hand."""
    return _change_pair(request, key, services.take_out_of_draft)


def _change_pair(request: MemberRequest, key: str, change: Callable[..., Any]) -> HttpResponse:
    challenge = managed_challenge(request.user, key)
    form = PairForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose a judge."))
        return _back(request, key)
    pair = {"panelist_key": form.cleaned_data["panelist"], "idea_key": form.cleaned_data["idea"]}
    return _done(request, key, change, challenge_id=challenge.pk, **pair)


@require_POST
@member("owner", "manager")
def undo(request: MemberRequest, key: str) -> HttpResponse:
    """Take the last change by hand back."""
    challenge = managed_challenge(request.user, key)
    return _done(request, key, services.undo_in_draft, challenge_id=challenge.pk)


@require_POST
@member("owner", "manager")
def discard(request: MemberRequest, key: str) -> HttpResponse:
    """Throw the draft away."""
    challenge = managed_challenge(request.user, key)
    return _done(request, key, services.discard_draft, challenge_id=challenge.pk)


@require_POST
@member("owner", "manager")
def publish(request: MemberRequest, key: str) -> HttpResponse:
    """Give out what the draft says."""
    challenge = managed_challenge(request.user, key)
    try:
        n_given = services.publish_draft(challenge_id=challenge.pk, actor=request.user, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        told = ngettext("%(n)s review was given out.", "%(n)s reviews were given out.", n_given)
        messages.success(request, told % {"n": n_given})
    return redirect("evaluation:assigning", key)


@require_POST
@member("owner", "manager")
def conflict(request: MemberRequest, key: str) -> HttpResponse:
    """Declare a conflict of interest, or dismiss one."""
    challenge = managed_challenge(request.user, key)
    form = ConflictForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose a judge, and write a reason of at most 300 characters."))
        return _back(request, key)
    told = form.cleaned_data
    pair = {"panelist_key": told["panelist"], "idea_key": told["idea"]}
    stated = {"status": told["status"], "reason": told["reason"]}
    return _done(request, key, services.state_conflict, challenge_id=challenge.pk, **pair, **stated)


@require_POST
@member("owner", "manager")
def dealing(request: MemberRequest, key: str) -> HttpResponse:
    """Store whether the deadline deals out by itself."""
    challenge = managed_challenge(request.user, key)
    is_dealt = request.POST.get("is_dealt_at_closing") == "on"
    return _done(request, key, services.set_dealing, challenge_id=challenge.pk, is_dealt_at_closing=is_dealt)


def _done(request: MemberRequest, key: str, service: Callable[..., Any], **told: Any) -> HttpResponse:
    """Call a service and go back to where on the page it was asked for, with its refusal if it refused."""
    try:
        service(**told, actor=request.user, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    return _back(request, key)


def _back(request: MemberRequest, key: str) -> HttpResponse:
    """Go back to the page and the idea that the form stood at."""
    number, idea = request.POST.get("page", ""), request.POST.get("idea", "")
    query = {"page": number} if number.isdecimal() else {}
    if request.POST.get("only") == LACKING:
        query["only"] = LACKING
    fragment = f"idea-{idea}" if idea.isalnum() else None
    return redirect(reverse("evaluation:assigning", args=[key], query=query or None, fragment=fragment))
