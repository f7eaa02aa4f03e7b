"""What every text has that somebody from outside wrote and the firm may have to look at."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from permea.challenges.models import Challenge
from permea.foundation.models import Record
from permea.people.models import Organisation


class Moderated(Record):
    """A text that strangers write: held, shown, reported, hidden, objected to.

    `status` has more values in each kind of text; `HELD`, `HIDDEN` and `WITHDRAWN` mean the same in all, and `PUBLIC`
    is the one in which it is read by others.
    """

    HELD: ClassVar = "held"
    HIDDEN: ClassVar = "hidden"
    WITHDRAWN: ClassVar = "withdrawn"
    PUBLIC: ClassVar[str]

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="%(class)ss")
    language = models.CharField(max_length=10, default="en")
    text = models.TextField(blank=True)
    status = models.CharField(max_length=10)
    hidden_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    appealed_at = models.DateTimeField(null=True)
    appeal_decided_at = models.DateTimeField(null=True)
    text_removed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """Return the key: nothing that was written."""
        return self.key

    @property
    def written_by_id(self) -> int | None:
        """Return the number of whoever wrote it, None if it came from elsewhere."""
        raise NotImplementedError

    @property
    def is_appeal_open(self) -> bool:
        """Say whether its writer has objected to its hiding and nobody has decided."""
        return self.appealed_at is not None and self.appeal_decided_at is None
