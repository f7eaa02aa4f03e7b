"""Deciding which scans of papers signed by hand are taken, and who may accept them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from permea.agreements.models import Agreement, AgreementVersion, SignedScan
from permea.agreements.rules.signing import why_not_bind
from permea.foundation.refusals import Refusal

SCAN_TYPES = frozenset({"application/pdf", "image/jpeg", "image/png"})
DAY = timedelta(days=1)  # on the other side of the earth it is another day


def why_not_scan(
    version: AgreementVersion, *, signer_name: str, signed_on: date, is_waiting: bool, at: datetime
) -> Refusal | None:
    """Return why what is said of a paper signed by hand cannot be, or None if it can.

    `is_waiting` says that another scan of the same side waits for an answer.
    """
    if is_waiting:
        return Refusal("agreements.scan_waits", _("A scan of your side waits for the other side already."))
    if not signer_name.strip():
        return Refusal("agreements.no_name", _("Name who signed the paper."))
    if not version.written_at.date() - DAY <= signed_on <= at.date() + DAY:
        reason = _("The paper cannot be signed on that day: the text is younger, or the day is still to come.")
        return Refusal("agreements.scan_day", reason)
    return None


def why_not_scan_type(content_type: str) -> Refusal | None:
    """Return why a file is no scan, or None if it may be one."""
    if content_type in SCAN_TYPES:
        return None
    return Refusal("agreements.scan_type", _("Send the scan as PDF, JPEG or PNG."))


def why_not_answer_scan(
    scan: SignedScan, newest: AgreementVersion, *, is_own_side: bool, may_bind: bool
) -> Refusal | None:
    """Return why somebody may not say whether a scan is accepted, or None if they may."""
    if scan.answered_at is not None:
        return Refusal("agreements.scan_answered", _("This scan has been answered already."))
    if newest.pk != scan.version_id or newest.agreement.status != Agreement.Status.OFFERED:
        return Refusal("agreements.old_version", _("What was signed by hand is no longer open for signatures."))
    if is_own_side:
        return Refusal("agreements.own_scan", _("The other side looks at the scan that yours sent."))
    return why_not_bind(may_bind=may_bind)


def why_not_refuse_scan(reason: str) -> Refusal | None:
    """Return why a scan cannot be turned down so, or None if it can."""
    if reason.strip():
        return None
    return Refusal("agreements.scan_reason", _("Say what is wrong with the scan: the other side reads it."))
