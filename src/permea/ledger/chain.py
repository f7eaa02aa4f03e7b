"""What is written into the chain and the documents around it, as plain values in their canonical form."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from permea.ledger import verifier
from permea.ledger.verifier import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The content of one entry, layout 1; docs/explanation/ledger.md describes each part."""

    organisation: str
    number: int
    kind: str
    direction: str
    depth: str
    subject: dict[str, str]
    at: str
    previous: str
    counterparty: str = ""
    actor: str = ""
    terms: str = ""
    challenge: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    commitments: dict[str, str] = field(default_factory=dict)
    version: int = 1

    def text(self) -> str:
        """Return the canonical JSON the hash is made over. Raises TypeError or ValueError as `canonical` does."""
        return verifier.canonical(asdict(self)).decode()


def hash_of(text: str) -> str:
    """Return the hash of an entry's body."""
    return verifier.digest(text.encode())


def instant(at: datetime) -> str:
    """Return a time in UTC with microseconds and a Z. Raises ValueError if it has no zone."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone has no place in the ledger")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def head_statement(*, organisation: str, number: int, head: str, at: datetime, key_id: str) -> Document:
    """Return what a signed head states, without its signature."""
    return {
        "format": verifier.HEAD,
        "version": 1,
        "organisation": organisation,
        "number": number,
        "hash": head,
        "signed_at": instant(at),
        "key_id": key_id,
    }


def plain(value: Any) -> Any:
    """Return a value with all that canonical JSON refuses written as text: fractions, decimals, dates, times.

    Raises TypeError for what has no such text.
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(float(value))
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{value!r} of type {type(value).__name__} cannot be written into a signed document")
