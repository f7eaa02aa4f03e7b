"""Concept tests: variants of something that is not there yet, shown to customers in one of three ways."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from permea.foundation.models import Record
from permea.trials.models.asking import Asking, Place


class ConceptTest(Asking):
    """Two to eight variants that customers judge: one each, in pairs, or each on scales."""

    class Kind(models.TextChoices):
        ONE = "one", pgettext_lazy("concept test", "One each (A/B)")
        PAIRS = "pairs", pgettext_lazy("concept test", "In pairs")
        SCALES = "scales", pgettext_lazy("concept test", "On scales")

    title = models.CharField(max_length=160)
    intro = models.TextField(blank=True)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    n_pairs = models.PositiveSmallIntegerField(default=10)
    is_result_public = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="concept_test_closes_after_it_opens",
                condition=Q(opened_at__isnull=True) | Q(closes_at__gte=F("opened_at")),
            ),
            models.CheckConstraint(name="concept_test_asks_some_pairs", condition=Q(n_pairs__gte=1, n_pairs__lte=28)),
        )
        indexes = (models.Index(name="concept_test_by_firm", fields=["organisation", "created_at"]),)

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class Variant(Record):
    """One of the things a test compares."""

    test = models.ForeignKey(ConceptTest, on_delete=models.CASCADE, related_name="variants")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    picture_path = models.CharField(max_length=200, blank=True)
    picture_type = models.CharField(max_length=100, blank=True)
    picture_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="variant_at_one_position", fields=["test", "position"]),)

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class ScaleQuestion(models.Model):
    """What is asked of each variant on a scale of five points, each with its words."""

    test = models.ForeignKey(ConceptTest, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    anchors = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(name="scale_question_at_one_position", fields=["test", "position"]),)

    def __str__(self) -> str:
        """Return the question."""
        return self.text


class Respondent(Place):
    """Somebody's place in a concept test; `plan` lists by position the variants of each step, in the order shown."""

    test = models.ForeignKey(ConceptTest, on_delete=models.CASCADE, related_name="respondents")
    plan = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="respondent_once", fields=["test", "member"]),
            models.CheckConstraint(
                name="respondent_begins_before_the_end",
                condition=Q(finished_at__isnull=True) | Q(begun_at__isnull=False),
            ),
        )
        indexes = (models.Index(name="respondent_by_end", fields=["test", "finished_at"]),)

    def __str__(self) -> str:
        """Return the key: nobody's name."""
        return self.key


class Verdict(models.Model):
    """Whether somebody would want the one variant they were shown, and how well it fits them."""

    respondent = models.OneToOneField(Respondent, on_delete=models.CASCADE, related_name="verdict")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="verdicts")
    is_wanted = models.BooleanField()
    fit = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (models.CheckConstraint(name="verdict_fits_1_to_5", condition=Q(fit__gte=1, fit__lte=5)),)

    def __str__(self) -> str:
        """Return the row."""
        return f"verdict {self.pk}"


class Choice(models.Model):
    """Which of two variants somebody prefers: 1 the first, -1 the second, 0 neither. The first stands first."""

    respondent = models.ForeignKey(Respondent, on_delete=models.CASCADE, related_name="choices")
    first = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    outcome = models.SmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="choice_once", fields=["respondent", "first", "second"]),
            models.CheckConstraint(name="choice_of_two", condition=~Q(first=F("second")) & Q(outcome__in=(-1, 0, 1))),
        )

    def __str__(self) -> str:
        """Return the row."""
        return f"choice {self.pk}"


class Rating(models.Model):
    """Where somebody puts a variant on the five points of a question."""

    respondent = models.ForeignKey(Respondent, on_delete=models.CASCADE, related_name="ratings")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    question = models.ForeignKey(ScaleQuestion, on_delete=models.CASCADE, related_name="+")
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="rating_once", fields=["respondent", "variant", "question"]),
            models.CheckConstraint(name="rating_from_1_to_5", condition=Q(value__gte=1, value__lte=5)),
        )

    def __str__(self) -> str:
        """Return the row."""
        return f"rating {self.pk}"
