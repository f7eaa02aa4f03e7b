"""The chooser: both sides answer the same guide apart, then compare what follows from their answers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from permea.agreements.models.agreements import Agreement
from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class ChooserRun(Record):
    """A firm and a partner who look for the right agreement, round by round.

    `options` is what the result of the last draft said about the clauses, as choice by name.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="chooser_runs")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="chooser_runs_as_partner")
    title = models.CharField(max_length=160)
    round = models.PositiveSmallIntegerField(default=1)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="chooser_runs", null=True)
    options = models.JSONField(default=dict)
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class ChooserAnswers(models.Model):
    """What one side answered in one round; the other side sees it once both have handed in."""

    class Side(models.TextChoices):
        HOST = "host", _("Our side")
        PARTNER = "partner", _("The partner's side")

    run = models.ForeignKey(ChooserRun, on_delete=models.CASCADE, related_name="answers")
    round = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=7, choices=Side.choices)
    answers = models.JSONField(default=dict)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="chooser_side_once_a_round", fields=["run", "round", "side"]),)

    def __str__(self) -> str:
        """Return run, round and side."""
        return f"{self.run.key} {self.round} {self.side}"
