"""Seals: the PDF of a signed version with the firm's electronic seal, and the certificates of seals."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permea.agreements.models.signing import AgreementVersion
from permea.foundation.models import Record
from permea.people.models import Organisation


class SealCertificate(Record):
    """The public half of what seals a firm's papers; the private half is a file in the data folder.

    One is in use; those before it stay, so that what they sealed can be checked.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seal_certificates")
    pem = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="seal_certificate_one_in_use", fields=["organisation"], condition=Q(retired_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        """Return the beginning of the fingerprint."""
        return self.sha256[:16]


class AgreementSeal(Record):
    """The sealed paper of a version that all sides signed; its bytes never change once they are there.

    `problem` says by its code why the last try failed. The time-stamp of an authority is in the seal, or, where the
    authority did not answer then, in a second file: the first with the time-stamp behind it.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Being sealed")
        SEALED = "sealed", _("Sealed")
        FAILED = "failed", _("Not sealed")

    class Stamp(models.TextChoices):
        NONE = "", _("No time-stamp")
        WAITING = "waiting", _("Time-stamp still to come")
        STAMPED = "stamped", _("With time-stamp")

    version = models.OneToOneField(AgreementVersion, on_delete=models.PROTECT, related_name="seal")
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.WAITING)
    problem = models.CharField(max_length=20, blank=True)
    asked_at = models.DateTimeField()
    certificate = models.ForeignKey(SealCertificate, on_delete=models.PROTECT, related_name="seals", null=True)
    path = models.CharField(max_length=80, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(null=True)
    stamp = models.CharField(max_length=7, choices=Stamp.choices, blank=True, default=Stamp.NONE)
    stamp_problem = models.CharField(max_length=20, blank=True)
    authority = models.CharField(max_length=200, blank=True)
    stamped_at = models.DateTimeField(null=True)
    stamped_path = models.CharField(max_length=80, blank=True)
    stamped_size = models.PositiveIntegerField(default=0)
    stamped_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="agreement_sealed_with_file",
                condition=~Q(status="sealed")
                | (~Q(path="") & ~Q(sha256="") & Q(sealed_at__isnull=False) & Q(certificate__isnull=False)),
            ),
            models.CheckConstraint(
                name="agreement_stamped_at_some_time", condition=~Q(stamp="stamped") | Q(stamped_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        """Return version and state."""
        return f"{self.version_id} {self.status}"
