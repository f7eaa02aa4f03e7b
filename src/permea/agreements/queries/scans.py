"""Reading scans of papers signed by hand: those of a version, and what somebody may do with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from permea.agreements import rules
from permea.agreements.models import Agreement, AgreementParty, AgreementVersion, SignedScan
from permea.agreements.queries.agreements import Standing, agreement_for, party_name
from permea.people.models import Person
from permea.people.queries import ErasureLines


@dataclass(frozen=True, slots=True)
class ScanLine:
    """A scan on the page of its agreement: whose it is, and whether the reader may answer it."""

    scan: SignedScan
    side: str
    is_own: bool
    may_answer: bool


@dataclass(frozen=True, slots=True)
class ScansPart:
    """What the page of an agreement shows of papers signed by hand; `may_send` is for the reader's own side."""

    lines: list[ScanLine]
    may_send: bool


def waiting_scan(version: AgreementVersion, party: AgreementParty | None) -> SignedScan | None:
    """Return the scan of one side that waits for an answer, or None."""
    return SignedScan.objects.filter(version=version, party=party, answered_at__isnull=True).first()


def scans_part(agreement: Agreement, newest: AgreementVersion, standing: Standing, *, may_sign: bool) -> ScansPart:
    """Return the scans of the newest version, newest first, as somebody with this standing sees them."""
    newest.agreement = agreement
    related = ("party__organisation", "party__person", "answered_by")
    lines = []
    for scan in newest.scans.select_related(*related).order_by("-sent_at", "-pk"):
        is_own = scan.party_id == standing.side
        blocked = rules.why_not_answer_scan(scan, newest, is_own_side=is_own, may_bind=standing.may_bind)
        side = party_name(scan.party) if scan.party else agreement.organisation.name
        lines.append(ScanLine(scan, side, is_own, may_answer=blocked is None))
    waits = any(line.is_own and line.scan.answered_at is None for line in lines)
    return ScansPart(lines, may_send=may_sign and not waits)


def scan_for(actor: Person, key: str, scan_key: str) -> tuple[SignedScan, Standing]:
    """Return a scan and where the actor stands to its agreement. Raises Http404 if it is none of their business."""
    agreement, standing = agreement_for(actor, key)
    scans = SignedScan.objects.select_related("version__agreement__organisation")
    return get_object_or_404(scans, key=scan_key, version__agreement=agreement), standing


def is_named_scan(path: str) -> bool:
    """Say whether the scan of a signed paper stands at this path."""
    return SignedScan.objects.filter(path=path).exists()


def scan_data(person: Person) -> dict[str, Any]:
    """Return the scans of signed papers that a person sent."""
    rows = SignedScan.objects.filter(sent_by=person).select_related("version__agreement").order_by("pk")
    return {
        "signed_scans": [
            {
                "agreement": one.version.agreement.title,
                "version": one.version.number,
                "signer_name": one.signer_name,
                "signed_on": one.signed_on.isoformat(),
                "file": one.name,
                "sha256": one.sha256,
                "sent_at": one.sent_at.isoformat(),
                "is_accepted": one.is_accepted,
            }
            for one in rows
        ]
    }


def scan_erasure_lines(person: Person) -> ErasureLines:
    """Return what happens to the scans a person sent when they are erased."""
    sent = SignedScan.objects.filter(sent_by=person).exists()
    stays = [_("Scans of papers that your side signed by hand: they prove for both sides what holds.")]
    return ErasureLines(goes=[], stays=stays if sent else [])
