"""The seal on a PDF (PAdES) and whether it holds, by pyHanko; half a second to load, so whoever seals loads it then."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import pem, tsp
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from permea.agreements.certificates import Sealer, SealError, StampError

FIELD, STAMP_FIELD, DIGEST = "Seal", "Time", "sha256"
ROOM = 49_152  # hexadecimal digits for a seal with its time-stamp; most take a third of it
Ask = Callable[[bytes], bytes]
BROKEN = (ValueError, TypeError, KeyError, AttributeError, OSError)  # what pyHanko raises over a senseless answer


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an authority said: when something was there, and by which name it says so."""

    at: datetime
    authority: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed PDF, and the time-stamp it got, if it did."""

    content: bytes
    stamp: Stamp | None


class _TimedSigner(PdfSigner):
    """A signer who is told what time it is."""

    told: datetime

    def init_signing_session(self, *args: Any, **named: Any) -> Any:
        """Return the session, at the time that was told."""
        session = super().init_signing_session(*args, **named)
        session.system_time = self.told
        return session


class _Asking(TimeStamper):
    """An authority that is asked over the product's own guarded connections. Raises StampError for any answer amiss."""

    def __init__(self, ask: Ask) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko is typed in parts
        self.ask = ask

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Return what the authority answers."""
        return tsp.TimeStampResp.load(self.ask(req.dump()))

    async def async_timestamp(self, *args: Any) -> Any:
        """Return the token of the authority."""
        try:
            return await super().async_timestamp(*args)
        except BROKEN as error:
            raise StampError("answer") from error


def _certificate(text: str) -> Certificate:
    """Return a certificate as pyHanko reads it."""
    return Certificate.load(pem.unarmor(text.encode("ascii"))[2])


def seal(pdf: bytes, sealer: Sealer, *, firm: str, at: datetime, ask: Ask | None = None) -> Sealed:
    """Return the PDF with a seal over all of it: PAdES B-B, with a time-stamp (B-T) if an authority is to be asked.

    Raises StampError if that does not hold, whoever is to blame, and without an authority SealError.
    """
    written = sealer.private_key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    about = PdfSignatureMetadata(field_name=FIELD, md_algorithm=DIGEST, subfilter=SigSeedSubFilter.PADES, name=firm)
    simple = SimpleSigner(_certificate(sealer.pem), PrivateKeyInfo.load(written), SimpleCertificateStore())  # type: ignore[no-untyped-call]
    signer = _TimedSigner(about, simple, timestamper=_Asking(ask) if ask else None)
    signer.told = at
    try:
        made: io.BytesIO = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=ROOM)
    except (PdfError, ValueError) as error:
        raise StampError("answer") if ask else SealError(str(error)) from error
    sealed = made.getvalue()
    if not is_sound(sealed, sealer.pem, at=at):
        raise StampError("answer") if ask else SealError("the seal that was made does not hold")
    return Sealed(sealed, _stamp_in(_statuses(sealed, at)[0].timestamp_validity) if ask else None)


def add_stamp(sealed: bytes, *, ask: Ask) -> tuple[bytes, Stamp]:
    """Return a sealed PDF with a time-stamp over all of it behind what is there, which stays byte by byte.

    Raises StampError if the authority gives none that holds.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    stamper = PdfTimeStamper(_Asking(ask), field_name=STAMP_FIELD)
    made: io.BytesIO = stamper.timestamp_pdf(writer, DIGEST, bytes_reserved=ROOM)
    found = PdfFileReader(io.BytesIO(made.getvalue())).embedded_timestamp_signatures
    status = validate_pdf_timestamp(found[-1], ValidationContext(trust_roots=[], allow_fetching=False))
    return made.getvalue(), _stamp_in(status)


def _stamp_in(status: Any) -> Stamp:
    """Return what a time-stamp says. Raises StampError if it is not over these very bytes."""
    if status is None or not (status.intact and status.valid):
        raise StampError("answer")
    name = status.signing_cert.subject.native
    return Stamp(status.timestamp, str(name.get("common_name") or name.get("organization_name") or "")[:200])


def _statuses(pdf: bytes, at: datetime, *trusted: Certificate) -> list[Any]:
    """Return how the seals of a PDF stand."""
    context = ValidationContext(trust_roots=list(trusted), moment=at, allow_fetching=False)
    found = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    return [validate_pdf_signature(one, context) for one in found]


def is_sound(pdf: bytes, certificate: str, *, at: datetime) -> bool:
    """Say whether a PDF bears a seal of this certificate under which nothing was changed.

    Whether the authority of a time-stamp is to be trusted is left to whoever relies on it.
    """
    try:
        statuses = _statuses(pdf, at, _certificate(certificate))
    except (PdfError, ValueError):
        return False
    return bool(statuses) and all(one.intact and one.valid and one.trusted and one.docmdp_ok for one in statuses)
