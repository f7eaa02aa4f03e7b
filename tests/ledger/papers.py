"""Documents of a ledger made without a database, for looking at the verifier alone."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from permea.ledger import chain, verifier

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRM = {"key": "lindenhof", "name": "Lindenhof Robotics"}
Document = dict[str, Any]


@dataclass
class Signer:
    """A signing key with its public document."""

    private_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    endorser: Signer | None = None

    @property
    def public_key(self) -> str:
        return self.private_key.public_key().public_bytes_raw().hex()

    @property
    def key_id(self) -> str:
        return verifier.key_id_of(self.public_key)

    def document(self) -> Document:
        key = {"format": verifier.KEY, "version": 1, "key_id": self.key_id, "public_key": self.public_key,
               "created_at": chain.instant(AT), "retired_at": "", "endorsed_by": "", "endorsement": ""}  # fmt: skip
        if self.endorser is not None:
            key["endorsed_by"] = self.endorser.key_id
            key["endorsement"] = self.endorser.private_key.sign(verifier.endorsed_part(key)).hex()
        return key

    def sign(self, document: Document) -> Document:
        """Return the document with this key's signature in place of any it had."""
        return {**document, "signature": self.private_key.sign(verifier.signed_part(document)).hex()}

    def seal(self, document: Document) -> Document:
        """Return the document issued and signed with this key."""
        about = {"issued_at": chain.instant(AT), "key_id": self.key_id, "public_key": self.public_key}
        return self.sign({**document, **about})


def entry(number: int, previous: str, **given: Any) -> Document:
    """Return an entry that follows `previous`."""
    about = {"kind": "idea.submitted", "direction": "in", "depth": "invited", "subject": {"type": "idea", "key": "i7"},
             "facts": {"version": number, "title": "Grün & gut \N{SEEDLING}"}, "challenge": "c1",
             "at": chain.instant(AT + timedelta(minutes=number))}  # fmt: skip
    body = chain.Body(organisation=FIRM["key"], number=number, previous=previous, **{**about, **given}).text()
    return {"number": number, "hash": chain.hash_of(body), "body": body}


def entries(length: int, **given: Any) -> list[Document]:
    """Return a sound chain."""
    made: list[Document] = []
    for number in range(1, length + 1):
        made.append(entry(number, made[-1]["hash"] if made else verifier.GENESIS, **given))
    return made


def head(signer: Signer, made: list[Document], number: int) -> Document:
    """Return a signed head at an entry."""
    last = made[number - 1]["hash"] if number else verifier.GENESIS
    statement = chain.head_statement(organisation=FIRM["key"], number=number, head=last, at=AT, key_id=signer.key_id)
    return signer.sign(statement)


def export(
    signer: Signer, made: list[Document], *, heads: tuple[int, ...] | None = None, challenge: str = ""
) -> Document:
    """Return a signed export of a chain; `heads` are the entries at which a head was signed."""
    at = (len(made),) if heads is None else heads
    return signer.seal(
        {"format": verifier.CHAIN, "version": 1, "scope": "challenge" if challenge else "organisation",
         "challenge": challenge, "organisation": dict(FIRM), "instance": "https://permea.example",
         "entries": copy.deepcopy(made), "heads": [head(signer, made, number) for number in at],
         "keys": [signer.document()]}
    )  # fmt: skip


def receipt(signer: Signer, of: Document, **given: Any) -> Document:
    """Return a signed receipt for an entry."""
    body = json.loads(of["body"])
    about = {"format": verifier.RECEIPT, "version": 1, "what": body["kind"], "subject": body["subject"],
             "facts": {"version": body["facts"]["version"], "content_sha256": "ab" * 32}, "crossing": dict(of),
             "organisation": dict(FIRM), "instance": "https://permea.example"}  # fmt: skip
    return signer.seal({**about, **given})


def dossier(signer: Signer, made: list[Document], parts: Document) -> Document:
    """Return a signed dossier of challenge c1."""
    return signer.seal(
        {"format": verifier.DOSSIER, "version": 1, "organisation": dict(FIRM), "challenge": "c1",
         "instance": "https://permea.example", "parts": parts,
         "documents": {name: verifier.digest(verifier.canonical(part)) for name, part in parts.items()},
         "ledger": export(signer, made, challenge="c1")}
    )  # fmt: skip


def skipped(of: Document) -> Document:
    """Return the link that stands for an entry of another challenge."""
    return {"number": of["number"], "hash": of["hash"], "previous": json.loads(of["body"])["previous"]}
