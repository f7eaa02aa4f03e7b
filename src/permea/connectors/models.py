"""The mailbox that is read, and what was done with each mail of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Mailbox(models.Model):
    """How far the mailbox is read, and what its server said last; one a mailbox, found by a hash of its address."""

    address_hash = models.CharField(max_length=64, unique=True)
    uid_validity = models.PositiveBigIntegerField(default=0)
    last_uid = models.PositiveBigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=20, blank=True)
    said = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        """Return how far it is read."""
        return f"read up to {self.last_uid}"


class ReceivedMail(models.Model):
    """What was done with one mail, and why: neither its words nor its sender, of whom only a keyed hash is kept."""

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("Taken")
        ADDED = "added", _("Added to what was sent before")
        REFUSED = "refused", _("Not taken")

    class Reason(models.TextChoices):
        UNREADABLE = "unreadable", _("It cannot be read as a mail")
        TOO_BIG = "too_big", _("It is larger than 25 MB")
        NO_SENDER = "no_sender", _("It names no sender who could be answered")
        OWN = "own", _("It comes from this instance itself")
        AUTOMATIC = "automatic", _("A machine wrote it (out-of-office note, report)")
        BULK = "bulk", _("It comes from a mailing list or is bulk mail")
        SPAM = "spam", _("The mail server marks it as spam or as forged")
        BOUNCE = "bounce", _("It reports that a mail could not be delivered")
        TOO_MANY = "too_many", _("Its sender wrote too often within an hour")
        NO_TEXT = "no_text", _("It has no text of its own")
        NO_BOX = "no_box", _("There is no open box for it")

    message_hash = models.CharField(max_length=64, unique=True)
    sender_hash = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="received_mail_refused_with_a_reason", condition=Q(outcome="refused") ^ Q(reason="")
            ),
        )
        indexes = (models.Index(name="received_mail_of_sender", fields=["sender_hash", "at"]),)

    def __str__(self) -> str:
        """Return what was done."""
        return f"{self.outcome} {self.reason}".strip()
