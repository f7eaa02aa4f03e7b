"""What anybody may read: questions with their answers, never who asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.challenges.models import Challenge
from permea.dialogue import rules
from permea.dialogue.models import Follower, PublishedAnswer, Question
from permea.people.models import Person
from permea.surface.registry import PagePart

PAGE_SIZE = 25
MOST_SHOWN = 4


@dataclass(frozen=True, slots=True)
class AnswerVersion:
    """One wording of an answer."""

    number: int
    text: str
    changes_brief: bool
    published_at: datetime


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question as the public reads it; nothing else of it leaves the house."""

    key: str
    language: str
    text: str
    answer: AnswerVersion
    earlier: list[AnswerVersion]

    @property
    def is_corrected(self) -> bool:
        """Say whether the answer replaces one that was published before."""
        return bool(self.earlier)

    @property
    def changes_brief(self) -> bool:
        """Say whether this answer or one it replaces changed what is asked."""
        return any(version.changes_brief for version in (self.answer, *self.earlier))


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """One page of the questions about a challenge that are answered, and how many wait."""

    challenge: Challenge
    page: Page[Question]
    answered: list[AnsweredQuestion]
    n_waiting: int
    is_open: bool


def public_challenge_row(key: str) -> Challenge:
    """Return a challenge that is public. Raises Http404 for all others."""
    public = Challenge.objects.filter(status__in=rules.PUBLIC).select_related("organisation")
    return get_object_or_404(public, key=key)


def answered_of(challenge: Challenge) -> QuerySet[Question]:
    """Return the answered questions about a challenge with their answers, the latest answer first."""
    newest_first = Prefetch("answers", PublishedAnswer.objects.order_by("-number"))
    rows = Question.objects.filter(challenge=challenge, status=Question.Status.ANSWERED)
    return rows.prefetch_related(newest_first).order_by("-answered_at", "-pk")


def read_answered(rows: Iterable[Question]) -> list[AnsweredQuestion]:
    """Return rows of `answered_of` as the public reads them."""
    return [_read(row) for row in rows]


def _read(row: Question) -> AnsweredQuestion:
    """Return one question as the public reads it."""
    versions = [
        AnswerVersion(answer.number, answer.text, answer.changes_brief, answer.published_at)
        for answer in row.answers.all()
    ]
    return AnsweredQuestion(row.key, row.language, row.text, versions[0], versions[1:])


def count_waiting(challenge: Challenge) -> int:
    """Return how many questions about a challenge wait for their answer."""
    return Question.objects.filter(challenge=challenge, status=Question.Status.WAITING).count()


def questions_page(key: str, at: datetime, *, page: int) -> QuestionsPage:
    """Return one page of what was asked about a public challenge. Raises Http404 for all others."""
    challenge = public_challenge_row(key)
    found = Paginator(answered_of(challenge), PAGE_SIZE).get_page(page)
    return QuestionsPage(
        challenge=challenge,
        page=found,
        answered=read_answered(found.object_list),
        n_waiting=count_waiting(challenge),
        is_open=challenge.status == Challenge.Status.PUBLISHED and challenge.is_sealed_at(at),
    )


def answered_question(key: str) -> Question:
    """Return an answered question about a public challenge. Raises Http404 for all others."""
    public = Question.objects.filter(status=Question.Status.ANSWERED, challenge__status__in=rules.PUBLIC)
    row = public.select_related("challenge__organisation").filter(key=key).first()
    if row is None:
        raise Http404
    return row


def is_following(person: Person, challenge: Challenge) -> bool:
    """Say whether somebody asked to be told of answers."""
    return Follower.objects.filter(person=person, challenge=challenge).exists()


def challenge_part(key: str, at: datetime) -> PagePart | None:
    """Return what the public page of a challenge shows of its questions: the latest few, so that it stays light."""
    challenge = public_challenge_row(key)
    answered = answered_of(challenge)
    n_answered = answered.count()
    is_open = challenge.status == Challenge.Status.PUBLISHED and challenge.is_sealed_at(at)
    if not n_answered and not is_open:
        return None
    shown = read_answered(answered[:MOST_SHOWN])
    context = {"answered": shown, "n_answered": n_answered, "n_waiting": count_waiting(challenge), "is_open": is_open}
    return PagePart("dialogue/_challenge.html", context, style="dialogue/dialogue.css")
