"""The base of every record, and the outbox of effects that must not be lost."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from permea.foundation.ids import new_key


class Record(models.Model):
    """A row with a public key that is safe to show in an address."""

    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)

    class Meta:
        abstract = True


class OutboxEntry(models.Model):
    """An effect to carry out after the transaction that decided it: delivered at least once."""

    kind = models.CharField(max_length=60)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="outbox_due",
                condition=Q(done_at__isnull=True, given_up_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        """Return kind and number."""
        return f"{self.kind} #{self.pk}"
