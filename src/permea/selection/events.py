"""Facts announced by selection."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionSettled(Event):
    """A selection was taken as the basis of the decisions."""

    challenge_id: int
    selection_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSent(Event):
    """The contributors of an idea were told the decision."""

    challenge_id: int
    idea_id: int
    answer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarificationAsked(Event):
    """A contributor asked about the answer."""

    challenge_id: int
    answer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarificationReplied(Event):
    """The question about an answer was replied to."""

    challenge_id: int
    answer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecorded(Event):
    """The state of a prize's payment changed."""

    challenge_id: int
    award_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsAccepted(Event):
    """The author of an awarded idea accepted what was promised about its rights."""

    challenge_id: int
    award_id: int
