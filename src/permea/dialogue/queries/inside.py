"""What managers see: questions without their askers, what is to be looked at, what waits on Today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Max, Min, Prefetch, Q, QuerySet, Value, When
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.challenges.models import Challenge
from permea.challenges.queries import managed_challenge
from permea.dialogue import rules
from permea.dialogue.models import Comment, ModerationEntry, PublishedAnswer, Question
from permea.dialogue.queries.own import WRITTEN
from permea.dialogue.queries.talk import name_of
from permea.people.models import Organisation, Person
from permea.people.queries import managed_organisation_ids
from permea.people.rules import MANAGING
from permea.surface.registry import TodayItem

PAGE_SIZE = 25
TO_LOOK_AT = (
    Q(status=Question.Status.HELD)
    | Q(appealed_at__isnull=False, appeal_decided_at__isnull=True)
    | Q(reported_at__isnull=False)
)
ORDER = {Question.Status.WAITING: 0, Question.Status.HELD: 1, Question.Status.ANSWERED: 2, Question.Status.HIDDEN: 3}


@dataclass(frozen=True, slots=True)
class LogLine:
    """What was done about a question, when, why and by whom; who asked or reported stays unnamed."""

    entry: ModerationEntry
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class ManagedQuestion:
    """A question as those who manage see it: everything but who asked."""

    key: str
    challenge: Challenge
    language: str
    status: str
    status_label: str
    text: str
    asked_text: str
    asked_at: datetime
    due_at: datetime | None
    is_reported: bool
    is_appealed: bool
    answers: list[PublishedAnswer]
    log: list[LogLine]

    @property
    def is_reworded(self) -> bool:
        """Say whether the public reads another wording than was asked."""
        return bool(self.asked_text) and self.asked_text != self.text


@dataclass(frozen=True, slots=True)
class ManagedPage:
    """One page of questions, those that wait first."""

    page: Page[Question]
    questions: list[ManagedQuestion]


def _managed(actor: Person) -> QuerySet[Question]:
    """Return the questions of the organisations the actor manages, those taken back left out."""
    rows = Question.objects.filter(organisation_id__in=managed_organisation_ids(actor))
    return rows.exclude(status=Question.Status.WITHDRAWN)


def managed_question(actor: Person, key: str) -> Question:
    """Return a question the actor may handle. Raises Http404 for all others."""
    return get_object_or_404(_managed(actor).select_related("challenge"), key=key)


def managed_questions(actor: Person, key: str, *, page: int) -> tuple[Challenge, ManagedPage]:
    """Return a challenge the actor manages and one page of its questions. Raises Http404 for all others."""
    challenge = managed_challenge(actor, key)
    whens = [When(status=status, then=Value(place)) for status, place in ORDER.items()]
    place = Case(*whens, default=Value(len(ORDER)), output_field=IntegerField())
    rows = _managed(actor).filter(challenge=challenge).annotate(place=place)
    due = Case(When(status=Question.Status.WAITING, then=F("due_at")))
    return challenge, _page(rows.order_by("place", due, "-answered_at", "-pk"), page)


@dataclass(frozen=True, slots=True)
class ManagedComment:
    """A comment that waits for a look, as those who manage see it: under the name it stands with, or would."""

    key: str
    challenge: Challenge
    idea_key: str
    language: str
    status: str
    status_label: str
    who: str
    text: str
    written_at: datetime
    is_reported: bool
    is_appealed: bool
    log: list[LogLine]


def managed_comment(actor: Person, key: str) -> Comment:
    """Return a comment the actor may handle. Raises Http404 for all others."""
    rows = Comment.objects.filter(organisation_id__in=managed_organisation_ids(actor))
    shown = rows.exclude(status=Comment.Status.WITHDRAWN).select_related("challenge", "idea")
    return get_object_or_404(shown, key=key)


def comments_to_look_at(organisation: Organisation) -> list[ManagedComment]:
    """Return the oldest comments that wait for a look in an organisation, as many as a page takes."""
    rows = Comment.objects.filter(TO_LOOK_AT, organisation=organisation).exclude(status=Comment.Status.WITHDRAWN)
    full = rows.select_related("challenge", "idea", "participant").prefetch_related(
        Prefetch("moderation", ModerationEntry.objects.select_related("by").order_by("at", "pk"))
    )
    return [_comment_row(comment) for comment in full.order_by("written_at", "pk")[:PAGE_SIZE]]


def _comment_row(comment: Comment) -> ManagedComment:
    """Return a comment without who wrote it."""
    return ManagedComment(
        key=comment.key,
        challenge=comment.challenge,
        idea_key=comment.idea.key,
        language=comment.language,
        status=comment.status,
        status_label=str(comment.get_status_display()),
        who=name_of(comment),
        text=comment.text,
        written_at=comment.written_at,
        is_reported=comment.reported_at is not None,
        is_appealed=comment.is_appeal_open,
        log=[LogLine(entry, _who(entry), _words(entry)) for entry in comment.moderation.all()],
    )


def moderation_queue(actor: Person, organisation: Organisation, *, page: int) -> ManagedPage:
    """Return one page of what waits for a look in an organisation the actor manages, the oldest first."""
    rows = _managed(actor).filter(TO_LOOK_AT, organisation=organisation)
    return _page(rows.order_by("asked_at", "pk"), page)


def _page(rows: QuerySet[Question], page: int) -> ManagedPage:
    """Return one page of questions with their answers and what was done about them."""
    full = rows.select_related("challenge").prefetch_related(
        Prefetch("answers", PublishedAnswer.objects.select_related("written_by").order_by("-number")),
        Prefetch("moderation", ModerationEntry.objects.select_related("by").order_by("at", "pk")),
    )
    found = Paginator(full, PAGE_SIZE).get_page(page)
    return ManagedPage(found, [_row(question) for question in found.object_list])


def _row(question: Question) -> ManagedQuestion:
    """Return a question without its asker."""
    return ManagedQuestion(
        key=question.key,
        challenge=question.challenge,
        language=question.language,
        status=question.status,
        status_label=str(question.get_status_display()),
        text=question.text,
        asked_text=question.asked_text,
        asked_at=question.asked_at,
        due_at=question.due_at,
        is_reported=question.reported_at is not None,
        is_appealed=question.is_appeal_open,
        answers=list(question.answers.all()),
        log=[LogLine(entry, _who(entry), _words(entry)) for entry in question.moderation.all()],
    )


def _who(entry: ModerationEntry) -> str:
    """Return who did it, as far as those who manage may know."""
    if entry.by is None:
        return _("the rules")
    if entry.action == ModerationEntry.Action.APPEALED:
        return _("a contributor")
    return _("a reader") if entry.action in WRITTEN else entry.by.display_name


def _words(entry: ModerationEntry) -> str:
    """Return why it was done, what the rules noted put into the reader's words."""
    return rules.reasons_in(entry.words) if entry.action == ModerationEntry.Action.HELD else entry.words


