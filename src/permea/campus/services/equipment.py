"""Writing equipment: entered, changed, shared under an agreement, and who was introduced to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from permea.agreements.models import Agreement
from permea.campus import queries, rules
from permea.campus.events import EquipmentShared
from permea.campus.models import Equipment, Introduction, Sharing
from permea.foundation.events import publish
from permea.foundation.refusals import RefusedError, demand
from permea.ledger.services import record_crossing
from permea.people import rules as people
from permea.people.models import Organisation, Person
from permea.people.queries import role_in


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentInput:
    """What is said of a piece of equipment; units are those of `Equipment`."""

    name: str
    about: str
    place: str
    users: str = ""
    language: str = "en"
    needs_introduction: bool = False
    rate: int = 0
    currency: str = "EUR"
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: time = time(8)
    closes: time = time(18)
    time_zone: str = "Europe/Berlin"
    shortest: int = 60
    longest: int = 480
    notice: int = 24


def said_of(content: EquipmentInput) -> dict[str, Any]:
    """Return what is said of a piece of equipment as it is stored. Raises RefusedError for hours that never come."""
    demand(rules.why_not_weekdays(content.weekdays, content.opens, content.closes))
    words = {name: getattr(content, name).strip() for name in ("name", "about", "place", "users")}
    return {**asdict(content), **words, "weekdays": sorted(set(content.weekdays))}


def held(equipment_id: int, actor: Person, at: datetime) -> queries.Found:
    """Return locked equipment as the actor stands to it. Raises RefusedError to who stands on no side."""
    rows = Equipment.objects.select_for_update(of=("self",)).select_related("organisation", "owner")
    found = queries.found_of(actor, rows.get(pk=equipment_id), at)
    if found is None:
        raise RefusedError(rules.no_side())
    return found


def tell(
    equipment: Equipment,
    what: str,
    direction: str,
    partner: Organisation,
    *,
    agreement: Agreement | None,
    actor: Person,
    at: datetime,
    facts: Mapping[str, Any],
) -> None:
    """Append to the firm's ledger what went to the partner or came from there, and under which agreement."""
    record_crossing(
        organisation=equipment.organisation, kind=f"equipment.{what}", direction=direction, depth="room",
        subject_type="equipment", subject_key=equipment.key, at=at, actor=actor, counterparty=partner,
        terms_key=agreement.key if agreement else "", facts=facts,
    )  # fmt: skip


@transaction.atomic
def enter_equipment(
    *, organisation: Organisation, owner: Organisation, content: EquipmentInput, actor: Person, at: datetime
) -> Equipment:
    """Enter a piece of equipment of the firm or of a partner. The same sent twice is entered once.

    Raises RefusedError to non-managers and as `rules.why_not_weekdays` says.
    """
    demand(people.why_not_manage(role_in(actor, organisation.pk)))
    said = {**said_of(content), "owner": owner}
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    again = queries.begun_just_now(organisation, said, actor, at)
    if again is not None:
        return again
    return Equipment.objects.create(organisation=organisation, created_by=actor, created_at=at, **said)


@transaction.atomic
def change_equipment(*, equipment_id: int, content: EquipmentInput, actor: Person, at: datetime) -> Equipment:
    """Change what is said of a piece of equipment; bookings keep the rate they were asked for at.

    Each partner who sees it is a crossing. Raises RefusedError to who stands on no side, as `rules.why_not_edit` and as
    `rules.why_not_weekdays` say.
    """
    found = held(equipment_id, actor, at)
    equipment = found.equipment
    demand(rules.why_not_edit(found.side, is_shared=bool(found.shared)))
    said = said_of(content)
    changed = [name for name, value in said.items() if getattr(equipment, name) != value]
    if not changed:
        return equipment
    for name in changed:
        setattr(equipment, name, said[name])
    equipment.save(update_fields=changed)
    direction = "out" if found.side.is_firm else "in"
    for one in found.shared:
        if one.why_not(at) is None:
            told: dict[str, Any] = {"agreement": one.sharing.agreement, "actor": actor, "at": at}
            tell(equipment, "changed", direction, one.sharing.partner, **told, facts={"changed": changed})
    return equipment


@transaction.atomic
def share_equipment(
    *, equipment_id: int, partner: Organisation, agreement: Agreement, actor: Person, at: datetime
) -> Sharing:
    """Let a partner see and book equipment under an agreement, or the firm what a partner owns; the newest name counts.

    Raises RefusedError to who stands on no side, as `rules.why_not_share` and as `rules.why_not_covered` say.
    """
    found = held(equipment_id, actor, at)
    equipment = found.equipment
    demand(rules.why_not_share(equipment, found.side, partner.pk))
    known = next((one.sharing for one in found.shared if one.sharing.partner_id == partner.pk), None)
    if known is not None and known.agreement_id == agreement.pk:
        return known
    named = {"agreement": agreement, "by": actor, "at": at}
    sharing, _is_new = Sharing.objects.update_or_create(equipment=equipment, partner=partner, defaults=named)
    (shared,) = queries.shared_of(Sharing.objects.filter(pk=sharing.pk))
    demand(shared.why_not(at))
    told: dict[str, Any] = {"agreement": agreement, "actor": actor, "at": at}
    tell(equipment, "shown", "out", partner, **told, facts={"owner": equipment.owner.key})
    publish(EquipmentShared(sharing_id=sharing.pk, at=at))
    return sharing


@transaction.atomic
def introduce(
    *, equipment_id: int, organisation: Organisation, name: str, on: date, actor: Person, at: datetime
) -> Introduction:
    """Record for the owner's side that somebody was introduced; of the same person the newest day counts.

    Raises RefusedError to who stands on no side, for an organisation that does not share the equipment, and as
    `rules.why_not_introduce` says.
    """
    found = held(equipment_id, actor, at)
    equipment, words = found.equipment, " ".join(name.split())
    demand(rules.why_not_introduce(found.side, on, at.date()))
    sharing = {equipment.organisation_id, equipment.owner_id, *(one.sharing.partner_id for one in found.shared)}
    if organisation.pk not in sharing:
        raise RefusedError(rules.no_side())
    for one in equipment.introductions.filter(organisation=organisation):
        if rules.same_name(one.name) == rules.same_name(words):
            words = one.name
    said = {"on": on, "said_by": actor, "said_at": at}
    made = Introduction.objects.update_or_create(
        equipment=equipment, organisation=organisation, name=words, defaults=said
    )
    return made[0]
