"""What is written about decisions, answers and awards."""

from __future__ import annotations

from datetime import datetime

from permea.challenges.models import Challenge
from permea.ideas.queries import built_on, contributors_of
from permea.notifications import rules
from permea.notifications.queries import was_told
from permea.notifications.services.mails import tell
from permea.people.queries import managers_of
from permea.selection.models import Answer, Award, Clarification, Decision


def _answer(answer_id: int) -> Answer:
    """Return the answer with what its letters speak of."""
    return Answer.objects.select_related("idea__challenge__organisation", "decision").get(pk=answer_id)


def tell_answer(*, answer_id: int, at: datetime) -> None:
    """Send the contributors of an idea the answer to it."""
    answer = _answer(answer_id)
    challenge = answer.idea.challenge
    for person in contributors_of(answer.idea):
        tell(
            to=person,
            kind="answer",
            at=at,
            organisation=challenge.organisation,
            about=answer.idea.key,
            answer=answer,
            idea=answer.idea,
            challenge=challenge,
        )


def tell_built_on(*, answer_id: int, at: datetime) -> None:
    """Tell those who wrote what a chosen entry says it builds on, unless they wrote the chosen one too."""
    answer = _answer(answer_id)
    if answer.decision.outcome != Decision.Outcome.AWARD:
        return
    writers = contributors_of(answer.idea)
    for earlier in built_on(answer.idea):
        for person in contributors_of(earlier):
            if person not in writers:
                tell(
                    to=person,
                    kind="built_on",
                    at=at,
                    organisation=earlier.challenge.organisation,
                    about=earlier.key,
                    idea=earlier,
                    challenge=earlier.challenge,
                    chosen_in=answer.idea.challenge,
                )


def tell_question(*, answer_id: int, at: datetime) -> None:
    """Tell those who manage a challenge that a contributor asks about their answer."""
    answer = _answer(answer_id)
    challenge = answer.idea.challenge
    for person in managers_of(challenge.organisation):
        tell(
            to=person,
            kind="question",
            at=at,
            organisation=challenge.organisation,
            about=answer.idea.key,
            idea=answer.idea,
            challenge=challenge,
        )


def tell_reply(*, answer_id: int, at: datetime) -> None:
    """Send a contributor the reply to their question."""
    answer = _answer(answer_id)
    clarification = Clarification.objects.select_related("asked_by").get(answer=answer)
    challenge = answer.idea.challenge
    tell(
        to=clarification.asked_by,
        kind="reply",
        at=at,
        organisation=challenge.organisation,
        about=answer.idea.key,
        clarification=clarification,
        idea=answer.idea,
        challenge=challenge,
    )


def _award(award_id: int) -> Award:
    """Return the award with what its letters speak of."""
    return Award.objects.select_related("decision__idea__challenge__organisation").get(pk=award_id)


def tell_payment(*, award_id: int, at: datetime) -> None:
    """Tell the contributors of an awarded idea how their prize stands."""
    award = _award(award_id)
    idea = award.decision.idea
    for person in contributors_of(idea):
        tell(
            to=person,
            kind="payment",
            at=at,
            organisation=idea.challenge.organisation,
            about=idea.key,
            award=award,
            idea=idea,
            challenge=idea.challenge,
        )


def tell_rights(*, award_id: int, at: datetime) -> None:
    """Tell those who manage a challenge that a winner has accepted what was promised about the rights."""
    award = _award(award_id)
    idea = award.decision.idea
    for person in managers_of(idea.challenge.organisation):
        tell(
            to=person,
            kind="rights",
            at=at,
            organisation=idea.challenge.organisation,
            about=idea.key,
            award=award,
            idea=idea,
            challenge=idea.challenge,
        )


def remind_of_answers(*, at: datetime) -> None:
    """Remind those who manage of answers that fall due within three days or are overdue: once each."""
    waiting = Challenge.objects.select_related("organisation").filter(
        status=Challenge.Status.PUBLISHED, n_entries__gt=0, answer_by__lte=at + rules.REMIND_BEFORE
    )
    for challenge in waiting.order_by("pk"):
        kind = rules.reminder_kind(challenge.answer_by or at, at=at)
        for person in managers_of(challenge.organisation):
            if kind and not was_told(person, kind=kind, about=challenge.key):
                tell(
                    to=person,
                    kind=kind,
                    at=at,
                    organisation=challenge.organisation,
                    about=challenge.key,
                    challenge=challenge,
                )
