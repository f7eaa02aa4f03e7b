"""Facts announced by dialogue."""

from __future__ import annotations

from dataclasses import dataclass

from permea.foundation.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Event):
    """A question about a challenge waits for its answer; one that is held for a look is not announced."""

    challenge_id: int
    question_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPublished(Event):
    """Answers that were published close together are to be told, all at once."""

    challenge_id: int
    answer_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HidingDecided(Event):
    """That a question is hidden was decided, for a reason its asker has to hear of; spam is hidden without a word."""

    challenge_id: int
    question_id: int
    entry_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealSettled(Event):
    """An asker's objection to the hiding of their question was decided."""

    challenge_id: int
    question_id: int
    entry_id: int
