"""Writing the ledger: crossings, heads, receipts, keys, exports, forgetting."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal, RefusedError
from permea.ledger import chain, keys, queries, verifier
from permea.ledger.models import Chain, Crossing, Head, Opening, Receipt, SigningKey
from permea.ledger.verifier import Document
from permea.people.models import Organisation, Person

logger = logging.getLogger(__name__)

SALT_BYTES = 32


def record_crossing(
    *,
    organisation: Organisation,
    kind: str,
    direction: str,
    depth: str,
    subject_type: str,
    subject_key: str,
    at: datetime,
    actor: Person | None = None,
    counterparty: Person | Organisation | None = None,
    challenge_key: str = "",
    terms_key: str = "",
    facts: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
    person: Person | None = None,
) -> Crossing:
    """Append what crossed the boundary to the organisation's chain, in the transaction of what it tells of.

    `facts` stand in the entry for good: no personal data, no content, no fractions. `personal` values are replaced by
    salted commitments; the values themselves belong to `person` and go when that person is forgotten.

    Raises TransactionManagementError outside a transaction, TypeError or ValueError if the facts have no canonical
    form, and ValueError if personal values come without the person they belong to.
    """
    _demand_recordable(personal, person)
    locked = _locked_chain(organisation)
    openings = {name: (secrets.token_hex(SALT_BYTES), value) for name, value in (personal or {}).items()}
    body = chain.Body(
        organisation=organisation.key,
        number=locked.length + 1,
        kind=kind,
        direction=str(direction),
        depth=str(depth),
        subject={"type": subject_type, "key": subject_key},
        at=chain.instant(at),
        previous=locked.head,
        counterparty=counterparty.key if counterparty else "",
        actor=actor.key if actor else "",
        terms=terms_key,
        challenge=challenge_key,
        facts=dict(facts or {}),
        commitments={name: verifier.commitment(*opening) for name, opening in openings.items()},
    )
    crossing = _append(locked, body, at=at)
    _keep_openings(crossing, openings, person)
    return crossing


def record_export(
    *, organisation: Organisation, kind: str, table: str, n_rows: int, actor: Person, at: datetime,
    challenge_key: str = "",
) -> bytes:  # fmt: skip
    """Return a table of a firm or a challenge as the file that is handed out, and enter that with the file's hash."""
    content = table.encode()
    record_crossing(
        organisation=organisation,
        kind=kind,
        direction="out",
        depth="inside",
        subject_type="challenge" if challenge_key else "organisation",
        subject_key=challenge_key or organisation.key,
        challenge_key=challenge_key,
        actor=actor,
        facts={"sha256": hashlib.sha256(content).hexdigest(), "rows": n_rows},
        at=at,
    )
    return content


def _keep_openings(crossing: Crossing, openings: Mapping[str, tuple[str, str]], person: Person | None) -> None:
    """Store the salts and values behind a crossing's commitments."""
    Opening.objects.bulk_create(
        Opening(crossing=crossing, person=person, field=name, salt=salt, value=value)
        for name, (salt, value) in openings.items()
    )


def _demand_recordable(personal: Mapping[str, str] | None, person: Person | None) -> None:
    """Go on if a crossing can be recorded. Raises what `record_crossing` raises otherwise."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("record_crossing outside a transaction")
    if personal and person is None:
        raise ValueError("personal values belong to a person, who may ask to have them forgotten")


def _locked_chain(organisation: Organisation) -> Chain:
    """Return the organisation's chain, locked until the transaction ends; a new one is empty."""
    locked, _is_new = Chain.objects.select_for_update(of=("self",)).get_or_create(
        organisation=organisation, defaults={"length": 0, "head": verifier.GENESIS}
    )
    return locked


