"""Reading the ledger: what a member may see of the crossings, and the documents built from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncQuarter
from django.utils.translation import gettext as _

from permea.ledger import chain, rules, verifier
from permea.ledger.models import Chain, Crossing, Head, Opening, Receipt, SigningKey
from permea.ledger.verifier import Document, Problem, Progress
from permea.people import queries as people
from permea.people.models import Organisation, Person
from permea.people.rules import MANAGING

PAGE_SIZE = 50
CHECKED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What was found in a stored chain: how many entries were read, and what is wrong, the first bad one first."""

    organisation: Organisation
    checked: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which crossings a reader wants to see; an empty one does not bind."""

    direction: str = ""
    kind: str = ""
    challenge: str = ""


@dataclass(frozen=True, slots=True)
class CrossingRow:
    """One line of the ledger page."""

    crossing: Crossing
    words: str
    subject: str
    counterparty: Organisation | None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """What the ledger page shows."""

    rows: list[CrossingRow]
    page: Page[Crossing]
    filters: Filters
    kinds: list[tuple[str, str]]
    length: int
    last_head: Head | None
    balance: list[rules.QuarterBalance]


def crossings_visible_to(actor: Person, organisation: Organisation) -> QuerySet[Crossing]:
    """Return the organisation's crossings, newest first, for its owners and managers; nothing for anybody else.

    Evaluators and members are left out because who handed in what stays hidden from them while a panel judges blind.
    """
    if people.role_in(actor, organisation.pk) not in MANAGING:
        return Crossing.objects.none()
    return Crossing.objects.filter(organisation=organisation).order_by("-number")


def filtered(crossings: QuerySet[Crossing], filters: Filters) -> QuerySet[Crossing]:
    """Return the crossings that pass the filters."""
    wanted = {"direction": filters.direction, "kind": filters.kind, "challenge_key": filters.challenge}
    return crossings.filter(**{name: value for name, value in wanted.items() if value})


def ledger_page(
    actor: Person, organisation: Organisation, *, filters: Filters, number: int, at: datetime
) -> LedgerPage:
    """Return one page of the organisation's ledger."""
    crossings = crossings_visible_to(actor, organisation)
    page = Paginator(filtered(crossings, filters), PAGE_SIZE).get_page(number)
    keys = {crossing.counterparty_key for crossing in page} - {""}
    partners = {partner.key: partner for partner in Organisation.objects.filter(key__in=keys)}
    kinds = crossings.order_by().values_list("kind", flat=True).distinct()
    found = Chain.objects.filter(organisation=organisation).first()
    return LedgerPage(
        rows=[
            CrossingRow(
                crossing,
                rules.kind_words(crossing.kind),
                rules.subject_words(crossing),
                partners.get(crossing.counterparty_key),
            )
            for crossing in page
        ],
        page=page,
        filters=filters,
        kinds=sorted(((kind, rules.kind_words(kind)) for kind in kinds), key=lambda item: item[1].casefold()),
        length=found.length if found else 0,
        last_head=latest_head(organisation),
        balance=balance(crossings, at=at),
    )


def balance(crossings: QuerySet[Crossing], *, at: datetime) -> list[rules.QuarterBalance]:
    """Return how many of these crossings went in and out in each of the last quarters."""
    counts = (
        crossings.order_by()
        .filter(crossed_at__gte=rules.first_quarter_shown(at), direction__in=["in", "out"])
        .annotate(begins_at=TruncQuarter("crossed_at"))
        .values_list("begins_at", "direction")
        .annotate(n=Count("pk"))
    )
    return rules.balance_of(counts, at=at)


def readings_of(organisation: Organisation, subject_key: str) -> dict[str, tuple[datetime, int]]:
    """Return when each outsider, by key, was last shown the confidential parts of a subject, and how often."""
    rows = Crossing.objects.filter(organisation=organisation, subject_key=subject_key, kind="disclosure.viewed")
    counted = rows.values_list("counterparty_key").annotate(Max("crossed_at"), Count("pk"))
    return {key: (last, n) for key, last, n in counted}


