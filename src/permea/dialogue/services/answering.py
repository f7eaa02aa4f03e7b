"""Writing as a manager: the public wording, the answer, its corrections; and telling of them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from permea.challenges.models import Challenge
from permea.dialogue import queries, rules
from permea.dialogue.events import AnswersPublished
from permea.dialogue.models import ModerationEntry, PublishedAnswer, Question
from permea.dialogue.services.common import managed, note
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ledger.services import record_crossing
from permea.people.models import Person


@transaction.atomic
def reword_question(*, question_id: int, actor: Person, text: str, at: datetime) -> Question:
    """Change what the public reads as the question; what was asked is kept and the change is logged.

    Raises RefusedError to non-managers and as `rules.why_not_reword` says.
    """
    question = managed(question_id, actor)
    wording = rules.tidy(text)
    demand(rules.why_not_reword(question, wording))
    if wording != question.text:
        note(question, ModerationEntry.Action.REWORDED, at=at, by=actor, before=question.text)
        question.text = wording
        question.save(update_fields=["text"])
    return question


@transaction.atomic
def answer_question(
    *, question_id: int, actor: Person, text: str, changes_brief: bool, at: datetime
) -> PublishedAnswer:  # fmt: skip
    """Publish an answer for everybody, or a corrected one as a further version; the same one twice is published once.

    Raises RefusedError to non-managers and as `rules.why_not_answer` says.
    """
    question = managed(question_id, actor)
    answer = rules.tidy(text)
    former = question.answers.order_by("-number").first()
    demand(rules.why_not_answer(question, question.challenge, answer, changes_brief=changes_brief, at=at))
    if former is not None and (former.text, former.changes_brief) == (answer, changes_brief):
        return former
    question.status, question.answered_at, question.n_answers = Question.Status.ANSWERED, at, question.n_answers + 1
    question.save(update_fields=["status", "answered_at", "n_answers"])
    published = PublishedAnswer.objects.create(
        question=question,
        number=question.n_answers,
        text=answer,
        changes_brief=changes_brief,
        written_by=actor,
        published_at=at,
    )
    _record(question, published, actor)
    return published


@transaction.atomic
def reword_and_answer(
    *, question_id: int, actor: Person, wording: str, text: str, changes_brief: bool, at: datetime
) -> PublishedAnswer:  # fmt: skip
    """Publish an answer together with the wording of its question, both or neither.

    Raises RefusedError as `reword_question` and `answer_question` do.
    """
    if managed(question_id, actor).text != rules.tidy(wording):
        reword_question(question_id=question_id, actor=actor, text=wording, at=at)
    return answer_question(
        question_id=question_id, actor=actor, text=text, changes_brief=changes_brief, at=at
    )  # fmt: skip


def _record(question: Question, answer: PublishedAnswer, actor: Person) -> None:
    """Append to the ledger that an answer went out to everybody."""
    record_crossing(
        organisation=question.challenge.organisation,
        kind="question.answered",
        direction="out",
        depth="public",
        subject_type="question",
        subject_key=question.key,
        challenge_key=question.challenge.key,
        actor=actor,
        at=answer.published_at,
        facts={
            "number": answer.number,
            "changes_brief": answer.changes_brief,
            "text_sha256": hashlib.sha256(answer.text.encode()).hexdigest(),
        },
    )


def tell_answers(*, at: datetime) -> int:
    """Announce the answers that are ripe to be told, those of a challenge together; return how many were announced."""
    return sum(_tell(challenge_id, at) for challenge_id in queries.challenges_with_untold_answers())


@transaction.atomic
def _tell(challenge_id: int, at: datetime) -> int:
    """Announce the ripe answers of one challenge, of each question the last one only; twice called, told once."""
    Challenge.objects.select_for_update(of=("self",)).get(pk=challenge_id)
    untold = list(queries.untold_answers(challenge_id))
    if not rules.is_time_to_tell([answer.published_at for answer in untold], at=at):
        return 0
    PublishedAnswer.objects.filter(pk__in=[answer.pk for answer in untold]).update(told_at=at)
    last = {answer.question_id: answer.pk for answer in untold}
    publish(AnswersPublished(challenge_id=challenge_id, answer_ids=tuple(sorted(last.values())), at=at))
    return len(last)
