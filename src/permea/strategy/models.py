"""Goals: a metric, where it stands, where it should be and by when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class Goal(Record):
    """What the firm wants to reach by opening its boundary."""

    class Kind(models.TextChoices):
        PRODUCT = "product", _("New product or service")
        PROCESS = "process", _("Better process")
        MARKET = "market", _("New market")
        PROBLEM = "problem", _("Technical problem")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="goals")
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    metric = models.CharField(max_length=120)
    unit = models.CharField(max_length=24)
    baseline = models.DecimalField(max_digits=16, decimal_places=4)
    target = models.DecimalField(max_digits=16, decimal_places=4)
    baseline_on = models.DateField()
    target_on = models.DateField()
    outside_share = models.PositiveSmallIntegerField(default=50)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="goal_target_after_baseline", condition=Q(target_on__gt=F("baseline_on"))),
            models.CheckConstraint(name="goal_target_differs", condition=~Q(target=F("baseline"))),
            models.CheckConstraint(name="goal_outside_share_is_percent", condition=Q(outside_share__lte=100)),
        )

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class GoalReading(models.Model):
    """The metric's value on a day."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="readings")
    on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=4)
    note = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="goal_reading_once_a_day", fields=["goal", "on"]),)

    def __str__(self) -> str:
        """Return day and value."""
        return f"{self.on}: {self.value}"
