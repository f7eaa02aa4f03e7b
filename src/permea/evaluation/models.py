"""Panels, assignments, reviews and the rankings computed from them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from permea.challenges.models import Challenge, Criterion
from permea.foundation.models import Record
from permea.ideas.models import Idea
from permea.people.models import Invitation, Person


class Panel(models.Model):
    """Who judges a challenge, and how much judging it gets."""

    class Mode(models.TextChoices):
        REVIEWS = "reviews", _("Reviews: marks and reasons, one entry at a time")
        COMPARISONS = "comparisons", _("Comparisons: two entries, which is better?")
        BOTH = "both", _("Both")

    challenge = models.OneToOneField(Challenge, on_delete=models.CASCADE, related_name="panel")
    mode = models.CharField(max_length=11, choices=Mode.choices, default=Mode.REVIEWS)
    reviews_per_idea = models.PositiveSmallIntegerField(default=3)
    minutes_per_review = models.PositiveSmallIntegerField(default=10)
    n_shortlist = models.PositiveSmallIntegerField(default=5)
    certainty_wanted = models.PositiveSmallIntegerField(default=90)
    effort_hours = models.PositiveSmallIntegerField(null=True)
    reviewing_ended_at = models.DateTimeField(null=True)
    ranking_is_due = models.BooleanField(default=False)
    seconds_comparing = models.PositiveBigIntegerField(default=0)
    is_dealt_at_closing = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    @property
    def is_reviewing(self) -> bool:
        """Say whether the panel writes reviews."""
        return self.mode != self.Mode.COMPARISONS

    @property
    def is_comparing(self) -> bool:
        """Say whether the panel compares."""
        return self.mode != self.Mode.REVIEWS

    def __str__(self) -> str:
        """Return the challenge's key."""
        return f"panel of {self.challenge.key}"


class Panelist(Record):
    """An evaluator of a panel: invited, then active until they leave."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="panelists")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="panel_seats", null=True)
    invitation = models.ForeignKey(Invitation, on_delete=models.SET_NULL, related_name="+", null=True)
    label = models.CharField(max_length=20)
    imported_name = models.CharField(max_length=120, blank=True)
    minutes_per_week = models.PositiveSmallIntegerField(default=30)
    minutes_stated_at = models.DateTimeField(null=True)
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="panelist_once", fields=["panel", "person"], condition=Q(person__isnull=False)
            ),
            models.UniqueConstraint(name="panelist_label_once", fields=["panel", "label"]),
        )

    def __str__(self) -> str:
        """Return the label, not the name."""
        return self.label


class Assignment(Record):
    """That a panelist is asked to judge an idea."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DECLINED = "declined", _("Declined")
        RELEASED = "released", _("Released")

    class DeclineReason(models.TextChoices):
        CONFLICT = "conflict", _("Conflict of interest")
        NOT_MY_FIELD = "not_my_field", _("Not my field")
        TOO_BUSY = "too_busy", _("Too busy")

    panelist = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="assignments")
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="assignments")
    position = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    decline_reason = models.CharField(max_length=12, choices=DeclineReason.choices, blank=True)
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="assignment_once", fields=["panelist", "idea"]),
            models.CheckConstraint(
                name="assignment_decline_has_reason",
                condition=Q(status="declined") ^ Q(decline_reason=""),
            ),
            models.CheckConstraint(
                name="assignment_end_time_unless_open", condition=Q(status="open") ^ Q(ended_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        """Return who judges what, by label and key."""
        return f"{self.panelist.label} on {self.idea_id}"


class Conflict(Record):
    """That somebody should not judge an idea, or that this was looked at and dismissed; the reason is kept."""

    class Status(models.TextChoices):
        DECLARED = "declared", _("Declared")
        DISMISSED = "dismissed", _("Dismissed")

    panelist = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="conflicts")
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="conflicts")
    status = models.CharField(max_length=9, choices=Status.choices)
    reason = models.CharField(max_length=300)
    stated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="conflict_once", fields=["panelist", "idea"]),)

    def __str__(self) -> str:
        """Return who and what, by label and key."""
        return f"{self.panelist.label} and {self.idea_id}: {self.status}"


class AssignmentDraft(models.Model):
    """Who is to judge what, worked out but told to nobody; gone once it is published or thrown away.

    `result` holds what could not be assigned and what would help; `steps` the changes by hand, so that they can be
    undone; `basis` a fingerprint of what it was worked out from.
    """

    panel = models.OneToOneField(Panel, on_delete=models.CASCADE, related_name="draft")
    reviews_per_idea = models.PositiveSmallIntegerField()
    extra_load = models.PositiveSmallIntegerField(default=0)
    needs_experience = models.BooleanField(default=False)
    result = models.JSONField(default=dict)
    steps = models.JSONField(default=list)
    basis = models.CharField(max_length=64)
    engine_version = models.CharField(max_length=20)
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the challenge's key."""
        return f"draft for {self.panel}"


