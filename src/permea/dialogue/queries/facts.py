"""What decisions about questions and comments stand on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet

from permea.challenges.models import Challenge
from permea.challenges.queries import stages_of
from permea.challenges.rules import covers
from permea.dialogue import rules
from permea.dialogue.models import Comment, EntryFollower, Follower, Participant, PublishedAnswer, Question
from permea.ideas.models import Contributor, Idea
from permea.ideas.queries.shown import narrowest_of
from permea.people.models import Person
from permea.people.queries import role_in

MOST_TEXTS = 200
HAS_PLACE = Q(status=Comment.Status.SHOWN) | Q(n_replies__gt=0) | Q(n_answers__gt=0)


def circumstances(actor: Person, house_id: int, at: datetime) -> rules.Circumstances:
    """Return what is known about somebody who asks a firm at `at`, and what was written lately."""
    n_today = Question.objects.filter(asker=actor, asked_at__gt=at - timedelta(days=1)).count()
    recent = _written_lately(actor, house_id, at)
    return replace(_circumstances(actor, at, recent), n_today=n_today)


def circumstances_of_comment(actor: Person, house_id: int, at: datetime, *, but: int = 0) -> rules.Circumstances:
    """Return what is known about somebody who comments at `at`; `but` is the comment they change, if they do."""
    mine = Comment.objects.filter(writer=actor, written_at__gt=at - timedelta(days=1)).exclude(pk=but)
    known = _circumstances(actor, at, _written_lately(actor, house_id, at, but=but))
    return replace(known, n_today=mine.count(), many_a_day=rules.MANY_COMMENTS, may_echo=True)


def _written_lately(actor: Person, house_id: int, at: datetime, *, but: int = 0) -> list[tuple[str, int, datetime]]:
    """Return what anybody wrote to a firm and a writer to all, with who wrote it and when they joined.

    What others wrote to another firm is left out: a text that is held must not tell what another firm was told.
    """
    since = at - rules.LOOK_BACK
    asked = Question.objects.filter(
        Q(organisation_id=house_id) | Q(asker=actor), asked_at__gt=since, asked_at__lte=at
    ).order_by("-asked_at", "-pk")
    said = Comment.objects.filter(
        Q(organisation_id=house_id) | Q(writer=actor),
        written_at__gt=since, written_at__lte=at, writer__isnull=False,
    ).exclude(pk=but).order_by("-written_at", "-pk")  # fmt: skip
    return [
        *asked.values_list("asked_text", "asker_id", "asker__joined_at")[:MOST_TEXTS],
        *said.values_list("text", "writer_id", "writer__joined_at")[:MOST_TEXTS],
    ]


def _circumstances(actor: Person, at: datetime, recent: list[tuple[str, int, datetime]]) -> rules.Circumstances:
    """Return what is known about a writer among those who wrote lately."""
    by_new = [(text, writer_id) for text, writer_id, joined_at in recent if joined_at > at - rules.NEW_ACCOUNT]
    return rules.Circumstances(
        is_new_account=at - actor.joined_at < rules.NEW_ACCOUNT,
        n_today=0,
        n_by_new_accounts=len(by_new),
        recent_texts=[text for text, _writer_id, _joined_at in recent],
        texts_of_new_accounts=list({writer_id: text for text, writer_id in by_new if writer_id != actor.pk}.values()),
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


def count_answers(comment_id: int) -> int:
    """Return how many comments that are shown answer a comment."""
    return Comment.objects.filter(answers=comment_id, status=Comment.Status.SHOWN).count()


def count_replies(thread_id: int) -> int:
    """Return how many comments of a thread are shown below its first one."""
    return Comment.objects.filter(thread=thread_id, status=Comment.Status.SHOWN).count()


def count_talk(idea_id: int) -> tuple[int, int]:
    """Return how many comments on an entry are shown, and how many threads have a place."""
    comments = Comment.objects.filter(idea=idea_id)
    n_threads = comments.filter(HAS_PLACE, thread__isnull=True).count()
    return comments.filter(status=Comment.Status.SHOWN).count(), n_threads


def said_just_now(actor: Person, idea: Idea, text: str, answers: Comment | None, at: datetime) -> Comment | None:
    """Return the same comment by the same writer in the same place within the hour, or None."""
    same = Comment.objects.filter(writer=actor, idea=idea, text=text, answers=answers)
    return same.filter(written_at__gt=at - rules.LOOK_BACK).exclude(status=Comment.Status.WITHDRAWN).first()


def last_number(challenge: Challenge) -> int:
    """Return the highest number a participant in the talk about a challenge has, 0 if there are none."""
    return Participant.objects.filter(challenge=challenge).aggregate(last=Max("number"))["last"] or 0


def is_name_taken(participant: Participant, folded: str) -> bool:
    """Say whether somebody else goes by a name in the talk about the same challenge."""
    others = Participant.objects.filter(challenge_id=participant.challenge_id, folded=folded)
    return others.exclude(pk=participant.pk).exists()


def is_from_inside(comment: Comment) -> bool:
    """Say whether a comment comes from a member of the firm."""
    return comment.writer is not None and role_in(comment.writer, comment.organisation_id) is not None


def people_to_tell_of(comment: Comment, at: datetime) -> tuple[list[Person], list[Person]]:
    """Return who hears of a comment: those who are meant by name or answered, and the others who follow the entry.

    An author of the entry follows it until they stop; nobody hears of their own comment, or of what they cannot read.
    """
    wishes = dict(EntryFollower.objects.filter(idea=comment.idea_id).values_list("person_id", "is_wanted"))
    authors = set(Contributor.objects.filter(idea=comment.idea_id).values_list("person_id", flat=True))
    follow = {pk for pk in authors if wishes.get(pk, True)} | {pk for pk, wanted in wishes.items() if wanted}
    meant = _meant_by(comment)
    muted = {pk for pk, is_wanted in wishes.items() if not is_wanted}
    rest = follow - meant
    stages = stages_of(comment.idea.challenge)
    circles = {stage.circle for stage in stages if stage.circle and stage.opens_at <= at}
    people = {
        person.pk: person
        for person in Person.objects.filter(pk__in=(meant | rest) - {comment.writer_id}, erased_at__isnull=True)
        if person.pk in authors or _reads(person, comment.idea, circles)
    }
    return (
        [people[pk] for pk in sorted(meant - muted) if pk in people],
        [people[pk] for pk in sorted(rest) if pk in people],
    )


def _reads(person: Person, idea: Idea, begun: set[str]) -> bool:
    """Say whether somebody reads an entry as one of the circles that have begun to."""
    circle = narrowest_of(person, idea.challenge, begun)
    return bool(circle) and covers(idea.shown_to, circle)


def _meant_by(comment: Comment) -> set[int]:
    """Return the ids of whom a comment answers or names; only who has spoken in the same thread can be named."""
    named = rules.mentions_in(comment.text)
    found = Participant.objects.filter(
        Q(number__in=named.numbers, folded="") | Q(folded__in=named.names), challenge=comment.challenge_id
    )
    thread = Comment.objects.filter(Q(pk=comment.thread_id) | Q(thread=comment.thread_id, thread__isnull=False))
    found = found.filter(pk__in=thread.filter(status=Comment.Status.SHOWN).values("participant"), person__isnull=False)
    meant = {pk for pk in found.exclude(person__erased_at__isnull=False).values_list("person_id", flat=True) if pk}
    answered = comment.answers.writer_id if comment.answers is not None else None
    return meant if answered is None else meant | {answered}
