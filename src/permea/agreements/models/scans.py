"""Scans of papers that a side signed by hand."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from permea.agreements.models.agreements import AgreementParty
from permea.agreements.models.signing import AgreementVersion
from permea.foundation.models import Record
from permea.people.models import Person


class SignedScan(Record):
    """The scan of a paper that one side signed by hand; it counts as a signature once another side has accepted it.

    `party` is the side that signed, nobody for the firm; `reason` says why it was not accepted.
    """

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="scans")
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="scans", null=True)
    signer_name = models.CharField(max_length=120)
    signed_on = models.DateField()
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    path = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="signed_scans")
    sent_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)
    is_accepted = models.BooleanField(default=False)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="signed_scan_one_waits_by_party",
                fields=["version", "party"],
                condition=Q(answered_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="signed_scan_one_waits_by_firm",
                fields=["version"],
                condition=Q(answered_at__isnull=True, party__isnull=True),
            ),
            models.CheckConstraint(
                name="signed_scan_answered_by_somebody",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, is_accepted=False)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key
