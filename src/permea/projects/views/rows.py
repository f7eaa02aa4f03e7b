"""The lists of a transfer, each filled by one side: package, training, test, readiness."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from permea.projects import services
from permea.projects.forms import (
    CriterionForm,
    HeldForm,
    MeasureForm,
    NameForm,
    PackageForm,
    PointsForm,
    SessionForm,
)
from permea.projects.views.transfer import found_for, written
from permea.surface.requests import PersonRequest, signed_in


@require_POST
@signed_in
def add_item(request: PersonRequest, key: str) -> HttpResponse:
    """Add an item to the package."""
    _found, told = found_for(request, key)
    form, said = NameForm(request.POST, auto_id="id_item_%s"), _("Added to the package.")
    return written(
        request, key, {"adding": form}, lambda: services.add_item(**told, **form.cleaned_data), said, "package"
    )


@require_POST
@signed_in
def package(request: PersonRequest, key: str) -> HttpResponse:
    """Say what is handed over, missing or not needed."""
    found, told = found_for(request, key)
    form = PackageForm(request.POST, items=list(found.items.order_by("number", "pk")))
    said = _("The package is written down. What was handed over stands in the ledger.")
    return written(
        request, key, {"packing": form}, lambda: services.say_items(**told, said=form.content()), said, "package"
    )


@require_POST
@signed_in
def plan_session(request: PersonRequest, key: str) -> HttpResponse:
    """Plan a training."""
    _found, told = found_for(request, key)
    form, said = SessionForm(request.POST, auto_id="id_session_%s"), _("The training is planned.")
    return written(
        request, key, {"planning": form}, lambda: services.plan_session(**told, **form.cleaned_data), said, "training"
    )


@require_POST
@signed_in
def hold_sessions(request: PersonRequest, key: str) -> HttpResponse:
    """Say which training took place."""
    found, told = found_for(request, key)
    form = HeldForm(request.POST, sessions=list(found.sessions.order_by("on", "pk")))
    said = _("It is written down who took part.")
    return written(
        request, key, {"holding": form}, lambda: services.hold_sessions(**told, people=form.content()), said, "training"
    )


@require_POST
@signed_in
def add_criterion(request: PersonRequest, key: str) -> HttpResponse:
    """Add what will be tested."""
    _found, told = found_for(request, key)
    form, said = CriterionForm(request.POST, auto_id="id_criterion_%s"), _("The criterion is set.")
    return written(
        request, key, {"aiming": form}, lambda: services.add_criterion(**told, **form.cleaned_data), said, "test"
    )


@require_POST
@signed_in
def measure(request: PersonRequest, key: str) -> HttpResponse:
    """Write down what was measured."""
    found, told = found_for(request, key)
    form = MeasureForm(request.POST, criteria=list(found.criteria.order_by("number", "pk")))
    said = _("What was measured is written down.")
    return written(
        request, key, {"measuring": form}, lambda: services.measure(**told, said=form.content()), said, "test"
    )


@require_POST
@signed_in
def add_point(request: PersonRequest, key: str) -> HttpResponse:
    """Add a point to one's readiness."""
    _found, told = found_for(request, key)
    form, said = NameForm(request.POST, auto_id="id_point_%s"), _("Added to what has to be ready.")
    return written(
        request, key, {"pointing": form}, lambda: services.add_point(**told, **form.cleaned_data), said, "readiness"
    )


@require_POST
@signed_in
def points(request: PersonRequest, key: str) -> HttpResponse:
    """Say what is ready, who answers for it and what it costs."""
    found, told = found_for(request, key)
    form = PointsForm(request.POST, points=list(found.points.order_by("number", "pk")))
    said = _("Your readiness is written down.")
    return written(
        request, key, {"readying": form}, lambda: services.say_points(**told, said=form.content()), said, "readiness"
    )
