"""One booking, on one page for both its sides: answered, cancelled, its hours said and agreed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.campus import queries, rules, services
from permea.campus.forms import AgreeForm, AnswerForm, HoursForm, ReasonForm
from permea.campus.views.equipment import INSIDE, OUTSIDE
from permea.campus.views.lists import INVALID, REFUSED
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, signed_in


@require_GET
@signed_in
def booking(request: PersonRequest, key: str) -> HttpResponse:
    """Show a booking to its two sides."""
    return booking_answer(request, key)


def booking_answer(
    request: PersonRequest, key: str, sent: Mapping[str, forms.Form] | None = None, *, refusal: Refusal | None = None
) -> HttpResponse:
    """Answer with a booking as its reader sees it; what was typed stays in its forms."""
    at = now()
    found, how = queries.booking_for(request.user, key, at)
    zone = rules.zone_of(how.equipment)
    context = {
        "shown": queries.booking_page(found, how, request.user, at), "refusal": refusal, "at": at,
        "start": found.starts_at.astimezone(zone), "end": found.ends_at.astimezone(zone),
        "cost": rules.cost_of(found), "hours": None if found.used is None else rules.hours_of(found.used),
        "layout": INSIDE if how.side.is_firm else OUTSIDE,
        "answering": AnswerForm(auto_id="id_answer_%s"), "cancelling": ReasonForm(auto_id="id_cancel_%s"),
        "timing": HoursForm(auto_id="id_time_%s"), **(sent or {}), "opened": set(sent or {}),
    }  # fmt: skip
    status = REFUSED if refusal else INVALID if any(form.errors for form in (sent or {}).values()) else 200
    return render(request, "campus/booking.html", context, status=status)


def _written(
    request: PersonRequest, key: str, form_as: dict[str, forms.Form], write: Callable[..., object], said: str
) -> HttpResponse:
    """Write what a form says for a booking of the reader's. Raises Http404 if it is none."""
    at = now()
    found, _how = queries.booking_for(request.user, key, at)
    told: dict[str, Any] = {"booking_id": found.pk, "actor": request.user, "at": at}
    (form,) = form_as.values()
    if not form.is_valid():
        return booking_answer(request, key, form_as)
    try:
        write(**told)
    except RefusedError as error:
        return booking_answer(request, key, form_as, refusal=error.refusal)
    messages.success(request, said)
    return redirect("campus:booking", key)


@require_POST
@signed_in
def answer(request: PersonRequest, key: str) -> HttpResponse:
    """Confirm or refuse a booking."""
    form = AnswerForm(request.POST, auto_id="id_answer_%s")

    def write(**told: Any) -> object:
        said = form.cleaned_data
        return services.answer_booking(**told, is_yes=said["answer"] == "yes", reason=said["reason"])

    return _written(request, key, {"answering": form}, write, _("Your answer is written down. Who asked got a mail."))


@require_POST
@signed_in
def cancel(request: PersonRequest, key: str) -> HttpResponse:
    """Cancel a booking."""
    form = ReasonForm(request.POST, auto_id="id_cancel_%s")
    return _written(
        request, key, {"cancelling": form}, lambda **told: services.cancel_booking(**told, **form.cleaned_data),
        _("It is cancelled. The time is free again."),
    )  # fmt: skip


@require_POST
@signed_in
def hours(request: PersonRequest, key: str) -> HttpResponse:
    """Say how long it was used."""
    form = HoursForm(request.POST, auto_id="id_time_%s")
    return _written(
        request, key, {"timing": form}, lambda **told: services.say_hours(**told, minutes=form.minutes),
        _("The hours are written down. The other side agrees, or says another number."),
    )  # fmt: skip


@require_POST
@signed_in
def agree_hours(request: PersonRequest, key: str) -> HttpResponse:
    """Agree to the hours that the other side said."""
    form = AgreeForm(request.POST)
    return _written(
        request, key, {"agreeing": form}, lambda **told: services.agree_hours(**told, **form.cleaned_data),
        _("Agreed. The cost counts in the sums now."),
    )  # fmt: skip
