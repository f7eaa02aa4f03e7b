"""What is written about questions, their public answers and comments; no letter tells who asked."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from permea.challenges.models import Challenge
from permea.dialogue.models import Comment, ModerationEntry, Question
from permea.dialogue.queries import answers_told, name_of, people_to_tell, people_to_tell_of
from permea.dialogue.rules import TELL_AGAIN
from permea.notifications.queries import told_of_talk
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


def tell_of_comment(*, comment_id: int, at: datetime) -> None:
    """Tell whom a comment answers or names, and who follows its entry: these at most once a day for an entry."""
    comment = Comment.objects.select_related("idea__challenge__organisation", "answers", "participant").get(
        pk=comment_id
    )
    meant, followers = people_to_tell_of(comment, at)
    told = told_of_talk(comment.idea_id, since=at - TELL_AGAIN)
    for person in (*meant, *(one for one in followers if one.pk not in told)):
        tell(
            to=person,
            kind="comment_posted",
            at=at,
            organisation=comment.idea.challenge.organisation,
            about=comment.idea.key,
            comment=comment,
            who=name_of(comment),
            is_meant=person in meant,
            idea=comment.idea,
            challenge=comment.idea.challenge,
        )


def tell_question_hidden(*, entry_id: int, at: datetime) -> None:
    """Tell a writer that their question or comment was hidden, and why."""
    _tell_writer("question_hidden", entry_id, at)


def tell_appeal_decided(*, entry_id: int, at: datetime) -> None:
    """Tell a writer how their objection was decided, and why."""
    _tell_writer("appeal_decided", entry_id, at)


def _tell_writer(kind: str, entry_id: int, at: datetime) -> None:
    """Send a writer a letter about what was done with their question or comment; a comment from elsewhere has none."""
    related = ("question__challenge__organisation", "question__asker", "comment__challenge__organisation",
               "comment__writer")  # fmt: skip
    entry = ModerationEntry.objects.select_related(*related).get(pk=entry_id)
    text = cast("Question | Comment", entry.question or entry.comment)
    challenge, writer = text.challenge, text.writer if isinstance(text, Comment) else text.asker
    if writer is None:
        return
    tell(
        to=writer,
        kind=kind,
        at=at,
        organisation=challenge.organisation,
        about=challenge.key,
        entry=entry,
        is_comment=isinstance(text, Comment),
        challenge=challenge,
    )
