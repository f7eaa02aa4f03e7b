"""Deciding whether an agreement covers a transfer, and who of the partner may see it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from permea.agreements import rules as agreements
from permea.agreements.models import Agreement
from permea.foundation.refusals import Refusal
from permea.people.models import Person
from permea.projects.models import Transfer


@dataclass(frozen=True, slots=True)
class Party:
    """Who is on the other side of an agreement: an organisation, or a person who belongs to the transfer's partner."""

    organisation_id: int | None
    person_id: int | None
    is_of_partner: bool


def why_not_covered(
    transfer: Transfer, agreement: Agreement | None, subjects: Collection[str], parties: Iterable[Party], at: datetime
) -> Refusal | None:
    """Return why nothing may be handed over under this agreement now, or None if it may."""
    if agreement is None:
        reason = _("No agreement covers this yet. Sign one with the other side, then name it on this record.")
        return Refusal("projects.no_agreement", reason)
    told = {"title": agreement.title}
    if not any(_is_partner(one, transfer) for one in parties):
        reason = _("“%(title)s” is an agreement with somebody else. Name one that this partner has signed.")
        return Refusal("projects.other_party", reason % told)
    if not agreements.is_live(agreement, at):
        reason = _(
            "“%(title)s” does not hold now: it is not signed, has not begun, or is over. Sign or prolong it, or "
            "name another one."
        )
        return Refusal("projects.agreement_not_live", reason % told)
    if transfer.purpose not in agreement.purposes:
        reason = _("“%(title)s” does not allow this purpose. Name another agreement, or agree on more.")
        return Refusal("projects.other_purpose", reason % told)
    named = [key for key in (transfer.key, transfer.item_key) if key]
    if not any(agreements.covers(agreement, subjects, key, transfer.purpose) for key in named):
        reason = _("“%(title)s” is about something else. Name an agreement that covers what is handed over.")
        return Refusal("projects.other_subject", reason % told)
    return None


def _is_partner(party: Party, transfer: Transfer) -> bool:
    """Say whether a party is the partner of a transfer, or one of its people."""
    return party.organisation_id == transfer.partner_id or party.is_of_partner


def is_open_to(reader: Person, transfer: Transfer, parties: Iterable[Party]) -> bool:
    """Say whether somebody of the partner is bound by the agreement: their organisation is, or they are themselves."""
    return any(one.organisation_id == transfer.partner_id or one.person_id == reader.pk for one in parties)
