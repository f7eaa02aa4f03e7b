"""Saying no: a refusal has a code for tests and machines and a reason for people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be done."""

    code: str
    reason: str


class RefusedError(Exception):
    """Raised by a service that refuses to act; nothing was written."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


def demand(refusal: Refusal | None) -> None:
    """Go on if there is no refusal. Raises RefusedError otherwise."""
    if refusal is not None:
        raise RefusedError(refusal)