def has_read_since(
    organisation: Organisation, subject_key: str, reader_key: str, *, channel: str, since: datetime
) -> bool:
    """Say whether a reader was shown the confidential parts of a subject on this channel later than `since`."""
    rows = Crossing.objects.filter(
        organisation=organisation,
        subject_key=subject_key,
        kind="disclosure.viewed",
        counterparty_key=reader_key,
        crossed_at__gt=since,
        body__contains=f'"channel":"{channel}"',
    )
    return rows.exists()


def latest_head(organisation: Organisation) -> Head | None:
    """Return the newest signed head of the organisation's chain."""
    return Head.objects.filter(organisation=organisation).order_by("number", "pk").last()


def chains_to_sign(at: datetime) -> list[Chain]:
    """Return the chains whose head is due to be signed at `at`."""
    newest = Head.objects.filter(organisation=OuterRef("organisation")).order_by("-number", "-pk")
    grown = Chain.objects.annotate(head_id=Subquery(newest.values("pk")[:1])).filter(length__gt=0)
    found = list(grown.select_related("organisation").order_by("pk"))
    heads = Head.objects.in_bulk([row.head_id for row in found if row.head_id])
    return [row for row in found if rules.is_head_due(length=row.length, last_head=heads.get(row.head_id), at=at)]


def person_with(person_id: int) -> Person:
    """Return the person an event speaks of."""
    return Person.objects.get(pk=person_id)


@people.register_personal_data
def personal_data_of(person: Person) -> dict[str, Any]:
    """Return what the ledger holds about a person: their receipts and the values behind its commitments."""
    receipts = Receipt.objects.filter(person=person).exclude(document={}).order_by("issued_at", "pk")
    openings = Opening.objects.filter(person=person).select_related("crossing").order_by("pk")
    return {
        "receipts": [receipt.document for receipt in receipts],
        "ledger_values": [
            {"crossing": opening.crossing.hash, "field": opening.field, "salt": opening.salt, "value": opening.value}
            for opening in openings
        ],
    }


@people.register_erasure_lines
def erasure_lines_of(person: Person) -> people.ErasureLines:
    """Return what happens in the ledger to a person who is erased."""
    openings = Opening.objects.filter(person=person)
    if not openings.exists():
        return people.ErasureLines(goes=[], stays=[])
    return people.ErasureLines(
        goes=[_("Your name and address behind the sealed fingerprints in the ledger.")],
        stays=[_("The entries of the ledger, with fingerprints that no longer lead to you. It stays verifiable.")],
    )


def receipt_for(person: Person, key: str) -> Receipt | None:
    """Return the person's own receipt, or None: everybody else's does not exist for them."""
    receipt = Receipt.objects.select_related("crossing").filter(person=person, key=key).first()
    return receipt if receipt and receipt.document else None


def receipt_document(receipt: Receipt) -> Document:
    """Return what the person downloads: the signed receipt and, beside it, their own values behind its commitments."""
    openings = Opening.objects.filter(crossing=receipt.crossing_id, person=receipt.person_id)
    return {
        **receipt.document,
        "openings": {opening.field: {"salt": opening.salt, "value": opening.value} for opening in openings},
    }


def opened(crossing: Crossing) -> dict[str, str]:
    """Return the personal values of a crossing that can still be shown."""
    return dict(Opening.objects.filter(crossing=crossing).values_list("field", "value"))


def key_documents() -> list[Document]:
    """Return the public keys of this instance, oldest first."""
    return [
        {
            "format": verifier.KEY,
            "version": 1,
            "key_id": key.key_id,
            "public_key": key.public_key,
            "created_at": chain.instant(key.created_at),
            "retired_at": chain.instant(key.retired_at) if key.retired_at else "",
            "endorsed_by": key.endorsed_by,
            "endorsement": key.endorsement,
        }
        for key in SigningKey.objects.order_by("created_at", "pk")
    ]


def head_document(head: Head, organisation: Organisation) -> Document:
    """Return a signed head as it stands in an export."""
    statement = chain.head_statement(
        organisation=organisation.key, number=head.number, head=head.hash, at=head.signed_at, key_id=head.key_id
    )
    return {**statement, "signature": head.signature}


