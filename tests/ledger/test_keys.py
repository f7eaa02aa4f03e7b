"""Key files: whole or not at all, and a clear word when one is missing."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from permea.ledger import keys


def test_a_key_is_read_back_as_it_was_written(tmp_path):
    private_key = keys.new_private_key()
    keys.write_private_key(tmp_path / "keys", "k1", private_key)
    again = keys.read_private_key(tmp_path / "keys", "k1")
    assert (keys.public_half(again), [path.name for path in (tmp_path / "keys").iterdir()]) == (
        keys.public_half(private_key),
        ["k1.pem"],
    )


def test_a_missing_damaged_or_strange_key_file_is_named(tmp_path):
    pem = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "damaged.pem").write_text("-----BEGIN")
    (tmp_path / "strange.pem").write_bytes(pem)
    said = {}
    for name in ("missing", "damaged", "strange"):
        with pytest.raises(keys.KeyFileError, match=f"{name}.pem") as error:
            keys.read_private_key(tmp_path, name)
        said[name] = str(error.value).removeprefix(f"The private key file {tmp_path / name}.pem ").partition(".")[0]
    assert said == {
        "missing": "cannot be read (No such file or directory)",
        "damaged": "is damaged",
        "strange": "holds another kind of key than Ed25519",
    }
