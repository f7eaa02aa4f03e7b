"""The outbox: effects written in the transaction that decided them, carried out by the worker, retried until done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from permea.foundation.models import OutboxEntry

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 12
LEASE = timedelta(minutes=5)
Handler = Callable[[dict[str, Any], datetime], None]
_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the decorated function to carry out entries of this kind; it must bear being called twice."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def put(*, kind: str, payload: dict[str, Any], at: datetime, due_at: datetime | None = None) -> OutboxEntry:
    """Write down an effect to be carried out once the transaction is stored, not before `due_at` if that is given.

    Raises KeyError if nobody handles it.
    """
    if kind not in _handlers:
        raise KeyError(kind)
    return OutboxEntry.objects.create(kind=kind, payload=payload, created_at=at, due_at=due_at or at)


def due(at: datetime) -> QuerySet[OutboxEntry]:
    """Return the entries that wait to be carried out at `at`, oldest first."""
    return OutboxEntry.objects.filter(due_at__lte=at, done_at__isnull=True, given_up_at__isnull=True).order_by(
        "due_at", "pk"
    )


def drain(*, at: datetime, limit: int = 100) -> int:
    """Carry out what is due and return how many entries were done; a failing entry is tried again later."""
    done = 0
    for _turn in range(limit):
        entry = _claim(at)
        if entry is None:
            break
        done += _carry_out(entry, at)
    return done


@transaction.atomic
def _claim(at: datetime) -> OutboxEntry | None:
    """Lease the oldest due entry to this worker, so that a crash returns it after the lease."""
    entry = due(at).select_for_update(skip_locked=True).first()
    if entry is not None:
        entry.attempts += 1
        entry.due_at = at + LEASE
        entry.save(update_fields=["attempts", "due_at"])
    return entry


def _carry_out(entry: OutboxEntry, at: datetime) -> int:
    """Run the handler and record how it went; return 1 if it went well."""
    try:
        _handlers[entry.kind](entry.payload, at)
    except Exception as error:
        logger.warning("outbox entry %s failed at attempt %d: %r", entry, entry.attempts, error)
        entry.last_error = repr(error)[:2000]
        if entry.attempts >= MAX_ATTEMPTS:
            entry.given_up_at = at
        else:
            entry.due_at = at + timedelta(seconds=15 * 2 ** min(entry.attempts, 10))
        entry.save(update_fields=["last_error", "given_up_at", "due_at"])
        return 0
    entry.done_at = at
    entry.save(update_fields=["done_at"])
    return 1
