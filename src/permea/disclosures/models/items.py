"""What a firm may show: items, their parts at one depth each, and every version a part had."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.foundation.models import Record
from permea.people.models import Organisation, Person

LEAST_SENSITIVE, MOST_SENSITIVE = 1, 5


class Item(Record):
    """Something a firm knows or has, and shows to some: a technology, a plan, a document, a sample.

    `title` is read by members and in rooms, `teaser` by everybody else. `source_key` names what it came from, for
    example an idea.
    """

    class Kind(models.TextChoices):
        TECHNOLOGY = "technology", _("Technology")
        KNOW_HOW = "know_how", _("Know-how")
        DOCUMENT = "document", _("Document")
        SAMPLE = "sample", _("Sample")
        PLAN = "plan", pgettext_lazy("kind of item", "Plan")

    class Sensitivity(models.IntegerChoices):
        LITTLE = 1, _("1, would not hurt")
        SOME = 2, _("2, would be a pity")
        NOTABLE = 3, _("3, would cost us an advantage")
        GREAT = 4, _("4, would cost us a market")
        VITAL = 5, _("5, would endanger the firm")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="items")
    title = models.CharField(max_length=160)
    teaser = models.CharField(max_length=160)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    sensitivity = models.PositiveSmallIntegerField(choices=Sensitivity.choices, default=Sensitivity.NOTABLE)
    language = models.CharField(max_length=10, default="en")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    source_key = models.CharField(max_length=20, blank=True)
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="item_sensitivity_one_to_five", condition=Q(sensitivity__gte=1, sensitivity__lte=5)
            ),
        )
        indexes = (models.Index(name="item_by_change", fields=["organisation", "changed_at"]),)

    def __str__(self) -> str:
        """Return the key: nobody's secret."""
        return self.key


class Part(Record):
    """One field or file of an item; `depth` says how deep somebody must stand to know of it at all."""

    class Depth(models.TextChoices):
        PUBLIC = "public", _("Public")
        INVITED = "invited", _("Invited")
        ROOM = "room", _("Room")
        INSIDE = "inside", _("Inside")

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    depth = models.CharField(max_length=7, choices=Depth.choices, default=Depth.INSIDE)
    current = models.OneToOneField("PartVersion", on_delete=models.PROTECT, related_name="+", null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="part_lies_at_a_depth", condition=Q(depth__in=["public", "invited", "room", "inside"])
            ),
        )
        indexes = (models.Index(name="part_in_order", fields=["item", "position"]),)

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class PartVersion(Record):
    """What a part said from `made_at` until its next version: a text, or a file; it never changes."""

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    name = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=40, blank=True, db_index=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="part_version_once", fields=["part", "number"]),
            models.CheckConstraint(name="part_version_file_has_name", condition=Q(path="") | ~Q(name="")),
        )

    def __str__(self) -> str:
        """Return part and number."""
        return f"{self.part_id} v{self.number}"

    @property
    def is_file(self) -> bool:
        """Say whether it is a file."""
        return bool(self.path)
