"""Whom an item is shared with, and who has seen which version of its parts."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from permea.agreements.models import Agreement
from permea.disclosures.models.items import Item, Part, PartVersion
from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class Share(Record):
    """That a person, or everybody of an organisation, may read an item for a purpose, down to a depth.

    Down to the room it also takes an agreement that covers the item for this purpose at the moment of reading.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="shares")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="shared_with", null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shared_with", null=True)
    depth = models.CharField(max_length=7, choices=Part.Depth.choices)
    purpose = models.CharField(max_length=10, choices=Agreement.Purpose.choices)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="share_has_one_reader", condition=Q(organisation__isnull=True) ^ Q(person__isnull=True)
            ),
            models.CheckConstraint(name="share_leads_outside", condition=Q(depth__in=["invited", "room"])),
            models.CheckConstraint(
                name="share_runs_forwards", condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opened_at"))
            ),
        )
        indexes = (
            models.Index(name="share_by_person", fields=["person", "closed_at", "item"]),
            models.Index(name="share_by_organisation", fields=["organisation", "closed_at", "item"]),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key

    def is_open_at(self, at: datetime) -> bool:
        """Say whether the share holds at `at`."""
        ends = [moment for moment in (self.closes_at, self.closed_at) if moment is not None]
        return self.opened_at <= at and all(at < moment for moment in ends)


class Seen(models.Model):
    """That somebody outside read a version of a part under an agreement, or under none: first, last, how often.

    `crossed_at` is when it was last told in the ledger. `agreement` is the one that covered the reader then.
    """

    house = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(PartVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    reader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    depth = models.CharField(max_length=7, choices=Part.Depth.choices)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    crossed_at = models.DateTimeField()
    n = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="seen_once_by_agreement",
                fields=["version", "reader", "agreement"],
                condition=Q(agreement__isnull=False),
            ),
            models.UniqueConstraint(
                name="seen_once_without", fields=["version", "reader"], condition=Q(agreement__isnull=True)
            ),
        )
        indexes = (
            models.Index(name="seen_by_house", fields=["house", "last_at"]),
            models.Index(name="seen_by_item", fields=["item", "last_at"]),
            models.Index(name="seen_by_reader", fields=["reader", "last_at"]),
            models.Index(name="seen_by_organisation", fields=["organisation", "last_at"]),
            models.Index(name="seen_by_agreement", fields=["agreement", "last_at"]),
        )

    def __str__(self) -> str:
        """Return reader and version, by number."""
        return f"{self.reader_id} saw {self.version_id}"
