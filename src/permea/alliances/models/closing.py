"""The end of an alliance: who asked for it and why, and how each side rates what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from permea.alliances.models.alliances import Alliance, Charter, Party
from permea.foundation.models import Record
from permea.people.models import Person


class Closing(Record):
    """That a side asked to close an alliance; `charter` is the version whose criteria the sides rate.

    It closes when the last side has rated, or from `until` on when a side that has rated says so. The side that asked
    can take it back before.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="closings")
    charter = models.ForeignKey(Charter, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400)
    until = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="closing_one_at_a_time", fields=["alliance"], condition=Q(taken_back_at__isnull=True)
            ),
            models.CheckConstraint(
                name="closing_ends_one_way", condition=Q(taken_back_at__isnull=True) | Q(closed_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class SuccessRating(models.Model):
    """How a side rates an alliance: each criterion of the charter in its order, from 1 to 5 with words, and overall.

    It can be changed until the alliance is closed; from then on all see all of them.
    """

    closing = models.ForeignKey(Closing, on_delete=models.CASCADE, related_name="ratings")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    marks = models.JSONField()
    overall = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=400, blank=True)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="success_rated_once_by_party", fields=["closing", "party"]),
            models.CheckConstraint(name="success_is_from_1_to_5", condition=Q(overall__gte=1, overall__lte=5)),
        )

    def __str__(self) -> str:
        """Return closing and party, by number."""
        return f"{self.closing_id} {self.party_id}"
