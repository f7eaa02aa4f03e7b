"""The directory as people want to find it again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class DirectoryView(Record):
    """Filters and order of the directory under a name of its person's: what to look for, never what may be seen.

    One that was deleted stays for a day, so that deleting can be undone.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="directory_views")
    name = models.CharField(max_length=60)
    query = models.JSONField(default=dict)
    is_shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="directory_view_name_once",
                fields=["person", "organisation", "name"],
                condition=Q(deleted_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name
