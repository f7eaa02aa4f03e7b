"""What partners hold about a person, and what becomes of it when they are erased."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from permea.partners.models import Capability, Contact, DirectoryView, HubLink, LogEntry, Partner, WorkingPreferences
from permea.partners.queries import saved, shortlists
from permea.people.models import Person
from permea.people.queries import ErasureLines


def personal_data(person: Person) -> dict[str, Any]:
    """Return what partners hold about a person: as contact, as who stated something, and what they wrote themselves.

    What others wrote of their organisation, into a log or on a shortlist, is the firm's own and not told.
    """
    as_contact = Q(person=person) | Q(email__iexact=person.email or "-")
    contacts = Contact.objects.filter(as_contact).select_related("organisation", "partner__party").order_by("pk")
    stated = Capability.objects.filter(stated_by=person).order_by("pk")
    preferences = WorkingPreferences.objects.filter(said_by=person).annotate(
        party=Subquery(Partner.objects.filter(pk=OuterRef("partner")).values("party__name"), output_field=CharField())
    )
    written = LogEntry.objects.filter(author=person).order_by("pk")
    decided = Q(said_by=person) | Q(confirmed_by=person) | Q(ended_by=person)
    said = HubLink.objects.filter(decided).select_related("firm", "organisation").order_by("pk")
    return {
        "partner_contacts": [
            {
                "noted_by": row.organisation.name,
                "partner": row.partner.party.name,
                "name": row.name,
                "email": row.email,
                "phone": row.phone,
                "position": row.position,
            }
            for row in contacts
        ],
        "partner_statements": [{"kind": row.kind, "name": row.name, "at": row.made_at.isoformat()} for row in stated],
        "partner_preferences": [{"partner": row.party, "at": row.said_at.isoformat()} for row in preferences],
        "partner_log": [{"on": row.on.isoformat(), "summary": row.summary} for row in written],
        "partner_hub_links": [
            {"firm": row.firm.name, "partner_of": row.organisation.name, "at": row.said_at.isoformat()} for row in said
        ],
        **shortlists.written_by(person),
        "directory_views": saved.view_data(person),
    }


def erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to what firms noted of a person who is erased, and to the views they saved."""
    goes, stays = [], []
    if Contact.objects.filter(Q(person=person) | Q(email__iexact=person.email or "-")).exists():
        goes.append(_("What firms here noted of you as a contact: name, address, phone, position."))
        stays.append(_("What was said with your organisation, and what you stated for it, without your name."))
    if DirectoryView.objects.filter(person=person).exists():
        goes.append(_("The views of the directory you saved, those you share as well."))
    if shortlists.has_written(person):
        stays.append(_("What you noted and decided on shortlists of partners, without your name."))
    return ErasureLines(goes=goes, stays=stays)
