"""Slips of public forms, and private links: signed, so that nothing that opens a door is stored.

A slip takes the place of cookies, which phones that scan a code often do not keep; the same slip twice is one form. A
private link is the key of a row and a signature that only this instance can make.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.trials.models import ConceptTest, CustomerPanel, PanelMember, Participant, PrototypeRound, Respondent

SALT, SEPARATOR = "permea.trials", "."
SOONEST, LATEST = timedelta(seconds=1), timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Seal:
    """What a sealed slip says: for what, since when, and the seed of what is made with it."""

    key: str
    seed: str
    at: datetime


def sealed(of: CustomerPanel | ConceptTest | PrototypeRound, *, seed: str, at: datetime) -> str:
    """Return the slip for a public form that is shown at `at`."""
    return Signer(salt=f"{SALT}.slip").sign_object({"key": of.key, "seed": seed, "at": at.isoformat()})


def unsealed(slip: str) -> Seal | None:
    """Return what a slip says, or None if it is not one of ours, whole and unchanged."""
    try:
        said = Signer(salt=f"{SALT}.slip").unsign_object(slip)
        return Seal(said["key"], said["seed"], datetime.fromisoformat(said["at"]))
    except (BadSignature, ValueError, KeyError, TypeError):
        return None


def why_not_sealed(
    seal: Seal | None, of: CustomerPanel | ConceptTest | PrototypeRound, *, at: datetime
) -> Refusal | None:  # fmt: skip
    """Return why a form with this slip is not taken at `at`, or None if it is."""
    if seal is None or seal.key != of.key:
        return Refusal("trials.other_form", _("This form does not belong to this page. Please send it once more."))
    if at - seal.at > LATEST:
        return Refusal("trials.form_too_old", _("The page was open for a long time. Please send it once more."))
    if at - seal.at < SOONEST:
        return Refusal("trials.too_fast", _("That was faster than anybody reads. Please send it once more."))
    return None


def why_not_human(trap: str) -> Refusal | None:
    """Return a refusal to who fills a field that people do not see."""
    if not trap:
        return None
    return Refusal("trials.trap", _("Leave the field “Reference” empty, and send it once more."))


def form_hash(seed: str) -> str:
    """Return what is stored of a form, so that it is taken once."""
    return hashlib.sha256(f"form:{seed}".encode()).hexdigest()


def private_token(of: PanelMember | Respondent | Participant) -> str:
    """Return what opens somebody's private page."""
    return _signer(type(of)).sign(of.key)


def key_in(token: str, kind: type[PanelMember | Respondent | Participant]) -> str | None:
    """Return the key of the row whose private page this opens, or None if it is no link of ours to such a row."""
    try:
        return _signer(kind).unsign(token)
    except BadSignature:
        return None


def _signer(kind: type[PanelMember | Respondent | Participant]) -> Signer:
    """Return what signs private links to rows of this kind."""
    return Signer(sep=SEPARATOR, salt=f"{SALT}.{kind.__name__}")
