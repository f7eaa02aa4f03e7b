"""Questions about a challenge, their public answers, who follows them, and what was done to keep the talk clean."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.challenges.models import Challenge
from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class Question(Record):
    """A question about a challenge; it becomes public with its answer, its asker never.

    `text` is what the public reads and what managers may reword, `asked_text` what was asked, word for word.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("question", "Waits for an answer")
        HELD = "held", pgettext_lazy("question", "Held for a look")
        ANSWERED = "answered", pgettext_lazy("question", "Answered")
        HIDDEN = "hidden", pgettext_lazy("question", "Hidden")
        WITHDRAWN = "withdrawn", pgettext_lazy("question", "Taken back")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="questions")
    asker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="questions")
    language = models.CharField(max_length=10, default="en")
    text = models.TextField(blank=True)
    asked_text = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    n_answers = models.PositiveSmallIntegerField(default=0)
    hidden_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    appealed_at = models.DateTimeField(null=True)
    appeal_decided_at = models.DateTimeField(null=True)
    text_removed_at = models.DateTimeField(null=True)

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

    def __str__(self) -> str:
        """Return the key: nothing that was asked."""
        return self.key

    @property
    def is_appeal_open(self) -> bool:
        """Say whether its asker has objected to its hiding and nobody has decided."""
        return self.appealed_at is not None and self.appeal_decided_at is None


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


class ModerationEntry(models.Model):
    """What was done about a text that a stranger wrote: who, when, what and why. Rows are only ever added.

    `by` is nobody where the rules did it; then `words` holds what they noted (`rules.reasons_in`). `before` is the
    wording a rewording replaced.
    """

    class Action(models.TextChoices):
        HELD = "held", _("Held by the rules")
        RELEASED = "released", _("Released")
        REWORDED = "reworded", _("Reworded for the public")
        HIDDEN = "hidden", pgettext_lazy("moderation", "Hidden")
        APPEALED = "appealed", _("Objection by its writer")
        UPHELD = "upheld", _("Objection refused")
        OVERTURNED = "overturned", _("Objection accepted, shown again")
        REPORTED = "reported", _("Reported by a reader")
        DISMISSED = "dismissed", _("Reports found groundless")

    class Reason(models.TextChoices):
        SPAM = "spam", _("Advertising or generated text")
        OFF_TOPIC = "off_topic", _("Not about this challenge")
        OFFENSIVE = "offensive", _("Insulting or unlawful")
        PERSONAL = "personal", _("Says something about a person that is private")
        SOLUTION = "solution", _("Gives a solution away")
        REPEATED = "repeated", _("Asked and answered before")
        OTHER = "other", pgettext_lazy("moderation", "Something else")

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="moderation")
    action = models.CharField(max_length=10, choices=Action.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    words = models.TextField(blank=True)
    before = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="moderation_reported_once", fields=["question", "by"], condition=Q(action="reported")
            ),
        )
        indexes = (models.Index(name="moderation_by_question", fields=["question", "at"]),)

    def __str__(self) -> str:
        """Return what was done."""
        return self.action


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
