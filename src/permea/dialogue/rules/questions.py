"""Deciding about questions: who may ask, until when an answer is due, what an answer may say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.dialogue.models import Question
from permea.foundation.refusals import Refusal
from permea.people.models import Person

LONGEST_QUESTION, LONGEST_ANSWER, SHORTEST_QUESTION = 2000, 4000, 10
MOST_OPEN = 5
WORKING_DAYS = 3
SATURDAY = 5
QUIET, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=1)
OPEN = (Question.Status.WAITING, Question.Status.HELD)
PUBLIC = (Challenge.Status.PUBLISHED, Challenge.Status.DECIDED)


def tidy(text: str) -> str:
    """Return a text as it is kept: without space around it, its lines ended one way whatever browser sent them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def why_not_ask(challenge: Challenge, *, is_inside: bool, n_open: int, at: datetime) -> Refusal | None:
    """Return why somebody with `n_open` questions that wait may not ask another at `at`, or None if they may."""
    if challenge.status != Challenge.Status.PUBLISHED or not challenge.is_sealed_at(at):
        return Refusal("question.closed", _("Questions could be asked until entries closed."))
    if is_inside:
        return Refusal("question.own_house", _("You belong to the organisation that asks; ask inside the house."))
    if n_open >= MOST_OPEN:
        return Refusal(
            "question.too_many",
            _("%(count)d of your questions wait for an answer. Ask again when they are answered.") % {"count": n_open},
        )
    return None


def why_not_wording(text: str) -> Refusal | None:
    """Return why a text cannot stand as a question, or None if it can."""
    if len(text) < SHORTEST_QUESTION:
        return Refusal("question.empty", _("Please write your question in a sentence."))
    if len(text) > LONGEST_QUESTION:
        return Refusal(
            "question.too_long",
            _("A question has at most %(limit)d characters. Ask one thing at a time.") % {"limit": LONGEST_QUESTION},
        )
    return None


def why_not_withdraw(question: Question, actor: Person) -> Refusal | None:
    """Return why `actor` may not take the question back, or None if they may."""
    if question.asker_id != actor.pk:
        return Refusal("question.not_yours", _("Only its asker can do this."))
    if question.status not in OPEN:
        return Refusal("question.settled", _("Only a question that waits can be taken back."))
    return None


def why_not_reword(question: Question, text: str) -> Refusal | None:
    """Return why the public wording may not become `text`, or None if it may."""
    if question.status not in {*OPEN, Question.Status.ANSWERED} or question.text_removed_at is not None:
        return Refusal("question.not_shown", _("This question is not shown, so there is nothing to reword."))
    return why_not_wording(text)


def why_not_answer(
    question: Question, challenge: Challenge, text: str, *, changes_brief: bool, at: datetime
) -> Refusal | None:
    """Return why the question may not be answered like this at `at`, or None if it may."""
    if question.status not in {Question.Status.WAITING, Question.Status.ANSWERED} or challenge.status not in PUBLIC:
        return Refusal("question.not_open", _("This question does not wait for an answer."))
    if not text:
        return Refusal("question.no_answer", _("Please write the answer."))
    if len(text) > LONGEST_ANSWER:
        return Refusal(
            "question.answer_too_long", _("An answer has at most %(limit)d characters.") % {"limit": LONGEST_ANSWER}
        )
    if changes_brief and not challenge.is_sealed_at(at):
        return Refusal(
            "question.changes_too_late",
            _("Entries have closed: what is asked cannot change any more. Answer without that mark."),
        )
    return None


def answer_due(asked_at: datetime, closes_at: datetime) -> datetime:
    """Return until when a question is to be answered.

    Three working days, but never later than half way to the closing: an answer is to leave at least as much time to
    use it as it took to come.
    """
    due, left = asked_at, WORKING_DAYS
    while left:
        due += timedelta(days=1)
        left -= due.weekday() < SATURDAY
    return min(due, asked_at + max(closes_at - asked_at, timedelta(0)) / 2)


def is_time_to_tell(published: Sequence[datetime], *, at: datetime) -> bool:
    """Say whether answers published at these times are told now: ten quiet minutes after the last, or after an hour.

    So several answers make one mail, and a slip that is put right at once is never mailed.
    """
    return bool(published) and (at - max(published) >= QUIET or at - min(published) >= LONGEST_WAIT)
