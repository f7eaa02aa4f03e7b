"""What all ways of asking customers share: from when to when, whom, and everybody's own place in it."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from permea.foundation.models import Record
from permea.people.models import Organisation
from permea.trials.models.panels import CustomerPanel, PanelMember


class Asking(Record):
    """Something customers are asked from opening to closing: a panel, or anybody by its link, or both.

    `salt` decides with the number of a person what they are shown; it is told to nobody.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    panel = models.ForeignKey(CustomerPanel, on_delete=models.PROTECT, related_name="+", null=True)
    takes_anyone = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="en")
    salt = models.CharField(max_length=64)
    n_begun = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def is_draft(self) -> bool:
        """Say whether nobody has been asked yet."""
        return self.opened_at is None

    def is_open_at(self, at: datetime) -> bool:
        """Say whether answers are taken at `at`."""
        return self.opened_at is not None and self.opened_at <= at < self.closes_at

    def is_closed_at(self, at: datetime) -> bool:
        """Say whether answers were taken once and are not any more."""
        return self.opened_at is not None and at >= self.closes_at


class Place(Record):
    """One person's place in something that is asked; who they are stands in the panel alone, if anywhere.

    Without a member it is anybody's: of the form they began with only a hash is stored.
    """

    member = models.ForeignKey(PanelMember, on_delete=models.SET_NULL, related_name="%(class)ss", null=True)
    form_hash = models.CharField(max_length=64, unique=True, null=True)
    made_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    cut_off_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
