"""What the steps of the editor show and ask."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from permea.agreements.models import Terms
from permea.agreements.queries import terms_choices
from permea.challenges import queries, rules
from permea.challenges.forms import BriefStep, CriterionForm, DatesStep, GoalStep, HintForm, PrizeStep, StepForm
from permea.challenges.models import Challenge
from permea.challenges.views.public import zone_name
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal
from permea.people.models import Person
from permea.strategy.models import Goal
from permea.strategy.queries import open_goals_of, possible_owners
from permea.surface.formats import plain_number, show_date, typed
from permea.surface.pages import render
from permea.surface.requests import MemberRequest

IP_KINDS = (Terms.Kind.IP_LICENCE.value, Terms.Kind.IP_ASSIGNMENT.value, Terms.Kind.IP_KEEP.value)
DATES = ("opens_at", "closes_at", "decide_by", "answer_by")
USUAL_DAYS = (42, 28, 7)


def labels() -> dict[str, str]:
    """Return what each step is called."""
    return {
        "goal": _("Goal and limits"),
        "brief": _("Brief"),
        "criteria": _("Criteria"),
        "prize": _("Prize and terms"),
        "dates": _("Dates and languages"),
        "stages": _("Steps before the reviews"),
        "check": _("Check and publish"),
    }


def after(step: str) -> str:
    """Return the step that follows."""
    return rules.STEPS[rules.STEPS.index(step) + 1]


def is_autosave(request: MemberRequest) -> bool:
    """Say whether the script saves in passing."""
    return request.headers.get("X-Autosave") == "1"


def answer_autosave(refusal: Refusal | None, not_kept: list[str]) -> HttpResponse:
    """Say that everything is kept, or what is not."""
    if refusal is None and not not_kept:
        return HttpResponse(status=204)
    detail = refusal.reason if refusal else _("Still to be put right: %(fields)s.") % {"fields": ", ".join(not_kept)}
    body = {"title": "Refused", "status": 409, "code": refusal.code if refusal else "challenges.form", "detail": detail}
    return JsonResponse(body, status=409, content_type="application/problem+json")


def show(
    request: MemberRequest, challenge: Challenge, step: str, context: dict[str, Any], refusal: Refusal | None = None
) -> HttpResponse:
    """Answer with the page of a step: its form, what is missing where, and where one is."""
    criteria = queries.criteria_of(challenge)
    missing = rules.missing_for_publication(challenge, criteria, at=now())
    shown = {
        "challenge": challenge,
        "step": step,
        "step_number": rules.STEPS.index(step) + 1,
        "step_label": labels()[step],
        "wizard_steps": wizard_steps(challenge, step, missing),
        "missing": missing,
        "unfilled": rules.unfilled_places(getattr(challenge, field) for field in rules.TEXT_FIELDS),
        "refusal": refusal,
        "publish_blocked": rules.why_not_publish(challenge, criteria, at=now()),
        **extras(step, challenge, criteria, request.GET),
        **context,
    }
    if step == "goal":
        shown["goal_details"] = {key: goal_in_words(goal) for key, goal in context["form"].goals.items()}
    forms = context.get("forms") or [form for form in [context.get("form")] if form]
    status = 409 if refusal else 422 if any(form.errors for form in forms) else 200
    for form in (form for form in forms if hasattr(form, "mark_needed")):
        form.mark_needed()
    return render(request, f"challenges/edit/{step}.html", shown, status=status)


def lint_shown(challenge: Challenge, step: str) -> dict[str, Any]:
    """Return what the linter says of a draft on this step, and by which names its fields go."""
    fields = rules.LINT_STEPS.get(step, ())
    if not fields and step != "check":
        return {}
    return {"lint": queries.lint_of(challenge), "lint_fields": fields, "lint_labels": field_labels()}


def field_labels() -> dict[str, tuple[Any, str]]:
    """Return what each field is called that the linter may speak of, and its step."""
    forms: dict[str, type[StepForm]] = {"brief": BriefStep, "prize": PrizeStep, "dates": DatesStep}
    return {
        field: (forms[step].base_fields[field].label, step)
        for step, fields in rules.LINT_STEPS.items()
        for field in fields
    }


def extras(step: str, challenge: Challenge, criteria: list[Any], asked: QueryDict) -> dict[str, Any]:
    """Return what one step shows besides its form."""
    lint = lint_shown(challenge, step)
    if step == "criteria":
        used = {criterion.name for criterion in criteria}
        known = queries.criteria_in(challenge.language).values()
        return {"library": [text for text in known if text.name not in used], "most": rules.MOST_CRITERIA}
    if step == "prize":
        offered = offered_terms(challenge, IP_KINDS, challenge.ip_terms)
        details = {terms.key: terms.summary for terms in offered}
        template = queries.template_named(challenge.template, challenge.language)
        rule = {"prize_rule": template.prize_rule if template else ""}
        return {"ip_terms": offered, "terms_details": details, **rule, **hint(challenge, asked), **lint}
    if step == "dates":
        is_suggested = all(getattr(challenge, name) is None for name in DATES)
        return {"is_suggested": is_suggested, "zone_name": zone_name(), **lint}
    if step == "stages":
        return {"stages": queries.shown_stages_of(challenge, now()), "told": rules.circle_notice(challenge)}
    if step == "check":
        return {"criteria": criteria, **lint}
    return lint


def hint(challenge: Challenge, asked: QueryDict) -> dict[str, Any]:
    """Return what research says about this prize, with what was asked for or what is usual."""
    form = HintForm(asked if "entries" in asked else None, initial=rules.USUAL)
    reckoned = rules.prize_hint(prize=challenge.prize_amount, n_winners=challenge.n_winners, **form.values())
    return {"hint_form": form, "hint": reckoned, "assumed": form.values()}


def wizard_steps(challenge: Challenge, step: str, missing: list[rules.Missing]) -> list[dict[str, Any]]:
    """Return the steps with their state and how much each lacks."""
    shown = []
    for name, label in labels().items():
        n_missing = sum(gap.step == name for gap in missing)
        state = "now" if name == step else "todo" if n_missing or name == "check" else "done"
        href = reverse("challenges:edit", args=[challenge.key, name])
        shown.append({"label": label, "href": href, "state": state, "missing": n_missing})
    return shown


def form_for(step: str, challenge: Challenge, actor: Person, data: QueryDict | None, *, at: datetime) -> StepForm:
    """Return the form of a step, filled with what is stored or was sent."""
    house = challenge.organisation
    if step == "goal":
        goals = list(open_goals_of(actor, house))
        if challenge.goal is not None and challenge.goal not in goals:
            goals.append(challenge.goal)
        return GoalStep(data, challenge=challenge, goals=goals, owners=possible_owners(house))
    if step == "brief":
        return BriefStep(data, challenge=challenge)
    if step == "prize":
        ip = offered_terms(challenge, IP_KINDS, challenge.ip_terms)
        participation = offered_terms(challenge, [Terms.Kind.PARTICIPATION.value], challenge.participation_terms)
        return PrizeStep(data, challenge=challenge, ip_terms=ip, participation_terms=participation)
    return DatesStep(data, challenge=challenge, initial=suggestions(challenge, at))


def goal_in_words(goal: Goal) -> str:
    """Return what a goal wants to reach, to choose by."""
    return _("%(metric)s: %(baseline)s → %(target)s %(unit)s by %(day)s") % {
        "metric": goal.metric,
        "baseline": plain_number(goal.baseline),
        "target": plain_number(goal.target),
        "unit": goal.unit,
        "day": show_date(goal.target_on),
    }


def offered_terms(challenge: Challenge, kinds: Any, chosen: Terms | None) -> list[Terms]:
    """Return the versions in force in the challenge's language, and the one chosen before if it is another."""
    offered = terms_choices(challenge.organisation, kinds, challenge.language)
    return offered if chosen is None or chosen in offered else [*offered, chosen]


