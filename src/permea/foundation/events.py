"""Facts announced by one step and heard by later ones, in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened; subclasses live in each app's events.py."""

    at: datetime


EventType = TypeVar("EventType", bound=Event)
_receivers: dict[type[Event], list[Callable[[Any], None]]] = defaultdict(list)


def hears(
    event_type: type[EventType],
) -> Callable[[Callable[[EventType], None]], Callable[[EventType], None]]:
    """Register the decorated function to be called when an event of this type is published."""

    def register(receiver: Callable[[EventType], None]) -> Callable[[EventType], None]:
        _receivers[event_type].append(receiver)
        return receiver

    return register


def publish(event: Event) -> None:
    """Call every receiver of the event, inside the transaction that wrote the fact.

    Raises TransactionManagementError outside a transaction: a fact and what follows from it are stored together.
    """
    if not transaction.get_connection().in_atomic_block:
        message = f"publish({type(event).__name__}) outside a transaction"
        raise transaction.TransactionManagementError(message)
    for receiver in _receivers.get(type(event), ()):
        receiver(event)


def receivers_of(event_type: type[Event]) -> tuple[Callable[[Any], None], ...]:
    """Return the functions that hear this type of event."""
    return tuple(_receivers.get(event_type, ()))
