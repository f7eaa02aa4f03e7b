"""Writing an entry together: who is asked to, and how the credit for it is shared."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from permea.foundation.models import Record
from permea.ideas.models.entries import Idea
from permea.people.models import Person


class CoauthorInvitation(Record):
    """That the author of an entry asks an address to write it with them; only the hash of its link is kept.

    It is open until it is accepted, declined or taken back, whichever comes first; then the address goes.
    """

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    declined_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="coauthor_acceptance_has_person",
                condition=Q(accepted_at__isnull=True) ^ Q(accepted_by__isnull=False),
            ),
            models.UniqueConstraint(
                name="coauthor_asked_once",
                fields=["idea", "email"],
                condition=Q(accepted_at__isnull=True, declined_at__isnull=True, taken_back_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key

    @property
    def is_open(self) -> bool:
        """Say whether nobody has accepted, declined or taken it back; it may have expired."""
        return self.accepted_at is None and self.declined_at is None and self.taken_back_at is None


class CreditSplit(Record):
    """How the people of an entry share its credit: proposed, in force once everybody has agreed, until dropped.

    It is dropped when one of them says no, when another one takes its place, and when somebody joins or leaves.
    `version` is the version the entry was at when they agreed, 0 for a draft.
    """

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="splits")
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="credit_split_one_proposed",
                fields=["idea"],
                condition=Q(agreed_at__isnull=True, dropped_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="credit_split_one_in_force",
                fields=["idea"],
                condition=Q(agreed_at__isnull=False, dropped_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class CreditShare(models.Model):
    """One person's share of the credit, in whole per cents, and when they agreed to the split it stands in."""

    split = models.ForeignKey(CreditSplit, on_delete=models.CASCADE, related_name="shares")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    per_cent = models.PositiveSmallIntegerField()
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="credit_share_once", fields=["split", "person"]),
            models.CheckConstraint(name="credit_share_at_most_all", condition=Q(per_cent__lte=100)),
        )

    def __str__(self) -> str:
        """Return how much, and of which split."""
        return f"{self.per_cent} % in {self.split.key}"

    @property
    def share(self) -> float:
        """Return the share as a part of 1."""
        return self.per_cent / 100
