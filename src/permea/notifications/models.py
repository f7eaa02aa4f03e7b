"""Mails: written in the transaction that caused them, sent by the worker, readable where no mail server is set."""

from __future__ import annotations

from django.db import models

from permea.foundation.models import Record
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