def _append(locked: Chain, body: chain.Body, *, at: datetime) -> Crossing:
    """Store an entry, its columns in step with its body, and move the chain's head to it."""
    text = body.text()
    crossing = Crossing.objects.create(
        organisation_id=locked.organisation_id,
        number=body.number,
        kind=body.kind,
        direction=body.direction,
        depth=body.depth,
        subject_type=body.subject["type"],
        subject_key=body.subject["key"],
        challenge_key=body.challenge,
        counterparty_key=body.counterparty,
        actor_key=body.actor,
        terms_key=body.terms,
        crossed_at=at,
        body=text,
        previous=body.previous,
        hash=chain.hash_of(text),
    )
    locked.length, locked.head = crossing.number, crossing.hash
    locked.save(update_fields=["length", "head"])
    return crossing


@transaction.atomic
def sign_head(*, organisation: Organisation, at: datetime) -> Head:
    """Sign how long the chain is and what its last hash is; an unchanged chain keeps the head it has.

    Raises RefusedError ("ledger.key_missing") if the private key's file is gone.
    """
    locked = _locked_chain(organisation)
    key, private_key = _key_in_use(at)
    existing = Head.objects.filter(organisation=organisation, number=locked.length, key_id=key.key_id).first()
    if existing is not None:
        return existing
    statement = chain.head_statement(
        organisation=organisation.key, number=locked.length, head=locked.head, at=at, key_id=key.key_id
    )
    return Head.objects.create(
        organisation=organisation,
        number=locked.length,
        hash=locked.head,
        signed_at=at,
        key_id=key.key_id,
        signature=_signature(statement, private_key),
    )


def sign_due_heads(*, at: datetime) -> int:
    """Sign a head for each chain that grew and whose last head is an hour old; return how many."""
    grown = queries.chains_to_sign(at)
    for row in grown:
        sign_head(organisation=row.organisation, at=at)
    return len(grown)


@transaction.atomic
def issue_receipt(*, crossing: Crossing, person: Person, facts: Mapping[str, Any], at: datetime) -> Receipt:
    """Give a person a signed proof that a crossing was recorded; `facts` say of what (version, content_sha256 ...).

    Raises RefusedError ("ledger.key_missing") if the private key's file is gone, TypeError or ValueError if the facts
    have no canonical form.
    """
    document = {
        "format": verifier.RECEIPT,
        "version": 1,
        "what": crossing.kind,
        "subject": {"type": crossing.subject_type, "key": crossing.subject_key},
        "facts": dict(facts),
        "crossing": {"number": crossing.number, "hash": crossing.hash, "body": crossing.body},
        "organisation": queries.organisation_part(crossing.organisation),
        "instance": settings.BASE_URL,
    }
    return Receipt.objects.create(crossing=crossing, person=person, document=_sealed(document, at=at), issued_at=at)


@transaction.atomic
def forget_person(*, person: Person, at: datetime) -> int:
    """Delete the values behind the person's commitments and empty our copies of their receipts; return how many values.

    The commitments stay, so every chain still verifies; that something was forgotten is itself recorded.
    """
    openings = Opening.objects.filter(person=person)
    told = Organisation.objects.filter(crossings__openings__in=openings).distinct().order_by("pk")
    counts = [(firm, openings.filter(crossing__organisation=firm).count()) for firm in told]
    openings.delete()
    Receipt.objects.filter(person=person).update(document={})
    for organisation, n_values in counts:
        record_crossing(
            organisation=organisation,
            kind="person.forgotten",
            direction=Crossing.Direction.INSIDE,
            depth=Crossing.Depth.INSIDE,
            subject_type="person",
            subject_key=person.key,
            at=at,
            facts={"values": n_values},
        )
    return sum(n_values for _organisation, n_values in counts)


# --- documents given out


def export_chain(*, organisation: Organisation, at: datetime) -> Document:
    """Return the signed export of the organisation's whole chain, under a head signed just now."""
    head = sign_head(organisation=organisation, at=at)
    return _sealed(queries.chain_document(organisation, until=head.number), at=at)


def export_challenge(*, organisation: Organisation, challenge_key: str, at: datetime) -> Document:
    """Return the signed export of one challenge's crossings; of those between only the links are told."""
    head = sign_head(organisation=organisation, at=at)
    return _sealed(queries.chain_document(organisation, until=head.number, challenge_key=challenge_key), at=at)


