"""Facts announced by trials."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelLinkAsked(Event):
    """Somebody was invited to a customer panel, or asked to join: they get their private link."""

    member_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelMemberRemoved(Event):
    """Somebody left a customer panel or their time is over; `keys` are of what mails to them were about."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptTestOffered(Event):
    """Members of a customer panel are asked to answer a concept test."""

    test_id: int
    respondent_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrototypeRoundOffered(Event):
    """Members of a customer panel are asked to try a prototype."""

    round_id: int
    participant_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionsAnswered(Event):
    """Everybody who took part in a round is to be told what was changed, and why not the rest."""

    round_id: int
