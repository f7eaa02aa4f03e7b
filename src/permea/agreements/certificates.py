"""A firm's key for seals and its certificate: made here, and kept as the keys of the ledger are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import NameOID

from permea.ledger import keys

LIFE = timedelta(days=3653)
KEY_BITS, LONGEST_NAME = 3072, 64


class SealError(Exception):
    """A PDF cannot be sealed, or its seal does not hold; the message says why."""


class StampError(Exception):
    """An authority gave no time-stamp; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sealer:
    """What seals: a private key and its certificate."""

    private_key: RSAPrivateKey
    pem: str


def new_key() -> RSAPrivateKey:
    """Return a fresh private key."""
    return generate_private_key(65537, KEY_BITS)


def new_certificate(private_key: RSAPrivateKey, *, name: str, begins_at: datetime) -> x509.Certificate:
    """Return a certificate in a firm's name, signed with its own key, that holds for ten years."""
    subject = x509.Name(
        [x509.NameAttribute(oid, name[:LONGEST_NAME]) for oid in (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)]
    )
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )  # fmt: skip
    usage |= {"digital_signature": True, "content_commitment": True, "encipher_only": False, "decipher_only": False}
    public_key = private_key.public_key()
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=subject, public_key=public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins_at)
        .not_valid_after(begins_at + LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .sign(private_key, hashes.SHA256())
    )


def pem_of(certificate: x509.Certificate) -> str:
    """Return a certificate as text."""
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")


def sha256_of(certificate: x509.Certificate) -> str:
    """Return the fingerprint that other programs show of a certificate."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def key_name(sha256: str) -> str:
    """Return the name under which the private key of a certificate is kept."""
    return f"seal-{sha256[:16]}"


def read_sealer(folder: Path, pem: str) -> Sealer:
    """Return what seals, from its file. Raises KeyFileError if it is not there, damaged, or of another certificate."""
    certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
    name = key_name(sha256_of(certificate))
    private_key = keys.read_pem(folder, name)
    if not isinstance(private_key, RSAPrivateKey) or private_key.public_key() != certificate.public_key():
        raise keys.KeyFileError(f"The private key file {keys.file_of(folder, name)} is not that of its certificate.")
    return Sealer(private_key, pem)
