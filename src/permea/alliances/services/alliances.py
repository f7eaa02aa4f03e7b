"""Writing alliances: begun by a firm, shown to its partners, lived by a charter that all have accepted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from permea.alliances import queries, rules
from permea.alliances.events import AllianceChanged
from permea.alliances.models import Acceptance, Alliance, Charter, Party
from permea.foundation.events import publish
from permea.foundation.refusals import RefusedError, demand
from permea.ledger.services import record_crossing, record_export
from permea.people import rules as people
from permea.people.models import Organisation, Person
from permea.people.queries import role_in


@dataclass(frozen=True, slots=True, kw_only=True)
class AllianceInput:
    """What an alliance begins with."""

    title: str
    partners: Sequence[Organisation]
    language: str = "en"
    currency: str = "EUR"


def locked(alliance_id: int) -> Alliance:
    """Return the locked alliance with its parties."""
    return queries.with_parties().select_for_update(of=("self",)).get(pk=alliance_id)


def side_in(alliance: Alliance, actor: Person, *, binding: bool = False) -> queries.Side:
    """Return the side the actor stands on. Raises RefusedError to who stands on none, or may not bind it if asked."""
    side = queries.side_of(actor, alliance)
    if side is None:
        raise RefusedError(rules.not_a_party())
    demand(rules.why_not_bind(may_bind=side.may_bind or not binding))
    return side


def tell(
    alliance: Alliance,
    what: str,
    party: Party,
    *,
    actor: Person,
    at: datetime,
    facts: Mapping[str, Any],
    counterparty: Party | None = None,
) -> None:
    """Append to the firm's ledger what a party did: outwards if it is the firm, with the hash of what it is about."""
    is_firm = party.number == 0
    partner = (counterparty or alliance.parties.all()[1]) if is_firm else party
    record_crossing(
        organisation=alliance.organisation,
        kind=f"alliance.{what}",
        direction="out" if is_firm else "in",
        depth="room",
        subject_type="alliance",
        subject_key=alliance.key,
        at=at,
        actor=actor,
        counterparty=partner.organisation,
        facts=facts,
    )


@transaction.atomic
def begin_alliance(*, organisation: Organisation, content: AllianceInput, actor: Person, at: datetime) -> Alliance:
    """Begin an alliance that no partner sees yet. The same sent twice is begun once.

    Raises RefusedError to non-managers and as `rules.why_not_begin` says.
    """
    demand(people.why_not_manage(role_in(actor, organisation.pk)))
    demand(rules.why_not_begin(len(content.partners)))
    Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    title = content.title.strip()
    again = queries.begun_just_now(organisation, title, content.partners, actor, at)
    if again is not None:
        return again
    alliance = Alliance.objects.create(
        organisation=organisation,
        title=title,
        language=content.language,
        currency=content.currency,
        created_by=actor,
        created_at=at,
    )
    Party.objects.bulk_create(
        Party(alliance=alliance, organisation=one, number=number)
        for number, one in enumerate([organisation, *content.partners])
    )
    return alliance


@transaction.atomic
def write_charter(*, alliance_id: int, content: Mapping[str, Any], note: str, actor: Person, at: datetime) -> Charter:
    """Write the next version of the charter, which all parties accept anew; before the offer it takes its place.

    Raises RefusedError to who may not bind their side and as `rules.why_not_write` says.
    """
    alliance = locked(alliance_id)
    side, newest = side_in(alliance, actor, binding=True), queries.newest_charter(alliance)
    demand(rules.why_closed(alliance) or rules.why_not_change_charter(queries.open_joining(alliance)))
    demand(rules.why_not_write(content, newest))
    is_draft = alliance.offered_at is None
    number = 1 if newest is None or is_draft else newest.number + 1
    keys = [party.organisation.key for party in alliance.parties.all()]
    charter, _is_new = Charter.objects.update_or_create(
        alliance=alliance,
        number=number,
        defaults={
            "content": dict(content),
            "sha256": rules.fingerprint(alliance, keys, number, content),
            "note": note.strip(),
            "by_party": side.party,
            "written_by": actor,
            "written_at": at,
        },
    )
    if not is_draft:
        _tell_charter(alliance, charter, "revised", side.party, actor, at)
    return charter


