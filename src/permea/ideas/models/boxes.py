"""Boxes that are always open, and what is put into them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.challenges.models import Challenge
from permea.foundation.models import Record
from permea.ideas.models.entries import Idea
from permea.people.models import Organisation, Person


class IdeaBox(Record):
    """A place that always takes needs and ideas: one for the firm, or one for each machine or counter.

    `origins` are the sites that may show its form in a frame, each written as scheme, host and port.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="boxes")
    title = models.CharField(max_length=160)
    welcome = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="en")
    origins = models.JSONField(default=list, blank=True)
    asks_source = models.BooleanField(default=True)
    source = models.CharField(max_length=12, choices=Idea.Source.choices, default=Idea.Source.CUSTOMER)
    answer_days = models.PositiveSmallIntegerField(default=7)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="box_answers_within_a_quarter", condition=Q(answer_days__gte=1, answer_days__lte=90)
            ),
        )

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def is_open(self) -> bool:
        """Say whether it takes anything now."""
        return self.closed_at is None


class Posting(Record):
    """What somebody put into a box: a need (a problem without a solution) or an idea.

    Its sender may be nobody known: who holds the private link is its sender. Of that link and of the form it came by
    only hashes are stored. A merged posting has no answer of its own; its main one's is told to both senders.
    """

    class Kind(models.TextChoices):
        NEED = "need", _("Need")
        IDEA = "idea", _("Idea")

    class Channel(models.TextChoices):
        PAGE = "page", _("Page of the box")
        QR = "qr", _("Code on the spot")
        WIDGET = "widget", _("Form on a website")
        API = "api", _("API")
        MAIL = "mail", pgettext_lazy("channel", "E-mail")

    class Status(models.TextChoices):
        NEW = "new", _("New")
        CONSIDERED = "considered", _("Being considered")
        MERGED = "merged", _("Merged")
        TAKEN_UP = "taken_up", _("Taken up")
        DECLINED = "declined", _("Not taken up")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Reason(models.TextChoices):
        ALREADY_KNOWN = "already_known", _("Already known or under way here")
        NOT_FEASIBLE = "not_feasible", _("We do not see how it can be done")
        OVER_BUDGET = "over_budget", _("Good, but not within the money or time there is")
        NOT_OUR_STRATEGY = "not_our_strategy", _("Good, but not where we are going")
        INCOMPLETE = "incomplete", _("Too little to judge it by")
        OUT_OF_SCOPE = "out_of_scope", _("Not ours to solve")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="postings")
    box = models.ForeignKey(IdeaBox, on_delete=models.PROTECT, related_name="postings")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    title = models.CharField(max_length=160)
    text = models.TextField(blank=True)
    search_text = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="en")
    source = models.CharField(max_length=12, choices=Idea.Source.choices)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    place = models.CharField(max_length=60, blank=True)
    is_anonymous = models.BooleanField(default=True)
    sender = models.ForeignKey(Person, on_delete=models.SET_NULL, related_name="postings", null=True)
    sender_name = models.CharField(max_length=160, blank=True)
    sender_email = models.EmailField(max_length=254, blank=True)
    photo_path = models.CharField(max_length=200, blank=True)
    photo_type = models.CharField(max_length=100, blank=True)
    photo_size = models.PositiveBigIntegerField(default=0)
    photo_sha256 = models.CharField(max_length=64, blank=True)
    salt = models.CharField(max_length=64, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    form_hash = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NEW)
    received_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged", null=True)
    became_challenge = models.ForeignKey(Challenge, on_delete=models.SET_NULL, related_name="postings", null=True)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    text_removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="posting_closed_only_with_an_answer",
                condition=Q(status__in=("taken_up", "declined")) ^ (Q(answered_at__isnull=True) & Q(answer="")),
            ),
            models.CheckConstraint(
                name="posting_answer_has_words_and_author",
                condition=Q(answered_at__isnull=True) | (Q(answered_by__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="posting_declined_with_a_reason", condition=Q(status="declined") ^ Q(reason="")
            ),
            models.CheckConstraint(
                name="posting_merged_into_another", condition=Q(status="merged") ^ Q(merged_into__isnull=True)
            ),
            models.CheckConstraint(name="posting_due_after_it_came", condition=Q(answer_due_at__gt=F("received_at"))),
            models.UniqueConstraint(name="posting_photo_once", fields=["photo_path"], condition=~Q(photo_path="")),
        )
        indexes = (models.Index(name="posting_by_state", fields=["organisation", "status", "answer_due_at"]),)

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def is_waiting(self) -> bool:
        """Say whether its sender still waits for somebody to answer it."""
        return self.status in {self.Status.NEW, self.Status.CONSIDERED}


class PostingStep(models.Model):
    """What was done with a posting, by whom, when and why: never changed."""

    class What(models.TextChoices):
        RECEIVED = "received", _("Received")
        CONSIDERED = "considered", _("Being considered")
        MERGED = "merged", _("Merged")
        UNMERGED = "unmerged", _("Merging undone")
        CHALLENGE = "challenge", _("Challenge drafted")
        ANSWERED = "answered", _("Answered")
        NOTED = "noted", _("Sender added something")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    posting = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=10, choices=What.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    other = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="+", null=True)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Return what and when."""
        return f"{self.what} at {self.at.isoformat()}"


class PostingNote(models.Model):
    """What the sender of a posting added to it later; it goes with the posting's text."""

    posting = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    form_hash = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Return when it came."""
        return f"note at {self.at.isoformat()}"