class DraftPair(models.Model):
    """A judge and an idea in a draft: put together by the computation or by hand, or taken apart by hand."""

    class Origin(models.TextChoices):
        COMPUTED = "computed", _("Computed")
        ADDED = "added", _("Added by hand")
        REMOVED = "removed", _("Taken out by hand")

    draft = models.ForeignKey(AssignmentDraft, on_delete=models.CASCADE, related_name="pairs")
    panelist = models.ForeignKey(Panelist, on_delete=models.CASCADE, related_name="+")
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="+")
    origin = models.CharField(max_length=8, choices=Origin.choices)

    class Meta:
        constraints = (models.UniqueConstraint(name="draft_pair_once", fields=["draft", "panelist", "idea"]),)

    def __str__(self) -> str:
        """Return who judges what, by number."""
        return f"{self.panelist_id} on {self.idea_id}"


class ReviewDraft(models.Model):
    """What an evaluator has filled in so far; gone once the review is handed in."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="draft")
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the assignment."""
        return f"draft of {self.assignment_id}"


class Review(Record):
    """A judgement handed in: a fact that is never changed; a later one by the same evaluator supersedes it."""

    class Recommendation(models.TextChoices):
        YES = "yes", _("Take it up")
        MAYBE = "maybe", _("Take it up if …")
        NO = "no", _("Leave it")

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="reviews")
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="reviews")
    panelist = models.ForeignKey(Panelist, on_delete=models.PROTECT, related_name="reviews")
    recommendation = models.CharField(max_length=5, choices=Recommendation.choices, blank=True)
    reason = models.TextField(blank=True)
    private_note = models.TextField(blank=True)
    seconds_spent = models.PositiveIntegerField(default=0)
    submitted_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="review_in_force_once",
                fields=["panelist", "idea"],
                condition=Q(superseded_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class Score(models.Model):
    """The mark of one review on one criterion, 1 to 5."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="score_once", fields=["review", "criterion"]),
            models.CheckConstraint(name="score_from_1_to_5", condition=Q(value__gte=1, value__lte=5)),
        )

    def __str__(self) -> str:
        """Return the value."""
        return str(self.value)


class Comparison(Record):
    """One idea preferred to another: a fact that is never changed or deleted, only taken back by a mark.

    `first` stood on the left and `second` on the right when it was answered. "Cannot judge" counts as seen and says
    nothing of the ideas. `token` names the pair as it was shown, so that it is answered once.
    """

    class Outcome(models.TextChoices):
        FIRST = "first", _("Left is better")
        SECOND = "second", _("Right is better")
        TIE = "tie", _("About equal")
        CANNOT_JUDGE = "cannot_judge", _("I cannot judge")

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="comparisons")
    first = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = models.TextField(blank=True)
    panelist = models.ForeignKey(Panelist, on_delete=models.PROTECT, related_name="comparisons", null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="comparisons", null=True)
    token = models.CharField(max_length=20, unique=True)
    seconds_spent = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="comparison_of_two", condition=~Q(first=F("second"))),
            models.CheckConstraint(
                name="comparison_by_panelist_or_public",
                condition=Q(panelist__isnull=True) ^ Q(person__isnull=True),
            ),
            models.UniqueConstraint(
                Least("first", "second"),
                Greatest("first", "second"),
                "panelist",
                name="comparison_once_a_panelist",
                condition=Q(retracted_at__isnull=True, panelist__isnull=False),
            ),
            models.UniqueConstraint(
                Least("first", "second"),
                Greatest("first", "second"),
                "person",
                name="comparison_once_a_person",
                condition=Q(retracted_at__isnull=True, person__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="comparison_by_panelist", fields=["panelist", "made_at"]),
            models.Index(name="comparison_by_person", fields=["person", "challenge"]),
            models.Index(name="comparison_by_challenge", fields=["challenge", "made_at"]),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class Ranking(Record):
    """A stored result of judging: what came out, from which inputs, by which engine version."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="rankings")
    computed_at = models.DateTimeField()
    engine_version = models.CharField(max_length=20)
    input_sha256 = models.CharField(max_length=64)
    n_ideas = models.PositiveIntegerField()
    n_reviews = models.PositiveIntegerField()
    n_comparisons = models.PositiveIntegerField(default=0)
    result = models.JSONField()

    class Meta:
        indexes = (models.Index(name="ranking_latest", fields=["challenge", "-computed_at"]),)

    @property
    def is_from_comparisons(self) -> bool:
        """Say whether its scores come from comparisons alone, and so lie on another scale than marks."""
        return bool(self.result.get("source") == "comparisons")

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class RankingState(models.Model):
    """What comparisons told about the ideas when a ranking was stored, for choosing the next pair.

    Only the newest stays.
    """

    ranking = models.OneToOneField(Ranking, on_delete=models.CASCADE, related_name="state")
    content = models.JSONField()

    def __str__(self) -> str:
        """Return the ranking."""
        return f"state of {self.ranking_id}"
