"""The certificates that a firm's agreements are sealed with."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from permea.agreements import certificates, queries, rules
from permea.agreements.models import SealCertificate
from permea.ledger import keys
from permea.people.models import Organisation


@transaction.atomic
def seal_certificate(*, organisation: Organisation, at: datetime) -> SealCertificate:
    """Return the certificate that seals now; one is made at first need, and another a year before it ends."""
    firm = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    used = queries.certificate_in_use(firm)
    return _new_certificate(firm, used, at) if used is None or rules.is_worn(used, at=at) else used


@transaction.atomic
def rotate_seal(*, organisation: Organisation, at: datetime) -> SealCertificate:
    """Let a new certificate take over; what older ones sealed stays as it is, and they stay to check it."""
    firm = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    return _new_certificate(firm, queries.certificate_in_use(firm), at)


def _new_certificate(firm: Organisation, used: SealCertificate | None, at: datetime) -> SealCertificate:
    """Make a certificate in the firm's name; its private key is on disk before its row is stored."""
    if used is not None:
        used.retired_at = at
        used.save(update_fields=["retired_at"])
    private_key = certificates.new_key()
    made = certificates.new_certificate(private_key, name=firm.name, begins_at=at.replace(microsecond=0))
    sha256 = certificates.sha256_of(made)
    keys.write_private_key(key_folder(), certificates.key_name(sha256), private_key)
    return SealCertificate.objects.create(
        organisation=firm,
        pem=certificates.pem_of(made),
        sha256=sha256,
        begins_at=made.not_valid_before_utc,
        ends_at=made.not_valid_after_utc,
    )


def key_folder() -> Path:
    """Return where private keys are kept."""
    return Path(settings.DATA_DIR) / "keys"
