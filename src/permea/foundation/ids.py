"""Public keys of records: what appears in addresses, mails and exports instead of row numbers."""

from __future__ import annotations

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
KEY_LENGTH = 14


def new_key() -> str:
    """Return a random key of 14 letters and digits (69 bits), without look-alike characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(KEY_LENGTH))
