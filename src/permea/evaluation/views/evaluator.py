"""Pages of the evaluator: the queue, one sheet at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.challenges.queries import criteria_of
from permea.evaluation import queries, services
from permea.evaluation.forms import DeclineForm, MinutesForm, ReviewForm
from permea.evaluation.models import Assignment
from permea.evaluation.queries import ReviewSheet
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.ideas.queries import is_translatable
from permea.ideas.services import keep_readings
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member


@require_GET
@member()
def queue(request: MemberRequest) -> HttpResponse:
    """Show what waits for this evaluator."""
    return render(request, "evaluation/queue.html", {"queues": queries.my_queue(request.user, at=now()), "at": now()})


@require_POST
@member()
def minutes(request: MemberRequest, panelist_id: int) -> HttpResponse:
    """Store how many minutes a week the evaluator has."""
    if panelist_id not in {queue.panelist.pk for queue in queries.my_queue(request.user, at=now())}:
        raise Http404
    form = MinutesForm(request.POST)
    if form.is_valid():
        services.set_minutes(panelist_id=panelist_id, actor=request.user, at=now(), **form.cleaned_data)
    else:
        messages.error(request, _("Minutes a week go from 5 to 2,400; nothing was changed."))
    return redirect("evaluation:queue")


@require_http_methods(["GET", "POST"])
@member()
def review(request: MemberRequest, key: str) -> HttpResponse:
    """Show a review sheet, and take the review in."""
    at = now()
    if request.method == "POST":
        return _take_in(request, queries.assignment_for(request.user, key, at=at), at)
    sheet = queries.review_sheet(request.user, key, at=at)
    return _sheet_page(request, sheet, ReviewForm(criteria=_criteria(sheet), initial=sheet.draft))


def _take_in(request: MemberRequest, assignment: Assignment, at: datetime) -> HttpResponse:
    """Hand a review in and go on to the next one; the sheet is read only where it has to be shown again."""
    form = ReviewForm(request.POST, criteria=criteria_of(assignment.panelist.panel.challenge))
    status, refusal = 422, None
    if form.is_valid():
        try:
            services.submit_review(
                assignment_id=assignment.pk, actor=request.user, scores=form.scores, at=at, **form.told
            )
        except RefusedError as error:
            status, refusal = 409, error.refusal
        else:
            messages.success(request, _("Review handed in. Thank you."))
            following = queries.next_in_queue(assignment, at=at)
            return redirect("evaluation:review", following) if following else redirect("evaluation:queue")
    sheet = queries.review_sheet(request.user, assignment.key, at=at)
    return _sheet_page(request, sheet, form, refusal=refusal, status=status)


def _criteria(sheet: ReviewSheet) -> list[Any]:
    """Return the criteria of a sheet."""
    return [mark.criterion for mark in sheet.marks]


def _sheet_page(
    request: MemberRequest, sheet: ReviewSheet, form: ReviewForm, *, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    """Answer with the sheet; marks just chosen win over stored ones."""
    keys = [sheet.idea.key, *(one.idea.key for one in sheet.merged)]
    keep_readings(organisation_id=sheet.idea.organisation_id, keys=keys, reader=request.user, at=now())
    chosen = {
        mark.criterion.key: form.data.get(f"score-{mark.criterion.key}", mark.value) if form.is_bound else mark.value
        for mark in sheet.marks
    }
    context = {"sheet": sheet, "form": form, "chosen": chosen, "refusal": refusal, "others": _others(request, sheet)}
    context["is_translatable"] = is_translatable(sheet.idea, get_language() or "en")
    return render(request, "evaluation/review.html", context, status=status)


def _others(request: MemberRequest, sheet: ReviewSheet) -> list[Any]:
    """Return the other judges' reviews, once the own one is in."""
    if sheet.own_review is None:
        return []
    return [one for one in queries.reviews_visible_to(request.user, sheet.idea) if one.pk != sheet.own_review.pk]


@require_POST
@member()
def autosave(request: MemberRequest, key: str) -> HttpResponse:
    """Keep what is filled in so far."""
    assignment = queries.assignment_for(request.user, key, at=now())
    form = ReviewForm(request.POST, criteria=criteria_of(assignment.panelist.panel.challenge))
    form.is_valid()
    try:
        services.save_review_draft(assignment_id=assignment.pk, actor=request.user, content=form.content, at=now())
    except RefusedError as error:
        return JsonResponse({"code": error.refusal.code, "detail": error.refusal.reason}, status=409)
    return HttpResponse(status=204)


@require_POST
@member()
def decline(request: MemberRequest, key: str) -> HttpResponse:
    """Give a review back; it goes to somebody else."""
    sheet = queries.review_sheet(request.user, key, at=now())
    form = DeclineForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose why you give it back."))
        return redirect("evaluation:review", key)
    try:
        services.decline_assignment(
            assignment_id=sheet.assignment.pk, reason=form.cleaned_data["reason"], actor=request.user, at=now()
        )
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
        return redirect("evaluation:review", key)
    messages.success(request, _("Given back. Somebody else gets it."))
    return redirect("evaluation:review", sheet.next_key) if sheet.next_key else redirect("evaluation:queue")
