"""How many files an entry takes, and when; which kinds are taken stands in the ground."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from permea.foundation.files.kinds import ALLOWED, safe_name, sniff, why_not_file
from permea.foundation.refusals import Refusal
from permea.ideas.models import Idea
from permea.ideas.rules import entries

__all__ = ["ALLOWED", "MAX_FILES", "file_limits", "safe_name", "sniff", "why_not_attach", "why_not_file"]

MAX_FILES = 10


def file_limits() -> tuple[int, list[str]]:
    """Return how many files an entry takes and the endings they may have."""
    return MAX_FILES, sorted(ALLOWED)


def why_not_attach(idea: Idea, *, is_contributor: bool, n_files: int, at: datetime) -> Refusal | None:
    """Return why a person may not add a file to the idea at `at`, or None if they may."""
    refusal = entries.why_not_change(idea, is_contributor=is_contributor, at=at)
    if refusal is None and n_files >= MAX_FILES:
        return Refusal(
            "ideas.too_many_files",
            _("An entry takes at most %(limit)d files. Remove one before you add another.") % {"limit": MAX_FILES},
        )
    return refusal
