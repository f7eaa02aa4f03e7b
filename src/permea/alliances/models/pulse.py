"""How each side rates the alliance, quarter by quarter, and matters that climb the ladder until they are solved."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from permea.alliances.models.alliances import Alliance, Party
from permea.foundation.models import Record
from permea.people.models import Person


class PulseAnswer(models.Model):
    """What one side answered in the quarter that begins on `quarter`: a number from 1 to 5 for each question.

    It can be changed until every side has answered; from then on all see all of them.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="pulse_answers")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    quarter = models.DateField()
    marks = models.JSONField()
    words = models.CharField(max_length=400, blank=True)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="pulse_once_a_quarter", fields=["alliance", "party", "quarter"]),)

    def __str__(self) -> str:
        """Return party and quarter."""
        return f"{self.party_id} {self.quarter}"


class Matter(Record):
    """Something a side wants solved. While open it climbs a step every `days` days: everybody, managers, owners."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="matters")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=400)
    days = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField(default=1)
    step_at = models.DateTimeField()
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    solved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    solved_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="matter_has_three_steps", condition=Q(step__gte=1, step__lte=3)),
            models.CheckConstraint(
                name="matter_is_solved_with_an_outcome", condition=Q(solved_at__isnull=True) ^ ~Q(outcome="")
            ),
        )
        indexes = (models.Index(name="matter_to_climb", fields=["solved_at", "step_at"]),)

    def __str__(self) -> str:
        """Return the key."""
        return self.key
