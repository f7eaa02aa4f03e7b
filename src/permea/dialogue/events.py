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
    """That a text is hidden was decided, for a reason its writer has to hear of; spam is hidden without a word."""

    challenge_id: int
    entry_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealSettled(Event):
    """A writer's objection to the hiding of their question or comment was decided."""

    challenge_id: int
    entry_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPosted(Event):
    """A comment on an entry is shown for the first time; one that is held for a look is not announced."""

    challenge_id: int
    idea_id: int
    comment_id: int
