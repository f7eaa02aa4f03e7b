"""The steps between deadline and reviews: set on a draft, changed with a reason once it is public."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from permea.challenges import queries, rules, services
from permea.challenges.forms import MoveRuleForm, ReasonForm, StepRows
from permea.challenges.models import Challenge
from permea.challenges.views import steps as editor
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.people.rules import MANAGING
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member

ROLES = tuple(sorted(MANAGING))


def edit_stages(request: MemberRequest, challenge: Challenge) -> HttpResponseBase:
    """Show or save the steps of a draft and its rule; a button may add, remove or move a step."""
    kept, sent = rules.steps_of(challenge), request.POST if request.method == "POST" else None
    rows = StepRows(sent, steps=kept, offered=queries.offered_steps(kept))
    rule = MoveRuleForm(sent, initial=challenge.auto_moves)
    shown: dict[str, Any] = {"rows": rows, "rule_form": rule, "forms": [*rows.forms, rule]}
    if sent is None:
        return editor.show(request, challenge, "stages", shown)
    is_whole = rows.is_valid() & rule.is_valid()
    refusal = _save(request, challenge, rows, rule) if is_whole else None
    if editor.is_autosave(request):
        names = [str(form.fields[name].label) for form in shown["forms"] for name in form.errors]
        return editor.answer_autosave(refusal, names)
    if refusal or not is_whole:
        return editor.show(request, challenge, "stages", shown, refusal)
    stays = rows.is_arranged or "stay" in request.POST
    return redirect("challenges:edit", challenge.key, "stages" if stays else request.POST.get("go") or "check")


def _save(request: MemberRequest, challenge: Challenge, rows: StepRows, rule: MoveRuleForm) -> Refusal | None:
    """Keep steps and rule of a draft; return why not."""
    fields = {"steps": rules.written_steps(rows.steps()), "auto_moves": rules.written_moves(rule.moves())}
    try:
        services.save_brief(challenge_id=challenge.pk, actor=request.user, at=now(), **fields)
    except RefusedError as error:
        return error.refusal
    return None


@require_http_methods(["GET", "POST"])
@member(*ROLES)
def change_steps(request: MemberRequest, key: str) -> HttpResponse:
    """Change the steps of a public challenge that are not over, with a reason."""
    challenge, at = queries.managed_challenge(request.user, key), now()
    begun = rules.begun_steps(challenge, at=at)
    over = [laid for laid in begun if laid.closes_at <= at]
    kept, sent = rules.steps_of(challenge)[len(over) :], request.POST if request.method == "POST" else None
    rows = StepRows(sent, steps=kept, offered=queries.offered_steps(kept), is_running=len(begun) > len(over))
    reason = ReasonForm(None if rows.is_arranged else sent, initial={"reason": request.POST.get("reason", "")})
    refusal = None
    if sent is not None and rows.is_valid() and not rows.is_arranged and reason.is_valid():
        steps = [*(laid.step for laid in over), *rows.steps()]
        refusal = _change(request, challenge, steps, reason.cleaned_data["reason"])
        if refusal is None:
            messages.success(request, _("The steps are changed; everybody who entered is told, with your reason."))
            return redirect("challenges:overview", key)
    context: dict[str, Any] = {"challenge": challenge, "rows": rows, "reason_form": reason, "refusal": refusal}
    context["over"] = rules.steps_in_words(laid.step for laid in over) if over else ""
    context["blocked"] = rules.why_no_steps_to_change(challenge, at=at)
    context["stages"] = queries.shown_stages_of(challenge, at)
    is_wrong = any(form.errors for form in (*rows.forms, reason))
    return render(request, "challenges/steps.html", context, status=409 if refusal else 422 if is_wrong else 200)


def _change(request: MemberRequest, challenge: Challenge, steps: list[rules.Step], reason: str) -> Refusal | None:
    """Change the steps; return why not."""
    try:
        services.change_steps(challenge_id=challenge.pk, steps=steps, reason=reason, actor=request.user, at=now())
    except RefusedError as error:
        return error.refusal
    return None
