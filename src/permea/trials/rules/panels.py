"""Deciding about customer panels: who may be invited, what is agreed to, when somebody's time is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal
from permea.trials.models import ConsentText, CustomerPanel, PanelMember

MOST_INVITED, MOST_NAME, MOST_PURPOSE = 200, 160, 2000
MONTH = timedelta(days=30.4375)
ASK_AGAIN = timedelta(days=30)  # an invitation nobody answers is forgotten then


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody to invite."""

    name: str
    email: str


def invited_from(lines: Iterable[str]) -> list[Invited] | Refusal:
    """Return whom the lines name, each address once, or why one of them names nobody."""
    found: dict[str, Invited] = {}
    for line in (line.strip() for line in lines):
        if not line:
            continue
        name, email = parseaddr(line)
        try:
            validate_email(email)
        except ValidationError:
            return Refusal(
                "trials.no_address",
                _("“%(line)s” is no address: write one a line, with or without a name: Ada Example <ada@example.org>.")
                % {"line": line[:80]},
            )
        found.setdefault(email.lower(), Invited(" ".join(name.split())[:MOST_NAME], email))
    if not found:
        return Refusal("trials.nobody_named", _("Write at least one address."))
    if len(found) > MOST_INVITED:
        return Refusal(
            "trials.too_many_invited", _("At most %(limit)d people can be invited at once.") % {"limit": MOST_INVITED}
        )
    return list(found.values())


def address_hash(panel: CustomerPanel, email: str) -> str:
    """Return what is kept of an address after somebody left, empty for none: it tells no address."""
    if not email:
        return ""
    return salted_hmac("permea.trials.address", f"{panel.key}:{email.lower()}", algorithm="sha256").hexdigest()


def why_not_consent_text(*, purpose: str, keep_months: int) -> Refusal | None:
    """Return why people cannot be asked to agree to this, or None if they can."""
    if not purpose.strip() or len(purpose) > MOST_PURPOSE:
        return Refusal(
            "trials.no_purpose",
            _("Say what people are asked for, in at most %(limit)d characters.") % {"limit": MOST_PURPOSE},
        )
    if not 1 <= keep_months <= 60:  # noqa: PLR2004 - five years
        return Refusal("trials.no_end", _("Say how long name and address are kept: 1 to 60 months."))
    return None


def why_not_join(panel: CustomerPanel) -> Refusal | None:
    """Return why nobody can join by the page of this panel, or None if anybody can."""
    if panel.is_joinable:
        return None
    return Refusal("trials.not_joinable", _("This panel takes members by invitation only."))


def why_not_agree(member: PanelMember, current: ConsentText, *, version: int) -> Refusal | None:
    """Return why this member cannot agree to this version, or None if they can."""
    if member.is_gone:
        return has_left()
    if current.version != version:
        return Refusal("trials.text_changed", _("The text has changed meanwhile. Please read it again."))
    return None


def why_not_leave(member: PanelMember) -> Refusal | None:
    """Return why this member cannot leave, or None if they can."""
    return has_left() if member.is_gone else None


def has_left() -> Refusal:
    """Return that somebody is no member any more."""
    return Refusal("trials.has_left", _("You have left this panel: nothing more is asked, and your address is gone."))


def consent_ends_at(member: PanelMember) -> datetime:
    """Return when what a member agreed to is over, or when an invitation is forgotten."""
    if member.consent is None or member.consented_at is None:
        return member.invited_at + ASK_AGAIN
    return member.consented_at + member.consent.keep_months * MONTH


def is_over(member: PanelMember, *, at: datetime) -> bool:
    """Say whether name and address of a member have to go at `at`."""
    return not member.is_gone and at >= consent_ends_at(member)
