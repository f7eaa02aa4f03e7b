"""When a challenge may be taken to another instance, and what is wrong with a file that holds one."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from permea.challenges.models import Challenge
from permea.foundation.refusals import Refusal
from permea.selection.rules import why_no_dossier


def why_not_pack(challenge: Challenge, withheld: Refusal | None, *, at: datetime) -> Refusal | None:
    """Return why the challenge cannot be packed at `at`, or None if it can; a draft always can."""
    if challenge.status == Challenge.Status.DRAFT:
        return None
    return why_no_dossier(challenge, at=at) or withheld


def not_a_challenge(why: str) -> Refusal:
    """Return that a file holds no challenge that can be taken in, and why."""
    reason = _("The file holds no challenge that can be taken in: %(why)s. Nothing was changed.")
    return Refusal("portable.unusable", reason % {"why": why})


def is_here(challenge: Challenge) -> Refusal:
    """Return that the challenge is on this instance already."""
    reason = _("“%(title)s” is on this instance already. Nothing was changed.")
    return Refusal("portable.is_here", reason % {"title": challenge.title})


def manages_nothing() -> Refusal:
    """Return that only an owner or a manager takes a challenge in."""
    return Refusal("portable.not_manager", _("Only an owner or a manager can take a challenge in."))
