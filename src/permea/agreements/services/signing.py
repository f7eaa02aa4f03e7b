"""Signing a version: a code by mail, a typed name, and what follows once every side has signed."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction

from permea.agreements import queries, rules
from permea.agreements.events import AgreementSigned, SigningCodeSent
from permea.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementSignature,
    AgreementVersion,
    SignedScan,
    SigningCode,
)
from permea.agreements.services.crossings import cross
from permea.agreements.services.drafting import locked
from permea.foundation.events import publish
from permea.foundation.files import storage
from permea.foundation.refusals import Refusal, demand
from permea.ledger.services import issue_receipt
from permea.people.models import Person


def demand_may_sign(version: AgreementVersion, actor: Person) -> AgreementParty | None:
    """Return the party the actor may sign this version for now, None for the firm. Raises RefusedError otherwise."""
    agreement = version.agreement
    demand(_why_not_sign(agreement, version, actor))
    standing = queries.standing_of(actor, agreement)
    return standing.party if standing else None


def _why_not_sign(agreement: Agreement, version: AgreementVersion, actor: Person) -> Refusal | None:
    """Return why the actor may not sign this version now, or None if they may."""
    standing = queries.standing_of(actor, agreement)
    if standing is None:
        return rules.why_not_bind(may_bind=False)
    version.agreement = agreement
    return rules.why_not_sign(
        version,
        queries.newest_version(agreement),
        may_bind=standing.may_bind,
        has_signed=queries.has_signed(version, standing.party),
    )


@transaction.atomic
def send_signing_code(*, version_id: int, actor: Person, at: datetime) -> None:
    """Mail a code that proves who signs. Raises RefusedError as the rules of signing and of codes say."""
    version = AgreementVersion.objects.get(pk=version_id)
    agreement = locked(version.agreement_id)
    demand(_why_not_sign(agreement, version, actor))
    sent = queries.code_of(version, actor)
    demand(rules.why_not_send_code(sent, at=at))
    code = rules.new_code()
    SigningCode.objects.update_or_create(
        version=version,
        person=actor,
        defaults={
            "code_hash": rules.code_hash(version, actor, code),
            "sent_at": at,
            "n_sent": sent.n_sent + 1 if sent else 1,
            "attempts": 0,
        },
    )
    publish(SigningCodeSent(version_id=version.pk, person_id=actor.pk, code=code, at=at))


def sign_version(
    *, version_id: int, actor: Person, typed_name: str, code: str, at: datetime, drawing: str = ""
) -> AgreementSignature:
    """Sign a version for one's side; the last side to sign puts the agreement in force.

    `drawing` is what was drawn beside the name, as `rules.drawing_of` reads it; with one that is none no code is tried.
    A wrong code is counted although nothing else is written. Raises RefusedError as the rules of signing say.
    """
    demand(rules.why_not_name(typed_name))
    demand(rules.why_not_drawing(drawing))
    demand(_tried(version_id, actor, code, at))
    signature = AgreementSignature(
        version_id=version_id,
        person=actor,
        typed_name=typed_name.strip(),
        drawing=rules.drawing_of(drawing),
        signed_at=at,
    )
    return _signed(signature, code)


@transaction.atomic
def _tried(version_id: int, actor: Person, code: str, at: datetime) -> Refusal | None:
    """Count a try of a code, and say why it proves nothing, if so."""
    sent = SigningCode.objects.select_for_update(of=("self",)).filter(version_id=version_id, person=actor).first()
    blocked = rules.why_not_try(sent, at=at)
    if blocked is not None or sent is None:
        return blocked
    sent.attempts += 1
    sent.save(update_fields=["attempts"])
    return rules.why_not_code(sent, rules.code_hash(AgreementVersion.objects.get(pk=version_id), actor, code))


@transaction.atomic
def _signed(signature: AgreementSignature, code: str) -> AgreementSignature:
    """Store a signature whose code was right, use the code up, and put the agreement in force if it is the last."""
    version, actor, at = signature.version, signature.person, signature.signed_at
    version.agreement = locked(version.agreement_id)
    signature.party = demand_may_sign(version, actor)
    used, _rows = SigningCode.objects.filter(
        version=version, person=actor, code_hash=rules.code_hash(version, actor, code)
    ).delete()
    demand(None if used else rules.why_not_try(None, at=at))
    return sign_for_side(signature, actor=actor, at=at)


def sign_for_side(signature: AgreementSignature, *, actor: Person, at: datetime) -> AgreementSignature:
    """Store a signature, record it with a receipt, and put the agreement in force if it is the last. Call locked.

    `actor` is who made it count: the signer, or whoever accepted what was signed by hand.
    """
    version = signature.version
    agreement = version.agreement
    signature.save()
    drawn = rules.drawing_facts(signature.drawing)
    facts = {"kind": agreement.kind, "method": signature.method, "sha256": version.sha256, "version": version.number}
    is_out = signature.party_id is None
    crossing = cross(agreement, version, "agreement.side_signed", actor, at, is_out=is_out, **drawn)
    issue_receipt(crossing=crossing, person=signature.person, facts=facts | drawn, at=at)
    if queries.is_signed_by_all(version):
        _put_in_force(agreement, version, actor, at)
    return signature


def _put_in_force(agreement: Agreement, version: AgreementVersion, actor: Person, at: datetime) -> None:
    """Let a signed agreement live from now for the months it names, and record it."""
    months = int(version.options.get("term_months", 0))
    agreement.status, agreement.valid_from = Agreement.Status.SIGNED, at
    agreement.valid_until = rules.add_months(at, months) if months else None
    agreement.save(update_fields=["status", "valid_from", "valid_until"])
    cross(agreement, version, "agreement.signed", actor, at, is_out=False)
    publish(AgreementSigned(agreement_id=agreement.pk, at=at))


@transaction.atomic
def forget_party(*, person_id: int) -> None:
    """Drop what nobody signed with an erased person, with its text, and their codes; what holds stays as proof."""
    SigningCode.objects.filter(person_id=person_id).delete()
    open_ones = Agreement.objects.filter(
        parties__person_id=person_id,
        status__in=[Agreement.Status.DRAFT, Agreement.Status.OFFERED, Agreement.Status.DROPPED],
    )
    ids = list(open_ones.values_list("pk", flat=True))
    scans = SignedScan.objects.filter(version__agreement__in=ids, signature__isnull=True)
    for path in scans.values_list("path", flat=True):
        transaction.on_commit(partial(storage.delete, path))
    scans.delete()
    AgreementVersion.objects.filter(agreement__in=ids).update(body="", note="", options={})
    AgreementSignature.objects.filter(version__agreement__in=ids, person_id=person_id).update(typed_name="", drawing=[])
    Agreement.objects.filter(pk__in=ids).update(status=Agreement.Status.DROPPED)
