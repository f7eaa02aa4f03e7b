"""Comments on entries that a circle reads: threads, who writes under which name, reactions, followers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.challenges.models import Challenge
from permea.dialogue.models.common import Moderated
from permea.foundation.models import Record
from permea.ideas.models import Idea
from permea.people.models import Person


class Participant(Record):
    """Somebody who takes part in the talk about a challenge: by a number, or by a name they chose for it.

    `folded` is the name without case, so that nobody takes the name of another. Whose words came from elsewhere has no
    `person`: they go by a number too, beside the `imported_name` they had there; `mark` tells them from others.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="participants")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations", null=True)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=40, blank=True)
    folded = models.CharField(max_length=80, blank=True)
    imported_name = models.CharField(max_length=120, blank=True)
    mark = models.CharField(max_length=64, blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="talk_participant_once", fields=["challenge", "person"]),
            models.UniqueConstraint(name="talk_participant_number_once", fields=["challenge", "number"]),
            models.UniqueConstraint(
                name="talk_participant_name_once", fields=["challenge", "folded"], condition=~Q(folded="")
            ),
            models.UniqueConstraint(
                name="talk_participant_mark_once", fields=["challenge", "mark"], condition=~Q(mark="")
            ),
            models.CheckConstraint(
                name="talk_participant_person_is_not_imported",
                condition=Q(person__isnull=True) | Q(mark="", imported_name=""),
            ),
        )

    def __str__(self) -> str:
        """Return challenge and number."""
        return f"{self.challenge_id} #{self.number}"


class Talk(models.Model):
    """What is counted about the talk on an entry: comments that are shown, and threads that have a place."""

    idea = models.OneToOneField(Idea, on_delete=models.CASCADE, related_name="talk")
    n_comments = models.PositiveIntegerField(default=0)
    n_threads = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        """Return what it counts."""
        return f"{self.idea_id}: {self.n_comments}"


class Comment(Moderated):
    """What somebody says about an entry; `thread` is the first comment of its thread, `answers` whom it answers.

    `voice` says as what it was written and stays: the author of the entry is never named, a participant goes by number
    or chosen name, a member of the firm by `house_name`. `salt` goes into the fingerprint in the ledger, so that a
    short text cannot be guessed from it once it is gone.

    A comment that came from elsewhere has no `writer` but a `source`, and the number it had there, if any.
    """

    class Status(models.TextChoices):
        SHOWN = "shown", pgettext_lazy("comment", "Shown")
        HELD = "held", pgettext_lazy("comment", "Held for a look")
        HIDDEN = "hidden", pgettext_lazy("comment", "Hidden")
        WITHDRAWN = "withdrawn", pgettext_lazy("comment", "Taken back")

    class Kind(models.TextChoices):
        COMMENT = "comment", _("Comment")
        SUGGESTION = "suggestion", _("Suggestion")

    class Outcome(models.TextChoices):
        TAKEN_UP = "taken_up", pgettext_lazy("suggestion", "Taken up")
        NOT_TAKEN_UP = "not", pgettext_lazy("suggestion", "Not taken up")

    class Voice(models.TextChoices):
        AUTHOR = "author", _("Author of this entry")
        PARTICIPANT = "participant", _("Participant")
        HOUSE = "house", _("Member of the firm")
        IMPORTED = "imported", pgettext_lazy("comment", "Taken over")

    PUBLIC: ClassVar = "shown"

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="comments")
    writer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="comments", null=True)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="comments", null=True)
    voice = models.CharField(max_length=12, choices=Voice.choices)
    house_name = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=80, blank=True)
    external_id = models.CharField(max_length=80, blank=True)
    thread = models.ForeignKey("self", on_delete=models.PROTECT, related_name="replies", null=True)
    answers = models.ForeignKey("self", on_delete=models.PROTECT, related_name="answered_by", null=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMMENT)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    outcome_words = models.CharField(max_length=300, blank=True)
    outcome_by = models.ForeignKey(Person, on_delete=models.SET_NULL, related_name="+", null=True)
    outcome_at = models.DateTimeField(null=True)
    salt = models.CharField(max_length=32, blank=True)
    written_at = models.DateTimeField()
    came_in_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    n_replies = models.PositiveIntegerField(default=0)
    n_answers = models.PositiveIntegerField(default=0)
    n_helpful = models.PositiveIntegerField(default=0)
    n_me_too = models.PositiveIntegerField(default=0)
    n_doubt = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="comment_hidden_has_time", condition=Q(status="hidden") ^ Q(hidden_at__isnull=True)
            ),
            models.CheckConstraint(
                name="comment_answers_within_a_thread", condition=Q(thread__isnull=False) | Q(answers__isnull=True)
            ),
            models.CheckConstraint(
                name="comment_of_a_participant_has_one",
                condition=Q(voice="participant", participant__isnull=False)
                | Q(voice="imported")
                | (Q(participant__isnull=True) & ~Q(voice__in=["participant", "imported"])),
            ),
            models.CheckConstraint(
                name="comment_without_writer_has_a_source", condition=Q(writer__isnull=True) ^ Q(source="")
            ),
            models.CheckConstraint(
                name="comment_taken_over_has_no_writer", condition=Q(writer__isnull=True) | ~Q(voice="imported")
            ),
            models.UniqueConstraint(
                name="comment_taken_over_once", fields=["challenge", "external_id"], condition=~Q(external_id="")
            ),
            models.CheckConstraint(
                name="comment_outcome_is_of_a_suggestion",
                condition=Q(outcome="", outcome_at__isnull=True)
                | (Q(kind="suggestion", outcome_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="comment_appeal_decided_after_it_was_made",
                condition=Q(appeal_decided_at__isnull=True) | Q(appealed_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="comment_threads", fields=["idea", "written_at"], condition=Q(thread__isnull=True)),
            models.Index(name="comment_replies", fields=["thread", "written_at"]),
            models.Index(name="comment_by_time", fields=["written_at"]),
        )

    @property
    def written_by_id(self) -> int | None:
        """Return the number of whoever wrote it, None if it came from elsewhere."""
        return self.writer_id


class CommentVersion(models.Model):
    """What a comment said before its writer changed it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField()
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return which comment, nothing of what it said."""
        return f"{self.comment_id} until {self.replaced_at.isoformat()}"


class Reaction(models.Model):
    """One of three short answers to a comment, one a person; the comment counts them, and nobody is told whose."""

    class Kind(models.TextChoices):
        HELPFUL = "helpful", pgettext_lazy("reaction", "Helpful")
        ME_TOO = "me_too", pgettext_lazy("reaction", "Me too")
        DOUBT = "doubt", pgettext_lazy("reaction", "I have a doubt")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="reactions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="reaction_once", fields=["comment", "person"]),)

    def __str__(self) -> str:
        """Return which comment and what."""
        return f"{self.comment_id}: {self.kind}"


class EntryFollower(models.Model):
    """Whether somebody wants to hear of comments on an entry; without a row only its authors do."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="followers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    is_wanted = models.BooleanField()
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="entry_follower_once", fields=["idea", "person"]),)

    def __str__(self) -> str:
        """Return who follows what, by keys."""
        return f"{self.person.key} follows {self.idea.key}"
