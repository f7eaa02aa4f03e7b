"""What partners announces."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerStated(Event):
    """A guest said something about their own organisation: how it likes to work, what it can do or lacks."""

    partner_id: int
    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HubMoved(Event):
    """Something happened with the connection of two firms of this hub.

    `happened`: said, connected, not_connected or disconnected. `by_firm` says whether the firm that said so did it.
    """

    link_id: int
    happened: str
    by_firm: bool
