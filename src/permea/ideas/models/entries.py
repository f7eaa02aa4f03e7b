"""Ideas, their versions, contributors and files."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from permea.challenges.models import Challenge, Circle
from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class Idea(Record):
    """An answer to a challenge; a draft until handed in.

    Once handed in, the fields say what the latest version says; what its contributor writes afterwards waits in
    `pending` until it is handed in as the next version. One that is merged into another, its lead, is not judged by
    itself any more, so it has a status of its own; `n_merged` says how many a lead has. `shown_to` is the widest circle
    that was to read entries when this one was handed in last: nobody wider ever reads it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Handed in")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        MERGED = "merged", _("Merged with another entry")

    class Source(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        SUPPLIER = "supplier", _("Supplier")
        UNIVERSITY = "university", _("University or institute")
        STARTUP = "startup", _("Startup or firm")
        INVENTOR = "inventor", _("Inventor")
        EMPLOYEE = "employee", _("Employee")
        OTHER = "other", _("Somebody else")

    class Channel(models.TextChoices):
        FORM = "form", _("Entry page")
        API = "api", _("API")
        IMPORT = "import", _("Spreadsheet")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ideas")
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="ideas")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ideas")
    affiliation = models.CharField(max_length=160, blank=True)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.OTHER)
    country = models.CharField(max_length=2, blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.FORM)
    external_id = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10, default="en")
    title = models.CharField(max_length=160, blank=True)
    summary = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    asked_money = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    asked_days = models.DecimalField(max_digits=7, decimal_places=1, null=True)
    pending = models.JSONField(null=True)
    search_text = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_window = models.CharField(max_length=20, blank=True)
    saved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    submitted_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    text_removed_at = models.DateTimeField(null=True, editable=False)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged_entries")
    shown_to = models.CharField(max_length=12, choices=Circle.choices, blank=True)
    n_merged = models.PositiveIntegerField(default=0)
    n_versions = models.PositiveIntegerField(default=0)
    n_files = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="idea_has_version_unless_draft", condition=Q(status="draft") ^ Q(n_versions__gt=0)
            ),
            models.CheckConstraint(
                name="idea_waits_with_changes_only_after_a_version",
                condition=Q(pending__isnull=True) | ~Q(status="draft"),
            ),
            models.UniqueConstraint(
                name="idea_one_draft_per_author", fields=["challenge", "author"], condition=Q(status="draft")
            ),
            models.CheckConstraint(
                name="idea_has_submission_time_unless_draft",
                condition=Q(status="draft") ^ Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="idea_has_withdrawal_time_if_withdrawn",
                condition=Q(status="withdrawn") ^ Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="idea_has_lead_if_merged", condition=Q(status="merged") ^ Q(merged_into__isnull=True)
            ),
            models.CheckConstraint(
                name="idea_that_leads_is_not_merged", condition=Q(merged_into__isnull=True) | Q(n_merged=0)
            ),
            models.CheckConstraint(name="idea_not_merged_into_itself", condition=~Q(merged_into=F("pk"))),
            models.UniqueConstraint(
                name="idea_external_id_once", fields=["challenge", "external_id"], condition=~Q(external_id="")
            ),
        )
        indexes = (
            # Counting, filtering and ordering the list of a challenge reads these alone, never the long texts.
            models.Index(
                name="idea_in_list", fields=["challenge", "status", "submitted_at", "id", "source", "language"]
            ),
            models.Index(name="idea_by_kind", fields=["challenge", "status", "source", "language"]),
            models.Index(name="idea_in_ring", fields=["challenge", "status", "key"]),
            # Whether the index of similar entries is up to date is asked with every key that somebody types.
            models.Index(
                name="idea_comparable", fields=["challenge", "status", "text_removed_at", "submitted_at", "id"]
            ),
        )

    def __str__(self) -> str:
        """Return the title."""
        return self.title or self.key


class IdeaVersion(models.Model):
    """What an idea said when it was handed in or revised: never changed; emptied only when its text is removed.

    `sha256` is over the canonical JSON of `content`, which holds a salt and no personal field, so that it still
    proves what was said and gives nothing away once the content is gone.
    """

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    receipt_key = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="idea_version_once", fields=["idea", "number"]),)

    def __str__(self) -> str:
        """Return idea and number."""
        return f"{self.idea.key} v{self.number}"


class KeptCopy(models.Model):
    """What somebody typed in one window after the draft had been saved from another: nothing typed is lost."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="kept_copies")
    kept_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    window = models.CharField(max_length=20)
    content = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="kept_copy_once_per_window", fields=["idea", "kept_by", "window"]),)

    def __str__(self) -> str:
        """Return idea and window."""
        return f"{self.idea.key} in {self.window}"


class Contributor(models.Model):
    """Somebody who has a part in an idea; the author is the first."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="contributors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contributions")
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="contributor_once", fields=["idea", "person"]),)

    def __str__(self) -> str:
        """Return who and what, by keys."""
        return f"{self.person.key} in {self.idea.key}"


class Attachment(Record):
    """A file of an idea. A row with a path has its bytes; one that no version names loses them when it is removed."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="attachment_path_once", fields=["path"], condition=~Q(path="")),
            models.CheckConstraint(
                name="attachment_has_its_bytes_unless_removed", condition=~Q(path="") | Q(removed_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class StagedTable(Record):
    """A table uploaded for a challenge, until it is taken over or a day has passed."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="+")
    uploaded_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=160)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the file's name."""
        return self.name
