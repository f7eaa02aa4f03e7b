"""Risks of working with others: what is said of each now, every version of that, and what each is watched for."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class Said(models.Model):
    """What is said of a risk.

    Probabilities are shares of 1 within a year, impacts money if it happens; `left_...` are the ranges that remain
    with the mitigation in place, all of them or none.
    """

    class Kind(models.TextChoices):
        CONTROL = "control", _("Loss of control")
        LEAKAGE = "leakage", _("Leakage")
        INTEGRATION = "integration", _("Integration trouble")
        DEPENDENCE = "dependence", _("Dependence")
        IP = "ip", _("Rights")
        PEOPLE = "people", pgettext_lazy("kind of risk", "People")
        MONEY = "money", pgettext_lazy("kind of risk", "Money")
        OTHER = "other", pgettext_lazy("kind of risk", "Something else")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a risk", "Open")
        TREATED = "treated", pgettext_lazy("state of a risk", "Treated")
        ACCEPTED = "accepted", pgettext_lazy("state of a risk", "Accepted")
        CLOSED = "closed", pgettext_lazy("state of a risk", "Closed")

    class Subject(models.TextChoices):
        WORDS = "words", pgettext_lazy("subject of a risk", "In words")
        CHALLENGE = "challenge", _("Challenge")
        AGREEMENT = "agreement", _("Agreement")
        PARTNER = "partner", _("Partner")
        ITEM = "item", _("Item")

    kind = models.CharField(max_length=11, choices=Kind.choices)
    title = models.CharField(max_length=160)
    subject_kind = models.CharField(max_length=9, choices=Subject.choices, default=Subject.WORDS)
    subject_key = models.CharField(max_length=20, blank=True)
    subject_label = models.CharField(max_length=160, blank=True)
    cause = models.TextField(blank=True)
    event = models.TextField()
    effect = models.TextField(blank=True)
    probability_low = models.DecimalField(max_digits=5, decimal_places=4)
    probability_likely = models.DecimalField(max_digits=5, decimal_places=4)
    probability_high = models.DecimalField(max_digits=5, decimal_places=4)
    impact_low = models.DecimalField(max_digits=14, decimal_places=2)
    impact_likely = models.DecimalField(max_digits=14, decimal_places=2)
    impact_high = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")
    mitigation = models.TextField(blank=True)
    mitigation_cost = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))
    left_probability_low = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    left_probability_likely = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    left_probability_high = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    left_impact_low = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    left_impact_likely = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    left_impact_high = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    review_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)

    class Meta:
        abstract = True


class Risk(Record, Said):
    """One risk of a firm, as it is seen now; `number` of its newest version."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="risks")
    number = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="risk_probability_rises",
                condition=Q(
                    probability_low__gte=0,
                    probability_likely__gte=F("probability_low"),
                    probability_high__gte=F("probability_likely"),
                    probability_high__lte=1,
                ),
            ),
            models.CheckConstraint(
                name="risk_impact_rises",
                condition=Q(impact_low__gte=0, impact_likely__gte=F("impact_low"), impact_high__gte=F("impact_likely")),
            ),
            models.CheckConstraint(
                name="risk_treated_says_what_is_left",
                condition=~Q(state="treated") | Q(left_probability_high__isnull=False, left_impact_high__isnull=False),
            ),
        )
        indexes = (models.Index(name="risk_by_review", fields=["organisation", "state", "review_on"]),)

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class RiskVersion(Said):
    """What was said of a risk from `made_at` on, why, and by whom; it never changes. Nobody made what the house did."""

    class Did(models.TextChoices):
        NOTED = "noted", pgettext_lazy("version of a risk", "noted")
        CHANGED = "changed", pgettext_lazy("version of a risk", "changed")
        CONFIRMED = "confirmed", pgettext_lazy("version of a risk", "reviewed, nothing changed")
        REVIEWED = "reviewed", pgettext_lazy("version of a risk", "reviewed and changed")
        SETTLED = "settled", pgettext_lazy("version of a risk", "other state")
        PASSED_ON = "passed_on", pgettext_lazy("version of a risk", "passed on, its owner has left")

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    did = models.CharField(max_length=9, choices=Did.choices)
    why = models.TextField(blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="risk_version_once", fields=["risk", "number"]),)

    def __str__(self) -> str:
        """Return risk and number."""
        return f"{self.risk_id} v{self.number}"


class Trigger(Record):
    """What a risk is watched for; `value` is what was found at `looked_at`, None where it cannot be told.

    It has fired since `fired_at`, and not where that is empty. What is no longer watched stays with who ended it.
    """

    class Kind(models.TextChoices):
        REVIEW_PASSED = "review", _("The day of the next review has passed")
        AGREEMENT_ENDS = "agreement", _("An agreement ends within so many days")
        UNCOVERED_READERS = "readers", _("More people than so many have read an item and are not covered")
        PARTNER_SHARE = "partner", _("One partner has more than so many per cent of what crosses the boundary")

    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="triggers")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    about_key = models.CharField(max_length=20, blank=True)
    about_label = models.CharField(max_length=160, blank=True)
    limit = models.PositiveIntegerField(default=0)
    value = models.IntegerField(null=True)
    looked_at = models.DateTimeField(null=True)
    fired_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="trigger_is_about_something", condition=Q(kind="review") ^ ~Q(about_key="")),
        )
        indexes = (models.Index(name="trigger_to_look_at", fields=["ended_at", "looked_at"]),)

    def __str__(self) -> str:
        """Return the key."""
        return self.key