def suggestions(challenge: Challenge, at: datetime) -> dict[str, datetime]:
    """Return a timetable for a draft that has none yet, from its template."""
    if any(getattr(challenge, name) is not None for name in DATES):
        return {}
    template = queries.template_named(challenge.template, challenge.language)
    days = (template.days_open, template.days_to_decide, template.days_to_answer) if template else USUAL_DAYS
    return asdict(rules.suggested_dates(*days, at=at, zone=timezone.get_current_timezone()))


def criterion_forms(challenge: Challenge) -> list[CriterionForm]:
    """Return a form for each stored criterion."""
    return [
        CriterionForm(
            prefix=f"c{index}",
            initial={
                "name": criterion.name,
                "question": criterion.question,
                "weight": typed(criterion.weight),
                **{f"anchor_{point}": text for point, text in enumerate(criterion.anchors, start=1)},
            },
        )
        for index, criterion in enumerate(queries.criteria_of(challenge))
    ]


def posted_criteria(data: QueryDict) -> list[CriterionForm]:
    """Return the forms that were sent, as many as there are names."""
    n_sent = sum(f"c{index}-name" in data for index in range(rules.MOST_CRITERIA))
    return [CriterionForm(data, prefix=f"c{index}") for index in range(n_sent)]


def new_criterion(key: str, language: str) -> dict[str, Any]:
    """Return a criterion from the library, or an empty one."""
    text = queries.criteria_in(language).get(key)
    if text is None:
        return {"name": "", "question": "", "weight": 1, "anchors": [""] * rules.POINTS}
    return {"name": text.name, "question": text.question, "weight": text.weight, "anchors": text.anchors}
