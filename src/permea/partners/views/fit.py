"""Who fits: what a firm looks for, and which of its partners come nearest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from permea.foundation.refusals import Refusal, RefusedError
from permea.partners import queries, rules
from permea.partners.forms import FitForm, KeepForm
from permea.partners.views.directory import MANAGING
from permea.surface.charts.shapes import Interval
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member

INVALID, REFUSED = 422, 409
FIRST = 5
BEGIN = {f"weigh_{name}": "1" if name == rules.Criterion.RECORD else "2" for name in rules.Criterion.values}


@require_GET
@member(*rules.READING)
def who_fits(request: MemberRequest) -> HttpResponse:
    """Ask what is looked for and, once it is said, compare the partners; the address holds it all, to keep or send."""
    is_asked = "wanted" in request.GET
    return page(request, fit_form(request.GET.dict()) if is_asked else FitForm(initial=BEGIN))


def fit_form(said: Mapping[str, Any]) -> FitForm:
    """Return the form with what was said; what was left out counts as it does at first."""
    return FitForm({**BEGIN, **said})


def page(
    request: MemberRequest, form: FitForm, keep_form: KeepForm | None = None, why_not: Refusal | None = None
) -> HttpResponse:
    """Answer with the question, what came out once it was asked, and for who manages how to keep that."""
    shown, refusal = _compared(request, form) if form.is_bound and form.is_valid() else (None, None)
    is_wrong = bool(form.errors or (keep_form and keep_form.errors))
    context = {
        "form": form,
        "shown": shown,
        "refusal": refusal or why_not,
        "chart": _chart(shown) if shown else [],
        "k": FIRST,
        "criteria": dict(rules.Criterion.choices),
        "capabilities": queries.known_capabilities(request.organisation),
        "keep_form": keep_form or KeepForm(auto_id="keep_%s"),
        "may_keep": request.role in MANAGING,
        "asked": {name: form.data[name] for name in form.fields if form.data.get(name)},
        "again": _worked_on(request),
    }
    status = REFUSED if context["refusal"] else INVALID if is_wrong else 200
    return render(request, "partners/fit.html", context, status=status)


def _worked_on(request: MemberRequest) -> Any:
    """Return the shortlist whose question is being changed, None if there is none."""
    key = request.GET.get("shortlist", "")
    return queries.managed_shortlist(request.user, key) if key and request.role in MANAGING else None


def _compared(request: MemberRequest, form: FitForm) -> tuple[queries.FitPage | None, Refusal | None]:
    """Return what came out, or why nothing can."""
    try:
        return queries.fit_of(request.user, request.organisation, form.wish(), form.weights(), k=FIRST), None
    except RefusedError as error:
        return None, error.refusal


def _chart(shown: queries.FitPage) -> list[Interval]:
    """Return the scores as rows of a chart."""
    return [
        interval(one.partner.party.name, f"#{one.partner.key}", (one.low, one.middle, one.high), one.top)
        for one in shown.candidates
    ]


def interval(name: str, href: str, scores: tuple[float, float, float], top: float) -> Interval:
    """Return a partner's scores as a row of a chart."""
    low, middle, high = scores
    note = _("among the first %(k)s in %(share)s %%") % {"k": FIRST, "share": round(100 * top)}
    return Interval(label=name, value=middle, lower=low, upper=high, href=href, note=note)
