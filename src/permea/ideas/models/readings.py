"""Who of the firm has read which entries of others, and since when."""

from __future__ import annotations

from django.db import models

from permea.ideas.models.entries import Idea
from permea.people.models import Person


class EntryReading(models.Model):
    """That somebody of the firm had the full text of an entry of others before them, and when first; never changed."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    first_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="entry_reading_once", fields=["person", "idea"]),)

    def __str__(self) -> str:
        """Return reader and entry, by number."""
        return f"{self.person_id} read {self.idea_id}"
