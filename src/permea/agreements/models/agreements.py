"""Agreements: between whom, about what, for which purpose, from when until when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class Agreement(Record):
    """What a firm and its parties agreed; while it lives it lets them see what the firm keeps in rooms.

    It covers everything between the parties, or the subjects it names only, for each of its `purposes`.
    It lives from `valid_from` until `valid_until`, and no longer than until `ended_at`, once signed.
    """

    class Kind(models.TextChoices):
        NDA_ONE_WAY = "nda_one_way", _("Confidentiality, one way")
        NDA_MUTUAL = "nda_mutual", _("Confidentiality, mutual")
        PILOT = "pilot", _("Pilot letter")
        CHALLENGE = "challenge", _("Challenge terms")
        EVALUATION = "evaluation", _("Evaluation")
        MATERIALS = "materials", _("Transfer of materials")
        RESEARCH = "research", _("Sponsored research")
        CONSULTANCY = "consultancy", _("Consultancy")
        CONSORTIUM = "consortium", _("Consortium")
        LICENCE_IN = "licence_in", _("Licence taken")
        LICENCE_OUT = "licence_out", _("Licence given")
        DEVELOPMENT = "development", _("Joint development")
        VENTURE = "venture", _("Joint venture")
        SUPPLY = "supply", _("Supply")
        INTERNSHIP = "internship", _("Internship")
        EQUIPMENT = "equipment", _("Use of equipment by visitors")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OFFERED = "offered", _("Under negotiation")
        SIGNED = "signed", _("Signed")
        DROPPED = "dropped", _("Dropped")

    class Purpose(models.TextChoices):
        EVALUATE = "evaluate", _("Talk and evaluate")
        RESEARCH = "research", _("Research")
        DEVELOP = "develop", _("Develop together")
        SUPPLY = "supply", _("Supply")
        USE = "use", _("Use")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreements")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=160)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    purposes = models.JSONField(default=list)
    is_about_everything = models.BooleanField(default=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="agreement_signed_lives_from_some_day", condition=~Q(status="signed") | Q(valid_from__isnull=False)
            ),
            models.CheckConstraint(
                name="agreement_lives_forwards",
                condition=Q(valid_until__isnull=True) | Q(valid_from__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
        )
        indexes = (models.Index(name="agreement_live", fields=["organisation", "status", "valid_until"]),)

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class AgreementParty(models.Model):
    """An organisation or a single person on the other side of an agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreed", null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="agreed", null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="agreement_party_is_one", condition=Q(organisation__isnull=True) ^ Q(person__isnull=True)
            ),
            models.UniqueConstraint(name="agreement_party_organisation_once", fields=["agreement", "organisation"]),
            models.UniqueConstraint(name="agreement_party_person_once", fields=["agreement", "person"]),
        )

    def __str__(self) -> str:
        """Return agreement and party, by keys."""
        return f"{self.agreement.key} {(self.organisation or self.person or self.agreement).key}"


class AgreementSubject(models.Model):
    """One thing that an agreement which is not about everything covers, by its public key."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="subjects")
    subject_key = models.CharField(max_length=20, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="agreement_subject_once", fields=["agreement", "subject_key"]),)

    def __str__(self) -> str:
        """Return agreement and subject, by keys."""
        return f"{self.agreement.key} {self.subject_key}"
