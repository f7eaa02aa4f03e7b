"""One partner: what is known of it, who is known there, what was said and is to follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.partners import queries, rules, services
from permea.partners.forms import CapabilityForm, ContactForm, InviteForm, LogForm, PreferencesForm
from permea.partners.models import WorkingPreferences
from permea.partners.views.directory import INVALID, MANAGING
from permea.people.queries import managed_organisation_ids
from permea.surface.downloads import made_file
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, wanted_page

REFUSED = 409


@require_GET
@member(*rules.READING)
def partner(request: MemberRequest, key: str) -> HttpResponse:
    """Show all that is known of a partner."""
    return _page(request, key)


def said_before(kept: WorkingPreferences | None) -> dict[str, Any]:
    """Return what a form of preferences begins with."""
    return {name: getattr(kept, name) for name in PreferencesForm.base_fields} if kept else {}


def _page(
    request: MemberRequest, key: str, sent: dict[str, Form] | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    """Answer with the page of a partner; a form that was not whole keeps what was typed."""
    shown, at, sent = queries.partner_page(request.user, key), now(), sent or {}
    context = {
        "shown": shown,
        "refusal": refusal,
        "today": at.date(),
        "shortlists": queries.shortlists_with(shown.partner),
        "may_write": shown.partner.merged_into_id is None
        and shown.partner.organisation_id in managed_organisation_ids(request.user),
        "log_form": LogForm(initial={"on": at.date()}, auto_id="log_%s"),
        "contact_form": ContactForm(auto_id="contact_%s"),
        "capability_form": CapabilityForm(auto_id="capability_%s"),
        "preferences_form": PreferencesForm(initial=said_before(shown.voices.noticed), auto_id="noticed_%s"),
        **sent,
    }
    return render(request, "partners/partner.html", context, status=REFUSED if refusal else INVALID if sent else 200)


def _done(
    request: MemberRequest, key: str, action: Callable[[], object], said: str, sent: dict[str, Form] | None = None
) -> HttpResponse:
    """Do something and go back to the partner, or show there why not."""
    try:
        action()
    except RefusedError as error:
        return _page(request, key, sent, error.refusal)
    messages.success(request, said)
    return redirect(wanted_page(request) or reverse("partners:partner", args=[key]))


@require_POST
@member(*MANAGING)
def log(request: MemberRequest, key: str) -> HttpResponse:
    """Write down what was said."""
    found, form = queries.managed_partner(request.user, key), LogForm(request.POST, auto_id="log_%s")
    if not form.is_valid():
        return _page(request, key, {"log_form": form})
    told: dict[str, Any] = {
        "partner_id": found.pk,
        "content": services.LogInput(**form.cleaned_data),
        "actor": request.user,
    }
    return _done(request, key, lambda: services.log(**told, at=now()), _("It is in the log."), {"log_form": form})


@require_POST
@member(*MANAGING)
def add_contact(request: MemberRequest, key: str) -> HttpResponse:
    """Note somebody at a partner."""
    found, form = queries.managed_partner(request.user, key), ContactForm(request.POST, auto_id="contact_%s")
    if not form.is_valid():
        return _page(request, key, {"contact_form": form})
    told: dict[str, Any] = {
        "partner_id": found.pk,
        "content": services.ContactInput(**form.cleaned_data),
        "actor": request.user,
    }
    return _done(request, key, lambda: services.add_contact(**told, at=now()), _("The person is noted."))


@require_POST
@member(*MANAGING)
def add_capability(request: MemberRequest, key: str) -> HttpResponse:
    """Note what a partner can do or looks for."""
    found, form = queries.managed_partner(request.user, key), CapabilityForm(request.POST, auto_id="capability_%s")
    if not form.is_valid():
        return _page(request, key, {"capability_form": form})
    told: dict[str, Any] = {
        "partner_id": found.pk,
        "content": services.CapabilityInput(**form.cleaned_data),
        "actor": request.user,
    }
    return _done(request, key, lambda: services.add_capability(**told, at=now()), _("Noted."))


@require_POST
@member(*MANAGING)
def preferences(request: MemberRequest, key: str) -> HttpResponse:
    """Keep what the firm noticed of how a partner works."""
    found, form = queries.managed_partner(request.user, key), PreferencesForm(request.POST, auto_id="noticed_%s")
    if not form.is_valid():
        return _page(request, key, {"preferences_form": form})
    told: dict[str, Any] = {
        "partner_id": found.pk,
        "content": services.PreferencesInput(**form.cleaned_data),
        "actor": request.user,
    }
    return _done(request, key, lambda: services.note_preferences(**told, at=now()), _("Noted."))


@require_POST
@member(*MANAGING)
def remove_contact(request: MemberRequest, contact_key: str) -> HttpResponse:
    """Delete what is noted of somebody."""
    found = queries.managed_contact(request.user, contact_key)
    told: dict[str, Any] = {"contact_id": found.pk, "actor": request.user}
    return _done(request, found.partner.key, lambda: services.remove_contact(**told), _("Name and address are gone."))


@require_GET
@member(*MANAGING)
def contact_card(request: MemberRequest, contact_key: str) -> HttpResponse:
    """Hand a contact out as a card for an address book."""
    found = queries.managed_contact(request.user, contact_key)
    partner = found.partner
    known = {
        "FN": (found.name,),
        "N": (found.name, "", "", "", ""),
        "ORG": (partner.party.name,),
        "TITLE": (found.position,),
        "EMAIL;TYPE=INTERNET": (found.email,),
        "TEL;TYPE=WORK": (found.phone,),
        "ADR;TYPE=WORK": ("", "", "", partner.city, "", "", partner.party.country),
    }
    return made_file(rules.vcard(known), f"{found.key}.vcf", "text/vcard; charset=utf-8")


@require_POST
@member(*MANAGING)
def invite(request: MemberRequest, contact_key: str) -> HttpResponse:
    """Invite a contact as guest into the partner's own organisation."""
    found, form = queries.managed_contact(request.user, contact_key), InviteForm(request.POST)
    if not form.is_valid():
        raise Http404
    told: dict[str, Any] = {"contact_id": found.pk, "role": form.cleaned_data["role"], "actor": request.user}
    said = _("The invitation is on its way. As a guest they see their own page only.")
    return _done(request, found.partner.key, lambda: services.invite_contact(**told, at=now()), said)


@require_POST
@member(*MANAGING)
def remove_capability(request: MemberRequest, capability_key: str) -> HttpResponse:
    """Delete what the firm noted of what a partner can do or looks for."""
    found = queries.managed_capability(request.user, capability_key)
    told: dict[str, Any] = {"capability_id": found.pk, "actor": request.user}
    return _done(request, found.partner.key, lambda: services.remove_capability(**told, at=now()), _("Removed."))


@require_POST
@member(*rules.READING)
def done(request: MemberRequest, entry_key: str) -> HttpResponse:
    """Say that a next step is done."""
    found = queries.readable_entry(request.user, entry_key)
    told: dict[str, Any] = {"entry_id": found.pk, "actor": request.user}
    return _done(request, found.partner.key, lambda: services.finish_step(**told, at=now()), _("Done."))
