"""Making dossiers: the parts, signed, with the piece of the ledger that proves them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from permea.ledger.services import seal_dossier
from permea.people.models import Person
from permea.selection.queries import dossier_parts


@transaction.atomic
def make_dossier(*, actor: Person, challenge_key: str, at: datetime) -> dict[str, Any]:
    """Return the signed dossier of a challenge that `permea verify` accepts. Raises Http404 as `dossier_parts` says."""
    challenge, parts = dossier_parts(actor, challenge_key, at=at)
    return seal_dossier(organisation=challenge.organisation, challenge_key=challenge.key, parts=parts, at=at)
