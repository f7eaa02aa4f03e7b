"""One risk: read, changed, reviewed, put into another state, watched."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.risks import queries, rules, services
from permea.risks.forms import SettleForm, WatchForm, begin_of
from permea.risks.views.register import INSIDE, INVALID, MANAGING, REFUSED, edit_page, risk_form
from permea.surface.pages import find_url, render
from permea.surface.requests import MemberRequest, member

PLACES = {
    "challenge": "challenges:overview",
    "agreement": "agreements:agreement",
    "item": "disclosures:item",
}


@require_GET
@member(*INSIDE)
def risk(request: MemberRequest, key: str) -> HttpResponse:
    """Show a risk to who manages, or looks after it."""
    return risk_answer(request, key)


def risk_answer(
    request: MemberRequest,
    key: str,
    *,
    settling: SettleForm | None = None,
    watching: WatchForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Answer with the page of a risk; what was typed stays in it."""
    page = queries.risk_page(request.user, key, now())
    subjects = queries.subjects_of(page.risk.organisation) if page.can_manage else []
    place = PLACES.get(page.risk.subject_kind, "")
    context = {
        "page": page,
        "settling": settling or SettleForm(initial={"state": page.risk.state}),
        "watching": watching or WatchForm(subjects=subjects, initial={"trigger": "agreement", "limit": 30}),
        "subject_href": find_url(place, page.risk.subject_key) if place and page.can_manage else "",
        "refusal": refusal,
    }
    is_wrong = any(form is not None and form.errors for form in (settling, watching))
    return render(request, "risks/risk.html", context, status=REFUSED if refusal else INVALID if is_wrong else 200)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def edit_risk(request: MemberRequest, key: str) -> HttpResponse:
    """Change a risk, in a review or at any time; what was said before stays."""
    found, at, is_review = queries.managed_risk(request.user, key), now(), "review" in request.GET
    review_on = at.date() + rules.REVIEW_EVERY if is_review else found.review_on
    form = risk_form(request, found.organisation, begin_of(found, review_on=review_on), found)
    if request.method != "POST" or not form.is_valid():
        return edit_page(request, form, found, is_review=is_review)
    try:
        content, why = services.RiskInput(**form.content()), form.cleaned_data["why"]
        services.change_risk(risk_id=found.pk, content=content, actor=request.user, at=at, why=why, is_review=is_review)
    except RefusedError as error:
        return edit_page(request, form, found, refusal=error.refusal, is_review=is_review)
    messages.success(request, _("Saved. What was said before stays in the history."))
    return redirect("risks:risk", key)


@require_POST
@member(*INSIDE)
def confirm(request: MemberRequest, key: str) -> HttpResponse:
    """Keep that a review found nothing changed."""
    found = queries.readable_risk(request.user, key)
    services.confirm_risk(risk_id=found.pk, actor=request.user, at=now())
    messages.success(request, _("Reviewed: nothing changed. The next review is due in three months."))
    return redirect("risks:risk", key)


@require_POST
@member(*MANAGING)
def settle(request: MemberRequest, key: str) -> HttpResponse:
    """Put a risk into another state, with the reason."""
    found, form = queries.managed_risk(request.user, key), SettleForm(request.POST)
    if not form.is_valid():
        return risk_answer(request, key, settling=form)
    try:
        said = {"state": form.cleaned_data["state"], "why": form.cleaned_data["reason"]}
        services.settle_risk(risk_id=found.pk, actor=request.user, at=now(), **said)
    except RefusedError as error:
        return risk_answer(request, key, settling=form, refusal=error.refusal)
    messages.success(request, _("Saved."))
    return redirect("risks:risk", key)


@require_POST
@member(*MANAGING)
def watch(request: MemberRequest, key: str) -> HttpResponse:
    """Watch a risk for something more."""
    found = queries.managed_risk(request.user, key)
    form = WatchForm(request.POST, subjects=queries.subjects_of(found.organisation))
    if not form.is_valid():
        return risk_answer(request, key, watching=form)
    try:
        services.watch(risk_id=found.pk, actor=request.user, at=now(), **form.content())
    except RefusedError as error:
        return risk_answer(request, key, watching=form, refusal=error.refusal)
    messages.success(request, _("It is watched from now on, once a day."))
    return redirect("risks:risk", key)


@require_POST
@member(*MANAGING)
def end_watch(request: MemberRequest, key: str) -> HttpResponse:
    """Watch for something no longer."""
    found = queries.managed_trigger(request.user, key)
    services.end_watch(trigger_id=found.pk, actor=request.user, at=now())
    messages.success(request, _("It is not watched any more."))
    return redirect("risks:risk", found.risk.key)
