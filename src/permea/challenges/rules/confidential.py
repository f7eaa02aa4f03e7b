"""Which texts of a brief only those read who agreed to keep them to themselves, and when that can be agreed to."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from permea.agreements.rules import is_open_to
from permea.challenges.models import Challenge
from permea.foundation.refusals import Refusal

ROOM_FIELDS = ("problem", "why_now", "constraints", "acceptance_test")


def kept_back(challenge: Challenge, standing: str) -> list[str]:
    """Return the texts that somebody who stands at this depth does not read, in the order of the page."""
    if is_open_to("room", standing):
        return []
    return [name for name in ROOM_FIELDS if name in challenge.room_fields and getattr(challenge, name).strip()]


def why_not_keep_back(names: list[str]) -> Refusal | None:
    """Return why these texts cannot be kept back, or None if they can."""
    if set(names) <= set(ROOM_FIELDS):
        return None
    return Refusal("challenges.not_confidential", _("Only the four long texts of a brief can be kept confidential."))


def why_not_agree(challenge: Challenge, *, at: datetime) -> Refusal | None:
    """Return why nobody can agree to confidentiality at `at` in order to read on, or None if they can."""
    if not challenge.room_fields or challenge.nda_terms is None:
        return Refusal("challenges.nothing_confidential", _("Everything about this challenge is public."))
    if challenge.status == Challenge.Status.ARCHIVED or challenge.answer_by is None or at >= challenge.answer_by:
        return Refusal("challenges.over", _("This challenge is over; its confidential texts are closed."))
    return None
