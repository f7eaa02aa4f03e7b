"""What disclosures announce."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemShared(Event):
    """An item was opened to an organisation's people, or to one person."""

    share_id: int
