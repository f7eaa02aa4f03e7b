"""The private halves of signing keys: one PEM file each in the data folder, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes


class KeyFileError(Exception):
    """A private key's file is missing or unreadable; the message says which and what to do."""


def new_private_key() -> Ed25519PrivateKey:
    """Return a fresh private key."""
    return Ed25519PrivateKey.generate()


def public_half(private_key: Ed25519PrivateKey) -> str:
    """Return the public key, in hexadecimal."""
    return private_key.public_key().public_bytes_raw().hex()


def file_of(folder: Path, key_id: str) -> Path:
    """Return where the private key of this name is kept."""
    return folder / f"{key_id}.pem"


def write_private_key(folder: Path, key_id: str, private_key: PrivateKeyTypes) -> None:
    """Keep a private key: the file appears whole, on disk and for its owner only, or not at all."""
    pem = private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{key_id}.{secrets.token_hex(4)}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(file_of(folder, key_id))
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_pem(folder: Path, key_id: str) -> PrivateKeyTypes:
    """Return a private key of any kind from its file. Raises KeyFileError if there is none or it is damaged."""
    path = file_of(folder, key_id)
    try:
        return serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise KeyFileError(
            f"The private key file {path} cannot be read ({error.strerror}). Restore it from a backup, "
            "or let a new key take over with `permea rotate-key`."
        ) from error
    except ValueError as error:
        raise KeyFileError(f"The private key file {path} is damaged. Restore it from a backup.") from error


def read_private_key(folder: Path, key_id: str) -> Ed25519PrivateKey:
    """Return the private key of the ledger from its file. Raises KeyFileError if there is none or it is damaged."""
    private_key = read_pem(folder, key_id)
    if not isinstance(private_key, Ed25519PrivateKey):
        raise KeyFileError(f"The private key file {file_of(folder, key_id)} holds another kind of key than Ed25519.")
    return private_key
