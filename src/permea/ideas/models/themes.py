"""What the entries of a challenge are about: themes that are worked out, and then belong to those who change them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permea.challenges.models import Challenge
from permea.foundation.models import Record
from permea.ideas.models.entries import Idea
from permea.people.models import Person


class ThemeWork(models.Model):
    """When the themes of a challenge were asked for and worked out, of how many entries, and whether people own them.

    Once somebody named, made, merged or removed a theme, or moved an entry (`held_at`), the themes are theirs: working
    them out again places entries in them and makes no others.
    """

    challenge = models.OneToOneField(Challenge, on_delete=models.CASCADE, related_name="theme_work")
    asked_at = models.DateTimeField(null=True)
    worked_out_at = models.DateTimeField(null=True)
    n_entries = models.PositiveIntegerField(default=0)
    held_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return the challenge's key."""
        return f"themes of {self.challenge.key}"


class Theme(Record):
    """Entries that are about the same, under the words that tell them apart or the name somebody gave.

    Where it stands on the map is `x` and `y`, without a unit; one without entries stands nowhere.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="themes")
    name = models.CharField(max_length=80, blank=True)
    words = models.JSONField(default=list)
    named_at = models.DateTimeField(null=True)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="theme_name_once", fields=["challenge", "name"], condition=Q(named_at__isnull=False)
            ),
            models.CheckConstraint(
                name="theme_stands_somewhere_or_nowhere",
                condition=Q(x__isnull=True, y__isnull=True) | Q(x__isnull=False, y__isnull=False),
            ),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class ThemeEntry(models.Model):
    """Which theme an entry is in, how well it fits, and to which side it leans; in none once its theme was removed.

    What was moved by hand (`moved_at`) stays where it is, and nobody has worked out how well it fits.
    """

    idea = models.OneToOneField(Idea, on_delete=models.CASCADE, related_name="in_theme")
    theme = models.ForeignKey(Theme, on_delete=models.SET_NULL, related_name="entries", null=True)
    fit = models.FloatField(null=True)
    leans = models.FloatField(default=0.0)
    moved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return entry and theme."""
        return f"{self.idea.key} in {self.theme}"


class ThemeChange(Record):
    """A theme that somebody merged or removed, as it was, so that this can be undone; and who undid it.

    `entries` has a row for each entry the theme had: its number, how well it fitted, to which side it leant, and when
    it was moved by hand. Once themes are found afresh, a change is closed without being undone.
    """

    class Kind(models.TextChoices):
        MERGED = "merged", _("Merged")
        REMOVED = "removed", _("Removed")

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="theme_changes")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    theme_key = models.CharField(max_length=20)
    name = models.CharField(max_length=80, blank=True)
    words = models.JSONField(default=list)
    named_at = models.DateTimeField(null=True)
    x = models.FloatField(null=True)
    y = models.FloatField(null=True)
    into_name = models.CharField(max_length=80, blank=True)
    entries = models.JSONField(default=list)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="theme_change_undone_is_closed", condition=Q(undone_by__isnull=True) | Q(closed_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        """Return what was done to which theme."""
        return f"{self.kind}: {self.name}"
