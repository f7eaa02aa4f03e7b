"""What is recorded when a text or an entry of an IP table crosses from one side to the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from permea.agreements import queries
from permea.agreements.models import Agreement, AgreementVersion, IpEntry, IpVersion
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.people.models import Person


def cross(
    agreement: Agreement,
    version: AgreementVersion,
    kind: str,
    actor: Person | None,
    at: datetime,
    *,
    is_out: bool,
    **facts: str,
) -> Crossing:
    """Record that a text went to the other side, or what was said of it came from there, by its hash."""
    told = {"kind": agreement.kind, "sha256": version.sha256, "version": version.number, **facts}
    return _cross(agreement, kind, told, actor, at, is_out=is_out)


def cross_ip(version: IpVersion, kind: str, actor: Person, at: datetime, *, is_out: bool) -> None:
    """Record that a version of an entry went to the other side or came from there, by its hash.

    Before the agreement was offered the other side sees nothing, so that nothing crosses.
    """
    entry = version.entry
    if not entry.agreement.was_offered:
        return
    if version.crossed_at is None:
        version.crossed_at = at
        version.save(update_fields=["crossed_at"])
    facts = {"entry": entry.key, "kind": entry.kind, "sha256": version.sha256, "version": version.number}
    _cross(entry.agreement, kind, facts, actor, at, is_out=is_out)


def cross_ip_table(agreement: Agreement, actor: Person, at: datetime) -> None:
    """Record every entry that the firm stated before it offered the agreement: the other side sees it from now on."""
    for entry in IpEntry.objects.select_related("newest").filter(agreement=agreement).order_by("pk"):
        entry.agreement = agreement
        if entry.newest is not None and not entry.newest.is_withdrawn:
            entry.newest.entry = entry
            cross_ip(entry.newest, "ip.stated", actor, at, is_out=True)


def _cross(
    agreement: Agreement, kind: str, facts: dict[str, Any], actor: Person | None, at: datetime, *, is_out: bool
) -> Crossing:
    """Record what goes to the other side of an agreement or comes from there."""
    return record_crossing(
        organisation=agreement.organisation,
        kind=kind,
        direction="out" if is_out else "in",
        depth="invited",
        subject_type="agreement",
        subject_key=agreement.key,
        at=at,
        actor=actor,
        counterparty=queries.first_party(agreement),
        facts=facts,
    )
