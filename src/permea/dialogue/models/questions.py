"""Questions about a challenge, their public answers, and who follows them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from permea.challenges.models import Challenge
from permea.dialogue.models.common import Moderated
from permea.foundation.models import Record
from permea.people.models import Person


class Question(Moderated):
    """A question about a challenge; it becomes public with its answer, its asker never.

    `text` is what the public reads and what managers may reword, `asked_text` what was asked, word for word.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("question", "Waits for an answer")
        HELD = "held", pgettext_lazy("question", "Held for a look")
        ANSWERED = "answered", pgettext_lazy("question", "Answered")
        HIDDEN = "hidden", pgettext_lazy("question", "Hidden")
        WITHDRAWN = "withdrawn", pgettext_lazy("question", "Taken back")

    PUBLIC: ClassVar = "answered"

    asker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="questions")
    asked_text = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    n_answers = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="question_has_answer_if_answered", condition=~Q(status="answered") | Q(n_answers__gt=0)
            ),
            models.CheckConstraint(
                name="question_answered_has_time", condition=Q(n_answers=0) ^ Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(
                name="question_waits_until_a_time", condition=~Q(status="waiting") | Q(due_at__isnull=False)
            ),
            models.CheckConstraint(
                name="question_hidden_has_time", condition=Q(status="hidden") ^ Q(hidden_at__isnull=True)
            ),
            models.CheckConstraint(
                name="question_appeal_decided_after_it_was_made",
                condition=Q(appeal_decided_at__isnull=True) | Q(appealed_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="question_by_challenge", fields=["challenge", "status", "asked_at"]),
            models.Index(name="question_by_time", fields=["asked_at"]),
        )

    @property
    def written_by_id(self) -> int:
        """Return the number of whoever asked."""
        return self.asker_id


class PublishedAnswer(Record):
    """An answer as it was published: never changed; a correction is a further number."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    changes_brief = models.BooleanField(default=False)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="published_answer_once", fields=["question", "number"]),)
        indexes = (
            models.Index(name="published_answer_untold", fields=["published_at"], condition=Q(told_at__isnull=True)),
        )

    def __str__(self) -> str:
        """Return question and number."""
        return f"{self.question_id} v{self.number}"


class Follower(models.Model):
    """That somebody wants to hear of the answers to questions about a challenge."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="followers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="follower_once", fields=["challenge", "person"]),)

    def __str__(self) -> str:
        """Return who follows what, by keys."""
        return f"{self.person.key} follows {self.challenge.key}"
