"""Terms texts, kept by version, and who accepted which."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class Terms(Record):
    """One version of a terms text in one language; a published text never changes."""

    class Kind(models.TextChoices):
        PARTICIPATION = "participation", _("Terms of participation")
        IP_ASSIGNMENT = "ip_assignment", _("Winners assign their rights")
        IP_LICENCE = "ip_licence", _("Winners grant a licence")
        IP_KEEP = "ip_keep", _("Contributors keep all rights; use is negotiated")
        EVALUATION = "evaluation", _("Confidentiality of evaluators")
        NDA = "nda", _("Confidentiality of readers")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="terms")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=160)
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="terms_version_once", fields=["organisation", "kind", "language", "version"]),
        )

    def __str__(self) -> str:
        """Return title and version."""
        return f"{self.title} v{self.version} ({self.language})"

    @property
    def summary(self) -> str:
        """Return the first paragraph as plain words, to choose by; its bold lead-in is left out."""
        first = self.body.split("\n\n", 1)[0]
        words = re.sub(r"^\*\*[^*]*\*\*\s*", "", first).replace("**", "").lstrip("#- ").strip()
        return words[:1].upper() + words[1:]


class Acceptance(Record):
    """That a person accepted one version of a text for one subject, and how."""

    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="acceptances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="acceptances")
    subject_key = models.CharField(max_length=20)
    accepted_at = models.DateTimeField()
    method = models.CharField(max_length=20, default="click")

    class Meta:
        constraints = (models.UniqueConstraint(name="acceptance_once", fields=["terms", "person", "subject_key"]),)

    def __str__(self) -> str:
        """Return the key."""
        return self.key
