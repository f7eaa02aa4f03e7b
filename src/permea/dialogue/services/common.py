"""What every write needs: the locked row, the log, and who may manage."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet

from permea.dialogue import rules
from permea.dialogue.events import QuestionAsked
from permea.dialogue.models import Comment, Moderated, ModerationEntry, Question
from permea.dialogue.services.threads import locked_comment
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ledger.services import record_crossing
from permea.people import rules as people_rules
from permea.people.models import Person
from permea.people.queries import role_in

Text = TypeVar("Text", Question, Comment)


def locked(question_id: int) -> Question:
    """Return the question with its challenge, locked until the transaction ends."""
    return (
        Question.objects.select_for_update(of=("self",))
        .select_related("challenge__organisation", "asker")
        .get(pk=question_id)
    )


def locked_text(text: Text) -> Text:
    """Return a question or comment as it stands now, locked until the transaction ends; of a comment its talk first."""
    if isinstance(text, Comment):
        return locked_comment(text.pk)
    return locked(text.pk)


def managed_text(text: Text, actor: Person) -> Text:
    """Return the locked text to somebody who manages its challenge. Raises RefusedError to all others."""
    found = locked_text(text)
    demand(people_rules.why_not_manage(role_in(actor, found.organisation_id)))
    return found


def managed(question_id: int, actor: Person) -> Question:
    """Return the locked question to somebody who manages its challenge. Raises RefusedError to all others."""
    question = locked(question_id)
    demand(people_rules.why_not_manage(role_in(actor, question.organisation_id)))
    return question


def entries_of(text: Moderated) -> QuerySet[ModerationEntry]:
    """Return what was done about a text."""
    return ModerationEntry.objects.filter(**_about(text))


def note(
    text: Moderated, action: str, *, at: datetime, by: Person | None, reason: str = "", words: str = "",
    before: str = "",
) -> ModerationEntry:  # fmt: skip
    """Write down what was done about a text."""
    return ModerationEntry.objects.create(
        **_about(text), action=action, by=by, at=at, reason=reason, words=words, before=before
    )


def _about(text: Moderated) -> dict[str, Any]:
    """Return the reference of the log to a text."""
    return {"comment" if isinstance(text, Comment) else "question": text}


def let_wait(question: Question, *, at: datetime) -> None:
    """Let a question wait for its answer from `at` on: it has come in, and managers hear of it.

    The ledger learns that it came, once, and never from whom: who asks is nobody's business inside.
    """
    is_new, closes_at = question.due_at is None, question.challenge.closes_at or at
    question.status, question.due_at = Question.Status.WAITING, rules.answer_due(at, closes_at)
    question.save()
    if is_new:
        record_crossing(
            organisation=question.challenge.organisation,
            kind="question.asked",
            direction="in",
            depth="invited",
            subject_type="question",
            subject_key=question.key,
            challenge_key=question.challenge.key,
            at=at,
            facts={"language": question.language},
        )
    publish(QuestionAsked(challenge_id=question.challenge_id, question_id=question.pk, at=at))
