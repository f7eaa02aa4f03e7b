"""Entries that say nearly the same, and merging them: facts that are only added to."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from permea.challenges.models import Challenge
from permea.foundation.models import Record
from permea.ideas.models.entries import Idea
from permea.people.models import Person


class PairSearch(models.Model):
    """When the entries of a challenge were last compared with each other, and how many there were."""

    challenge = models.OneToOneField(Challenge, on_delete=models.CASCADE, related_name="pair_search")
    n_entries = models.PositiveIntegerField()
    looked_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the challenge's key."""
        return f"pairs of {self.challenge.key}"


class IdeaVector(models.Model):
    """What an entry means, as the numbers of an encoder: made of one version of its text, and gone with that text."""

    idea = models.OneToOneField(Idea, on_delete=models.CASCADE, related_name="vector")
    encoder = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    values = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return idea and version."""
        return f"meaning of {self.idea.key} v{self.number}"


class SimilarPair(models.Model):
    """Two entries that say nearly the same, and by what; once somebody kept them apart it is not proposed again.

    Where both have one title, `differs` holds the words that only the first, and only the second of them has.
    """

    class By(models.TextChoices):
        WORDS = "words", _("Shared words")
        MEANING = "meaning", _("Same meaning in another language")

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="similar_pairs")
    first = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    by = models.CharField(max_length=8, choices=By.choices, default=By.WORDS)
    words = models.JSONField(default=list)
    differs = models.JSONField(default=list)
    found_at = models.DateTimeField()
    apart_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    apart_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="similar_pair_once", fields=["first", "second"]),
            models.CheckConstraint(name="similar_pair_in_order", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(
                name="similar_pair_kept_apart_by_somebody",
                condition=Q(apart_by__isnull=True, apart_at__isnull=True)
                | Q(apart_by__isnull=False, apart_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        """Return both keys."""
        return f"{self.first.key} ~ {self.second.key}"


class Merge(Record):
    """One entry merged into another of its challenge, or the question whether it may be; its story is in `steps`."""

    class State(models.TextChoices):
        ASKED = "asked", _("Its author is asked")
        DONE = "done", _("Merged")
        REFUSED = "refused", _("Its author refused")
        DROPPED = "dropped", _("The question was taken back")
        UNDONE = "undone", _("Undone")

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="merges")
    lead = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices)
    answer_by = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="merge_one_at_a_time", fields=["idea"], condition=Q(state="asked") | Q(state="done")
            ),
            models.CheckConstraint(name="merge_into_another", condition=~Q(idea=F("lead"))),
        )

    def __str__(self) -> str:
        """Return both keys."""
        return f"{self.idea.key} into {self.lead.key}"


class MergeStep(models.Model):
    """What happened to a merge: who did what when, and with which words. Never changed, but emptied at erasure."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("The author was asked")
        AGREED = "agreed", _("The author agreed")
        REFUSED = "refused", _("The author refused")
        DROPPED = "dropped", _("The question was taken back")
        DONE = "done", _("Merged")
        UNDONE = "undone", _("Undone")

    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return what happened."""
        return self.kind