def seal_dossier(*, organisation: Organisation, challenge_key: str, parts: Mapping[str, Any], at: datetime) -> Document:
    """Return a signed dossier of a challenge: its named parts, their hashes, and its crossings in the ledger.

    Fractions, amounts and times in the parts become text, so that every reader hashes the same bytes.
    Raises TypeError if a part holds something that has no such text.
    """
    written = {name: chain.plain(part) for name, part in parts.items()}
    document = {
        "format": verifier.DOSSIER,
        "version": 1,
        "organisation": queries.organisation_part(organisation),
        "challenge": challenge_key,
        "instance": settings.BASE_URL,
        "parts": written,
        "documents": {name: verifier.digest(verifier.canonical(part)) for name, part in written.items()},
        "ledger": export_challenge(organisation=organisation, challenge_key=challenge_key, at=at),
    }
    return _sealed(document, at=at)


def _sealed(document: Document, *, at: datetime) -> Document:
    """Return the document with its date, the key in use and its signature."""
    key, private_key = _key_in_use(at)
    issued = {**document, "issued_at": chain.instant(at), "key_id": key.key_id, "public_key": key.public_key}
    return {**issued, "signature": _signature(issued, private_key)}


def _signature(document: Document, private_key: Ed25519PrivateKey) -> str:
    return private_key.sign(verifier.signed_part(document)).hex()


# --- keys


@transaction.atomic
def rotate_key(*, at: datetime) -> SigningKey:
    """Let a new key take over from the one in use, which vouches for it if its private half is still there."""
    retiring = SigningKey.objects.select_for_update().filter(retired_at__isnull=True).first()
    if retiring is None:
        return _new_key(at, endorser=None)
    retiring.retired_at = at
    retiring.save(update_fields=["retired_at"])
    try:
        endorser = (retiring, keys.read_private_key(_folder(), retiring.key_id))
    except keys.KeyFileError:
        endorser = None
    return _new_key(at, endorser=endorser)


def _key_in_use(at: datetime) -> tuple[SigningKey, Ed25519PrivateKey]:
    """Return the key that signs now, made at first use. Raises RefusedError if its private half is missing."""
    key = SigningKey.objects.filter(retired_at__isnull=True).first()
    if key is None:
        try:
            with transaction.atomic():
                key = _new_key(at, endorser=None)
        except IntegrityError:  # another process was first
            key = SigningKey.objects.get(retired_at__isnull=True)
    try:
        return key, keys.read_private_key(_folder(), key.key_id)
    except keys.KeyFileError as error:
        logger.error("nothing can be signed: %s", error)  # noqa: TRY400 - the message says it all
        raise RefusedError(_no_key()) from error


def _no_key() -> Refusal:
    """Return why nothing can be signed; the path stands in the log only."""
    reason = _(
        "The signing key is missing on the server, so nothing can be signed now. "
        "Whoever runs the server can restore it from a backup or let a new one take over."
    )
    return Refusal("ledger.key_missing", reason)


def _new_key(at: datetime, *, endorser: tuple[SigningKey, Ed25519PrivateKey] | None) -> SigningKey:
    """Make a key: its private half is on disk before its row is stored."""
    private_key = keys.new_private_key()
    public_key = keys.public_half(private_key)
    key = SigningKey(key_id=verifier.key_id_of(public_key), public_key=public_key, created_at=at)
    if endorser is not None:
        older, older_private_key = endorser
        key.endorsed_by = older.key_id
        statement = {
            "format": verifier.KEY,
            "version": 1,
            "key_id": key.key_id,
            "public_key": public_key,
            "endorsed_by": older.key_id,
        }
        key.endorsement = older_private_key.sign(verifier.endorsed_part(statement)).hex()
    keys.write_private_key(_folder(), key.key_id, private_key)
    try:
        key.save(force_insert=True)
    except IntegrityError:
        keys.file_of(_folder(), key.key_id).unlink()
        raise
    return key


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "keys"
