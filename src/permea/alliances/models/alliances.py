"""An alliance, its parties, the versions of its charter, and which party accepted which of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class Alliance(Record):
    """What a firm and one partner or several do together.

    Partners see it from `offered_at` on. It lives from the moment at which all parties have accepted the same version
    of the charter; `charter` is the newest version that all accepted, None before there is one. From `closed_at` on it
    is read only.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="alliances")
    title = models.CharField(max_length=160)
    language = models.CharField(max_length=10, default="en")
    currency = models.CharField(max_length=3, default="EUR")
    charter = models.ForeignKey("Charter", on_delete=models.PROTECT, related_name="+", null=True)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    live_since = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="alliance_lives_by_a_charter", condition=Q(charter__isnull=True) ^ Q(live_since__isnull=False)
            ),
            models.CheckConstraint(
                name="alliance_lives_once_offered", condition=Q(live_since__isnull=True) | Q(offered_at__isnull=False)
            ),
            models.CheckConstraint(
                name="alliance_closes_once_live", condition=Q(closed_at__isnull=True) | Q(live_since__isnull=False)
            ),
        )
        indexes = (models.Index(name="alliance_by_firm", fields=["organisation", "created_at"]),)

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Party(Record):
    """One side of an alliance, the firm itself included; `number` is its place, the firm's is 0.

    `joined_at` says when a side that was not there from the beginning took part first; what was before `reads_from`
    it does not read, None if it reads all.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="allied")
    number = models.PositiveIntegerField()
    joined_at = models.DateTimeField(null=True)
    reads_from = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="party_organisation_once", fields=["alliance", "organisation"]),
            models.UniqueConstraint(name="party_number_once", fields=["alliance", "number"]),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class Charter(Record):
    """A version of what the parties set out to do; once partners have seen it, it never changes.

    `content` holds goals, criteria with their measures, tasks with the role of each party, milestones, cadence, ip,
    the key of an agreement, and exit. `sha256` is over all of it in its canonical form.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="charters")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=400, blank=True)
    by_party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="charter_version_once", fields=["alliance", "number"]),)

    def __str__(self) -> str:
        """Return alliance and number."""
        return f"{self.alliance_id} v{self.number}"


class Acceptance(models.Model):
    """That a party accepted exactly this version of the charter."""

    charter = models.ForeignKey(Charter, on_delete=models.PROTECT, related_name="acceptances")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="charter_accepted_once_by_party", fields=["charter", "party"]),)

    def __str__(self) -> str:
        """Return charter and party, by number."""
        return f"{self.charter_id} {self.party_id}"
