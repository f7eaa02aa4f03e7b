"""Pages of the manager: the panel and the ranking."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from permea.challenges.services import let_public_compare
from permea.evaluation import queries, services
from permea.evaluation.forms import InviteForm, PanelForm
from permea.evaluation.models import Panel
from permea.evaluation.queries import PanelView, RankingView
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.ideas.queries import crowd_of
from permea.people.queries import members_of
from permea.surface.downloads import csv_table, made_file
from permea.surface.pages import render, render_block
from permea.surface.requests import MemberRequest, member, page_number


@require_GET
@member("owner", "manager")
def panel(request: MemberRequest, key: str) -> HttpResponse:
    """Show who judges a challenge and how far they are."""
    return _panel_page(request, queries.managed_panel(request.user, key, at=now()))


def _panel_page(
    request: MemberRequest,
    view: PanelView,
    *,
    form: PanelForm | None = None,
    invite: InviteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the panel page."""
    seated = {row.panelist.person_id for row in view.seats if row.panelist.left_at is None}
    context = {
        "view": view,
        "form": form or PanelForm(initial=_measures(view)),
        "invite": invite or InviteForm(),
        "free_members": [seat for seat in members_of(view.challenge.organisation) if seat.person_id not in seated],
        "at": now(),
    }
    return render(request, "evaluation/panel.html", context, status=status)


def _measures(view: PanelView) -> dict[str, Any]:
    """Return the panel's measures, or the usual ones."""
    if view.panel is None:
        usual = {"reviews_per_idea": 3, "minutes_per_review": 10, "n_shortlist": 5, "certainty_wanted": 90}
        return {"mode": Panel.Mode.REVIEWS, **usual}
    names = ("mode", "effort_hours", "reviews_per_idea", "minutes_per_review", "n_shortlist", "certainty_wanted")
    return {name: getattr(view.panel, name) for name in names}


@require_POST
@member("owner", "manager")
def set_panel(request: MemberRequest, key: str) -> HttpResponse:
    """Store how much judging the challenge gets."""
    view = queries.managed_panel(request.user, key, at=now())
    form = PanelForm(request.POST)
    if not form.is_valid():
        return _panel_page(request, view, form=form, status=422)
    try:
        services.set_panel(challenge_id=view.challenge.pk, actor=request.user, at=now(), **form.cleaned_data)
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        messages.success(request, _("Saved."))
    return redirect("evaluation:panel", key)


