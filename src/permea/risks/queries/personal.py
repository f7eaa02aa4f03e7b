"""What risks hold about a person."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from permea.people.models import Person
from permea.people.queries import ErasureLines
from permea.risks.models import Risk, RiskVersion, Trigger


def personal_data(person: Person) -> dict[str, Any]:
    """Return the risks a person looks after, what they wrote into registers, and what they had watched."""
    owned = Risk.objects.filter(owner=person).select_related("organisation").order_by("pk")
    written = RiskVersion.objects.filter(made_by=person).select_related("risk").order_by("pk")
    watched = Trigger.objects.filter(made_by=person).select_related("risk").order_by("pk")
    return {
        "owned_risks": [{"firm": risk.organisation.name, "title": risk.title, "state": risk.state} for risk in owned],
        "risk_versions": [
            {"risk": one.risk.key, "title": one.title, "did": one.did, "why": one.why, "at": one.made_at.isoformat()}
            for one in written
        ],
        "risk_triggers": [{"risk": one.risk.key, "kind": one.kind, "at": one.made_at.isoformat()} for one in watched],
    }


def erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to the risks of a person who is erased."""
    is_named = RiskVersion.objects.filter(made_by=person).exists() or Risk.objects.filter(owner=person).exists()
    if not is_named:
        return ErasureLines(goes=[], stays=[])
    return ErasureLines(
        goes=[_("That you look after risks: they pass to an owner of the firm.")],
        stays=[_("What you wrote into the register of risks, without your name.")],
    )
