"""Reading, downloading and taking along: what the gate shows is told in the ledger in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, Value, When

from permea.disclosures import queries, rules
from permea.disclosures.models import Item, Part, Seen
from permea.disclosures.services.items import demand_managing, tell
from permea.ledger.services import record_export
from permea.people.models import Organisation, Person

VIEWED, DOWNLOADED, EXPORTED = "viewed", "downloaded", "exported"


@transaction.atomic
def read_item(*, key: str, reader: Person, at: datetime) -> queries.Shown:
    """Return what the reader sees of an item, and keep that they saw it. Raises Http404 if it is not for them."""
    shown = queries.shown_of(reader, _locked(key), at)
    _keep_seen(shown, shown.parts, reader, VIEWED, at)
    return shown


@transaction.atomic
def export_item(*, key: str, reader: Person, at: datetime) -> queries.Shown:
    """Return what the reader takes along of an item. Raises Http404 if it is not for them."""
    shown = queries.shown_of(reader, _locked(key), at)
    _keep_seen(shown, shown.parts, reader, EXPORTED, at)
    return shown


@transaction.atomic
def download_part(*, key: str, part_key: str, reader: Person, at: datetime) -> queries.ShownPart:
    """Return the file of a part to a reader of it. Raises Http404 if it is not for them or is none."""
    shown = queries.shown_of(reader, _locked(key), at)
    part = shown.file(part_key)
    _keep_seen(shown, [part], reader, DOWNLOADED, at)
    return part


def _locked(key: str) -> Item | None:
    """Return the item, locked: its readings come one after the other, so that each is counted once."""
    rows = Item.objects.select_for_update(of=("self",)).select_related("organisation", "owner")
    return rows.filter(key=key).first()


def _keep_seen(
    shown: queries.Shown, parts: Sequence[queries.ShownPart], reader: Person, how: str, at: datetime
) -> None:
    """Count a reading by somebody outside, and tell the ledger: files and exports each time, pages once an hour."""
    standing = shown.standing
    few = [part for part in parts if part.depth != Part.Depth.PUBLIC]
    if standing.share is None or not few:
        return
    rows = Seen.objects.filter(reader=reader, agreement=standing.agreement, version__in=[one.version for one in few])
    before = dict(rows.values_list("version_id", "crossed_at"))
    told = [one for one in few if how != VIEWED or rules.is_told_again(before.get(one.version.pk), at)]
    if before:
        again = [one.version.pk for one in told]
        crossed_at = (
            Case(When(version__in=again, then=Value(at)), default=F("crossed_at")) if again else F("crossed_at")
        )
        rows.update(n=F("n") + 1, last_at=at, crossed_at=crossed_at)
    Seen.objects.bulk_create(
        Seen(
            house=shown.item.organisation,
            item=shown.item,
            version=one.version,
            reader=reader,
            organisation=standing.share.organisation,
            agreement=standing.agreement,
            depth=one.depth,
            first_at=at,
            last_at=at,
            crossed_at=at,
        )
        for one in few
        if one.version.pk not in before
    )
    if told:
        _tell_reading(shown, told, reader, how, at)


def _tell_reading(
    shown: queries.Shown, told: Sequence[queries.ShownPart], reader: Person, how: str, at: datetime
) -> None:
    """Append to the ledger which versions somebody outside read, and under which agreement."""
    standing = shown.standing
    assert standing.share is not None  # noqa: S101 - asked before
    facts = {
        "parts": {one.key: one.version.number for one in told},
        "purpose": standing.share.purpose,
        "share": standing.share.key,
    }
    tell(
        shown.item,
        how,
        rules.deepest(one.depth for one in told),
        actor=reader,
        at=at,
        facts=facts,
        counterparty=standing.share.organisation or reader,
        terms_key=standing.agreement.key if standing.agreement else "",
    )


@transaction.atomic
def export_seen(*, organisation: Organisation, table: str, n_rows: int, actor: Person, at: datetime) -> bytes:
    """Hand the list of who has seen what out as a file, and enter that in the ledger with the file's hash.

    Raises RefusedError to non-managers.
    """
    demand_managing(organisation.pk, actor)
    return record_export(
        organisation=organisation, kind="disclosure.list_exported", table=table, n_rows=n_rows, actor=actor, at=at
    )