def chain_document(organisation: Organisation, *, until: int, challenge_key: str = "") -> Document:
    """Return the export of a chain up to an entry, unsigned; of one challenge, with the links between its entries.

    `services.export_chain` and `services.export_challenge` sign it and give it out.
    """
    crossings = Crossing.objects.filter(organisation=organisation, number__lte=until).order_by("number")
    heads = Head.objects.filter(organisation=organisation, number__lte=until).order_by("number", "pk")
    return {
        "format": verifier.CHAIN,
        "version": 1,
        "scope": "challenge" if challenge_key else "organisation",
        "challenge": challenge_key,
        "organisation": organisation_part(organisation),
        "instance": settings.BASE_URL,
        "entries": [
            _entry(row, challenge_key)
            for row in crossings.only("number", "hash", "body", "previous", "challenge_key").iterator(2000)
        ],
        "heads": [head_document(head, organisation) for head in heads],
        "keys": key_documents(),
    }


def _entry(row: Crossing, challenge_key: str) -> Document:
    """Return an entry in full, or only its link if it belongs to another challenge than the one exported."""
    if challenge_key and row.challenge_key != challenge_key:
        return {"number": row.number, "hash": row.hash, "previous": row.previous}
    return {"number": row.number, "hash": row.hash, "body": row.body}


def organisation_part(organisation: Organisation) -> Document:
    """Return how a document names an organisation."""
    return {"key": organisation.key, "name": organisation.name}


def heads_document() -> Document:
    """Return the newest signed head of every chain of this instance, for anybody to keep."""
    rows = Chain.objects.select_related("organisation").order_by("pk")
    return _published([head for row in rows if (head := latest_head(row.organisation)) is not None])


def _published(heads: Iterable[Head]) -> Document:
    """Return signed heads with the keys they can be checked with."""
    return {
        "format": verifier.HEADS,
        "version": 1,
        "instance": settings.BASE_URL,
        "heads": [head_document(head, head.organisation) for head in heads],
        "keys": key_documents(),
    }


def check_chains(earlier: Mapping[str, Document], *, progress: Progress | None = None) -> list[ChainCheck]:
    """Check every chain in the database, against its signed heads and against `earlier` documents by their names."""
    chains = Chain.objects.select_related("organisation").order_by("pk")
    return [_check_chain(row, earlier, progress or _silent) for row in chains]


def _silent(done: int, total: int) -> None:
    """Show no progress."""


def _check_chain(row: Chain, earlier: Mapping[str, Document], progress: Progress) -> ChainCheck:
    """Check one stored chain from its first entry to its last."""
    organisation = row.organisation
    proven = {name: verifier.hashes_of(document, organisation.key) for name, document in earlier.items()}
    heads = list(Head.objects.filter(organisation=organisation).select_related("organisation").order_by("number", "pk"))
    wanted = {head.number for head in heads}.union(*proven.values())
    problems: list[Problem] = []
    found: dict[int, str] = {}
    last, before = 0, verifier.GENESIS
    for entry in _stored(organisation):
        fault = rules.fault_in(entry, organisation=organisation.key, expected=last + 1, before=before)
        problems += [fault] if fault else []
        last, before = entry.number, entry.hash
        if entry.number in wanted:
            found[entry.number] = entry.hash
        if entry.number % CHECKED_AT_ONCE == 0:
            progress(entry.number, row.length)
    problems += rules.faults_at_end(row, n=last, head=before)
    problems += verifier.verify_document(_published(heads)).problems
    problems += verifier.contradictions(found, {head.number: head.hash for head in heads}, name="A signed head")
    for name, hashes in proven.items():
        problems += verifier.contradictions(found, hashes, name=name)
    return ChainCheck(organisation, last, tuple(problems))


def _stored(organisation: Organisation) -> Iterator[rules.StoredEntry]:
    """Return the entries of a chain as they are stored, in order, a few thousand in memory at a time."""
    rows = Crossing.objects.filter(organisation=organisation).order_by("number")
    columns = rows.values_list("number", "hash", "previous", "body", *rules.COLUMNS)
    for number, hash_, previous, body, *repeated in columns.iterator(CHECKED_AT_ONCE):
        yield rules.StoredEntry(number, hash_, previous, body, tuple(repeated))
