"""Deciding whether an agreement lets two sides share equipment or place a student, and who of the partner it binds."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.utils.translation import gettext as _

from permea.agreements import rules as agreements
from permea.agreements.models import Agreement
from permea.campus.models import Equipment, Placement
from permea.foundation.refusals import Refusal
from permea.people.models import Person

Kind = Agreement.Kind
Purpose = Agreement.Purpose
# Which kinds of agreement open equipment, and what each has to be for.
COVERING: dict[str, str] = {
    Kind.EQUIPMENT: Purpose.EVALUATE,
    Kind.RESEARCH: Purpose.RESEARCH,
    Kind.CONSORTIUM: Purpose.RESEARCH,
    Kind.DEVELOPMENT: Purpose.DEVELOP,
}
# The same for placing students.
PLACING: dict[str, str] = {
    Kind.INTERNSHIP: Purpose.EVALUATE,
    Kind.RESEARCH: Purpose.RESEARCH,
    Kind.CONSORTIUM: Purpose.RESEARCH,
    Kind.DEVELOPMENT: Purpose.DEVELOP,
}


@dataclass(frozen=True, slots=True)
class Party:
    """Who is on the other side of an agreement: an organisation, or a person who belongs to the partner."""

    organisation_id: int | None
    person_id: int | None
    is_of_partner: bool


def why_not_covered(
    equipment: Equipment,
    partner_id: int,
    agreement: Agreement,
    subjects: Collection[str],
    parties: Iterable[Party],
    at: datetime,
) -> Refusal | None:
    """Return why this agreement does not let firm and partner share the equipment at a time, or None if it does."""
    told = {"title": agreement.title}
    if not any(one.organisation_id == partner_id or one.is_of_partner for one in parties):
        return _other_party(agreement)
    if agreement.kind not in COVERING:
        reason = _(
            "“%(title)s” says nothing about equipment. It takes an agreement on the use of equipment by visitors, on "
            "sponsored research, joint development, or a consortium."
        )
        return Refusal("campus.other_kind", reason % told)
    if not agreements.covers(agreement, subjects, equipment.key, COVERING[agreement.kind]):
        reason = _("“%(title)s” is about something else. Name an agreement that covers this equipment.")
        return Refusal("campus.other_subject", reason % told)
    if not agreements.is_live(agreement, at):
        return _not_live(agreement)
    return None


def _other_party(agreement: Agreement) -> Refusal:
    """Return why an agreement with somebody else covers nothing."""
    reason = _("“%(title)s” is an agreement with somebody else. Name one that this partner has signed.")
    return Refusal("campus.other_party", reason % {"title": agreement.title})


def _not_live(agreement: Agreement) -> Refusal:
    """Return why an agreement that does not hold covers nothing."""
    reason = _("“%(title)s” does not hold at that time: it is not signed, has not begun, or is over.")
    return Refusal("campus.agreement_not_live", reason % {"title": agreement.title})


def why_not_placed(
    placement: Placement, subjects: Collection[str], parties: Iterable[Party], at: datetime
) -> Refusal | None:
    """Return why the agreement of a placement does not let the two sides place a student at a time, or None."""
    agreement, told = placement.agreement, {"title": placement.agreement.title}
    if not any(one.organisation_id == placement.partner_id or one.is_of_partner for one in parties):
        return _other_party(agreement)
    if agreement.kind not in PLACING:
        reason = _(
            "“%(title)s” says nothing about students. It takes an agreement on an internship, on sponsored research, "
            "joint development, or a consortium."
        )
        return Refusal("campus.not_placing", reason % told)
    if not agreements.covers(agreement, subjects, placement.key, PLACING[agreement.kind]):
        reason = _("“%(title)s” is about something else. Name an agreement that covers this placement.")
        return Refusal("campus.other_subject", reason % told)
    return None if agreements.is_live(agreement, at) else _not_live(agreement)


def end_of(day: date) -> datetime:
    """Return the last instant of a day, in UTC: until then the agreement of a placement has to hold."""
    return datetime.combine(day, time.max, tzinfo=UTC)


def is_open_to(reader: Person, partner_id: int, parties: Iterable[Party]) -> bool:
    """Say whether somebody of the partner is bound by the agreement: their organisation is, or they are themselves."""
    return any(one.organisation_id == partner_id or one.person_id == reader.pk for one in parties)


def no_agreement() -> Refusal:
    """Return why equipment cannot be used as long as no agreement is named."""
    reason = _("No agreement covers this yet. Sign one with the other side, then name it on this page.")
    return Refusal("campus.no_agreement", reason)
