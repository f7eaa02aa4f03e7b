"""Estimates and limits, selections with certificate, decisions, answers and awards, titles, and the firm's own work."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from permea.challenges.models import Challenge
from permea.disclosures.models import Item
from permea.evaluation.models import Ranking
from permea.foundation.models import Record
from permea.ideas.models import Idea
from permea.people.models import Organisation, Person


class Estimate(models.Model):
    """What it would take to build an idea, and the bucket it belongs to."""

    idea = models.OneToOneField(Idea, on_delete=models.CASCADE, related_name="estimate")
    money = models.DecimalField(max_digits=12, decimal_places=2)
    days = models.DecimalField(max_digits=7, decimal_places=1)
    bucket = models.CharField(max_length=60, blank=True)
    estimated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    estimated_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return money and days."""
        return f"{self.money} / {self.days} d"


class SelectionLimits(models.Model):
    """What a selection may cost and what must hold; the lists use idea keys and bucket names.

    `buckets`: [{"name", "minimum", "maximum"}]; `exclusions`: [[key, key ...]]; `dependencies`: [[key, needed key]].
    """

    challenge = models.OneToOneField(Challenge, on_delete=models.CASCADE, related_name="selection_limits")
    money = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    days = models.DecimalField(max_digits=9, decimal_places=1, null=True)
    n_most = models.PositiveSmallIntegerField(null=True)
    bar = models.DecimalField(max_digits=3, decimal_places=2, default=3)
    buckets = models.JSONField(default=list)
    exclusions = models.JSONField(default=list)
    dependencies = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the challenge's key."""
        return f"limits of {self.challenge.key}"


class Selection(Record):
    """A chosen set, the certificate that no better one exists, and what was changed by hand."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="selections")
    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="+")
    computed_at = models.DateTimeField()
    computed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    input_sha256 = models.CharField(max_length=64)
    certificate = models.JSONField()
    chosen = models.JSONField(default=list)
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class SelectionChange(models.Model):
    """An idea taken in or out by hand, why, and what it cost in value."""

    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="changes")
    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="+")
    taken_in = models.BooleanField()
    reason = models.CharField(max_length=300)
    value_change = models.FloatField()
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the reason."""
        return self.reason


class Decision(Record):
    """What was decided on an idea, with a reason code and words for its contributors."""

    class Outcome(models.TextChoices):
        AWARD = "award", _("Award")
        RESERVE = "reserve", _("Reserve")
        DECLINE = "decline", _("Decline")

    class Reason(models.TextChoices):
        BEST_FIT = "best_fit", _("Among the best by the criteria")
        CLOSE_RUNNER_UP = "close_runner_up", _("Close to the line; first to be asked if a place falls free")
        BELOW_BAR = "below_bar", _("Below the bar on a criterion")
        OVER_BUDGET = "over_budget", _("Good, but not within the money or time there is")
        NOT_FEASIBLE = "not_feasible", _("We do not see how it can be built")
        NOT_OUR_STRATEGY = "not_our_strategy", _("Good, but not where we are going")
        ALREADY_KNOWN = "already_known", _("Already known or under way here")
        INCOMPLETE = "incomplete", _("Too little to judge it by")
        OUT_OF_SCOPE = "out_of_scope", _("Does not answer this challenge")

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="decisions")
    idea = models.OneToOneField(Idea, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    words = models.TextField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the outcome."""
        return self.outcome


class Answer(Record):
    """What the contributors of an idea were told, exactly, and when; a merged one gets that of the idea it is in."""

    idea = models.OneToOneField(Idea, on_delete=models.PROTECT, related_name="answer")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="answers")
    profile = models.JSONField()
    text = models.TextField()
    sent_at = models.DateTimeField()
    first_read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class Clarification(models.Model):
    """A contributor's one question about the answer, and the reply."""

    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, related_name="clarification")
    question = models.TextField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reply = models.TextField(blank=True)
    replied_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    replied_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return whether it was replied to."""
        return "replied" if self.replied_at else "open"


class Award(Record):
    """The prize for an awarded idea: its payment and the rights that go with it."""

    class Payment(models.TextChoices):
        DUE = "due", _("Due")
        ORDERED = "ordered", _("Ordered")
        PAID = "paid", _("Paid")
        WAIVED = "waived", _("Waived")

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="award")
    prize_amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    payment = models.CharField(max_length=8, choices=Payment.choices, default=Payment.DUE)
    payment_note = models.CharField(max_length=200, blank=True)
    paid_at = models.DateTimeField(null=True)
    rights_accepted_at = models.DateTimeField(null=True)
    rights_accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="award_paid_has_time", condition=Q(payment="paid") ^ Q(paid_at__isnull=True)),
        )

    def __str__(self) -> str:
        """Return the prize."""
        return f"{self.prize_amount} {self.currency}"


class TitleEvidence(Record):
    """That the firm has something in hand that closes a gap in the title to a chosen idea, and what it is.

    It is about one contributor, or without one about the idea. `document_sha256` is the fingerprint of a paper that is
    kept elsewhere. What was recorded by mistake is struck, not removed.
    """

    class Kind(models.TextChoices):
        EMPLOYER = "employer", _("Release by an employer or a university")
        SIGNED = "signed", _("Rights transferred or licensed on a paper of their own")
        SHARES = "shares", _("Agreement of several about their shares")
        RECEIVED = "received", _("What was sent in, as it came")
        EARLIER = "earlier", _("Consent of those who wrote an earlier entry")

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="title_evidence")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    words = models.TextField()
    document_sha256 = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="title_evidence_struck_by_somebody",
                condition=Q(struck_at__isnull=True) ^ Q(struck_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class Work(Record):
    """A piece of the firm's own work, in plain words, and the chosen idea that it carries out if there is one.

    `n_open` says how many matters were open when they were last counted, at `counted_at`.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="works")
    name = models.CharField(max_length=160)
    words = models.TextField()
    began_on = models.DateField()
    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="works", null=True)
    n_open = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(name="work_in_list", fields=["organisation", "n_open", "id"]),
            models.Index(name="work_to_count", fields=["counted_at"]),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class WorkPerson(Record):
    """That somebody of the firm works on a piece of its own work, from one day on and perhaps until another."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="work_person_once_at_a_time", fields=["work", "person"], condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                name="work_person_goes_forwards", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
            models.CheckConstraint(
                name="work_person_ended_by_somebody", condition=Q(until__isnull=True) ^ Q(ended_by__isnull=False)
            ),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class Settlement(Record):
    """What the firm says of one thing of others that somebody on its own work had read.

    It is never changed: the last one about the same person and thing holds. The first may be that somebody found the
    two alike by hand. `reference` says where the proof is kept.
    """

    class Kind(models.TextChoices):
        OPEN = "open", _("Looks alike, to be settled")
        NOT_RELATED = "unrelated", _("Not related")
        KNOWN_BEFORE = "known", _("Known here before")
        PERMITTED = "permitted", _("Permitted by an agreement or by terms")
        CREDITED = "credited", _("Author asked or credited")
        MOVED = "moved", _("Person moved off the work")

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="settlements")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="+", null=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    words = models.TextField()
    reference = models.CharField(max_length=200, blank=True)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="settlement_about_one_thing", condition=Q(idea__isnull=True) ^ Q(item__isnull=True)
            ),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key