@transaction.atomic
def offer_alliance(*, alliance_id: int, actor: Person, at: datetime) -> Alliance:
    """Show an alliance and its charter to the partners.

    Raises RefusedError to who may not bind the firm and as `rules.why_not_offer` says.
    """
    alliance = locked(alliance_id)
    side, newest = side_in(alliance, actor, binding=True), queries.newest_charter(alliance)
    demand(rules.why_not_offer(alliance, newest))
    alliance.offered_at = at
    alliance.save(update_fields=["offered_at"])
    assert newest is not None  # noqa: S101 - refused above
    _tell_charter(alliance, newest, "offered", side.party, actor, at)
    return alliance


@transaction.atomic
def accept_charter(*, alliance_id: int, seen: str, actor: Person, at: datetime) -> Acceptance:
    """Accept for one's side the newest version, whose hash one has `seen`; the last acceptance puts it in force.

    Raises RefusedError to who may not bind their side and as `rules.why_not_accept` says.
    """
    alliance = locked(alliance_id)
    side, newest = side_in(alliance, actor, binding=True), queries.newest_charter(alliance)
    accepted = queries.accepted_by(newest) if newest else []
    has_accepted = side.party.pk in accepted
    demand(
        rules.why_closed(alliance) or rules.why_not_accept(alliance, newest, seen=seen, has_accepted=has_accepted)
    )  # fmt: skip
    assert newest is not None  # noqa: S101 - refused above
    acceptance = Acceptance.objects.create(charter=newest, party=side.party, person=actor, accepted_at=at)
    facts = {"sha256": seen, "version": newest.number}
    tell(alliance, "accepted", side.party, actor=actor, at=at, facts=facts)
    if rules.is_accepted_by_all([party.pk for party in alliance.parties.all()], [*accepted, side.party.pk]):
        alliance.charter, alliance.live_since = newest, alliance.live_since or at
        alliance.save(update_fields=["charter", "live_since"])
        publish(AllianceChanged(alliance_id=alliance.pk, happened="live", by_party_id=side.party.pk, at=at))
    return acceptance


@transaction.atomic
def export_alliance(*, alliance_id: int, actor: Person, at: datetime) -> bytes:
    """Hand all of an alliance out as one document, and enter that in the firm's ledger with the document's hash.

    Raises RefusedError to who stands on no side.
    """
    alliance = locked(alliance_id)
    side = side_in(alliance, actor)
    document = queries.document_of(alliance, side.party)
    return record_export(
        organisation=alliance.organisation,
        kind="alliance.exported",
        table=json.dumps(document, ensure_ascii=False, indent=1),
        n_rows=len(document["lines"]),
        actor=actor,
        at=at,
    )


@transaction.atomic
def export_book(*, alliance_id: int, table: str, n_rows: int, actor: Person, at: datetime) -> bytes:
    """Hand the book of an alliance out as a table, and enter that in the firm's ledger with the table's hash.

    Raises RefusedError to who stands on no side.
    """
    alliance = locked(alliance_id)
    side_in(alliance, actor)
    return record_export(
        organisation=alliance.organisation,
        kind="alliance.book_exported",
        table=table,
        n_rows=n_rows,
        actor=actor,
        at=at,
    )


def _tell_charter(alliance: Alliance, charter: Charter, what: str, party: Party, actor: Person, at: datetime) -> None:
    """Record which version of the charter went out or came in, and announce it to the other sides."""
    tell(alliance, what, party, actor=actor, at=at, facts={"sha256": charter.sha256, "version": charter.number})
    publish(AllianceChanged(alliance_id=alliance.pk, happened=what, by_party_id=party.pk, at=at))
