"""What disclosures hold about a person, and which bytes they name."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from permea.disclosures.models import PartVersion, Seen, Share
from permea.people.models import Person
from permea.people.queries import ErasureLines, organisation_ids_of


def is_named_file(path: str) -> bool:
    """Say whether a version of a part names the bytes at this path."""
    return PartVersion.objects.filter(path=path).exists()


def personal_data(person: Person) -> dict[str, Any]:
    """Return what was shared with a person or whom they belong to, and what they read of what firms show to few."""
    named = Q(person=person) | Q(organisation__in=organisation_ids_of(person))
    shares = Share.objects.filter(named).select_related("item__organisation").order_by("opened_at", "pk")
    seen = Seen.objects.filter(reader=person).select_related("item", "house", "version__part", "agreement")
    return {
        "shared_items": [
            {
                "item": share.item.key,
                "firm": share.item.organisation.name,
                "purpose": share.purpose,
                "opened_at": share.opened_at.isoformat(),
                "closed_at": share.closed_at.isoformat() if share.closed_at else None,
            }
            for share in shares
        ],
        "seen_items": [
            {
                "item": row.item.key,
                "firm": row.house.name,
                "part": row.version.part.key,
                "version": row.version.number,
                "agreement": row.agreement.key if row.agreement else None,
                "first_at": row.first_at.isoformat(),
                "last_at": row.last_at.isoformat(),
                "times": row.n,
            }
            for row in seen.order_by("first_at", "pk")
        ],
    }


def erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to what was shared with a person who is erased."""
    if not Seen.objects.filter(reader=person).exists():
        return ErasureLines(goes=[], stays=[])
    return ErasureLines(
        goes=[_("Your access to what firms shared with you.")],
        stays=[_("That an erased person read certain versions, when and under which agreement; nothing leads to you.")],
    )
