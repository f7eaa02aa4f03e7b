"""Persons, organisations, memberships, invitations, consents and access tokens."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.foundation.models import Record


class PersonManager(BaseUserManager["Person"]):
    """What Django's authentication asks of a user model."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """Return the person with this address, whatever its case."""
        return self.get(email__iexact=username)


class Person(Record, AbstractBaseUser):
    """Somebody who takes part; after erasure only the key and the dates are left."""

    email = models.EmailField(max_length=254, unique=True, null=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=60, default="Europe/Berlin")
    country = models.CharField(max_length=2, blank=True)
    affiliation = models.CharField(max_length=160, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="person_has_email_until_erased",
                condition=Q(email__isnull=True) ^ Q(erased_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        """Return the public key, never personal data."""
        return self.key

    @property
    def display_name(self) -> str:
        """Return the name to show: the given name, else what stands before the @, else the erased marker."""
        if self.erased_at is not None:
            return str(_("Erased person"))
        return self.name or (self.email or "").split("@")[0]


class Organisation(Record):
    """A firm, university, supplier ...; `is_host` marks one whose boundary this instance runs."""

    class Kind(models.TextChoices):
        FIRM = "firm", _("Firm")
        UNIVERSITY = "university", _("University")
        INSTITUTE = "institute", _("Research institute")
        STARTUP = "startup", _("Startup")
        SUPPLIER = "supplier", _("Supplier")
        CUSTOMER = "customer", _("Customer")
        COMPETITOR = "competitor", _("Competitor")
        INVESTOR = "investor", _("Investor")
        AGENCY = "agency", _("Public agency")
        ASSOCIATION = "association", _("Association")
        INVENTOR = "inventor", _("Individual inventor")

    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.FIRM)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=10, default="en")
    about = models.TextField(blank=True)
    is_host = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Membership(models.Model):
    """A person's role in an organisation, from a day until it ends."""

    class Role(models.TextChoices):
        OWNER = "owner", pgettext_lazy("role", "Owner")
        MANAGER = "manager", _("Manager")
        EVALUATOR = "evaluator", _("Evaluator")
        MEMBER = "member", _("Member")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="membership_once_per_person",
                fields=["person", "organisation"],
                condition=Q(ended_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        """Return who is what where, by keys."""
        return f"{self.person.key} {self.role} @ {self.organisation.key}"


class Invitation(Record):
    """An offer to join an organisation in a role, or to found the first one; only the hash of its token is kept.

    `host` is the firm that invites a guest into the organisation of a partner; nobody gets a seat in the host by it.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations", null=True)
    host = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", null=True)
    email = models.EmailField(max_length=254, blank=True)
    role = models.CharField(max_length=10, choices=Membership.Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="invitation_without_organisation_is_for_an_owner",
                condition=Q(organisation__isnull=False) | Q(role="owner"),
            ),
            models.CheckConstraint(
                name="invitation_acceptance_has_person",
                condition=Q(accepted_at__isnull=True) ^ Q(accepted_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class Consent(models.Model):
    """That a person agreed to a version of a text about their own data (the privacy notice)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="consent_once_per_version",
                fields=["person", "purpose", "version"],
                condition=Q(withdrawn_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        """Return what was agreed to."""
        return f"{self.purpose} {self.version}"


class AccessToken(Record):
    """A person's key to the API; only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="access_tokens")
    label = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return the label."""
        return self.label
