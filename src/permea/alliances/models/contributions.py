"""What a party puts in, line by line, and what the others say of each line; the database refuses to change either."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.alliances.models.alliances import Alliance, Party
from permea.foundation.models import Record
from permea.people.models import Person


class Contribution(Record):
    """One line: what `giver` put in for `receiver`, or for all others in equal parts if that is empty.

    `value` is in the alliance's currency. A line is never changed: another one `corrects` it. `sha256` is over the
    line and over the hash of the line before it, so that none can be changed, left out or put in between.
    """

    class Kind(models.TextChoices):
        HOURS = "hours", pgettext_lazy("contribution", "Hours of work")
        MONEY = "money", pgettext_lazy("contribution", "Money")
        MATERIAL = "material", pgettext_lazy("contribution", "Material or equipment")
        KNOWLEDGE = "knowledge", pgettext_lazy("contribution", "Knowledge")
        SAVING = "saving", pgettext_lazy("contribution", "Saving for the other side")

    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="contributions")
    number = models.PositiveIntegerField()
    giver = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="given")
    receiver = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="received", null=True)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    unit = models.CharField(max_length=30)
    value = models.DecimalField(max_digits=14, decimal_places=2)
    on = models.DateField()
    note = models.CharField(max_length=400)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, related_name="correction", null=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="contribution_number_once", fields=["alliance", "number"]),
            models.CheckConstraint(name="contribution_is_no_debt", condition=Q(amount__gte=0, value__gte=0)),
            models.CheckConstraint(
                name="contribution_is_for_others", condition=Q(receiver__isnull=True) | ~Q(receiver=F("giver"))
            ),
        )

    def __str__(self) -> str:
        """Return alliance and number."""
        return f"{self.alliance_id} #{self.number}"


class Word(models.Model):
    """What a party says of a line; `value` is what it proposes or agrees to, empty for all others."""

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        DISPUTED = "disputed", _("Disputed")
        PROPOSED = "proposed", _("Settlement proposed")
        AGREED = "agreed", _("Settled")

    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="words")
    number = models.PositiveIntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    reason = models.CharField(max_length=400, blank=True)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="word_number_once", fields=["contribution", "number"]),
            models.CheckConstraint(
                name="word_names_a_value_to_settle_on",
                condition=Q(kind__in=["proposed", "agreed"]) ^ Q(value__isnull=True),
            ),
        )

    def __str__(self) -> str:
        """Return line and number."""
        return f"{self.contribution_id} {self.number}"
