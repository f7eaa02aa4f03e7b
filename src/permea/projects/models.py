"""A technology transfer with its package, training, test, support and readiness, and the log of its moves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.agreements.models import Agreement
from permea.foundation.models import Record
from permea.people.models import Organisation, Person

LEAST_LEVEL, MOST_LEVEL = 1, 9


class Transfer(Record):
    """What a firm hands over to one partner, or takes over from it.

    The partner's people see it from `shown_at` on, as long as `agreement` covers it. `level` is the technology
    readiness level at hand-over, `item_key` the item of what the firm shows that it is about, empty for none.
    """

    class Direction(models.TextChoices):
        IN = "in", pgettext_lazy("transfer", "In: you take over")
        OUT = "out", pgettext_lazy("transfer", "Out: you hand over")

    class Kind(models.TextChoices):
        SOFTWARE = "software", _("Software")
        PROTOTYPE = "prototype", pgettext_lazy("transfer", "Prototype")
        PROCESS = "process", pgettext_lazy("transfer", "Process")
        DRAWINGS = "drawings", _("Drawings and data")
        MATERIAL = "material", pgettext_lazy("transfer", "Material")
        KNOW_HOW = "know_how", _("Know-how under a licence")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("transfer", "Planned")
        HANDING = "handing", pgettext_lazy("transfer", "Handing over")
        TESTING = "testing", pgettext_lazy("transfer", "In test")
        ACCEPTED = "accepted", pgettext_lazy("transfer", "Accepted")
        REFUSED = "refused", pgettext_lazy("transfer", "Refused")
        SUPPORT = "support", pgettext_lazy("transfer", "In support")
        DONE = "done", pgettext_lazy("transfer", "Done")
        DROPPED = "dropped", pgettext_lazy("transfer", "Dropped")

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("transfer", "Accepted")
        REMARKS = "remarks", _("Accepted with remarks")
        REFUSED = "refused", pgettext_lazy("transfer", "Refused")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="transfers")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="transferred")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    title = models.CharField(max_length=160)
    about = models.TextField(max_length=4000)
    language = models.CharField(max_length=10, default="en")
    currency = models.CharField(max_length=3, default="EUR")
    item_key = models.CharField(max_length=20, blank=True)
    purpose = models.CharField(max_length=8, choices=Agreement.Purpose.choices)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="transfers", null=True)
    level = models.PositiveSmallIntegerField()
    level_basis = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    verdict_note = models.CharField(max_length=1000, blank=True)
    verdict_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    verdict_at = models.DateTimeField(null=True)
    support_from = models.DateField(null=True)
    support_until = models.DateField(null=True)
    support_contact = models.CharField(max_length=160, blank=True)
    support_hours = models.CharField(max_length=160, blank=True)
    remind_on = models.DateField(null=True)
    shown_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="transfer_level_one_to_nine", condition=Q(level__gte=1, level__lte=9)),
            models.CheckConstraint(name="transfer_has_two_sides", condition=~Q(partner=F("organisation"))),
            models.CheckConstraint(
                name="transfer_is_shown_once_it_moves",
                condition=Q(state__in=["planned", "dropped"]) | Q(shown_at__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_verdict_has_its_time", condition=Q(verdict="") ^ Q(verdict_at__isnull=False)
            ),
            models.CheckConstraint(
                name="transfer_verdict_says_why", condition=Q(verdict__in=["", "accepted"]) | ~Q(verdict_note="")
            ),
            models.CheckConstraint(
                name="transfer_support_has_both_ends",
                condition=Q(support_from__isnull=True, support_until__isnull=True)
                | Q(support_until__gte=F("support_from")),
            ),
            models.CheckConstraint(
                name="transfer_in_support_has_a_window", condition=~Q(state="support") | Q(support_until__isnull=False)
            ),
        )
        indexes = (
            models.Index(name="transfer_by_firm", fields=["organisation", "created_at"]),
            models.Index(name="transfer_to_remind", fields=["remind_on"]),
        )

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class PackageItem(Record):
    """One thing of the package, and what the giving side says of it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("package", "Open")
        HANDED = "handed", pgettext_lazy("package", "Handed over")
        MISSING = "missing", pgettext_lazy("package", "Missing")
        NOT_NEEDED = "not_needed", pgettext_lazy("package", "Not needed")

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=160)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    note = models.CharField(max_length=400, blank=True)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    said_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="package_item_once", fields=["transfer", "name"]),)

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class TrainingSession(Record):
    """A day on which the giving side teaches people of the receiving one, who say that it took place."""

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="sessions")
    on = models.DateField()
    topic = models.CharField(max_length=160)
    people = models.CharField(max_length=400, blank=True)
    is_done = models.BooleanField(default=False)
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    said_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="training_session_once", fields=["transfer", "on", "topic"]),
            models.CheckConstraint(name="training_done_names_people", condition=Q(is_done=False) | ~Q(people="")),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class AcceptanceCriterion(Record):
    """What the receiving side tests: what is to be reached, what was measured, and whether that will do."""

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="criteria")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=160)
    target = models.CharField(max_length=160)
    measured = models.CharField(max_length=160, blank=True)
    is_passed = models.BooleanField(null=True)
    measured_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    measured_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="acceptance_criterion_once", fields=["transfer", "name"]),
            models.CheckConstraint(
                name="criterion_is_judged_by_a_measure", condition=Q(measured="") ^ Q(is_passed__isnull=False)
            ),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class ReadinessPoint(Record):
    """What the receiving side has to have in place to work with it; `budget` is in the currency of the record."""

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="points")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=160)
    owner = models.CharField(max_length=160, blank=True)
    budget = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    is_ready = models.BooleanField(default=False)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    said_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="readiness_point_once", fields=["transfer", "name"]),
            models.CheckConstraint(name="ready_point_has_an_owner", condition=Q(is_ready=False) | ~Q(owner="")),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class TransferStep(models.Model):
    """What happened with a transfer: never changed, never taken out. `facts` are numbers and keys that tell how."""

    class What(models.TextChoices):
        BEGUN = "begun", pgettext_lazy("transfer", "Record begun")
        SHOWN = "shown", pgettext_lazy("transfer", "Shown to the partner")
        CHANGED = "changed", pgettext_lazy("transfer", "Changed")
        LEVEL = "level", pgettext_lazy("transfer", "Readiness level stated")
        HANDING = "handing", pgettext_lazy("transfer", "Hand-over begun")
        TESTING = "testing", pgettext_lazy("transfer", "Handed over, to be tested")
        ACCEPTED = "accepted", pgettext_lazy("transfer", "Accepted")
        REMARKS = "remarks", pgettext_lazy("transfer", "Accepted with remarks")
        REFUSED = "refused", pgettext_lazy("transfer", "Refused")
        SUPPORT = "support", pgettext_lazy("transfer", "Support begun")
        DONE = "done", pgettext_lazy("transfer", "Done")
        DROPPED = "dropped", pgettext_lazy("transfer", "Dropped")

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=8, choices=What.choices)
    note = models.CharField(max_length=1000, blank=True)
    facts = models.JSONField(default=dict)
    is_firm = models.BooleanField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Return transfer and what happened."""
        return f"{self.transfer_id} {self.what}"
