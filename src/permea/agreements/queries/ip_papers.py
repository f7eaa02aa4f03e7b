"""The IP table as a document, and what it holds about a person."""

from __future__ import annotations

from typing import Any

from permea.agreements.models import Agreement, IpAcceptance, IpGrant, IpVersion
from permea.agreements.queries.ip_said import holder_name, ip_versions, shown_said
from permea.people.models import Person


def ip_document(agreement: Agreement) -> list[dict[str, Any]]:
    """Return the IP table of an agreement with all its versions, ready for JSON."""
    return [
        {
            "entry": version.entry.key,
            "kind": version.entry.kind,
            "number": version.number,
            "stated_by": holder_name(version.by_party, agreement),
            "written_at": version.written_at.isoformat(),
            "in_force_at": version.in_force_at.isoformat() if version.in_force_at else None,
            "is_withdrawn": version.is_withdrawn,
            "accepted_by": shown_said(version).accepted,
            "sha256": version.sha256,
            "title": version.title,
            "description": version.description,
            "identifier": version.identifier,
            "item": version.item_key,
            "licence": version.licence,
            "is_copyleft": version.is_copyleft,
            "is_noncommercial": version.is_noncommercial,
            "restrictions": version.restrictions,
            "owners": [{"name": name, "per_cent": str(share)} for name, share in shown_said(version).owners],
            "rights": [_right_document(name, grant) for name, _places, grant in shown_said(version).rights],
        }
        for version in ip_versions().filter(entry__agreement=agreement)
    ]


def _right_document(name: str, grant: IpGrant) -> dict[str, Any]:
    """Return a right, ready for JSON."""
    return {
        "to": name,
        "use": grant.use,
        "fields": grant.fields,
        "countries": grant.countries,
        "is_exclusive": grant.is_exclusive,
        "is_promise": grant.is_promise,
        "begins_on": grant.begins_on.isoformat() if grant.begins_on else None,
        "ends_on": grant.ends_on.isoformat() if grant.ends_on else None,
    }


def ip_personal_data(person: Person) -> dict[str, Any]:
    """Return what somebody said and accepted in IP tables for their side."""
    said = IpVersion.objects.filter(written_by=person).select_related("entry__agreement").order_by("pk")
    accepted = IpAcceptance.objects.filter(person=person).select_related("version__entry__agreement").order_by("pk")
    return {
        "ip_entries": [
            {
                "agreement": one.entry.agreement.title,
                "title": one.title,
                "description": one.description,
                "sha256": one.sha256,
                "written_at": one.written_at.isoformat(),
            }
            for one in said
        ],
        "ip_acceptances": [
            {
                "agreement": one.version.entry.agreement.title,
                "title": one.version.title,
                "accepted_at": one.accepted_at.isoformat(),
            }
            for one in accepted
        ],
    }
