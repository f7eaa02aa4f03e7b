"""Comparisons of partners that a firm keeps: how each came out on its day, and what was decided about whom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from permea.foundation.models import Record
from permea.partners.models.directory import LogEntry, Partner
from permea.people.models import Organisation, Person


class Shortlist(Record):
    """Partners compared with what a firm looks for, to decide about each of them; put away once it is closed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class ShortlistVersion(models.Model):
    """A comparison as it came out on a day; it never changes.

    `wish` and `weights` hold the question as it was asked, `length` how many were kept at most, `n_out` how many
    partners were knocked out by which condition.
    """

    shortlist = models.ForeignKey(Shortlist, on_delete=models.CASCADE, related_name="versions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    wish = models.JSONField(default=dict)
    weights = models.JSONField(default=dict)
    length = models.PositiveSmallIntegerField()
    n_compared = models.PositiveIntegerField()
    n_out = models.JSONField(default=dict)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="shortlist_version_once", fields=["shortlist", "number"]),)

    def __str__(self) -> str:
        """Return list and number, by row."""
        return f"{self.shortlist_id} version {self.number}"


class ShortlistPlace(models.Model):
    """Where a partner came out, under the name it had that day: scores from 0 to 100, `top` a share from 0 to 1.

    `matches` are pairs of a wanted thing and the level known, `lacks` wanted things nothing was known of, `open` the
    criteria that left most open.
    """

    version = models.ForeignKey(ShortlistVersion, on_delete=models.CASCADE, related_name="places")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    low = models.FloatField()
    middle = models.FloatField()
    high = models.FloatField()
    top = models.FloatField()
    matches = models.JSONField(default=list)
    lacks = models.JSONField(default=list)
    open = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="shortlist_place_once", fields=["version", "place"]),
            models.CheckConstraint(
                name="shortlist_scores_are_a_range",
                condition=Q(low__lte=models.F("middle"), middle__lte=models.F("high")),
            ),
        )

    def __str__(self) -> str:
        """Return version and place, by row."""
        return f"{self.version_id} place {self.place}"


class ShortlistNote(Record):
    """What somebody remarks about a partner while the list is looked through."""

    shortlist = models.ForeignKey(Shortlist, on_delete=models.CASCADE, related_name="notes")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    text = models.TextField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class ShortlistDecision(models.Model):
    """What was decided about a partner of a list, and why; the last one counts. `step` is what follows from it."""

    class Choice(models.TextChoices):
        APPROACH = "approach", pgettext_lazy("decision about a partner", "Approach")
        LATER = "later", pgettext_lazy("decision about a partner", "Later")
        NO = "no", pgettext_lazy("decision about a partner", "No")

    shortlist = models.ForeignKey(Shortlist, on_delete=models.CASCADE, related_name="decisions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    choice = models.CharField(max_length=8, choices=Choice.choices)
    reason = models.CharField(max_length=400)
    step = models.ForeignKey(LogEntry, on_delete=models.SET_NULL, related_name="+", null=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return what was decided, by row."""
        return f"{self.partner_id}: {self.choice}"
