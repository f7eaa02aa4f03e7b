"""The versions of an agreement's text, who signed which of them, and the codes that prove who signs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permea.agreements.models.agreements import Agreement, AgreementParty
from permea.foundation.models import Record
from permea.people.models import Person


class AgreementVersion(Record):
    """One version of an agreement's text; once the other side has seen it, it never changes.

    `options` holds what was chosen and filled in: clause choices, `term_months`, `notice_months`, `subject`, `amount`.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.TextField()
    options = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=400, blank=True)
    by_party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="versions", null=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="agreement_version_once", fields=["agreement", "number"]),)

    def __str__(self) -> str:
        """Return agreement and number."""
        return f"{self.agreement.key} v{self.number}"


class AgreementSignature(Record):
    """That one side signed exactly this version: a party, or without one the firm itself.

    `scan` is the paper that was signed by hand; then `person` is who sent it, and `typed_name` who signed.
    `drawing` is the signature drawn beside the typed name, in strokes of points of a grid; empty for none.
    """

    class Method(models.TextChoices):
        MAIL_CODE = "mail_code", _("name typed, code by mail")
        BY_HAND = "by_hand", _("by hand, on paper")

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="signatures")
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="signatures", null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="agreement_signatures")
    typed_name = models.CharField(max_length=120)
    method = models.CharField(max_length=20, choices=Method.choices, default=Method.MAIL_CODE)
    drawing = models.JSONField(default=list)
    signed_at = models.DateTimeField()
    scan = models.OneToOneField("agreements.SignedScan", on_delete=models.PROTECT, related_name="signature", null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="agreement_signed_once_by_party", fields=["version", "party"]),
            models.UniqueConstraint(
                name="agreement_signed_once_by_firm", fields=["version"], condition=Q(party__isnull=True)
            ),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class SigningCode(models.Model):
    """The code that was mailed to somebody who wants to sign a version; only its hash is kept, and until it is used."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="codes")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="signing_codes")
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    n_sent = models.PositiveIntegerField(default=1)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(name="signing_code_once", fields=["version", "person"]),)

    def __str__(self) -> str:
        """Return the number, never the code."""
        return f"code #{self.pk}"
