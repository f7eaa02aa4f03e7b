"""People who agreed to be asked: the panels of customers a firm keeps, what they agreed to, and who belongs to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from permea.foundation.models import Record
from permea.people.models import Organisation


class CustomerPanel(Record):
    """A named group of people who agreed to be asked; on pages it is called a customer panel.

    With `is_joinable` anybody can join by its page; else only who is invited.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="customer_panels")
    title = models.CharField(max_length=160)
    about = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="en")
    is_joinable = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class ConsentText(models.Model):
    """What members of a panel agree to, in one wording: never changed; another wording is a further version."""

    panel = models.ForeignKey(CustomerPanel, on_delete=models.CASCADE, related_name="consent_texts")
    version = models.PositiveSmallIntegerField()
    purpose = models.TextField()
    keep_months = models.PositiveSmallIntegerField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="consent_text_once", fields=["panel", "version"]),
            models.CheckConstraint(
                name="consent_text_keeps_up_to_five_years", condition=Q(keep_months__gte=1, keep_months__lte=60)
            ),
        )

    def __str__(self) -> str:
        """Return panel and version."""
        return f"{self.panel_id} v{self.version}"


class PanelMember(Record):
    """Somebody who was invited to a panel, agreed, and may leave at any time; then name and address are gone.

    `address_hash` stays when they leave, so that nobody invites them again; it tells no address.
    """

    class Status(models.TextChoices):
        INVITED = "invited", pgettext_lazy("panel member", "Invited")
        JOINED = "joined", pgettext_lazy("panel member", "Agreed")
        LEFT = "left", pgettext_lazy("panel member", "Left")
        ENDED = "ended", pgettext_lazy("panel member", "Time over")

    panel = models.ForeignKey(CustomerPanel, on_delete=models.CASCADE, related_name="members")
    name = models.CharField(max_length=160, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    address_hash = models.CharField(max_length=64, blank=True)
    form_hash = models.CharField(max_length=64, unique=True, null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.INVITED)
    invited_at = models.DateTimeField()
    consent = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+", null=True)
    consented_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="panel_member_agreed_to_a_text",
                condition=Q(consent__isnull=True, consented_at__isnull=True)
                | Q(consent__isnull=False, consented_at__isnull=False),
            ),
            models.CheckConstraint(
                name="panel_member_joined_by_agreeing", condition=~Q(status="joined") | Q(consent__isnull=False)
            ),
            models.CheckConstraint(
                name="panel_member_gone_is_nameless",
                condition=Q(status__in=("invited", "joined"), left_at__isnull=True)
                | Q(status__in=("left", "ended"), left_at__isnull=False, name="", email=""),
            ),
            models.UniqueConstraint(
                name="panel_member_once",
                fields=["panel", "address_hash"],
                condition=Q(status__in=("invited", "joined")) & ~Q(address_hash=""),
            ),
        )
        indexes = (models.Index(name="panel_member_by_state", fields=["panel", "status"]),)

    def __str__(self) -> str:
        """Return the key: nobody's name."""
        return self.key

    @property
    def is_gone(self) -> bool:
        """Say whether they left or their time is over."""
        return self.status in {self.Status.LEFT, self.Status.ENDED}
