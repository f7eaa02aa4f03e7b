"""Deciding about seals: when a paper is sealed and stamped, and what went wrong in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permea.agreements.models import Agreement, AgreementSeal, SealCertificate
from permea.agreements.rules.signing import why_not_bind
from permea.foundation.refusals import Refusal

RENEWAL = timedelta(days=365)
PROBLEMS: dict[str, str | Promise] = {
    "key": gettext_lazy("The key that seals is missing on the server. Whoever runs it can restore it from a backup."),
    "paper": gettext_lazy("The text could not be set as a PDF."),
    "seal": gettext_lazy("The seal could not be put on the PDF."),
    "disk": gettext_lazy("The file could not be kept: the disk of the server refused it."),
    "unknown": gettext_lazy("Something unforeseen went wrong; the log of the server says what."),
}
STAMP_PROBLEMS: dict[str, str | Promise] = {
    "address": gettext_lazy("The authority's address may not be reached from here."),
    "name": gettext_lazy("No machine is known under the authority's name."),
    "timeout": gettext_lazy("The authority did not answer in time."),
    "tls": gettext_lazy("No safe connection to the authority came about."),
    "network": gettext_lazy("The authority cannot be reached over the network."),
    "redirect": gettext_lazy("The authority wants to send us to another address."),
    "status": gettext_lazy("The authority answered with an error."),
    "answer": gettext_lazy("What the authority answered is no time-stamp of this file."),
    "unknown": PROBLEMS["unknown"],
}


def is_worn(certificate: SealCertificate, *, at: datetime) -> bool:
    """Say whether another certificate should take over: this one ends within a year."""
    return certificate.ends_at - at < RENEWAL


def problem_words(seal: AgreementSeal | None) -> str | Promise:
    """Return why a paper could not be sealed, in words; nothing where nothing went wrong."""
    return PROBLEMS.get(seal.problem, "") if seal is not None else ""


def stamp_words(seal: AgreementSeal | None) -> str | Promise:
    """Return why a paper has no time-stamp yet, in words; nothing where nothing went wrong."""
    return STAMP_PROBLEMS.get(seal.stamp_problem, "") if seal is not None else ""


def why_not_stamp(seal: AgreementSeal | None, *, may_bind: bool, has_authority: bool) -> Refusal | None:
    """Return why no authority is asked for a time-stamp now, or None if it may be."""
    if not may_bind:
        return why_not_bind(may_bind=False)
    if seal is None or seal.status != AgreementSeal.Status.SEALED:
        return Refusal("agreements.not_sealed", _("Only a sealed paper is stamped."))
    if seal.stamp == AgreementSeal.Stamp.STAMPED:
        return Refusal("agreements.stamped", _("This paper bears a time-stamp already."))
    if not has_authority:
        return Refusal("agreements.no_authority", _("No time-stamping authority is set for this instance."))
    if seal.stamp == AgreementSeal.Stamp.WAITING and not seal.stamp_problem:
        return Refusal("agreements.being_stamped", _("The authority is being asked. Look again in a minute."))
    return None


def why_not_seal(agreement: Agreement, seal: AgreementSeal | None, *, may_bind: bool) -> Refusal | None:
    """Return why nobody may have the paper of an agreement sealed now, or None if they may."""
    if not may_bind:
        return why_not_bind(may_bind=False)
    if agreement.status != Agreement.Status.SIGNED:
        return Refusal("agreements.not_signed", _("It is sealed once all sides have signed."))
    if seal is not None and seal.status == AgreementSeal.Status.SEALED:
        return Refusal("agreements.sealed", _("This agreement is sealed already."))
    if seal is not None and seal.status == AgreementSeal.Status.WAITING:
        return Refusal("agreements.being_sealed", _("It is being sealed. Look again in a minute."))
    return None