@require_POST
@member("owner", "manager")
def set_public(request: MemberRequest, key: str) -> HttpResponse:
    """Let the public compare after the deadline, or end it."""
    view = queries.managed_panel(request.user, key, at=now())
    is_allowed = request.POST.get("allow") == "yes"
    try:
        let_public_compare(challenge_id=view.challenge.pk, is_allowed=is_allowed, actor=request.user, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        messages.success(request, _("Saved."))
    return redirect("evaluation:panel", key)


@require_POST
@member("owner", "manager")
def invite(request: MemberRequest, key: str) -> HttpResponse:
    """Invite evaluators by mail."""
    view = queries.managed_panel(request.user, key, at=now())
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _panel_page(request, view, invite=form, status=422)
    emails = form.cleaned_data["emails"]
    try:
        for email in emails:
            services.invite_panelist(challenge_id=view.challenge.pk, email=email, actor=request.user, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        told = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", len(emails))
        messages.success(request, told % {"n": len(emails)})
    return redirect("evaluation:panel", key)


@require_POST
@member("owner", "manager")
def seat(request: MemberRequest, key: str) -> HttpResponse:
    """Give a member of the organisation a seat."""
    view = queries.managed_panel(request.user, key, at=now())
    chosen = request.POST.getlist("person")
    persons = [one.person for one in members_of(view.challenge.organisation) if one.person.key in chosen]
    try:
        services.seat_members(challenge_id=view.challenge.pk, persons=persons, actor=request.user, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    return redirect("evaluation:panel", key)


@require_POST
@member("owner", "manager")
def unseat(request: MemberRequest, key: str, panelist_key: str) -> HttpResponse:
    """Take a seat away; reviews handed in stay."""
    view = queries.managed_panel(request.user, key, at=now())
    rows = [row for row in view.seats if row.panelist.key == panelist_key]
    if not rows:
        raise Http404
    try:
        services.leave_panel(panelist_id=rows[0].panelist.pk, actor=request.user, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    return redirect("evaluation:panel", key)


@require_POST
@member("owner", "manager")
def deal(request: MemberRequest, key: str) -> HttpResponse:
    """Deal reviews out to the panel."""
    view = queries.managed_panel(request.user, key, at=now())
    try:
        n_dealt = services.deal_out(challenge_id=view.challenge.pk, actor=request.user, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        told = ngettext("%(n)s review was dealt out.", "%(n)s reviews were dealt out.", n_dealt)
        messages.success(request, told % {"n": n_dealt})
    return redirect("evaluation:panel", key)


@require_GET
@member("owner", "manager")
def ranking(request: MemberRequest, key: str) -> HttpResponse:
    """Show the ranking with its uncertainty; a page that looks again is answered 204 while nothing has changed."""
    view = queries.ranking_for(request.user, key, at=now())
    if request.GET.get("seen") == view.state and request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    page = queries.ranking_page(view, page_number(request))
    context = {"view": view, "page": page, "chart": queries.chart_rows(view, page)}
    context["crowd"] = crowd_of(view.challenge, [row.key for row in page])
    return render_block(request, "evaluation/ranking.html", "result", context)


@require_POST
@member("owner", "manager")
def recompute(request: MemberRequest, key: str) -> HttpResponse:
    """Compute the ranking now, for those who do not want to wait for the worker."""
    view = queries.ranking_for(request.user, key, at=now())
    if view.withheld is None:
        services.compute_ranking(challenge_id=view.challenge.pk, at=now())
    return redirect("evaluation:ranking", key)


@require_POST
@member("owner", "manager")
def end(request: MemberRequest, key: str) -> HttpResponse:
    """End reviewing: take back what nobody has begun."""
    view = queries.ranking_for(request.user, key, at=now())
    try:
        n_back = services.end_reviewing(challenge_id=view.challenge.pk, actor=request.user, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        told = ngettext("%(n)s open review was taken back.", "%(n)s open reviews were taken back.", n_back)
        messages.success(request, told % {"n": n_back})
    return redirect("evaluation:ranking", key)


@require_GET
@member("owner", "manager")
def ranking_data(request: MemberRequest, key: str, kind: str) -> HttpResponse:
    """Download the ranking as JSON or CSV."""
    view = queries.ranking_for(request.user, key, at=now())
    if view.ranking is None:
        raise Http404
    if kind == "json":
        text = json.dumps(queries.ranking_data(view), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        return made_file(text, f"ranking-{key}.json", "application/json")
    return made_file(_csv(view), f"ranking-{key}.csv", "text/csv; charset=utf-8")


@require_GET
@member("owner", "manager")
def comparison_data(request: MemberRequest, key: str, kind: str) -> HttpResponse:
    """Download every comparison as JSON or CSV."""
    view = queries.ranking_for(request.user, key, at=now())
    if view.withheld is not None:
        raise Http404
    rows = queries.comparison_rows(view.challenge)
    if kind == "json":
        text = json.dumps({"challenge": key, "comparisons": rows}, cls=DjangoJSONEncoder, ensure_ascii=False)
        return made_file(text, f"comparisons-{key}.json", "application/json")
    columns = ["key", "first", "second", "outcome", "judge", "seconds_spent", "made_at", "retracted_at", "note"]
    return made_file(_table(columns, rows), f"comparisons-{key}.csv", "text/csv; charset=utf-8")


def _csv(view: RankingView) -> str:
    """Return the ranking as CSV."""
    columns = ["rank", "key", "title", "score", "lower", "upper", "p_top_k", "group", "n_reviews", "plain_mean"]
    if view.is_from_comparisons:
        columns.append("n_comparisons")
    return _table(columns, [asdict(row) for row in view.rows])


def _table(columns: list[str], rows: Sequence[dict[str, Any]]) -> str:
    """Return these columns of rows as CSV."""
    return csv_table(columns, ([row[name] for name in columns] for row in rows))
