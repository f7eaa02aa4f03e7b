"""Deciding when a partner is a firm of the same hub, and who then comes and goes with it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.partners.models import HubLink, Partner
from permea.people.models import Organisation
from permea.people.rules import MANAGING


def why_not_say_firm(
    partner: Partner, firm: Organisation, *, guest_role: str | None, firm_role: str | None, is_taken: bool
) -> Refusal | None:
    """Return why somebody cannot say that a partner is a firm of this hub, or None if they can.

    They decide for both: for the partner as its guest (`guest_role`), and for the firm (`firm_role`). `is_taken` says
    that one of both is connected already, or waits for that.
    """
    if guest_role not in MANAGING or firm_role not in MANAGING:
        reason = _("Only somebody who decides for the partner and for the firm can say this.")
        return Refusal("partners.not_both", reason)
    if not firm.is_host or firm.pk == partner.organisation_id:
        return Refusal("partners.no_firm", _("Choose a firm of yours that has a place of its own on this hub."))
    if is_taken:
        return Refusal("partners.hub_taken", _("One of both is connected already, or waits for an answer."))
    return None


def why_not_confirm(link: HubLink, role: str | None) -> Refusal | None:
    """Return why somebody in this role of the organisation cannot confirm what a firm said, or None if they can."""
    if role not in MANAGING:
        return Refusal("people.not_manager", _("Only an owner or a manager can do this."))
    if link.ended_at is not None or link.confirmed_at is not None:
        return Refusal("partners.hub_answered", _("This is answered already. Look at the page again."))
    return None


def why_not_end_link(*, role: str | None, firm_role: str | None) -> Refusal | None:
    """Return why somebody in these roles of both firms cannot refuse, take back or end it, or None if they can."""
    if role in MANAGING or firm_role in MANAGING:
        return None
    return Refusal("people.not_manager", _("Only an owner or a manager can do this."))


def seats_to_change(wanted: Mapping[int, str], seated: Mapping[int, str], own: Mapping[int, str]) -> dict[int, str]:
    """Return by person which role to seat them in, "" to end the seat.

    `wanted` are the roles in the firm, `seated` those that came by the connection, `own` those people have without it,
    which stay as they are.
    """
    gone = {person: "" for person in seated if person not in wanted}
    moved = {person: role for person, role in wanted.items() if person not in own and seated.get(person) != role}
    return {**gone, **moved}
