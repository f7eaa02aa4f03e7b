"""Prototypes in customers' hands, round after round: a figure before and after, what they say, what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from permea.foundation.models import Record
from permea.people.models import Organisation
from permea.trials.models.asking import Asking, Place


class Prototype(Record):
    """Something customers try, and the one figure it is to change: picks an hour, minutes a batch."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    about = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="en")
    measure = models.CharField(max_length=80)
    unit = models.CharField(max_length=40)
    is_more_better = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(name="prototype_by_firm", fields=["organisation", "created_at"]),)

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class PrototypeRound(Asking):
    """One round with a prototype; `news` says what changed since the round before. `told_at`: all heard the answers."""

    prototype = models.ForeignKey(Prototype, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    news = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="prototype_round_once", fields=["prototype", "number"]),
            models.CheckConstraint(
                name="prototype_round_closes_after_it_opens",
                condition=Q(opened_at__isnull=True) | Q(closes_at__gte=F("opened_at")),
            ),
        )

    def __str__(self) -> str:
        """Return prototype and number."""
        return f"{self.prototype_id} round {self.number}"


class Participant(Place):
    """Somebody's place in a round: the figure before, the figure after, and what they say.

    `name` is told with what they suggested, because they wished so; `email` hears of the answers.
    """

    round = models.ForeignKey(PrototypeRound, on_delete=models.CASCADE, related_name="participants")
    before = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    after = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    ease = models.PositiveSmallIntegerField(null=True)
    worked = models.TextField(blank=True)
    failed = models.TextField(blank=True)
    name = models.CharField(max_length=160, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    text_removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="participant_once", fields=["round", "member"]),
            models.CheckConstraint(
                name="participant_measures_twice",
                condition=Q(finished_at__isnull=True)
                | Q(before__isnull=False, after__isnull=False, ease__gte=1, ease__lte=5),
            ),
        )
        indexes = (models.Index(name="participant_by_end", fields=["round", "finished_at"]),)

    def __str__(self) -> str:
        """Return the key: nobody's name."""
        return self.key


class Suggestion(Record):
    """What somebody would change about a prototype, and what they were told: adopted or not, and why."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("suggestion", "Waits for an answer")
        ADOPTED = "adopted", pgettext_lazy("suggestion", "Adopted")
        DECLINED = "declined", pgettext_lazy("suggestion", "Not adopted")

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="suggestion")
    text = models.TextField(blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING)
    words = models.TextField(blank=True)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="suggestion_answered_in_words",
                condition=Q(outcome="waiting", words="", answered_at__isnull=True)
                | (~Q(outcome="waiting") & ~Q(words="") & Q(answered_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        """Return the key: nobody's words."""
        return self.key
