"""Crossings in a hash chain per organisation, signed heads and receipts, and openings of personal commitments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class SigningKey(models.Model):
    """A public Ed25519 key heads and receipts are signed with; the private half is a file in the data folder.

    `endorsement` is the signature of the key before it, so that who trusts that one can trust this one.
    """

    algorithm = models.CharField(max_length=10, default="ed25519")
    key_id = models.CharField(max_length=16, unique=True)
    public_key = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    endorsed_by = models.CharField(max_length=16, blank=True)
    endorsement = models.CharField(max_length=128, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="signing_key_one_in_use", fields=["algorithm"], condition=Q(retired_at__isnull=True)
            ),
            models.CheckConstraint(
                name="signing_key_endorsed_by_somebody", condition=Q(endorsed_by="") ^ ~Q(endorsement="")
            ),
        )

    def __str__(self) -> str:
        """Return the key's id."""
        return self.key_id


class Chain(models.Model):
    """Where an organisation's chain of crossings stands; locked while one is appended."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="chain")
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64)

    def __str__(self) -> str:
        """Return length and head."""
        return f"{self.length}: {self.head[:12]}"


class Crossing(models.Model):
    """One entry: `body` is canonical JSON, `hash` is SHA-256 over it; the columns repeat it for searching.

    The database refuses UPDATE and DELETE.
    """

    class Direction(models.TextChoices):
        IN = "in", _("In")
        OUT = "out", _("Out")
        INSIDE = "inside", _("Inside")

    class Depth(models.TextChoices):
        INSIDE = "inside", _("Inside")
        ROOM = "room", _("Room")
        INVITED = "invited", _("Invited")
        PUBLIC = "public", _("Public")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="crossings")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=60)
    direction = models.CharField(max_length=6, choices=Direction.choices)
    depth = models.CharField(max_length=7, choices=Depth.choices)
    subject_type = models.CharField(max_length=30)
    subject_key = models.CharField(max_length=20)
    challenge_key = models.CharField(max_length=20, blank=True)
    counterparty_key = models.CharField(max_length=20, blank=True)
    actor_key = models.CharField(max_length=20, blank=True)
    terms_key = models.CharField(max_length=20, blank=True)
    crossed_at = models.DateTimeField()
    body = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="crossing_number_once", fields=["organisation", "number"]),
            models.CheckConstraint(name="crossing_has_direction", condition=Q(direction__in=["in", "out", "inside"])),
            models.CheckConstraint(
                name="crossing_has_depth", condition=Q(depth__in=["inside", "room", "invited", "public"])
            ),
        )
        indexes = (
            models.Index(name="crossing_by_time", fields=["organisation", "crossed_at", "direction"]),
            models.Index(name="crossing_by_kind", fields=["organisation", "kind"]),
            models.Index(name="crossing_by_challenge", fields=["challenge_key", "number"]),
            models.Index(name="crossing_by_subject", fields=["subject_key"]),
        )

    def __str__(self) -> str:
        """Return number and kind."""
        return f"{self.number} {self.kind}"


class Opening(models.Model):
    """The salt and value behind a commitment in a crossing; deleted when the person is erased."""

    crossing = models.ForeignKey(Crossing, on_delete=models.PROTECT, related_name="openings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    field = models.CharField(max_length=40)
    salt = models.CharField(max_length=64)
    value = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(name="opening_once", fields=["crossing", "field"]),)

    def __str__(self) -> str:
        """Return the field's name, never its value."""
        return self.field


class Head(models.Model):
    """A signed statement of how long a chain was and what its last hash was.

    The database refuses UPDATE and DELETE.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="heads")
    number = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)

    class Meta:
        constraints = (models.UniqueConstraint(name="head_once_per_key", fields=["organisation", "number", "key_id"]),)

    def __str__(self) -> str:
        """Return the number."""
        return str(self.number)


class Receipt(Record):
    """A signed proof given to a person that a crossing was recorded; `document` is what was signed."""

    crossing = models.OneToOneField(Crossing, on_delete=models.PROTECT, related_name="receipt")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="receipts")
    document = models.JSONField()
    issued_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the key."""
        return self.key
