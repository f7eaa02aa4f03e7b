"""Sealing the paper of an agreement once all sides have signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import typst
from django.conf import settings
from django.db import transaction

from permea.agreements import certificates, queries, rules
from permea.agreements.models import AgreementSeal, SealCertificate
from permea.agreements.services.certifying import key_folder, seal_certificate
from permea.agreements.services.crossings import cross
from permea.agreements.services.drafting import locked
from permea.agreements.services.stamping import STAMP, ask_authority
from permea.foundation import outbox
from permea.foundation.files import storage
from permea.foundation.refusals import demand
from permea.ledger import keys
from permea.people.models import Person

if TYPE_CHECKING:
    from permea.agreements.seals import Stamp

SEAL = "agreements.seal"
STAMP_PAUSE = timedelta(minutes=1)
PROBLEMS: dict[type[Exception], str] = {
    keys.KeyFileError: "key",
    typst.TypstError: "paper",
    certificates.SealError: "seal",
    OSError: "disk",
}


@dataclass(frozen=True, slots=True)
class _Made:
    """A sealed paper on the disk, its certificate, and its time-stamp or why it has none."""

    certificate: SealCertificate
    stored: storage.StoredFile
    stamp: Stamp | None
    stamp_problem: str


@transaction.atomic
def ask_for_seal(*, agreement_id: int, at: datetime) -> AgreementSeal:
    """Have the worker seal the paper of a signed agreement; asking twice makes one seal."""
    version = queries.newest_version(locked(agreement_id))
    seal, _is_new = AgreementSeal.objects.get_or_create(version=version, defaults={"asked_at": at})
    if seal.status == AgreementSeal.Status.FAILED:
        seal.status = AgreementSeal.Status.WAITING
        seal.save(update_fields=["status"])
    outbox.put(kind=SEAL, payload={"seal_id": seal.pk}, at=at)
    return seal


@transaction.atomic
def seal_again(*, agreement_id: int, actor: Person, at: datetime) -> AgreementSeal:
    """Have a paper sealed that is not, asked for by one side. Raises RefusedError as `rules.why_not_seal` says."""
    agreement = locked(agreement_id)
    standing = queries.standing_of(actor, agreement)
    seal = queries.seal_of(queries.newest_version(agreement))
    demand(rules.why_not_seal(agreement, seal, may_bind=standing is not None and standing.may_bind))
    return ask_for_seal(agreement_id=agreement_id, at=at)


def seal_paper(*, seal_id: int, at: datetime) -> None:
    """Set the paper of a signed version, seal it, and keep it for good; a second call changes nothing.

    What goes wrong is noted for the page and raised again, so that it is tried later.
    """
    seal = queries.seals().get(pk=seal_id)
    if seal.status == AgreementSeal.Status.SEALED:
        return
    try:
        made = _sealed_file(seal, at)
    except Exception as error:
        _note_failure(seal_id, next((code for kind, code in PROBLEMS.items() if isinstance(error, kind)), "unknown"))
        raise
    _keep(seal_id, made, at)


def _sealed_file(seal: AgreementSeal, at: datetime) -> _Made:
    """Return the sealed paper as it lies on the disk; an authority that does not answer is asked again later."""
    from permea.agreements import seals  # noqa: PLC0415 - half a second to load, for the worker alone

    firm = seal.version.agreement.organisation
    certificate = seal_certificate(organisation=firm, at=at)
    sealer = certificates.read_sealer(key_folder(), certificate.pem)
    paper, problem = queries.paper_of(seal.version, certificate=certificate), ""
    try:
        ask = ask_authority if settings.TIMESTAMP_URL else None
        sealed = seals.seal(paper, sealer, firm=firm.name, at=at, ask=ask)
    except certificates.StampError as error:
        problem = error.code
        sealed = seals.seal(paper, sealer, firm=firm.name, at=at)
    stored = storage.receive([sealed.content], limit=len(sealed.content))
    return _Made(certificate, stored, sealed.stamp, problem)


@transaction.atomic
def _note_failure(seal_id: int, problem: str) -> None:
    """Note why a paper could not be sealed, unless it was meanwhile."""
    open_ones = AgreementSeal.objects.filter(pk=seal_id).exclude(status=AgreementSeal.Status.SEALED)
    open_ones.update(status=AgreementSeal.Status.FAILED, problem=problem)


@transaction.atomic
def _keep(seal_id: int, made: _Made, at: datetime) -> None:
    """Name the sealed file for good and record its hash; one that came second is thrown away."""
    seal = queries.seals().select_for_update(of=("self",)).get(pk=seal_id)
    stored, certificate = made.stored, made.certificate
    if seal.status == AgreementSeal.Status.SEALED:
        storage.delete(stored.path)
        return
    seal.status, seal.problem, seal.certificate, seal.sealed_at = AgreementSeal.Status.SEALED, "", certificate, at
    seal.path, seal.size, seal.sha256 = stored.path, stored.size, stored.sha256
    if made.stamp is not None:
        seal.stamp, seal.authority, seal.stamped_at = AgreementSeal.Stamp.STAMPED, made.stamp.authority, made.stamp.at
    elif made.stamp_problem:
        seal.stamp, seal.stamp_problem = AgreementSeal.Stamp.WAITING, made.stamp_problem
        outbox.put(kind=STAMP, payload={"seal_id": seal.pk}, at=at, due_at=at + STAMP_PAUSE)
    seal.save()
    version, facts = seal.version, {"sealed_sha256": seal.sha256, "certificate_sha256": certificate.sha256}
    cross(version.agreement, version, "agreement.sealed", None, at, is_out=True, **facts)