def _waiting_item(row: Mapping[str, Any]) -> TodayItem:
    """Return what Today says of a challenge in which questions wait."""
    said = ngettext(
        "%(count)d question waits for its answer.", "%(count)d questions wait for their answers.", row["n_waiting"]
    )
    return TodayItem(
        title=row["challenge__title"],
        detail=said % {"count": row["n_waiting"]},
        url=reverse("dialogue:manage", args=[row["challenge__key"]]),
        due_at=row["due_at"],
        kind="clarification",
        action=_("Answer"),
    )


def today_items(actor: Person, organisation: Organisation, role: str, at: datetime) -> Iterator[TodayItem]:
    """Yield challenges with questions that wait for an answer, and texts that wait for a look, for managers."""
    del actor, at
    if role not in MANAGING:
        return
    waiting, held = Q(status=Question.Status.WAITING), TO_LOOK_AT & ~Q(status=Question.Status.WITHDRAWN)
    open_questions = Question.objects.filter(waiting | held, organisation=organisation)
    rows = (
        open_questions.order_by()
        .values("challenge__key", "challenge__title")
        .annotate(n_waiting=Count("pk", waiting), n_held=Count("pk", held), due_at=Min("due_at", filter=waiting))
    )
    comments = Comment.objects.filter(TO_LOOK_AT, organisation=organisation).exclude(status=Comment.Status.WITHDRAWN)
    to_look_at = (
        comments.order_by()
        .values("challenge__key", "challenge__title")
        .annotate(n_waiting=Value(0), n_held=Count("pk"), due_at=Max("hidden_at", filter=Q(pk__in=())))
    )
    n_held = 0
    for row in rows.union(to_look_at, all=True):
        n_held += row["n_held"]
        if row["n_waiting"]:
            yield _waiting_item(row)
    if n_held:
        said = ngettext("%(count)d text waits for a look.", "%(count)d texts wait for a look.", n_held)
        yield TodayItem(
            title=_("Held and reported texts"),
            detail=said % {"count": n_held},
            url=reverse("dialogue:moderation"),
            due_at=None,
            kind="clarification",
            action=_("Look at it"),
        )
