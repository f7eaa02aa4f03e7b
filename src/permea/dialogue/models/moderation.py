"""What was done to keep the talk clean."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.dialogue.models.comments import Comment
from permea.dialogue.models.questions import Question
from permea.people.models import Person


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

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="moderation", null=True)
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="moderation", null=True)
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
            models.UniqueConstraint(
                name="moderation_comment_reported_once", fields=["comment", "by"], condition=Q(action="reported")
            ),
            models.CheckConstraint(
                name="moderation_is_about_one_text",
                condition=Q(question__isnull=True) ^ Q(comment__isnull=True),
            ),
        )
        indexes = (
            models.Index(name="moderation_by_question", fields=["question", "at"]),
            models.Index(name="moderation_by_comment", fields=["comment", "at"]),
        )

    def __str__(self) -> str:
        """Return what was done."""
        return self.action
