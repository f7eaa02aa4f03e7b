"""Challenges: the brief, its stages and the criteria entries are judged by."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from permea.agreements.models import Terms
from permea.foundation.clock import within
from permea.foundation.models import Record
from permea.people.models import Organisation, Person
from permea.strategy.models import Goal


class Circle(models.TextChoices):
    """Who reads and takes part in a stage between the deadline and the reviews, from the fewest to the most."""

    MEMBERS = "members", _("everybody inside the firm")
    CONTRIBUTORS = "contributors", _("everybody who entered")
    EVERYONE = "everyone", _("everybody")


class VoteMethod(models.TextChoices):
    """How people vote on entries in a step."""

    APPROVAL = "approval", _("One vote an entry")
    STARS = "stars", _("One to five stars")
    TOKENS = "tokens", _("Tokens to spread")
    AGREE = "agree", _("Agree, pass or disagree")


class Challenge(Record):
    """A call to the world with a brief, criteria, a prize, terms and stages.

    `steps` are the stages between the deadline and the reviews, as `rules.Step` writes them down; `auto_moves` says by
    which rule the deadline moves by itself, as `rules.AutoMoves` writes it down. `room_fields` names the texts that
    only those read who agreed to `nda_terms`, the version in force when it was published.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        DECIDED = "decided", _("Decided")
        ARCHIVED = "archived", _("Archived")

    class InnovationType(models.TextChoices):
        PRODUCT = "product", _("Product")
        SERVICE = "service", _("Service")
        PROCESS = "process", _("Production or operations")
        MARKETING = "marketing", _("Marketing and sales")
        ORGANISATION = "organisation", _("Organisation")
        BUSINESS_MODEL = "business_model", _("Business model")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="challenges")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="challenges", null=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    template = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, default="en")
    entry_languages = models.JSONField(default=list)
    title = models.CharField(max_length=160)
    teaser = models.CharField(max_length=300, blank=True)
    problem = models.TextField(blank=True)
    why_now = models.TextField(blank=True)
    constraints = models.TextField(blank=True)
    acceptance_test = models.TextField(blank=True)
    maturity_from = models.PositiveSmallIntegerField(null=True)
    maturity_to = models.PositiveSmallIntegerField(null=True)
    innovation_type = models.CharField(max_length=16, choices=InnovationType.choices, default=InnovationType.PROCESS)
    prize_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="EUR")
    prize_note = models.CharField(max_length=300, blank=True)
    n_winners = models.PositiveSmallIntegerField(default=1)
    ip_terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+", null=True)
    participation_terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+", null=True)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    decide_by = models.DateTimeField(null=True)
    answer_by = models.DateTimeField(null=True)
    hours_limit = models.PositiveIntegerField(null=True)
    money_limit = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    is_blind = models.BooleanField(default=True)
    public_compares = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    closing_told_at = models.DateTimeField(null=True)
    reviews_told_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    n_entries = models.PositiveIntegerField(default=0)
    seconds_spent = models.PositiveBigIntegerField(default=0)
    money_spent = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    timetable_version = models.PositiveIntegerField(default=0)
    steps = models.JSONField(default=list, blank=True)
    auto_moves = models.JSONField(default=dict, blank=True)
    room_fields = models.JSONField(default=list, blank=True)
    nda_terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="challenge_has_winners", condition=Q(n_winners__gte=1)),
            models.CheckConstraint(
                name="challenge_complete_once_published",
                condition=Q(status="draft")
                | Q(status="archived", published_at__isnull=True)
                | Q(
                    opens_at__isnull=False,
                    closes_at__isnull=False,
                    decide_by__isnull=False,
                    answer_by__isnull=False,
                    published_at__isnull=False,
                    goal__isnull=False,
                    ip_terms__isnull=False,
                    participation_terms__isnull=False,
                    hours_limit__isnull=False,
                    money_limit__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="challenge_dates_in_order",
                condition=Q(status="draft")
                | Q(status="archived", published_at__isnull=True)
                | Q(closes_at__gt=F("opens_at"), decide_by__gte=F("closes_at"), answer_by__gte=F("decide_by")),
            ),
        )

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def prize_total(self) -> Decimal:
        """Return the money promised to all winners together."""
        return (self.prize_amount or Decimal(0)) * self.n_winners

    @property
    def hours_spent(self) -> float:
        """Return the hours recorded so far."""
        return self.seconds_spent / 3600

    def is_open_at(self, at: datetime) -> bool:
        """Say whether entries may be handed in at `at`."""
        return self.status == self.Status.PUBLISHED and within(at, self.opens_at, self.closes_at)

    def is_sealed_at(self, at: datetime) -> bool:
        """Say whether entries are still closed to everybody but their contributors."""
        return self.closes_at is None or at < self.closes_at


