"""Which entries say that they build on which: the credit for what others take further."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from permea.ideas.models.entries import Idea
from permea.people.models import Person


class BuildsOn(models.Model):
    """That an entry takes an earlier one further, as one of those who write it said."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="builds_on")
    earlier = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="built_on_by")
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="builds_on_once", fields=["idea", "earlier"]),
            models.CheckConstraint(name="builds_on_another", condition=~Q(idea=F("earlier"))),
        )

    def __str__(self) -> str:
        """Return both keys."""
        return f"{self.idea.key} on {self.earlier.key}"
