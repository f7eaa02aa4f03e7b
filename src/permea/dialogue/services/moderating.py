"""Keeping the talk clean: releasing, hiding, objecting, reporting; everything is logged."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.dialogue import rules
from permea.dialogue.events import AppealSettled, HidingDecided
from permea.dialogue.models import ModerationEntry, Question
from permea.dialogue.services.common import let_wait, locked, managed, note
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Person

Action = ModerationEntry.Action


@transaction.atomic
def release_question(*, question_id: int, actor: Person, at: datetime) -> Question:
    """Let a held question through: from now on it waits for its answer.

    Raises RefusedError to non-managers and as `rules.why_not_release` says.
    """
    question = managed(question_id, actor)
    demand(rules.why_not_release(question))
    note(question, Action.RELEASED, at=at, by=actor)
    let_wait(question, at=at)
    return question


@transaction.atomic
def hide_question(*, question_id: int, actor: Person, reason: str, words: str, at: datetime) -> Question:
    """Hide a question and its answers for a reason; its asker is told, unless it is spam: spam mails nobody.

    Raises RefusedError to non-managers and as `rules.why_not_hide` says.
    """
    question = managed(question_id, actor)
    said = rules.tidy(words)
    demand(rules.why_not_hide(question, reason, said))
    question.status, question.hidden_at, question.reported_at = Question.Status.HIDDEN, at, None
    question.save()
    entry = note(question, Action.HIDDEN, at=at, by=actor, reason=reason, words=said)
    if reason != ModerationEntry.Reason.SPAM:
        publish(
            HidingDecided(challenge_id=question.challenge_id, question_id=question.pk, entry_id=entry.pk, at=at)
        )  # fmt: skip
    return question


@transaction.atomic
def appeal(*, question_id: int, actor: Person, words: str, at: datetime) -> Question:
    """Object, once, to the hiding of one's question. Raises RefusedError as `rules.why_not_appeal` says."""
    question = locked(question_id)
    said = rules.tidy(words)
    demand(rules.why_not_appeal(question, actor, said))
    question.appealed_at = at
    question.save(update_fields=["appealed_at"])
    note(question, Action.APPEALED, at=at, by=actor, words=said)
    return question


@transaction.atomic
def decide_appeal(*, question_id: int, actor: Person, is_accepted: bool, words: str, at: datetime) -> Question:
    """Decide an objection, with a reason: the question is shown again, or stays hidden.

    Raises RefusedError to non-managers and as `rules.why_not_decide_appeal` says.
    """
    question = managed(question_id, actor)
    said = rules.tidy(words)
    demand(rules.why_not_decide_appeal(question, said))
    question.appeal_decided_at = at
    entry = note(question, Action.OVERTURNED if is_accepted else Action.UPHELD, at=at, by=actor, words=said)
    if is_accepted:
        question.hidden_at = None
        question.status = Question.Status.ANSWERED
        if not question.n_answers:
            let_wait(question, at=at)
    question.save()
    publish(AppealSettled(challenge_id=question.challenge_id, question_id=question.pk, entry_id=entry.pk, at=at))
    return question


@transaction.atomic
def report_question(*, question_id: int, actor: Person, reason: str, words: str, at: datetime) -> Question:
    """Report a published question for a look; one person reports it once.

    Raises RefusedError as `rules.why_not_report` says.
    """
    question = locked(question_id)
    said = rules.tidy(words)
    if ModerationEntry.objects.filter(question=question, by=actor, action=Action.REPORTED).exists():
        return question
    demand(rules.why_not_report(question, actor, reason, said))
    note(question, Action.REPORTED, at=at, by=actor, reason=reason, words=said)
    question.reported_at = question.reported_at or at
    question.save(update_fields=["reported_at"])
    return question


@transaction.atomic
def dismiss_reports(*, question_id: int, actor: Person, words: str, at: datetime) -> Question:
    """Set the reports about a question aside, with a reason.

    Raises RefusedError to non-managers and as `rules.why_not_dismiss` says.
    """
    question = managed(question_id, actor)
    said = rules.tidy(words)
    demand(rules.why_not_dismiss(question, said))
    question.reported_at = None
    question.save(update_fields=["reported_at"])
    note(question, Action.DISMISSED, at=at, by=actor, words=said)
    return question
