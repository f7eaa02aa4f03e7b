"""Organisations outside that a firm knows: the people there, what they can do, how they like to work, what was said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class SourceEvent(Record):
    """A fair, a membership, a platform: where a firm meets partners, and what that cost in money and hours."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    on = models.DateField()
    cost = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")
    hours = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(name="source_event_costs_nothing_or_more", condition=Q(cost__gte=0)),)

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class PartnerImport(Record):
    """A file of partners and their people: kept for a day until it is taken over, and after that what it brought."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    n_partners = models.PositiveIntegerField(default=0)
    n_people = models.PositiveIntegerField(default=0)
    n_left_out = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return the file's name."""
        return self.name


class Partner(Record):
    """An organisation outside as one firm knows it; `party` is made for this firm alone.

    `talked_at` and `dealt_at` are the first times there was a talk, and work together; `brought_by` is the import that
    it came with.
    """

    class Stage(models.TextChoices):
        KNOWN = "known", pgettext_lazy("partner", "Known")
        CONTACTED = "contacted", pgettext_lazy("partner", "Contacted")
        TALKING = "talking", pgettext_lazy("partner", "In talks")
        WORKING = "working", pgettext_lazy("partner", "Working together")
        RESTING = "resting", pgettext_lazy("partner", "Resting")

    class Source(models.TextChoices):
        EVENT = "event", _("Event or fair")
        ASSOCIATION = "association", _("Association or network")
        PLATFORM = "platform", _("Platform")
        RECOMMENDATION = "recommendation", _("Recommendation")
        CHALLENGE = "challenge", _("A challenge")
        OTHER = "other", pgettext_lazy("source of a partner", "Something else")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partners")
    party = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="known_as")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.KNOWN)
    source = models.CharField(max_length=14, choices=Source.choices, default=Source.OTHER)
    source_name = models.CharField(max_length=160, blank=True)
    event = models.ForeignKey(SourceEvent, on_delete=models.PROTECT, related_name="partners", null=True)
    website = models.URLField(max_length=300, blank=True)
    city = models.CharField(max_length=120, blank=True)
    tags = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    search_text = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    talked_at = models.DateTimeField(null=True)
    dealt_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    brought_by = models.ForeignKey(PartnerImport, on_delete=models.PROTECT, related_name="partners", null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged", null=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="partner_once_per_firm", fields=["organisation", "party"]),)

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class Apart(Record):
    """Two partners that look like one and are not, as somebody said; `first` is the one noted first."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="partners_apart_once", fields=["first", "second"]),)

    def __str__(self) -> str:
        """Return both, by row."""
        return f"{self.first_id} is not {self.second_id}"


class PartnerMerge(Record):
    """That one partner was merged into another: `moved` holds row numbers by model, `filled` names of fields."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    kept = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)
    filled = models.JSONField(default=list)
    gone_archived_at = models.DateTimeField(null=True)
    merged_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return both, by row."""
        return f"{self.gone_id} into {self.kept_id}"


class Capability(Record):
    """Something a partner can do or lacks; `stated_by` is the guest who said it of their own organisation."""

    class Kind(models.TextChoices):
        OFFERS = "offers", pgettext_lazy("partner", "Can do")
        NEEDS = "needs", pgettext_lazy("partner", "Looks for")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="capabilities")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    name = models.CharField(max_length=120)
    level = models.PositiveSmallIntegerField(default=3)
    basis = models.CharField(max_length=300, blank=True)
    stated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="capability_level_is_1_to_5", condition=Q(level__gte=1, level__lte=5)),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Contact(Record):
    """Somebody at a partner; `person` is theirs once they have joined as a guest."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="contacts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    position = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    invited_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    brought_by = models.ForeignKey(PartnerImport, on_delete=models.PROTECT, related_name="contacts", null=True)

    def __str__(self) -> str:
        """Return the key: nobody's name."""
        return self.key


class WorkingPreferences(models.Model):
    """How a partner likes to work: what it says itself, or beside it what the firm has noticed (`is_stated` false)."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        PHONE = "phone", _("Phone")
        VIDEO = "video", _("Video call")
        VISIT = "visit", _("In person")
        CHAT = "chat", _("Chat")

    class Decision(models.TextChoices):
        ONE = "one", _("One person decides")
        GROUP = "group", _("A group decides together")
        LEVELS = "levels", _("It goes through several levels")

    class Stance(models.TextChoices):
        OPEN = "open", _("Results are shared openly")
        SHARED = "shared", _("Results belong to both")
        OWN = "own", _("Everybody owns what they make")
        EXCLUSIVE = "exclusive", _("Results have to be exclusive")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="preferences")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    is_stated = models.BooleanField()
    language = models.CharField(max_length=10, blank=True)
    channel = models.CharField(max_length=6, choices=Channel.choices, blank=True)
    response_hours = models.PositiveSmallIntegerField(null=True)
    decision = models.CharField(max_length=6, choices=Decision.choices, blank=True)
    ip_stance = models.CharField(max_length=10, choices=Stance.choices, blank=True)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="preferences_once_per_voice", fields=["partner", "is_stated"]),)

    def __str__(self) -> str:
        """Return whose they are."""
        return f"{self.partner_id} {'stated' if self.is_stated else 'noticed'}"


class LogEntry(Record):
    """What was said with a partner on a day, or decided about it, and what is to follow until when."""

    class Kind(models.TextChoices):
        CALL = "call", pgettext_lazy("contact log", "Call")
        MAIL = "mail", pgettext_lazy("contact log", "Mail")
        MEETING = "meeting", pgettext_lazy("contact log", "Meeting")
        EVENT = "event", pgettext_lazy("contact log", "Event")
        DECISION = "decision", pgettext_lazy("contact log", "Decision")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="log")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    on = models.DateField()
    summary = models.TextField()
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    next_step = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True)
    next_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    next_done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="log_next_step_has_day_and_person",
                condition=Q(next_step="", next_on__isnull=True, next_by__isnull=True, next_done_at__isnull=True)
                | (~Q(next_step="") & Q(next_on__isnull=False, next_by__isnull=False)),
            ),
        )
        indexes = (
            models.Index(
                name="log_open_next_steps", fields=["next_by", "next_on"],
                condition=Q(next_on__isnull=False, next_done_at__isnull=True),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        """Return the key."""
        return self.key
