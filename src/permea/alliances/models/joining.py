"""That a further partner joins a running alliance: what is proposed, and what each side says of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from permea.agreements.models import Agreement
from permea.alliances.models.alliances import Alliance
from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class Joining(Record):
    """That a firm proposes a further party, with the charter as it would read then.

    `party_key` stands for the party in `content`. `sha256` is over the terms and the hash of that charter. The new side
    sees it from `shown_at` on, when all present sides have agreed; it has agreed at `agreed_at`, and is a party from
    `entered_at` on. A refusal or the firm ends it at `ended_at`. `agreement` is the one that covers the new side.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="joinings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    party_key = models.CharField(max_length=20)
    from_on = models.DateField()
    reads_all = models.BooleanField()
    reason = models.CharField(max_length=400)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+", null=True)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    charter_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="joining_one_at_a_time",
                fields=["alliance"],
                condition=Q(entered_at__isnull=True, ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="joining_ends_one_way", condition=Q(entered_at__isnull=True) | Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="joining_is_agreed_once_shown", condition=Q(agreed_at__isnull=True) | Q(shown_at__isnull=False)
            ),
            models.CheckConstraint(
                name="joining_enters_once_agreed", condition=Q(entered_at__isnull=True) | Q(agreed_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class JoiningAnswer(models.Model):
    """That a side agreed to exactly this joining, or refused it and why."""

    joining = models.ForeignKey(Joining, on_delete=models.CASCADE, related_name="answers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField()
    reason = models.CharField(max_length=400, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="joining_answered_once_by_side", fields=["joining", "organisation"]),
            models.CheckConstraint(name="joining_is_refused_with_a_reason", condition=Q(agrees=True) ^ ~Q(reason="")),
        )

    def __str__(self) -> str:
        """Return joining and organisation, by number."""
        return f"{self.joining_id} {self.organisation_id}"
