"""What managers see: the list of entries once it is open, its counts before, and one idea in full."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from permea.foundation.clock import now
from permea.ideas import queries, rules, services
from permea.ideas.forms import country_name, language_choices
from permea.ideas.models import Idea
from permea.ideas.views.saved import MANAGING, asked, chips
from permea.surface.pages import render
from permea.surface.registry import reader_parts
from permea.surface.requests import MemberRequest, PersonRequest, member, page_number, seat_of, signed_in

LONGEST = 6


@require_GET
@member(*MANAGING)
def entries(request: MemberRequest, key: str) -> HttpResponseBase:
    """List the entries of a challenge; while it is sealed, say how many there are and when it opens."""
    at = now()
    challenge, counts, is_sealed = queries.sealed_state(request.user, key, at)
    context = {
        "challenge": challenge,
        "counts": counts,
        "at": at,
        "import_blocked": rules.why_not_import(challenge, role=request.role),
    }
    if is_sealed:
        return render(request, "ideas/sealed.html", context)
    saved = queries.saved_views(request.user, challenge.organisation, "entries", at)
    filters = _filters(given := asked(request, saved), theme=request.GET.get("theme", ""))
    listed = queries.entries_of(request.user, challenge, at, filters=filters, page=page_number(request))
    sources = {code: str(name) for code, name in Idea.Source.choices}
    context |= _offered(request, listed, sources, at) | {
        "listed": listed,
        "sources": sources,
        "filters": filters,
        "query": {"q": filters.text, "source": filters.source, "language": filters.language, "theme": filters.theme},
        "chips": chips(request, saved, given),
    }
    return render(request, "ideas/list.html", context)


def _offered(
    request: MemberRequest, listed: queries.EntriesPage, sources: Mapping[str, str], at: datetime
) -> dict[str, list[tuple[str, str]]]:
    """Return by what the list can be narrowed."""
    themes = queries.themes_to_choose(request.user, listed.challenge, at)
    return {
        "offered_sources": [("", "–"), *((code, sources[code]) for code in listed.sources)],
        "offered_languages": [("", "–"), *language_choices(listed.languages)],
        "offered_themes": [("", "–"), *((theme.key, theme.name) for theme in themes)],
    }


def _filters(given: Mapping[str, str], *, theme: str) -> queries.Filters:
    """Return what to look for."""
    sort = given.get("sort", "")
    return queries.Filters(
        text=given.get("q", ""),
        source=given.get("source", ""),
        language=given.get("language", ""),
        theme=theme.replace("\x00", ""),
        sort=sort if sort in queries.ORDERS else "-submitted",
    )


@require_GET
@signed_in
def detail(request: PersonRequest, key: str) -> HttpResponse:
    """Show an idea to its contributors, and to managers once its challenge has closed."""
    at = now()
    page = queries.idea_page(request.user, key, at)
    if not page.is_own:
        keys = [key, *(one.idea.key for one in page.merged)]
        services.keep_readings(organisation_id=page.idea.organisation_id, keys=keys, reader=request.user, at=at)
    layout = "layouts/inside.html" if seat_of(request) else "layouts/public.html"
    context = {"shown": page, "idea": page.idea, "country": country_name(page.idea.country), "at": at, "layout": layout}
    context["until"] = rules.changeable_until(page.idea, at=at)
    context["crowd"] = queries.crowd_for(request.user, page.idea.challenge, [key])
    context["is_translatable"] = not page.is_own and queries.is_translatable(page.idea, get_language() or "en")
    context["page_parts"] = reader_parts("ideas:detail", key, request.user, at)
    return render(request, "ideas/detail.html", context)


@require_GET
@signed_in
def history(request: PersonRequest, key: str) -> HttpResponse:
    """Show two versions of an idea side by side, to those who may read it."""
    wanted = {name: request.GET.get(name, "") for name in ("before", "after")}
    before, after = (int(number) if number.isdecimal() and len(number) < LONGEST else 0 for number in wanted.values())
    at = now()
    page = queries.history_page(request.user, key, at, before=before, after=after)
    if not page.is_own:
        services.keep_readings(organisation_id=page.idea.organisation_id, keys=[key], reader=request.user, at=at)
    layout = "layouts/inside.html" if seat_of(request) else "layouts/public.html"
    context = {"page": page, "idea": page.idea, "challenge": page.idea.challenge, "layout": layout}
    return render(request, "ideas/history.html", context)
