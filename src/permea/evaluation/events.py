"""Facts announced by evaluation."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelistInvited(Event):
    """Somebody was asked to judge; `token` opens the invitation, empty for somebody who already belongs here."""

    panelist_id: int
    challenge_id: int
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentsMade(Event):
    """Evaluators got ideas to judge."""

    challenge_id: int
    panelist_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSubmitted(Event):
    """A review was handed in."""

    challenge_id: int
    review_id: int
    idea_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonMade(Event):
    """Somebody said which of two ideas is better, or that they cannot judge."""

    challenge_id: int
    comparison_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRetracted(Event):
    """Somebody took an answer back."""

    challenge_id: int
    comparison_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingOutdated(Event):
    """The first review or comparison came in that the ranking does not hold yet."""

    challenge_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingComputed(Event):
    """A ranking was stored."""

    challenge_id: int
    ranking_id: int
