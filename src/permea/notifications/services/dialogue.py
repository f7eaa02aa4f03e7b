"""What is written about questions and their public answers; no letter tells who asked."""

from __future__ import annotations

from datetime import datetime

from permea.challenges.models import Challenge
from permea.dialogue.models import ModerationEntry, Question
from permea.dialogue.queries import answers_told, people_to_tell
from permea.notifications.services.mails import tell
from permea.people.queries import managers_of


def tell_question_asked(*, question_id: int, at: datetime) -> None:
    """Tell those who manage a challenge that a question waits, unless another waits already."""
    question = Question.objects.select_related("challenge__organisation").get(pk=question_id)
    challenge = question.challenge
    waiting = Question.objects.filter(challenge=challenge, status=Question.Status.WAITING).exclude(pk=question.pk)
    if waiting.exists():
        return
    for person in managers_of(challenge.organisation):
        tell(
            to=person,
            kind="question_asked",
            at=at,
            organisation=challenge.organisation,
            about=challenge.key,
            question=question,
            challenge=challenge,
        )


def tell_answers_published(*, challenge_id: int, answer_ids: tuple[int, ...], at: datetime) -> None:
    """Send everybody concerned the same letter with the answers: who asked gets no other one than the rest."""
    challenge = Challenge.objects.select_related("organisation").get(pk=challenge_id)
    answers = answers_told(answer_ids)
    for person in people_to_tell(challenge, answers):
        tell(
            to=person,
            kind="answers_published",
            at=at,
            organisation=challenge.organisation,
            about=challenge.key,
            answers=answers,
            challenge=challenge,
        )


def tell_question_hidden(*, entry_id: int, at: datetime) -> None:
    """Tell an asker that their question was hidden, and why."""
    _tell_asker("question_hidden", entry_id, at)


def tell_appeal_decided(*, entry_id: int, at: datetime) -> None:
    """Tell an asker how their objection was decided, and why."""
    _tell_asker("appeal_decided", entry_id, at)


def _tell_asker(kind: str, entry_id: int, at: datetime) -> None:
    """Send an asker a letter about what was done with their question."""
    entry = ModerationEntry.objects.select_related("question__challenge__organisation", "question__asker").get(
        pk=entry_id
    )
    challenge = entry.question.challenge
    tell(
        to=entry.question.asker,
        kind=kind,
        at=at,
        organisation=challenge.organisation,
        about=challenge.key,
        entry=entry,
        question=entry.question,
        challenge=challenge,
    )
