"""Publications that a partner plans and the firm looks at first, as the clause of their agreement says."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permea.agreements.models.agreements import Agreement, AgreementParty
from permea.agreements.models.obligations import Obligation
from permea.foundation.models import Record
from permea.people.models import Person


class Publication(Record):
    """A publication handed in for a look: the clock is the day of its `review`, and the answer given before that.

    Without an answer in time it may go out. A delay ends with `delay_until`, at most `most_delay_days` after it.
    """

    class Answer(models.TextChoices):
        FREE = "free", _("No objection")
        REMOVE = "remove", _("Leave these parts out")
        DELAY = "delay", _("Wait, so that a patent can be filed")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="publications")
    party = models.ForeignKey(AgreementParty, on_delete=models.PROTECT, related_name="publications")
    review = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="publication")
    title = models.CharField(max_length=160)
    link = models.URLField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    name = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    path = models.CharField(max_length=40, blank=True, db_index=True)
    planned_on = models.DateField(null=True)
    most_delay_days = models.PositiveSmallIntegerField()
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="planned_publications")
    submitted_at = models.DateTimeField()
    answer = models.CharField(max_length=6, choices=Answer.choices, blank=True)
    answer_text = models.TextField(blank=True)
    delay_until = models.DateField(null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="publication_answer_has_time", condition=Q(answer="") ^ Q(answered_at__isnull=False)
            ),
            models.CheckConstraint(
                name="publication_delay_has_day", condition=Q(answer="delay") ^ Q(delay_until__isnull=True)
            ),
            models.CheckConstraint(name="publication_file_has_name", condition=Q(path="") | ~Q(name="")),
        )
        indexes = (models.Index(name="publication_by_time", fields=["agreement", "-submitted_at"]),)

    def __str__(self) -> str:
        """Return the key."""
        return self.key
