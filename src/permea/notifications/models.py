"""Mails, written in the transaction that caused them; notices, choices, digests, addresses without mail, webhooks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permea.challenges.models import Challenge
from permea.foundation.models import Record
from permea.ideas.models import Idea
from permea.people.models import Organisation, Person


class Mail(Record):
    """One mail to one address; what it says and to whom goes when its person is erased.

    `text` and `html` say the same; `html` is the body without its frame. `about` is the key of what it is about.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", null=True)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, related_name="mails", null=True)
    to = models.EmailField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    attachments = models.JSONField(default=list)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = (
            models.Index(name="mail_by_time", fields=["-created_at"]),
            models.Index(name="mail_by_matter", fields=["kind", "about"]),
        )

    def __str__(self) -> str:
        """Return the kind."""
        return self.kind


class Notice(Record):
    """That something happened which a person should know, shown to them under the bell.

    It keeps what it is about, never words: what it says is made when it is shown, from what its reader may see then.
    `digest_at` is when the digest it waits for is due, nothing if it waits for none.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="+")
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="+", null=True)
    number = models.PositiveIntegerField(default=0)
    variant = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    digest_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(name="notice_of_person", fields=["person", "-at"]),
            models.Index(name="notice_unread", fields=["person"], condition=Q(read_at__isnull=True)),
            models.Index(
                name="notice_for_digest", fields=["person", "digest_at"], condition=Q(digest_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        """Return the kind."""
        return self.kind


class TopicChoice(models.Model):
    """How a person wants to hear of a topic, where that is not at once."""

    class Way(models.TextChoices):
        DIGEST = "digest", _("In the digest")
        OFF = "off", _("Not by mail")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="topic_choices")
    topic = models.CharField(max_length=20)
    way = models.CharField(max_length=8, choices=Way.choices)

    class Meta:
        constraints = (models.UniqueConstraint(name="topic_choice_once", fields=["person", "topic"]),)

    def __str__(self) -> str:
        """Return topic and way."""
        return f"{self.topic}: {self.way}"


class DigestRhythm(models.Model):
    """When a person wants the digest, where that is not daily at seven."""

    class Every(models.TextChoices):
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Every week")

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="digest_rhythm")
    every = models.CharField(max_length=8, choices=Every.choices)
    hour = models.PositiveSmallIntegerField()
    weekday = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(name="digest_rhythm_hour_of_a_day", condition=Q(hour__lte=23)),
            models.CheckConstraint(name="digest_rhythm_day_of_a_week", condition=Q(weekday__lte=6)),
        )

    def __str__(self) -> str:
        """Return how often and at which hour."""
        return f"{self.every} {self.hour}"


class Digest(models.Model):
    """That a person got the digest of the period that ends then: once each."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="digests")
    ends_at = models.DateTimeField()
    n_notices = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="digest_once_per_period", fields=["person", "ends_at"]),)

    def __str__(self) -> str:
        """Return how much it held."""
        return f"{self.n_notices} notices"


class Undeliverable(models.Model):
    """An address for which a mail server said that nobody is there; it goes when the address takes mail again."""

    email = models.EmailField(max_length=254, unique=True)
    answer = models.CharField(max_length=300)
    failed_at = models.DateTimeField()
    n_failures = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        """Return what the server said last."""
        return self.answer


class Hook(Record):
    """An address outside that is told of what happens in an organisation; it names nobody, whoever made it.

    `secret` signs what is sent and goes when the hook ends; the one before it signs as well until `old_secret_until`.
    `n_failures` counts tries that failed since the last that went well.
    """

    class Format(models.TextChoices):
        PLAIN = "plain", _("JSON for a program of yours")
        SLACK = "slack", "Slack"
        TEAMS = "teams", "Microsoft Teams"
        MATRIX = "matrix", "Matrix"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=80)
    address = models.CharField(max_length=500)
    format = models.CharField(max_length=8, choices=Format.choices)
    events = models.JSONField(default=list)
    secret = models.CharField(max_length=80, blank=True)
    old_secret = models.CharField(max_length=80, blank=True)
    old_secret_until = models.DateTimeField(null=True)
    n_failures = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    is_paused_by_failures = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="hook_has_secret_until_it_ends", condition=Q(ended_at__isnull=True) ^ Q(secret="")
            ),
            models.CheckConstraint(
                name="hook_old_secret_has_an_end", condition=Q(old_secret="") ^ Q(old_secret_until__isnull=False)
            ),
        )

    def __str__(self) -> str:
        """Return the label."""
        return self.label


class HookDelivery(Record):
    """One message to a hook and how sending it goes; its key is its id for whoever gets it, the same at every try.

    `body` is sent as it stands here: it holds titles of challenges and boxes, counts and addresses of pages, never
    anything of an entry or a person. `about` is the key of what it is about. While it is open, `next_try_at` says when
    it is tried next, unless the hook is paused.
    """

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    about = models.CharField(max_length=20)
    body = models.TextField()
    n_attempts = models.PositiveIntegerField(default=0)
    n_replays = models.PositiveIntegerField(default=0)
    last_problem = models.CharField(max_length=10, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True)
    last_answer = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="hook_delivery_open_or_closed_one_way",
                condition=Q(next_try_at__isnull=False, delivered_at__isnull=True, given_up_at__isnull=True)
                | Q(next_try_at__isnull=True, delivered_at__isnull=False, given_up_at__isnull=True)
                | Q(next_try_at__isnull=True, delivered_at__isnull=True, given_up_at__isnull=False),
            ),
        )
        indexes = (models.Index(name="hook_delivery_by_time", fields=["hook", "-made_at"]),)

    def __str__(self) -> str:
        """Return the event."""
        return self.event

    @property
    def is_open(self) -> bool:
        """Say whether it still has to be delivered."""
        return self.next_try_at is not None
