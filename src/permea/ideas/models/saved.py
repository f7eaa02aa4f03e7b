"""Lists as people want to find them again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class SavedView(Record):
    """Filters and order of a list under a name of its person's: what to look for, never what may be seen.

    One that was deleted stays for a day, so that deleting can be undone.
    """

    class Place(models.TextChoices):
        ENTRIES = "entries", _("Entries")
        INBOX = "inbox", _("Inbox")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_views")
    place = models.CharField(max_length=8, choices=Place.choices)
    name = models.CharField(max_length=60)
    query = models.JSONField(default=dict)
    is_shared = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    saved_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="saved_view_name_once",
                fields=["person", "organisation", "place", "name"],
                condition=Q(deleted_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="saved_view_one_default",
                fields=["person", "organisation", "place"],
                condition=Q(is_default=True, deleted_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name
