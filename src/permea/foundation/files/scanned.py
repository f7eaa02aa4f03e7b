"""Deciding about what the virus scanner said, and about what it could not look at."""

from __future__ import annotations

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal

KEEP, NOT_SCANNED = "keep", "file.not_scanned"


def why_not_found(found: str) -> Refusal | None:
    """Return why bytes in which the virus scanner found something are not kept, or None if it found nothing."""
    if not found:
        return None
    words = _("The virus scanner found something in this file (%(name)s), so it was not kept. All else is still here.")
    return Refusal("file.infected", words % {"name": found[:100]})


def why_not_unscanned(*, is_too_large: bool, is_kept: bool) -> Refusal | None:
    """Return why bytes nobody could look at are not kept, or None if this instance keeps them."""
    if is_kept:
        return None
    if is_too_large:
        words = _(
            "This file is larger than what the virus scanner looks at, so it was not kept. All else is still here."
        )
        return Refusal("file.too_large_to_scan", words)
    words = _(
        "The virus scanner does not answer, so the file was not kept. All else is still here: "
        "try the file again in a few minutes."
    )
    return Refusal(NOT_SCANNED, words)
