"""Writing as an asker: asking, taking back, following."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.challenges.models import Challenge
from permea.dialogue import queries, rules
from permea.dialogue.models import Follower, ModerationEntry, Question
from permea.dialogue.services.common import let_wait, locked, note
from permea.foundation.refusals import demand
from permea.people.models import Person
from permea.people.queries import role_in


@transaction.atomic
def ask_question(*, challenge_id: int, actor: Person, text: str, language: str, at: datetime) -> Question:
    """Ask about a challenge; what the rules of moderation hold waits for a look and nobody hears of it.

    The same question twice, while it waits, is asked once. Raises RefusedError as `rules.why_not_ask` and
    `rules.why_not_wording` say.
    """
    challenge = Challenge.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=challenge_id)
    wording = rules.tidy(text)
    waiting = list(queries.open_questions_of(actor, challenge))
    for question in waiting:
        if question.asked_text == wording:
            return question
    is_inside = role_in(actor, challenge.organisation_id) is not None
    demand(rules.why_not_ask(challenge, is_inside=is_inside, n_open=len(waiting), at=at))
    demand(rules.why_not_wording(wording))
    verdict = rules.judge_text(wording, queries.circumstances(actor, challenge.organisation_id, at))
    question = Question(
        organisation_id=challenge.organisation_id,
        challenge=challenge,
        asker=actor,
        language=language,
        text=wording,
        asked_text=wording,
        status=Question.Status.HELD,
        asked_at=at,
    )
    if verdict.is_held:
        question.save()
        note(question, ModerationEntry.Action.HELD, at=at, by=None, words=verdict.noted)
    else:
        let_wait(question, at=at)
    return question


@transaction.atomic
def withdraw_question(*, question_id: int, actor: Person, at: datetime) -> Question:
    """Take a question back that has no answer; its text goes. Raises RefusedError as `rules.why_not_withdraw` says."""
    question = locked(question_id)
    if question.asker_id == actor.pk and question.status == Question.Status.WITHDRAWN:
        return question
    demand(rules.why_not_withdraw(question, actor))
    question.status, question.due_at = Question.Status.WITHDRAWN, None
    question.text = question.asked_text = ""
    question.text_removed_at = at
    question.save()
    ModerationEntry.objects.filter(question=question).exclude(before="").update(before="")
    return question


@transaction.atomic
def follow(*, challenge_id: int, actor: Person, is_wanted: bool, at: datetime) -> None:
    """Begin or stop telling somebody of the answers about a challenge."""
    if is_wanted:
        Follower.objects.get_or_create(challenge_id=challenge_id, person=actor, defaults={"since": at})
    else:
        Follower.objects.filter(challenge_id=challenge_id, person=actor).delete()
