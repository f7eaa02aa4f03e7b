"""Firms of one hub that are partners of each other, and the seats that come and go with that."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from permea.foundation.models import Record
from permea.partners.models.directory import Partner
from permea.people.models import Membership, Organisation, Person


class HubLink(Record):
    """That a partner in the directory of `organisation` is `firm`, whose boundary this instance runs as well.

    Somebody of the firm says so, the organisation confirms it. `mirror` is what stands of the organisation in the
    directory of the firm from then on.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="hub_links")
    firm = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    mirror = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="hub_mirrors", null=True)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="hub_link_by_partner", fields=["partner"], condition=Q(ended_at__isnull=True)),
            models.UniqueConstraint(
                name="hub_link_by_firms", fields=["organisation", "firm"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="hub_link_confirmed_has_mirror",
                condition=Q(confirmed_at__isnull=True) | Q(mirror__isnull=False),
            ),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class HubSeat(models.Model):
    """A seat in a partner that somebody has because two firms of the hub are connected; it ends with that."""

    link = models.ForeignKey(HubLink, on_delete=models.CASCADE, related_name="seats")
    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        """Return link and membership, by row."""
        return f"{self.link_id} {self.membership_id}"
