"""What askers see of their own questions, and what can be downloaded and erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import ngettext

from permea.challenges.models import Challenge
from permea.dialogue import rules
from permea.dialogue.models import (
    Comment,
    EntryFollower,
    Follower,
    ModerationEntry,
    Participant,
    PublishedAnswer,
    Question,
    Reaction,
)
from permea.foundation.refusals import Refusal
from permea.people.models import Person
from permea.people.queries import ErasureLines

TOLD = (ModerationEntry.Action.HIDDEN, ModerationEntry.Action.UPHELD, ModerationEntry.Action.OVERTURNED)
WRITTEN = (ModerationEntry.Action.APPEALED, ModerationEntry.Action.REPORTED)


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """An own question: what became of it and what may be done."""

    question: Question
    answer: PublishedAnswer | None
    told: list[ModerationEntry]
    withdraw_blocked: Refusal | None
    can_appeal: bool


def my_questions(actor: Person) -> QuerySet[Question]:
    """Return the actor's own questions, the latest first."""
    own = Question.objects.filter(asker=actor).select_related("challenge", "challenge__organisation")
    return own.order_by("-asked_at", "-pk")


def my_question(actor: Person, key: str) -> Question:
    """Return an own question. Raises Http404 for all others."""
    return get_object_or_404(my_questions(actor), key=key)


def own_questions(actor: Person) -> list[OwnQuestion]:
    """Return the actor's own questions with what became of each."""
    rows = my_questions(actor).prefetch_related(
        Prefetch("answers", PublishedAnswer.objects.order_by("-number")),
        Prefetch("moderation", ModerationEntry.objects.filter(action__in=TOLD).order_by("at", "pk")),
    )
    return [
        OwnQuestion(
            question=row,
            answer=next(iter(row.answers.all()), None) if row.status == Question.Status.ANSWERED else None,
            told=list(row.moderation.all()),
            withdraw_blocked=rules.why_not_withdraw(row, actor),
            can_appeal=row.status == Question.Status.HIDDEN and row.appealed_at is None,
        )
        for row in rows
    ]


def open_questions_of(actor: Person, challenge: Challenge) -> QuerySet[Question]:
    """Return the actor's questions about a challenge that wait or are held."""
    return Question.objects.filter(asker=actor, challenge=challenge, status__in=rules.OPEN)


def personal_data(person: Person) -> dict[str, Any]:
    """Return what dialogue holds about a person, ready for JSON."""
    said = ModerationEntry.objects.filter(by=person, action__in=WRITTEN).select_related("question", "comment")
    followed = Follower.objects.filter(person=person).select_related("challenge").order_by("since", "pk")
    return {
        "questions": [_question_data(row) for row in my_questions(person).prefetch_related("answers")],
        "objections_and_reports": [
            {"about": _about(row), "action": row.action, "words": row.words, "at": row.at.isoformat()}
            for row in said.order_by("at", "pk")
        ],
        "comments": [_comment_data(row) for row in _comments(person)],
        "said_of_suggestions": [
            {"comment": key, "outcome": outcome, "words": words}
            for key, outcome, words in Comment.objects.filter(outcome_by=person)
            .order_by("outcome_at", "pk")
            .values_list("key", "outcome", "outcome_words")
        ],
        "reactions": [
            {"comment": key, "kind": kind, "at": at.isoformat()}
            for key, kind, at in Reaction.objects.filter(person=person)
            .order_by("at", "pk")
            .values_list("comment__key", "kind", "at")
        ],
        "names_in_talks": [
            {"challenge": row.challenge.title, "number": row.number, "name": row.name}
            for row in Participant.objects.filter(person=person).select_related("challenge").order_by("pk")
        ],
        "followed_entries": [
            {"entry": row.idea.key, "is_wanted": row.is_wanted, "since": row.since.isoformat()}
            for row in EntryFollower.objects.filter(person=person).select_related("idea").order_by("since", "pk")
        ],
        "followed_questions": [{"challenge": row.challenge.title, "since": row.since.isoformat()} for row in followed],
    }


def _about(row: ModerationEntry) -> str:
    """Return the key of the text a row of the log is about."""
    text = row.question or row.comment
    return text.key if text else ""


def _comments(person: Person) -> QuerySet[Comment]:
    """Return a person's comments, the oldest first."""
    rows = Comment.objects.filter(writer=person).select_related("challenge", "idea").prefetch_related("versions")
    return rows.order_by("written_at", "pk")


def _comment_data(row: Comment) -> dict[str, Any]:
    """Return one own comment."""
    return {
        "key": row.key,
        "challenge": row.challenge.title,
        "entry": row.idea.key,
        "kind": row.kind,
        "status": row.status,
        "written_at": row.written_at.isoformat(),
        "text": row.text,
        "before": [version.text for version in sorted(row.versions.all(), key=lambda version: version.pk)],
    }


def _question_data(row: Question) -> dict[str, Any]:
    """Return one own question."""
    return {
        "key": row.key,
        "challenge": row.challenge.title,
        "status": row.status,
        "asked_at": row.asked_at.isoformat(),
        "asked": row.asked_text,
        "shown": row.text,
        "answers": [answer.text for answer in sorted(row.answers.all(), key=lambda answer: answer.number)],
    }


def erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to the questions of a person who is erased."""
    states = list(Question.objects.filter(asker=person, text_removed_at__isnull=True).values_list("status", flat=True))
    n_answered = states.count(Question.Status.ANSWERED)
    n_others = len(states) - n_answered
    goes, stays = [], []
    if n_others:
        said = ngettext(
            "Your %(count)d question that has no public answer.",
            "Your %(count)d questions that have no public answer.",
            n_others,
        )
        goes.append(said % {"count": n_others})
    if n_answered:
        said = ngettext(
            "The public wording of your %(count)d answered question, which never named you, unless you have your"
            " texts removed as well.",
            "The public wording of your %(count)d answered questions, which never named you, unless you have your"
            " texts removed as well.",
            n_answered,
        )
        stays.append(said % {"count": n_answered})
    n_comments = Comment.objects.filter(writer=person, text_removed_at__isnull=True).count()
    if n_comments:
        said = ngettext(
            "Your %(count)d comment on entries; where others answered it, an empty place stays.",
            "Your %(count)d comments on entries; where others answered them, empty places stay.",
            n_comments,
        )
        goes.append(said % {"count": n_comments})
    return ErasureLines(goes=goes, stays=stays)


def needed_people() -> QuerySet[Question, int]:
    """Return the ids of everybody who asked something."""
    return Question.objects.values_list("asker_id", flat=True)


def needed_writers() -> QuerySet[Comment, int]:
    """Return the ids of everybody who commented on an entry."""
    return Comment.objects.filter(writer__isnull=False).values_list("writer_id", flat=True)


def needed_participants() -> QuerySet[Participant, int]:
    """Return the ids of everybody who has a number in a talk."""
    return Participant.objects.filter(person__isnull=False).values_list("person_id", flat=True)
