"""Pages of measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.challenges.models import Challenge
from permea.challenges.queries import challenge_for_member
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.ideas.models import Idea
from permea.measures import queries, rules, services
from permea.surface.downloads import csv_table, made_file
from permea.surface.formats import language_name, reader_locale
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, answer_or_404, member

COLUMNS = ("by", "code", "name", "people", "entries", "questions", "postings")


@require_GET
@member("owner", "manager")
def funnel(request: MemberRequest) -> HttpResponse:
    """Show how many entries reach which stage, from which sources, and how long answers take."""
    view = queries.funnel_for(request.user, request.organisation, request.GET.get("challenge", ""), at=now())
    labels = {
        "started": _("Started"),
        "handed_in": _("Handed in"),
        "reviewed": _("Reviewed"),
        "answered": _("Answered"),
        "kept": _("Awarded or in reserve"),
        "awarded": _("Awarded"),
    }
    steps = [{"label": labels[row.code], "n": row.n, "lower": row.lower, "upper": row.upper} for row in view.stages]
    choices = [("", _("All challenges")), *((one.key, one.title) for one in view.challenges)]
    return render(request, "measures/funnel.html", {"view": view, "steps": steps, "choices": choices})


@require_GET
@member()
def reach(request: MemberRequest) -> HttpResponseBase:
    """Show who came to all challenges together, from where, and what a good entry cost; or go to one challenge's."""
    if key := request.GET.get("challenge", ""):
        return redirect("measures:challenge_reach", key)
    return _reach_page(request, None)


@require_GET
@member()
def challenge_reach(request: MemberRequest, key: str) -> HttpResponse:
    """Show who came to a challenge, from where, and what a good entry cost."""
    return _reach_page(request, _challenge(request, key))


@require_POST
@member()
def reach_table(request: MemberRequest, key: str = "") -> HttpResponseBase:
    """Hand the reach report out as CSV; the ledger says so."""
    chosen, at = _challenge(request, key) if key else None, now()
    house = chosen.organisation if chosen else request.organisation
    rows = list(_rows(queries.reach_for(request.user, house, chosen, at=at)))
    told: dict[str, Any] = {"organisation": house, "chosen": chosen, "actor": request.user, "at": at}
    try:
        content = services.export_reach(
            **told, table=csv_table(COLUMNS, (row.values() for row in rows)), n_rows=len(rows)
        )
    except RefusedError as error:
        messages.warning(request, error.refusal.reason)
        return redirect("measures:challenge_reach", key) if key else redirect("measures:reach")
    return made_file(content, f"reach{'-' if key else ''}{key}.csv", "text/csv; charset=utf-8")


def _challenge(request: MemberRequest, key: str) -> Challenge:
    """Return a challenge of the reader's that was published, or answer 404."""
    found = challenge_for_member(request.user, key)
    return answer_or_404(None if found.status == Challenge.Status.DRAFT else found)  # type: ignore[no-any-return]


def _reach_page(request: MemberRequest, chosen: Challenge | None) -> HttpResponse:
    """Answer with the reach report of one challenge or of all."""
    house, at = chosen.organisation if chosen else request.organisation, now()
    view = queries.reach_for(request.user, house, chosen, at=at)
    context = {
        "view": view,
        "chosen": chosen,
        "is_sealed": chosen is not None and chosen.is_sealed_at(at),
        "least": rules.LEAST_PEOPLE,
        "parts_shown": [
            (_("Country"), "countries", _named(view.countries, "country")),
            (_("Kind of source"), "sources", _named(view.sources, "source")),
            (_("Language"), "languages", _named(view.languages, "language")),
        ],
        "choices": [("", _("All challenges")), *((one.key, one.title) for one in view.challenges)],
        "export_blocked": rules.why_not_export(len(list(_rows(view)))),
    }
    return render(request, "measures/reach.html", context)


def _named(groups: Sequence[rules.Group], by: str) -> list[tuple[str, rules.Group]]:
    """Return groups with the names their reader knows them by."""
    return [(_name(group.code, by), group) for group in groups]


def _name(code: str, by: str) -> str:
    """Return what the reader calls a country, a kind of source or a language."""
    if code in {rules.NOT_STATED, rules.OTHERS}:
        return _("Others, put together") if code else _("Not stated")
    if by == "country":
        return str(reader_locale().territories.get(code, code))
    return str(dict(Idea.Source.choices).get(code, code)) if by == "source" else language_name(code)


def _rows(view: queries.ReachView) -> Iterator[dict[str, Any]]:
    """Return the numbers of a report as rows of a table; of nothing no row."""
    if view.n_entries + view.n_questions + view.n_postings == 0:
        return
    total = rules.Group("", view.n_people or 0, view.n_entries, view.n_questions, view.n_postings)
    yield {**_row("all", "", total), "people": view.n_people}
    for by, groups in (("country", view.countries), ("source", view.sources), ("language", view.languages)):
        for group in groups:
            yield _row(by, _name(group.code, by), group)


def _row(by: str, name: str, group: rules.Group) -> dict[str, Any]:
    """Return a group as a row of the table."""
    counts = (group.n_people, group.n_entries, group.n_questions, group.n_postings)
    return dict(zip(COLUMNS, (by, group.code, name, *counts), strict=True))
