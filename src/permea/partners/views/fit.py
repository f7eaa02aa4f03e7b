"""Who fits: what a firm looks for, and which of its partners come nearest."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from permea.foundation.refusals import Refusal, RefusedError
from permea.partners import queries, rules
from permea.partners.forms import FitForm
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
    form = FitForm({**BEGIN, **request.GET.dict()}) if is_asked else FitForm(initial=BEGIN)
    shown, refusal = _compared(request, form) if is_asked and form.is_valid() else (None, None)
    context = {
        "form": form,
        "shown": shown,
        "refusal": refusal,
        "chart": _chart(shown) if shown else [],
        "k": FIRST,
        "criteria": dict(rules.Criterion.choices),
        "capabilities": queries.known_capabilities(request.organisation),
    }
    return render(request, "partners/fit.html", context, status=REFUSED if refusal else INVALID if form.errors else 200)


def _compared(request: MemberRequest, form: FitForm) -> tuple[queries.FitPage | None, Refusal | None]:
    """Return what came out, or why nothing can."""
    try:
        return queries.fit_of(request.user, request.organisation, form.wish(), form.weights(), k=FIRST), None
    except RefusedError as error:
        return None, error.refusal


def _chart(shown: queries.FitPage) -> list[Interval]:
    """Return the scores as rows of a chart."""
    return [
        Interval(
            label=one.partner.party.name,
            value=one.middle,
            lower=one.low,
            upper=one.high,
            href=f"#{one.partner.key}",
            note=_("among the first %(k)s in %(share)s %%") % {"k": FIRST, "share": round(100 * one.top)},
        )
        for one in shown.candidates
    ]
