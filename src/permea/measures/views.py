"""Pages of measures."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from permea.foundation.clock import now
from permea.measures import queries
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member


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