class Stage(models.Model):
    """A dated step of a challenge and what it allows; `version` counts the changes of the timetable.

    `circle` says who reads entries in it and takes part, where it opens them; `options` says how (the way of voting).
    """

    class Name(models.TextChoices):
        ENTRY = "entry", _("Entries")
        DISCUSS = "discuss", _("Discussion")
        IMPROVE = "improve", _("Improvement")
        VOTE = "vote", _("Vote")
        REVIEW = "review", _("Review and decision")
        ANSWER = "answer", _("Answers")

    ACTIONS: ClassVar = ("submit", "revise", "read", "comment", "vote", "review", "decide", "answer")

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="stages")
    version = models.PositiveIntegerField(default=1)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60, choices=Name.choices)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    allows = models.JSONField(default=list)
    circle = models.CharField(max_length=12, choices=Circle.choices, blank=True)
    options = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="stage_once", fields=["challenge", "version", "position"]),
            models.CheckConstraint(name="stage_dates_in_order", condition=Q(closes_at__gte=F("opens_at"))),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Criterion(Record):
    """What entries are judged by: a question with five anchored points."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    question = models.CharField(max_length=300)
    weight = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    anchors = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="criterion_position_once", fields=["challenge", "position"]),
            models.CheckConstraint(name="criterion_weight_positive", condition=Q(weight__gt=0)),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class TimetableChange(models.Model):
    """That a challenge was closed early or extended, and why; where its own rule did it, nobody changed it by hand."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="timetable_changes")
    closed_at_before = models.DateTimeField()
    closed_at_after = models.DateTimeField()
    decide_by_before = models.DateTimeField()
    decide_by_after = models.DateTimeField()
    answer_by_before = models.DateTimeField()
    answer_by_after = models.DateTimeField()
    reason = models.CharField(max_length=300)
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(name="timetable_change_by_time", fields=["challenge", "changed_at"]),)

    @property
    def is_extension(self) -> bool:
        """Say whether contributors got more time, not less."""
        return self.closed_at_after > self.closed_at_before

    def __str__(self) -> str:
        """Return the new closing time."""
        return f"-> {self.closed_at_after:%Y-%m-%d %H:%M}"


class StepChange(models.Model):
    """That the steps between deadline and reviews of a public challenge were changed, and why."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="step_changes")
    steps_before = models.JSONField(default=list)
    steps_after = models.JSONField(default=list)
    reason = models.CharField(max_length=300)
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(name="step_change_by_time", fields=["challenge", "changed_at"]),)

    def __str__(self) -> str:
        """Return when it was."""
        return f"{self.changed_at:%Y-%m-%d %H:%M}"


class SetAside(models.Model):
    """A finding about a brief that its people have looked at and leave as it is, with the word they gave."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="set_aside")
    code = models.CharField(max_length=40)
    field = models.CharField(max_length=40)
    places = models.JSONField(default=list)
    word = models.CharField(max_length=200)
    set_aside_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="set_aside_once", fields=["challenge", "code", "field"]),)

    def __str__(self) -> str:
        """Return the word."""
        return self.word
