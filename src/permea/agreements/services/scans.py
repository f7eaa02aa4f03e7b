"""Signing by hand: the scan of a signed paper is sent, and counts once another side has accepted it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from permea.agreements import queries, rules
from permea.agreements.events import ScanAnswered, ScanSent
from permea.agreements.models import AgreementParty, AgreementSignature, AgreementVersion, SignedScan
from permea.agreements.services.crossings import cross
from permea.agreements.services.drafting import locked
from permea.agreements.services.signing import demand_may_sign, sign_for_side
from permea.foundation.events import publish
from permea.foundation.files import storage
from permea.foundation.files.intake import SentFile, TakenFile, take_in
from permea.foundation.refusals import demand
from permea.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanInput:
    """A paper signed by hand: who signed it and when, and its scan."""

    signer_name: str
    signed_on: date
    file: SentFile


def send_scan(*, version_id: int, said: ScanInput, actor: Person, at: datetime) -> SignedScan:
    """Send the scan of a paper that the actor's side signed. The same file sent twice comes in once.

    Raises RefusedError as the rules of signing and of scans and `take_in` say; then nothing is kept.
    """
    demand_may_sign(AgreementVersion.objects.get(pk=version_id), actor)
    taken = take_in(name=said.file.name, chunks=said.file.chunks)
    try:
        demand(rules.why_not_scan_type(taken.content_type))
        return _sent(version_id, said, taken, actor, at)
    except BaseException:
        storage.delete(taken.stored.path)
        raise


@transaction.atomic
def _sent(version_id: int, said: ScanInput, taken: TakenFile, actor: Person, at: datetime) -> SignedScan:
    """Store a scan, record that it went to the other side or came from there, and tell that side."""
    version = AgreementVersion.objects.get(pk=version_id)
    agreement = locked(version.agreement_id)
    version.agreement = agreement
    party = demand_may_sign(version, actor)
    waiting = queries.waiting_scan(version, party)
    if waiting is not None and waiting.sha256 == taken.stored.sha256:
        storage.delete(taken.stored.path)
        return waiting
    is_waiting = waiting is not None
    demand(
        rules.why_not_scan(
            version, signer_name=said.signer_name, signed_on=said.signed_on, is_waiting=is_waiting, at=at
        )
    )
    scan = SignedScan.objects.create(
        version=version,
        party=party,
        signer_name=said.signer_name.strip(),
        signed_on=said.signed_on,
        name=taken.name,
        content_type=taken.content_type,
        path=taken.stored.path,
        size=taken.stored.size,
        sha256=taken.stored.sha256,
        sent_by=actor,
        sent_at=at,
    )
    cross(agreement, version, "agreement.scan_sent", actor, at, is_out=party is None, scan=scan.sha256)
    publish(ScanSent(scan_id=scan.pk, at=at))
    return scan


@transaction.atomic
def accept_scan(*, scan_id: int, actor: Person, at: datetime) -> AgreementSignature:
    """Accept the scan of another side: it has signed, and the agreement holds if it was the last.

    Raises RefusedError as `rules.why_not_answer_scan` says, or if that side has signed otherwise by now.
    """
    scan = _answerable(scan_id, actor)
    party = AgreementParty.objects.get(pk=scan.party_id) if scan.party_id else None
    demand(rules.why_not_sign_twice(has_signed=queries.has_signed(scan.version, party)))
    _answered(scan, actor, at, is_accepted=True)
    signature = AgreementSignature(
        version=scan.version,
        party=party,
        person=scan.sent_by,
        typed_name=scan.signer_name,
        method=AgreementSignature.Method.BY_HAND,
        scan=scan,
        signed_at=at,
    )
    return sign_for_side(signature, actor=actor, at=at)


@transaction.atomic
def turn_scan_down(*, scan_id: int, reason: str, actor: Person, at: datetime) -> None:
    """Do not accept the scan of another side, with a reason that it reads. Raises RefusedError as the rules say."""
    demand(rules.why_not_refuse_scan(reason))
    scan = _answerable(scan_id, actor)
    _answered(scan, actor, at, is_accepted=False, reason=reason.strip())
    publish(ScanAnswered(scan_id=scan.pk, at=at))


def _answerable(scan_id: int, actor: Person) -> SignedScan:
    """Return a scan that the actor may answer, its agreement locked. Raises RefusedError if they may not."""
    scan = SignedScan.objects.select_related("version", "sent_by").get(pk=scan_id)
    agreement = locked(scan.version.agreement_id)
    scan.refresh_from_db(fields=["answered_at"])
    scan.version.agreement = agreement
    newest = queries.newest_version(agreement)
    newest.agreement = agreement
    standing = queries.standing_of(actor, agreement)
    is_own_side = standing is not None and standing.side == scan.party_id
    may_bind = standing is not None and standing.may_bind
    demand(rules.why_not_answer_scan(scan, newest, is_own_side=is_own_side, may_bind=may_bind))
    return scan


def _answered(scan: SignedScan, actor: Person, at: datetime, *, is_accepted: bool, reason: str = "") -> None:
    """Keep what was said of a scan, and record it."""
    scan.is_accepted, scan.reason, scan.answered_by, scan.answered_at = is_accepted, reason, actor, at
    scan.save(update_fields=["is_accepted", "reason", "answered_by", "answered_at"])
    kind = "agreement.scan_accepted" if is_accepted else "agreement.scan_refused"
    is_out = scan.party_id is not None
    cross(scan.version.agreement, scan.version, kind, actor, at, is_out=is_out, scan=scan.sha256)
