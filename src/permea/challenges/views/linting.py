"""What the linter says beside the fields of the editor, and setting it aside."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from permea.challenges import queries, rules, services
from permea.challenges.models import Challenge
from permea.challenges.views import steps
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.people.rules import MANAGING
from permea.surface.pages import render_block
from permea.surface.requests import MemberRequest, member

ROLES = tuple(sorted(MANAGING))


@require_GET
@member(*ROLES)
def findings(request: MemberRequest, key: str, step: str) -> HttpResponse:
    """Answer with what the linter says of a step as it is stored now; without htmx the step itself is shown."""
    challenge = queries.managed_challenge(request.user, key)
    if step not in rules.LINT_STEPS:
        raise Http404
    if not getattr(request, "htmx", False) or rules.why_not_change_brief(challenge) is not None:
        return redirect("challenges:edit", key, step)
    context = {"challenge": challenge, "step": step, **steps.lint_shown(challenge, step)}
    return render_block(request, "challenges/edit/findings.html", "changed", context)


def is_about_finding(request: MemberRequest) -> bool:
    """Say whether a finding is set aside or taken up again."""
    return request.method == "POST" and ("aside" in request.POST or "take_up" in request.POST)


def answer(request: MemberRequest, challenge: Challenge, step: str) -> HttpResponse:
    """Set a finding aside or take it up again, and show it where it stands."""
    key = request.POST.get("aside") or request.POST.get("take_up", "")
    try:
        _change(request, challenge, key)
    except RefusedError as error:
        return steps.show(request, challenge, step, _form(request, challenge, step), error.refusal)
    field = key.partition(":")[2]
    place = f"lint-{field}" if step in rules.LINT_STEPS and field in rules.LINT_STEPS[step] else "lint"
    return redirect(f"{reverse('challenges:edit', args=[challenge.key, step])}#{place}")


def _change(request: MemberRequest, challenge: Challenge, key: str) -> None:
    """Call the service that was asked for. Raises RefusedError if it says no."""
    actor, at = request.user, now()
    if "aside" in request.POST:
        word = request.POST.get("word", "")
        services.set_aside_finding(challenge_id=challenge.pk, finding=key, word=word, actor=actor, at=at)
    else:
        services.take_up_finding(challenge_id=challenge.pk, finding=key, actor=actor, at=at)


def _form(request: MemberRequest, challenge: Challenge, step: str) -> dict[str, Any]:
    """Return the form of the step as it is stored, where the step has one."""
    if step not in rules.LINT_STEPS:
        return {}
    return {"form": steps.form_for(step, challenge, request.user, None, at=now())}
