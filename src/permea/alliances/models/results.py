"""What the parties made together, how they divide it, and which party agreed to which division of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from permea.alliances.models.alliances import Alliance, Party
from permea.foundation.models import Record
from permea.people.models import Person


class Result(Record):
    """Something the parties made together; `split` is the newest division of it that all agreed to, None before."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="results")
    title = models.CharField(max_length=160)
    text = models.CharField(max_length=400, blank=True)
    split = models.ForeignKey("Split", on_delete=models.PROTECT, related_name="+", null=True)
    by_party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="result_title_once", fields=["alliance", "title"]),)

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Split(Record):
    """A proposed division of a result among all parties; it never changes.

    `content` holds the shares, in thousandths of a per cent that sum to 100 000, and all that they were worked out
    from. `sha256` is over it in its canonical form, with the result, the parties and the currency.
    """

    class Way(models.TextChoices):
        PROPORTIONAL = "proportional", pgettext_lazy("split", "By what each side gave")
        EQUAL = "equal", pgettext_lazy("split", "In equal parts")
        HAND = "hand", pgettext_lazy("split", "By hand")
        SHAPLEY = "shapley", pgettext_lazy("split", "By what each side adds (Shapley)")

    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="splits")
    number = models.PositiveIntegerField()
    way = models.CharField(max_length=12, choices=Way.choices)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=400, blank=True)
    by_party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="split_version_once", fields=["result", "number"]),)

    def __str__(self) -> str:
        """Return result and number."""
        return f"{self.result_id} v{self.number}"


class SplitAcceptance(models.Model):
    """That a party agreed to exactly this division."""

    split = models.ForeignKey(Split, on_delete=models.PROTECT, related_name="acceptances")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="split_accepted_once_by_party", fields=["split", "party"]),)

    def __str__(self) -> str:
        """Return split and party, by number."""
        return f"{self.split_id} {self.party_id}"


class Reached(Record):
    """That a party said a milestone of the charter was reached on a day, and which other party confirmed it."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="reached")
    milestone = models.CharField(max_length=160)
    on = models.DateField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    confirming_party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", null=True)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="milestone_reached_once", fields=["alliance", "milestone"]),
            models.CheckConstraint(
                name="milestone_is_confirmed_by_another",
                condition=Q(confirming_party__isnull=True, confirmed_at__isnull=True)
                | (
                    Q(confirming_party__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirming_party=models.F("party"))
                ),
            ),
        )

    def __str__(self) -> str:
        """Return the milestone."""
        return self.milestone
