"""Pages of goals: the list, one goal with its readings, the forms."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.people.models import Membership
from permea.strategy import queries, services
from permea.strategy.forms import GoalForm, ReadingForm
from permea.strategy.models import Goal
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, wanted_page

MANAGING = (Membership.Role.OWNER.value, Membership.Role.MANAGER.value)


@require_GET
@member()
def goals(request: MemberRequest) -> HttpResponse:
    """Show the organisation's goals and how far each has come."""
    cards = queries.goals_of(request.user, request.organisation, now())
    return render(request, "strategy/goals.html", {"cards": cards})


@require_GET
@member()
def goal(request: MemberRequest, key: str) -> HttpResponse:
    """Show one goal with its readings."""
    return _goal_page(request, queries.goal_for(request.user, key))


def _goal_page(
    request: MemberRequest, found: Goal, form: ReadingForm | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    """Answer with a goal's page as it stands now."""
    at = now()
    form = form or ReadingForm(initial={"on": queries.day_of(at)})
    page = queries.goal_page(request.user, found, at)
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "strategy/goal.html", {"page": page, "form": form, "refusal": refusal}, status=status)


def _form_page(request: MemberRequest, form: GoalForm, found: Goal | None, refusal: Refusal | None) -> HttpResponse:
    """Answer with the form; what was typed stays in it."""
    status = 409 if refusal else 422 if form.errors else 200
    form.mark_needed()
    return render(request, "strategy/form.html", {"form": form, "goal": found, "refusal": refusal}, status=status)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def new_goal(request: MemberRequest) -> HttpResponse:
    """Set a goal."""
    start = {"owner": request.user.key, "baseline_on": queries.day_of(now()), "kind": Goal.Kind.PROCESS.value}
    form = GoalForm(request.POST or None, initial=start, owners=queries.possible_owners(request.organisation))
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, None, None)
    try:
        made = services.set_goal(organisation=request.organisation, actor=request.user, at=now(), **form.values())
    except RefusedError as error:
        return _form_page(request, form, None, error.refusal)
    messages.success(request, _("The goal is set."))
    return redirect(wanted_page(request) or reverse("strategy:goal", args=[made.key]))


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def edit_goal(request: MemberRequest, key: str) -> HttpResponse:
    """Change a goal."""
    found = queries.managed_goal(request.user, key)
    start = {field: getattr(found, field) for field in services.FIELDS if field != "owner"} | {"owner": found.owner.key}
    form = GoalForm(request.POST or None, initial=start, owners=queries.possible_owners(found.organisation))
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, found, None)
    try:
        services.change_goal(goal_id=found.pk, actor=request.user, at=now(), **form.values())
    except RefusedError as error:
        return _form_page(request, form, found, error.refusal)
    messages.success(request, _("The goal is changed."))
    return redirect("strategy:goal", found.key)


@require_POST
@member(*MANAGING)
def add_reading(request: MemberRequest, key: str) -> HttpResponse:
    """Record the metric's value on a day."""
    found = queries.managed_goal(request.user, key)
    form = ReadingForm(request.POST)
    if not form.is_valid():
        return _goal_page(request, found, form)
    try:
        services.record_reading(goal_id=found.pk, actor=request.user, at=now(), **form.cleaned_data)
    except RefusedError as error:
        return _goal_page(request, found, form, error.refusal)
    return redirect("strategy:goal", found.key)


@require_POST
@member(*MANAGING)
def close(request: MemberRequest, key: str) -> HttpResponse:
    """Stop pursuing a goal."""
    found = queries.managed_goal(request.user, key)
    try:
        services.close_goal(goal_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _goal_page(request, found, refusal=error.refusal)
    return redirect("strategy:goal", found.key)


@require_POST
@member(*MANAGING)
def reopen(request: MemberRequest, key: str) -> HttpResponse:
    """Pursue a closed goal again."""
    found = queries.managed_goal(request.user, key)
    try:
        services.reopen_goal(goal_id=found.pk, actor=request.user, at=now())
    except RefusedError as error:
        return _goal_page(request, found, refusal=error.refusal)
    return redirect("strategy:goal", found.key)
