"""Choosing what to start a challenge from, and looking at an example of each."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from permea.agreements.models import Terms
from permea.challenges import queries, rules, services
from permea.challenges.forms import StartForm
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.people.rules import MANAGING
from permea.strategy.queries import open_goals_of
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member

ROLES = tuple(sorted(MANAGING))


@require_http_methods(["GET", "POST"])
@member(*ROLES)
def new(request: MemberRequest) -> HttpResponse:
    """Start a challenge from a template."""
    language, asked = chosen_language(request), request.GET.get("q", "")
    templates = queries.templates_in(language)
    chosen = request.GET.get("template") or templates[0].key
    form = StartForm(
        request.POST or None,
        initial={"template": chosen, "language": language, "goal": request.GET.get("goal", "")},
        templates=[(template.key, template.name) for template in templates],
        goals=open_goals_of(request.user, request.organisation),
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        house = request.organisation
        try:
            made = services.draft_challenge(organisation=house, actor=request.user, at=now(), **form.values())
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("challenges:edit", made.key, rules.STEPS[0])
    groups = grouped(queries.templates_matching(language, asked))
    context = {"form": form, "chosen_language": language, "refusal": refusal, "asked": asked, "groups": groups}
    context["template_languages"] = [(code, name) for code, name in settings.LANGUAGES if code in queries.LANGUAGES]
    return render(request, "challenges/new.html", context, status=409 if refusal else 422 if form.errors else 200)


def chosen_language(request: MemberRequest) -> str:
    """Return the language asked for, or the reader's own, or English: one in which there are templates."""
    asked = request.POST.get("language") or request.GET.get("language", "")
    return next((one for one in (asked, request.user.language) if one in queries.LANGUAGES), queries.FALLBACK)


def grouped(
    templates: Sequence[queries.ChallengeTemplate],
) -> list[tuple[str, list[tuple[queries.ChallengeTemplate, str]]]]:
    """Return the templates by practice and by trade, the latter with the name of their trade."""
    sectors = dict(queries.sectors())
    general = [(template, "") for template in templates if not template.sector]
    special = [(template, sectors[template.sector]) for template in templates if template.sector]
    return [(label, rows) for label, rows in ((_("By practice"), general), (_("By trade"), special)) if rows]


@require_GET
@member(*ROLES)
def example(request: MemberRequest, template: str) -> HttpResponse:
    """Show a template with its sample values filled in. Answers 404 for one that does not exist."""
    language = chosen_language(request)
    found = queries.template_named(template, language)
    if found is None:
        raise Http404
    brief = queries.filled_brief(found)
    context = {
        "template": found,
        "brief": brief,
        "prize": Decimal(brief["prize_amount"]) if brief["prize_amount"] else None,
        "criteria": queries.standard_criteria(language, found),
        "practice": dict(queries.practices())[found.practice],
        "sector": dict(queries.sectors()).get(found.sector, ""),
        "rights": Terms.Kind(found.ip_kind).label,
        "chosen_language": language,
        "content_language": language if language in queries.LANGUAGES else queries.FALLBACK,
    }
    return render(request, "challenges/example.html", context)
