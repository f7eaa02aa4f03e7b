"""What decisions about questions stand on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from permea.challenges.models import Challenge
from permea.dialogue import rules
from permea.dialogue.models import Follower, PublishedAnswer, Question
from permea.ideas.models import Contributor, Idea
from permea.people.models import Person

MOST_TEXTS = 200


def circumstances(actor: Person, at: datetime) -> rules.Circumstances:
    """Return what is known about somebody who writes at `at`, and what anybody wrote lately."""
    recent = Question.objects.filter(asked_at__gt=at - rules.LOOK_BACK, asked_at__lte=at)
    return rules.Circumstances(
        is_new_account=at - actor.joined_at < rules.NEW_ACCOUNT,
        n_today=Question.objects.filter(asker=actor, asked_at__gt=at - timedelta(days=1)).count(),
        n_by_new_accounts=recent.filter(asker__joined_at__gt=at - rules.NEW_ACCOUNT).count(),
        recent_texts=list(recent.order_by("-asked_at", "-pk").values_list("asked_text", flat=True)[:MOST_TEXTS]),
    )


def untold_answers(challenge_id: int) -> QuerySet[PublishedAnswer]:
    """Return the answers of a challenge that were published and not told, in the order of their publication."""
    untold = PublishedAnswer.objects.filter(told_at__isnull=True, question__status=Question.Status.ANSWERED)
    return untold.filter(question__challenge_id=challenge_id).order_by("published_at", "pk")


def challenges_with_untold_answers() -> list[int]:
    """Return the ids of challenges with answers that were published and not told."""
    untold = PublishedAnswer.objects.filter(told_at__isnull=True, question__status=Question.Status.ANSWERED)
    return sorted(set(untold.values_list("question__challenge_id", flat=True)))


def people_to_tell(challenge: Challenge, answers: list[PublishedAnswer]) -> list[Person]:
    """Return everybody who hears of these answers, each once: who has an entry or a draft, follows, or asked."""
    entries = Idea.objects.filter(challenge=challenge).exclude(status=Idea.Status.WITHDRAWN)
    found = {answer.question.asker_id for answer in answers}
    found |= set(Contributor.objects.filter(idea__in=entries).values_list("person_id", flat=True))
    found |= set(Follower.objects.filter(challenge=challenge).values_list("person_id", flat=True))
    return list(Person.objects.filter(pk__in=found, erased_at__isnull=True).order_by("pk"))


def answers_told(answer_ids: tuple[int, ...]) -> list[PublishedAnswer]:
    """Return answers with their questions, in the order of their publication."""
    rows = PublishedAnswer.objects.filter(pk__in=answer_ids).select_related("question")
    return list(rows.order_by("published_at", "pk"))
