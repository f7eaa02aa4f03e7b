"""Writing transfers: begun and changed by the firm, read by both sides, every crossing told in the firm's ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation

from permea.agreements.models import Agreement
from permea.foundation.refusals import RefusedError, demand
from permea.ledger.services import record_crossing, record_export
from permea.people import rules as people
from permea.people.models import Organisation, Person
from permea.people.queries import role_in
from permea.projects import queries, rules
from permea.projects.models import PackageItem, ReadinessPoint, Transfer, TransferStep

What = TransferStep.What


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferInput:
    """What a record begins with; package and readiness begin with what is usual for its kind, in its language."""

    title: str
    about: str
    partner: Organisation
    direction: str
    kind: str
    level: int
    purpose: str = Agreement.Purpose.USE
    language: str = "en"
    currency: str = "EUR"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeInput:
    """What the firm can change later: the words, under which agreement, for what, and the item it is about."""

    title: str
    about: str
    purpose: str
    agreement: Agreement | None = None
    item_key: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A transfer that is locked, with the side of whoever acts and what its agreement lets happen."""

    transfer: Transfer
    side: rules.Side
    terms: queries.Terms


def held(transfer_id: int, actor: Person, at: datetime) -> Held:
    """Return the locked transfer as the actor stands to it. Raises RefusedError to who stands on no side."""
    rows = Transfer.objects.select_for_update(of=("self",)).select_related("organisation", "partner", "agreement")
    transfer = rows.get(pk=transfer_id)
    terms = queries.terms_of(transfer, at)
    side = queries.side_of(actor, transfer, terms)
    if side is None:
        raise RefusedError(rules.no_side())
    return Held(transfer, side, terms)


def note_step(
    transfer: Transfer, what: str, side: rules.Side, actor: Person, at: datetime, *, note: str = "", **facts: Any
) -> TransferStep:
    """Write down what happened with a transfer."""
    return TransferStep.objects.create(
        transfer=transfer, what=what, note=note, facts=facts, is_firm=side.is_firm, by=actor, at=at
    )


def tell(
    transfer: Transfer, what: str, direction: str, *, actor: Person, at: datetime, facts: Mapping[str, Any]
) -> None:  # fmt: skip
    """Append to the firm's ledger what went to the partner or came from there, and under which agreement."""
    record_crossing(
        organisation=transfer.organisation,
        kind=f"transfer.{what}",
        direction=direction,
        depth="room",
        subject_type="transfer",
        subject_key=transfer.key,
        at=at,
        actor=actor,
        counterparty=transfer.partner,
        terms_key=transfer.agreement.key if transfer.agreement else "",
        facts={"purpose": transfer.purpose, **facts},
    )


@transaction.atomic
def begin_transfer(*, organisation: Organisation, content: TransferInput, actor: Person, at: datetime) -> Transfer:
    """Begin the record of a transfer, which the partner does not see yet. The same sent twice is begun once.

    Raises RefusedError to non-managers.
    """
    demand(people.why_not_manage(role_in(actor, organisation.pk)))
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    title = content.title.strip()
    again = queries.begun_just_now(organisation, content.partner, title, content.direction, actor, at)
    if again is not None:
        return again
    transfer = Transfer.objects.create(
        organisation=organisation,
        partner=content.partner,
        direction=content.direction,
        kind=content.kind,
        title=title,
        about=content.about.strip(),
        language=content.language,
        currency=content.currency,
        purpose=content.purpose,
        level=content.level,
        created_by=actor,
        created_at=at,
    )
    _lay_checklists(transfer)
    note_step(transfer, What.BEGUN, rules.Side(is_firm=True, may_bind=True), actor, at, level=content.level)
    return transfer


def _lay_checklists(transfer: Transfer) -> None:
    """Store what package and readiness of a transfer begin with, in its language."""
    with translation.override(transfer.language):
        names, points = rules.package_of(transfer.kind), rules.points_of()
    PackageItem.objects.bulk_create(
        PackageItem(transfer=transfer, number=number, name=name) for number, name in enumerate(names, start=1)
    )
    ReadinessPoint.objects.bulk_create(
        ReadinessPoint(transfer=transfer, number=number, name=name) for number, name in enumerate(points, start=1)
    )


@transaction.atomic
def change_transfer(*, transfer_id: int, content: ChangeInput, actor: Person, at: datetime) -> Transfer:
    """Change the words of a record, its agreement, purpose or item. What changes nothing is not written down.

    Raises RefusedError to who does not manage the firm, and as `rules.why_not_change` says.
    """
    found = held(transfer_id, actor, at)
    transfer = found.transfer
    demand(people.why_not_manage(role_in(actor, transfer.organisation_id)))
    demand(rules.why_not_change(transfer))
    said = {
        "title": content.title.strip(),
        "about": content.about.strip(),
        "purpose": content.purpose,
        "agreement": content.agreement,
        "item_key": content.item_key,
    }
    changed = [name for name, value in said.items() if getattr(transfer, name) != value]
    if not changed:
        return transfer
    for name in changed:
        setattr(transfer, name, said[name])
    transfer.save(update_fields=changed)
    note_step(transfer, What.CHANGED, found.side, actor, at, changed=changed)
    if transfer.shown_at is not None and queries.terms_of(transfer, at).covered is None:
        tell(transfer, "changed", "out", actor=actor, at=at, facts={"changed": changed})
    return transfer


@transaction.atomic
def export_transfers(*, organisation: Organisation, table: str, n_rows: int, actor: Person, at: datetime) -> bytes:
    """Hand the list of transfers out as a file, and enter that in the ledger with the file's hash.

    Raises RefusedError to non-managers.
    """
    demand(people.why_not_manage(role_in(actor, organisation.pk)))
    return record_export(
        organisation=organisation, kind="transfer.list_exported", table=table, n_rows=n_rows, actor=actor, at=at
    )
