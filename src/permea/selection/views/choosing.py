"""Pages where a set is chosen under limits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.selection import queries, services
from permea.selection.forms import ChangeForm, EstimateForm, LimitsForm
from permea.selection.queries import SelectionView
from permea.surface.formats import typed_values
from permea.surface.pages import render, url
from permea.surface.requests import MemberRequest, member, page_number


@require_GET
@member("owner", "manager")
def select(request: MemberRequest, key: str) -> HttpResponse:
    """Show limits, candidates and the newest selection with its certificate."""
    return _page(request, queries.selection_for(request.user, key, at=now(), page=page_number(request)))


def _page(
    request: MemberRequest,
    view: SelectionView,
    *,
    form: LimitsForm | None = None,
    figures: Mapping[str, str] = MappingProxyType({}),
    wrong: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Answer with the selection page; figures that were typed and not stored stay in their fields."""
    titles = {row.candidate.key: row.candidate.title for row in view.rows}
    context = {
        "view": view,
        "form": form or LimitsForm(initial=typed_values(queries.limits_text(view.limits))),
        "figures": figures,
        "wrong": wrong,
        "named": lambda keys: ", ".join(titles.get(one, one) for one in keys),
        "totals": queries.totals(view.rows),
    }
    return render(request, "selection/select.html", context, status=status)


@require_POST
@member("owner", "manager")
def limits(request: MemberRequest, key: str) -> HttpResponse:
    """Store the limits and compute the best set under them."""
    view = queries.selection_for(request.user, key, at=now())
    form = LimitsForm(request.POST)
    if not form.is_valid():
        return _page(request, view, form=form, status=422)
    try:
        services.set_limits(challenge_id=view.challenge.pk, actor=request.user, limits=form.limits, at=now())
        services.compute_selection(challenge_id=view.challenge.pk, actor=request.user, at=now())
    except RefusedError as error:
        form.add_error(None, error.refusal.reason)
        return _page(request, queries.selection_for(request.user, key, at=now()), form=form, status=409)
    return redirect("selection:select", key)


@require_POST
@member("owner", "manager")
def estimates(request: MemberRequest, key: str) -> HttpResponse:
    """Store what ideas would take; nothing is stored if one figure is wrong."""
    view = queries.selection_for(request.user, key, at=now(), page=page_number(request))
    found, wrong = {}, []
    for row in view.rows:
        idea = row.candidate.key
        if f"money-{idea}" not in request.POST:  # on another page of the list
            continue
        form = EstimateForm({name: request.POST.get(f"{name}-{idea}", "") for name in ("money", "days", "bucket")})
        if form.is_valid():
            found[idea] = form.estimate
        else:
            wrong.append(idea)
    if wrong:
        return _page(request, view, figures=request.POST, wrong=wrong, status=422)
    try:
        services.save_estimates(challenge_id=view.challenge.pk, actor=request.user, estimates=found, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        messages.success(request, _("Saved."))
    return redirect(url("selection:select", key, page=page_number(request)))


@require_POST
@member("owner", "manager")
def change(request: MemberRequest, key: str) -> HttpResponse:
    """Take an idea in or out by hand, with a reason."""
    view = queries.selection_for(request.user, key, at=now())
    if view.selection is None:
        raise Http404
    form = ChangeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, in a sentence: it goes into the dossier."))
        return redirect("selection:select", key)
    try:
        services.change_selection(
            selection_id=view.selection.pk,
            idea_key=form.cleaned_data["idea"],
            taken_in=form.cleaned_data["taken_in"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=now(),
        )
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    return redirect("selection:select", key)


@require_POST
@member("owner", "manager")
def settle(request: MemberRequest, key: str) -> HttpResponse:
    """Take the selection as the basis of the decisions."""
    view = queries.selection_for(request.user, key, at=now())
    if view.selection is None:
        raise Http404
    try:
        services.settle_selection(selection_id=view.selection.pk, actor=request.user, at=now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
        return redirect("selection:select", key)
    return redirect("selection:decide", key)
