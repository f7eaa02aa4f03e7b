"""Reading seals: the paper of an agreement as its readers get it, and the certificates of a firm."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.functional import Promise

from permea.agreements import rules
from permea.agreements.models import Agreement, AgreementSeal, AgreementVersion, SealCertificate
from permea.agreements.queries.agreements import Standing, agreement_for, newest_version, version_for
from permea.foundation.refusals import Refusal
from permea.people.models import Organisation, Person


@dataclass(frozen=True, slots=True)
class Papers:
    """What a page shows of an agreement as a file: its seal if it has one, and why it cannot be sealed now."""

    seal: AgreementSeal | None
    problem: str | Promise
    seal_blocked: Refusal | None
    stamp_problem: str | Promise
    stamp_blocked: Refusal | None


def papers_of(agreement: Agreement, newest: AgreementVersion, standing: Standing) -> Papers:
    """Return what the page of an agreement shows of it as a file."""
    seal, may_bind = seal_of(newest), standing.may_bind
    has_authority = bool(settings.TIMESTAMP_URL)
    return Papers(
        seal=seal,
        problem=rules.problem_words(seal),
        seal_blocked=rules.why_not_seal(agreement, seal, may_bind=may_bind),
        stamp_problem=rules.stamp_words(seal),
        stamp_blocked=rules.why_not_stamp(seal, may_bind=may_bind, has_authority=has_authority),
    )


def seal_of(version: AgreementVersion) -> AgreementSeal | None:
    """Return the seal of a version, or None if none was asked for."""
    return AgreementSeal.objects.select_related("certificate").filter(version=version).first()


def seals() -> QuerySet[AgreementSeal]:
    """Return seals, each with its version, its agreement and the firm."""
    return AgreementSeal.objects.select_related("version__agreement__organisation")


def paper_for(actor: Person, key: str, version_key: str) -> AgreementVersion:
    """Return a version whose paper the actor may have. Raises Http404 if it is none of their business."""
    agreement, _standing = agreement_for(actor, key)
    return version_for(agreement, version_key)


def sealed_for(actor: Person, key: str) -> AgreementSeal:
    """Return the seal whose paper the actor may have. Raises Http404 if there is none or it is not their business."""
    agreement, _standing = agreement_for(actor, key)
    seal = seal_of(newest_version(agreement))
    if seal is None or seal.status != AgreementSeal.Status.SEALED:
        raise Http404
    return seal


def certificate_for(actor: Person, key: str) -> SealCertificate:
    """Return the certificate that seals the paper the actor may have. Raises Http404 as `sealed_for` does."""
    return SealCertificate.objects.get(seals=sealed_for(actor, key))


def is_named_seal(path: str) -> bool:
    """Say whether a sealed paper stands at this path."""
    return AgreementSeal.objects.filter(Q(path=path) | Q(stamped_path=path)).exists()


def certificate_in_use(organisation: Organisation) -> SealCertificate | None:
    """Return the certificate that a firm's papers are sealed with, or None before the first."""
    return SealCertificate.objects.filter(organisation=organisation, retired_at__isnull=True).first()


def certificates_of(organisation: Organisation) -> QuerySet[SealCertificate]:
    """Return all certificates of a firm, the one in use first."""
    return SealCertificate.objects.filter(organisation=organisation).order_by("-begins_at", "-pk")


def sealing_firms(key: str) -> QuerySet[Organisation]:
    """Return the firms of this instance, or the one with this key."""
    firms = Organisation.objects.filter(is_host=True).order_by("name", "pk")
    return firms.filter(key=key) if key else firms
