"""What a machine made of entries in other languages."""

from __future__ import annotations

from django.db import models

from permea.ideas.models.entries import Idea


class Translation(models.Model):
    """A version of an entry in another language, by the machine that is named; what counts is the original."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="translations")
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=10)
    title = models.TextField()
    summary = models.TextField()
    body = models.TextField()
    service = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="translation_once", fields=["idea", "version", "language"]),)

    def __str__(self) -> str:
        """Return idea, version and language."""
        return f"{self.idea.key} v{self.version} in {self.language}"
