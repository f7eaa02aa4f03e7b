"""Deciding who may sign which version, and what a mailed code proves."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from permea.agreements.models import Agreement, AgreementVersion, SigningCode
from permea.foundation.refusals import Refusal
from permea.people.models import Person

CODE_LIFE = timedelta(minutes=15)
CODE_PAUSE = timedelta(minutes=1)
MOST_TRIES, MOST_SENT = 5, 10


def new_code() -> str:
    """Return six digits that nobody can guess."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_hash(version: AgreementVersion, person: Person, code: str) -> str:
    """Return what is kept of a code: it fits one version and one person only."""
    said = f"{version.key}:{person.key}:{''.join(code.split())}"
    return salted_hmac("permea.agreements.code", said, algorithm="sha256").hexdigest()


def why_not_bind(*, may_bind: bool) -> Refusal | None:
    """Return why somebody may not speak for a side of an agreement, or None if they may."""
    if may_bind:
        return None
    return Refusal("agreements.may_not_bind", _("Only owners and managers speak for their side."))


def why_not_sign(
    version: AgreementVersion, newest: AgreementVersion, *, may_bind: bool, has_signed: bool
) -> Refusal | None:
    """Return why somebody may not sign this version for their side, or None if they may."""
    if version.agreement.status != Agreement.Status.OFFERED:
        return Refusal("agreements.not_offered", _("This agreement is not open for signatures."))
    if version.pk != newest.pk:
        return Refusal("agreements.old_version", _("There is a newer version. Read it before you sign."))
    if not may_bind:
        return why_not_bind(may_bind=False)
    if has_signed:
        return Refusal("agreements.signed", _("Your side has signed this version already."))
    return None


def why_not_sign_twice(*, has_signed: bool) -> Refusal | None:
    """Return why a paper signed by hand no longer counts, or None if it does."""
    if has_signed:
        return Refusal("agreements.signed", _("That side has signed this version otherwise by now."))
    return None


def why_not_send_code(sent: SigningCode | None, *, at: datetime) -> Refusal | None:
    """Return why no new code is sent, or None if one is."""
    if sent is None:
        return None
    if sent.n_sent >= MOST_SENT:
        return Refusal("agreements.too_many_codes", _("Too many codes were asked for. Ask for a new version to sign."))
    if at - sent.sent_at < CODE_PAUSE:
        return Refusal("agreements.code_sent", _("A code was sent a moment ago. Look into your mail."))
    return None


def why_not_try(sent: SigningCode | None, *, at: datetime) -> Refusal | None:
    """Return why no code is taken now, or None if one is."""
    if sent is None or at - sent.sent_at >= CODE_LIFE or sent.attempts >= MOST_TRIES:
        return Refusal("agreements.no_code", _("There is no code that still counts. Ask for a new one."))
    return None


def why_not_code(sent: SigningCode, hashed: str) -> Refusal | None:
    """Return why a code that was typed in proves nothing, or None if it does."""
    if secrets.compare_digest(sent.code_hash, hashed):
        return None
    return Refusal("agreements.wrong_code", _("This is not the code that was sent to you last."))


def why_not_name(typed_name: str) -> Refusal | None:
    """Return why a typed name does not do as a signature, or None if it does."""
    return None if typed_name.strip() else Refusal("agreements.no_name", _("Type your full name to sign."))
