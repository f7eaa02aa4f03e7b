"""The IP table of an agreement: what each side brings and what comes of it, who owns it and who may use it how."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from permea.agreements.models.agreements import Agreement, AgreementParty
from permea.foundation.models import Record
from permea.people.models import Person


class IpEntry(Record):
    """One thing in the IP table of an agreement: what the sides say of it stands in its versions.

    `by_party` is who stated it, the firm without one. `newest` is what was said last, `current` what holds.
    """

    class Kind(models.TextChoices):
        BACKGROUND = "background", _("Background: brought along")
        FOREGROUND = "foreground", _("Foreground: made together")
        SIDEGROUND = "sideground", _("Sideground: made meanwhile, outside of the work")
        THIRD_PARTY = "third_party", _("Belongs to others")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="ip_entries")
    kind = models.CharField(max_length=11, choices=Kind.choices)
    by_party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="+", null=True)
    newest = models.OneToOneField("IpVersion", on_delete=models.PROTECT, related_name="+", null=True)
    current = models.OneToOneField("IpVersion", on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="ip_entry_of_known_kind",
                condition=Q(kind__in=["background", "foreground", "sideground", "third_party"]),
            ),
        )

    def __str__(self) -> str:
        """Return the key: nobody's secret."""
        return self.key


class IpVersion(Record):
    """What one side said of an entry; it never changes. A withdrawn one says that nothing is said any more.

    `identifier` is a patent number, a repository or the like, several with commas between them. `item_key` names one
    of the firm's items. `owned` is the sum of the shares, in thousandths of a per cent: always all of it.
    `crossed_at` is when the other side could read it first; what the firm changed before it offered never crossed.
    """

    entry = models.ForeignKey(IpEntry, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    identifier = models.CharField(max_length=300, blank=True)
    item_key = models.CharField(max_length=20, blank=True)
    licence = models.CharField(max_length=80, blank=True)
    is_copyleft = models.BooleanField(default=False)
    is_noncommercial = models.BooleanField(default=False)
    restrictions = models.TextField(blank=True)
    owned = models.PositiveIntegerField()
    is_withdrawn = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64)
    by_party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="+", null=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True)
    crossed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="ip_version_once", fields=["entry", "number"]),
            models.CheckConstraint(name="ip_version_is_owned_whole", condition=Q(owned=100_000)),
        )

    def __str__(self) -> str:
        """Return entry and number."""
        return f"{self.entry_id} v{self.number}"


class IpShare(models.Model):
    """What somebody owns of it, in thousandths of a per cent: a party, somebody else by name, or else the firm."""

    version = models.ForeignKey(IpVersion, on_delete=models.CASCADE, related_name="shares")
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="+", null=True)
    holder_name = models.CharField(max_length=160, blank=True)
    thousandths = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="ip_share_has_one_holder", condition=Q(party__isnull=True) | Q(holder_name="")),
            models.CheckConstraint(name="ip_share_is_a_part", condition=Q(thousandths__gt=0, thousandths__lte=100_000)),
            models.UniqueConstraint(name="ip_share_once_by_party", fields=["version", "party"]),
            models.UniqueConstraint(
                name="ip_share_once_by_name", fields=["version", "holder_name"], condition=Q(party__isnull=True)
            ),
        )

    def __str__(self) -> str:
        """Return version and share."""
        return f"{self.version_id}: {self.thousandths}"


class IpGrant(models.Model):
    """That somebody may use it: in which fields and countries (none: all), alone or not, from when until when.

    A promise says that the right will be given; without a first day it holds as long as the agreement does.
    """

    class Use(models.TextChoices):
        PROJECT = "project", _("For this work only")
        OWN = "own", _("For their own use")
        COMMERCIAL = "commercial", _("Commercially")

    version = models.ForeignKey(IpVersion, on_delete=models.CASCADE, related_name="grants")
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="+", null=True)
    holder_name = models.CharField(max_length=160, blank=True)
    use = models.CharField(max_length=10, choices=Use.choices)
    fields = models.JSONField(default=list)
    countries = models.JSONField(default=list)
    is_exclusive = models.BooleanField(default=False)
    is_promise = models.BooleanField(default=False)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="ip_grant_has_one_holder", condition=Q(party__isnull=True) | Q(holder_name="")),
            models.CheckConstraint(
                name="ip_grant_runs_forwards",
                condition=Q(begins_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gt=F("begins_on")),
            ),
        )

    def __str__(self) -> str:
        """Return version and use."""
        return f"{self.version_id}: {self.use}"


class IpAcceptance(models.Model):
    """That one side accepted a version of a foreground entry: a party, or without one the firm."""

    version = models.ForeignKey(IpVersion, on_delete=models.CASCADE, related_name="acceptances")
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="+", null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="ip_accepted_once_by_party", fields=["version", "party"]),
            models.UniqueConstraint(
                name="ip_accepted_once_by_firm", fields=["version"], condition=Q(party__isnull=True)
            ),
        )

    def __str__(self) -> str:
        """Return version and side, by number."""
        return f"{self.version_id} by {self.party_id}"
