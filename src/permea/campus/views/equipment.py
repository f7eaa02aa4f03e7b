"""One piece of equipment, on one page for both its sides: read, changed, shared, booked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.campus import queries, rules, services
from permea.campus.forms import WEEKDAYS, BookingForm, EquipmentForm, IntroductionForm, ShareForm, typed_of
from permea.campus.views.lists import INVALID, REFUSED
from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.people.models import Organisation
from permea.surface.pages import render
from permea.surface.requests import PersonRequest, answer_or_404, signed_in

INSIDE, OUTSIDE = "layouts/inside.html", "layouts/public.html"
WEEK = timedelta(days=7)
FIRST, LAST = date(2000, 1, 3), date(2199, 12, 30)


@require_GET
@signed_in
def equipment(request: PersonRequest, key: str) -> HttpResponse:
    """Show a piece of equipment and one week of it to its sides."""
    return equipment_answer(request, key)


def equipment_answer(
    request: PersonRequest, key: str, sent: Mapping[str, forms.Form] | None = None, *, refusal: Refusal | None = None
) -> HttpResponse:
    """Answer with a piece of equipment as its reader sees it; what was typed stays in its forms."""
    at = now()
    found = queries.equipment_for(request.user, key, at)
    zone = rules.zone_of(found.equipment)
    monday = _monday(request.GET.get("week", ""), at.astimezone(zone).date())
    shown = queries.equipment_page(found, monday, at)
    context = {
        "shown": shown, "refusal": refusal, "at": at, "monday": monday, "before": monday - WEEK, "after": monday + WEEK,
        "layout": INSIDE if found.side.is_firm else OUTSIDE, **_forms_of(shown), **(sent or {}),
        "opened": set(sent or {}), "weekdays": dict(WEEKDAYS), "shortest": rules.hours_of(found.equipment.shortest),
        "longest": rules.hours_of(found.equipment.longest),
    }  # fmt: skip
    status = REFUSED if refusal else INVALID if any(form.errors for form in (sent or {}).values()) else 200
    return render(request, "campus/equipment.html", context, status=status)


def _monday(asked: str, today: date) -> date:
    """Return the Monday of the week that is asked for, of the present one where that makes no sense."""
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        day = today
    return rules.monday_of(min(max(day, FIRST), LAST))


def _forms_of(shown: queries.EquipmentPage) -> dict[str, forms.Form]:
    """Return the forms of a page as they are before anybody types."""
    found, can = shown.found, shown.can
    made: dict[str, forms.Form] = {"booking": BookingForm(zone=rules.zone_of(found.equipment), auto_id="id_book_%s")}
    if can["share"]:
        made["sharing"] = ShareForm(pairs=_pairs(found), auto_id="id_share_%s")
    if can["introduce"]:
        made["introducing"] = IntroductionForm(organisations=_organisations(found), auto_id="id_intro_%s")
    return made


def _pairs(found: queries.Found) -> list[Any]:
    """Return agreements and partners the equipment can be shared under; what a partner owns with that partner alone."""
    one, pairs = found.equipment, queries.agreements_to_name(found.equipment.organisation)
    is_ours = one.owner_id == one.organisation_id
    return [pair for pair in pairs if is_ours or pair[1].pk == one.owner_id]


def _organisations(found: queries.Found) -> list[Organisation]:
    """Return of whom people can be introduced: the two sides."""
    one = found.equipment
    known = {own.pk: own for own in (one.organisation, *(shared.sharing.partner for shared in found.shared))}
    return list(known.values())


def written(
    request: PersonRequest, key: str, form_as: dict[str, forms.Form], write: Callable[[], object], said: str
) -> HttpResponse:
    """Write what a form says, and answer with the page, or with the form and what is wrong about it."""
    (form,) = form_as.values()
    if not form.is_valid():
        return equipment_answer(request, key, form_as)
    try:
        write()
    except RefusedError as error:
        return equipment_answer(request, key, form_as, refusal=error.refusal)
    messages.success(request, said)
    return redirect("campus:equipment", key)


def _found_for(request: PersonRequest, key: str) -> tuple[queries.Found, dict[str, Any]]:
    """Return equipment of the reader's, and what every service asks for. Raises Http404 if it is none."""
    at = now()
    found = queries.equipment_for(request.user, key, at)
    return found, {"equipment_id": found.equipment.pk, "actor": request.user, "at": at}


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: PersonRequest, key: str) -> HttpResponse:
    """Change what is said of a piece of equipment."""
    found, told = _found_for(request, key)
    answer_or_404(rules.why_not_edit(found.side, is_shared=bool(found.shared)) is None or None)
    is_sent, refusal = request.method == "POST", None
    form = EquipmentForm(request.POST if is_sent else None, initial=typed_of(found.equipment))
    if is_sent and form.is_valid():
        try:
            services.change_equipment(**told, content=form.content())
        except RefusedError as error:
            refusal = error.refusal
        else:
            messages.success(request, _("Written down. Bookings asked for before keep their rate."))
            return redirect("campus:equipment", key)
    layout = INSIDE if found.side.is_firm else OUTSIDE
    context = {"form": form, "refusal": refusal, "equipment": found.equipment, "layout": layout}
    return render(request, "campus/edit.html", context, status=REFUSED if refusal else INVALID if form.errors else 200)


@require_POST
@signed_in
def share(request: PersonRequest, key: str) -> HttpResponse:
    """Share a piece of equipment with a partner under an agreement."""
    found, told = _found_for(request, key)
    answer_or_404((found.side.is_firm and found.side.may_bind) or None)
    form = ShareForm(request.POST, pairs=_pairs(found), auto_id="id_share_%s")
    said = _("Both sides see and book it now, as long as the agreement holds. The partner got a mail.")
    return written(request, key, {"sharing": form}, lambda: services.share_equipment(**told, **form.pair()), said)


@require_POST
@signed_in
def introduce(request: PersonRequest, key: str) -> HttpResponse:
    """Record that somebody was introduced."""
    found, told = _found_for(request, key)
    answer_or_404(rules.why_not_own(found.side) is None or None)
    form = IntroductionForm(request.POST, organisations=_organisations(found), auto_id="id_intro_%s")
    said = _("The introduction is written down.")
    return written(request, key, {"introducing": form}, lambda: services.introduce(**told, **form.content()), said)


@require_POST
@signed_in
def book(request: PersonRequest, key: str) -> HttpResponse:
    """Ask for a time."""
    found, told = _found_for(request, key)
    form = BookingForm(request.POST, zone=rules.zone_of(found.equipment), auto_id="id_book_%s")
    said = _("It is booked.") if found.side.is_owner else _("Asked for. You get a mail when the owner answers.")
    return written(request, key, {"booking": form}, lambda: services.ask_booking(**told, asked=form.content()), said)
