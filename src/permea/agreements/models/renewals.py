"""Renewals: a new agreement that takes another one on beyond its last day."""

from __future__ import annotations

from django.db import models

from permea.agreements.models.agreements import Agreement


class Renewal(models.Model):
    """That an agreement goes on where another one ends; until which day stands in the options of its versions."""

    agreement = models.OneToOneField(Agreement, on_delete=models.CASCADE, related_name="renewal")
    of = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="renewals")

    def __str__(self) -> str:
        """Return both agreements, by keys."""
        return f"{self.agreement_id} renews {self.of_id}"
