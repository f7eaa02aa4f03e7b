"""The guided editor: from a draft to a public challenge, one step an address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.challenges import queries, rules, services
from permea.challenges.forms import CriterionForm, StepForm
from permea.challenges.models import Challenge
from permea.challenges.views import linting, stages, steps
from permea.challenges.views.public import address_of, zone_name
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.people.rules import MANAGING
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member

ROLES = tuple(sorted(MANAGING))


@require_http_methods(["GET", "POST"])
@member(*ROLES)
def edit(request: MemberRequest, key: str, step: str) -> HttpResponseBase:
    """Show or save one step of the editor. Answers 404 for a step that does not exist."""
    challenge = queries.managed_challenge(request.user, key)
    if step not in rules.STEPS:
        raise Http404
    if rules.why_not_change_brief(challenge) is not None and request.method == "GET":
        return redirect("challenges:overview", key)
    if linting.is_about_finding(request):
        return linting.answer(request, challenge, step)
    if step == "check":
        return steps.show(request, challenge, step, {})
    if step == "criteria":
        return _criteria(request, challenge)
    if step == "stages":
        return stages.edit_stages(request, challenge)
    form = steps.form_for(step, challenge, request.user, request.POST if request.method == "POST" else None, at=now())
    if request.method == "GET":
        return steps.show(request, challenge, step, {"form": form})
    return _save(request, challenge, step, form)


def _save(request: MemberRequest, challenge: Challenge, step: str, form: StepForm) -> HttpResponseBase:
    """Keep what was entered properly; the rest stays in the form with its error."""
    is_whole, refusal = form.is_valid(), None
    try:
        services.save_brief(challenge_id=challenge.pk, actor=request.user, at=now(), **form.values())
    except RefusedError as error:
        refusal = error.refusal
    if steps.is_autosave(request):
        not_kept = [] if is_whole else [str(form.fields[name].label) for name in form.errors]
        return steps.answer_autosave(refusal, not_kept)
    if refusal or not is_whole:
        return steps.show(request, challenge, step, {"form": form}, refusal)
    return redirect("challenges:edit", challenge.key, request.POST.get("go") or steps.after(step))


def _criteria(request: MemberRequest, challenge: Challenge) -> HttpResponseBase:
    """Show or save the criteria; a button may add or take away one."""
    if request.method == "GET":
        return steps.show(request, challenge, "criteria", {"forms": steps.criterion_forms(challenge)})
    forms = steps.posted_criteria(request.POST)
    is_whole, refusal = not any(form.errors for form in forms), None
    if is_whole:
        refusal = _save_criteria(request, challenge, forms)
    if steps.is_autosave(request):
        names = [str(form.fields[name].label) for form in forms for name in form.errors]
        return steps.answer_autosave(refusal, names)
    if refusal or not is_whole:
        return steps.show(request, challenge, "criteria", {"forms": forms}, refusal)
    stays = "add" in request.POST or "remove" in request.POST
    return redirect("challenges:edit", challenge.key, "criteria" if stays else request.POST.get("go") or "prize")


def _save_criteria(request: MemberRequest, challenge: Challenge, forms: list[CriterionForm]) -> Refusal | None:
    """Replace the criteria by the ones in the forms, one more or one fewer if a button said so."""
    values: list[dict[str, Any]] = [form.values() for form in forms]
    removed = request.POST.get("remove", "")
    if removed.isdecimal() and int(removed) < len(values):
        del values[int(removed)]
    if "add" in request.POST:
        values.append(steps.new_criterion(request.POST["add"], challenge.language))
    try:
        services.save_criteria(challenge_id=challenge.pk, criteria=values, actor=request.user, at=now())
    except RefusedError as error:
        return error.refusal
    return None


@require_GET
@member(*ROLES)
def preview(request: MemberRequest, key: str) -> HttpResponse:
    """Show a draft exactly as the public will read it."""
    challenge = queries.managed_challenge(request.user, key)
    at = now()
    depth = "room" if request.GET.get("as") == "agreed" else "public"
    parts = queries.criteria_of(challenge), queries.timetable_changes_of(challenge)
    shown = queries.as_public(challenge, *parts, at, standing=depth)
    if shown.phase == "draft":
        opens_later = shown.opens_at is not None and shown.opens_at > at
        shown = replace(shown, phase="upcoming" if opens_later else "open")
    context = {"challenge": shown, "at": at, "address": address_of(key), "is_preview": True, "zone_name": zone_name()}
    context |= {"page_parts": [], "stages": queries.shown_stages_of(challenge, at), "step_changes": []}
    return render(request, "challenges/public.html", context)


@require_POST
@member(*ROLES)
def publish(request: MemberRequest, key: str) -> HttpResponse:
    """Make a challenge public; the second of two clicks finds it done."""
    challenge = queries.managed_challenge(request.user, key)
    try:
        services.publish_challenge(challenge_id=challenge.pk, actor=request.user, at=now())
    except RefusedError as error:
        if error.refusal.code != "challenges.published":
            return steps.show(request, challenge, "check", {}, error.refusal)
    else:
        messages.success(request, _("The challenge is public. Its link is below; spread it."))
    return redirect("challenges:overview", key)
