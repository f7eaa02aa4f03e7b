"""The sealed slip in every form of a box: for which box and way in, since when, and the seed of its private link.

It takes the place of cookies, which a form in somebody else's page does not get. Whoever sends the same slip twice has
sent once. From the seed follow the private link and the two hashes that are stored; none of them leads back.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.ideas.models import IdeaBox

SALT = "permea.ideas.box"
SOONEST, LATEST = timedelta(seconds=2), timedelta(hours=12)
SEED_LENGTHS = range(32, 129)


@dataclass(frozen=True, slots=True)
class Seal:
    """What a sealed slip says."""

    box: str
    way: str
    seed: str
    at: datetime


def sealed(box: IdeaBox, *, way: str, seed: str, at: datetime) -> str:
    """Return the slip for a form of this box that is shown at `at` this way: "page" or "embed"."""
    return Signer(salt=SALT).sign_object({"box": box.key, "way": way, "seed": seed, "at": at.isoformat()})


def unsealed(slip: str) -> Seal | None:
    """Return what a slip says, or None if it is not one of ours, whole and unchanged."""
    try:
        said = Signer(salt=SALT).unsign_object(slip)
        return Seal(said["box"], said["way"], said["seed"], datetime.fromisoformat(said["at"]))
    except (BadSignature, ValueError, KeyError, TypeError):
        return None


def why_not_sealed(seal: Seal | None, box: IdeaBox, *, way: str, at: datetime) -> Refusal | None:
    """Return why a form with this slip is not taken at `at`, or None if it is. What was typed is kept either way."""
    if seal is None or seal.box != box.key or seal.way != way:
        return Refusal("box.other_form", _("This form does not belong to this box. Please send it once more."))
    if at - seal.at > LATEST:
        return Refusal(
            "box.form_too_old", _("The page was open for a long time. What you wrote is still here: send it once more.")
        )
    if at - seal.at < SOONEST:
        return Refusal(
            "box.too_fast", _("That was faster than anybody types. What you wrote is still here: send it once more.")
        )
    return None


def private_token(seed: str) -> str:
    """Return what opens the private page of what is sent with this seed."""
    return hashlib.sha256(f"private:{seed}".encode()).hexdigest()[:43]


def form_hash(seed: str) -> str:
    """Return what is stored of the form, so that it is taken once."""
    return hashlib.sha256(f"form:{seed}".encode()).hexdigest()
