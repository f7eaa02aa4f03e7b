"""A sealed PDF as independent programs see it."""

from datetime import timedelta

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from permea.agreements import certificates, queries, seals
from permea.ledger import keys
from tests.agreements import sealing
from tests.agreements.test_rules_papers import content
from tests.cast import AT


@pytest.fixture(scope="module")
def sealed():
    """Return a small sealed paper."""
    paper = queries.set_paper(content([]), at=AT)
    return seals.seal(paper, sealing.sealer(), firm=sealing.FIRM, at=AT).content


def test_pyhanko_and_poppler_find_a_seal_valid_until_a_byte_changes(sealed, tmp_path):
    good, bad, trusted = (tmp_path / name for name in ("good.pdf", "bad.pdf", "trusted.pem"))
    place = sealed.index(b"endstream") - 20
    good.write_bytes(sealed)
    bad.write_bytes(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :])
    trusted.write_text(sealing.sealer().pem)
    code, said = sealing.pyhanko_says(good, trusted)
    assert (code, "signature is judged VALID" in said, "covers the entire file" in said) == (0, True, True), said
    code, said = sealing.pyhanko_says(bad, trusted)
    assert (code, "judged INVALID" in said) == (1, True), said
    said = [sealing.poppler_says(path) for path in (good, bad)]
    assert ("Signature is Valid" in said[0], sealing.FIRM in said[0], "Total document signed" in said[0]) == (
        True, True, True,
    ), said[0]  # fmt: skip
    assert ("Digest Mismatch" in said[1], "Signature is Valid" in said[1]) == (True, False), said[1]


def test_a_seal_holds_for_its_certificate_alone_and_what_is_no_pdf_gets_none(sealed):
    other = certificates.new_certificate(sealing.made()[0], name="Other", begins_at=AT + timedelta(days=1))
    sound = [seals.is_sound(pdf, sealing.sealer().pem, at=AT) for pdf in (sealed, sealed[:-900], b"no PDF")]
    foreign = certificates.pem_of(other)
    assert (sound, seals.is_sound(sealed, foreign, at=AT)) == ([True, False, False], False)
    with pytest.raises(certificates.SealError):
        seals.seal(b"no PDF", sealing.sealer(), firm="F", at=AT)
    mixed = certificates.Sealer(generate_private_key(65537, 2048), sealing.sealer().pem)
    with pytest.raises(certificates.SealError, match="does not hold"):
        seals.seal(queries.set_paper(content([]), at=AT), mixed, firm="F", at=AT)


def test_a_key_is_found_by_its_certificate_readable_by_its_owner_alone(tmp_path):
    private_key, certificate = sealing.made()
    sha256, pem = certificates.sha256_of(certificate), certificates.pem_of(certificate)
    with pytest.raises(keys.KeyFileError, match="cannot be read"):
        certificates.read_sealer(tmp_path, pem)
    keys.write_private_key(tmp_path, certificates.key_name(sha256), private_key)
    file = keys.file_of(tmp_path, certificates.key_name(sha256))
    assert (certificates.read_sealer(tmp_path, pem).pem, file.stat().st_mode & 0o777) == (pem, 0o600)
    file.unlink()
    keys.write_private_key(tmp_path, certificates.key_name(sha256), keys.new_private_key())
    with pytest.raises(keys.KeyFileError, match="not that of its certificate"):
        certificates.read_sealer(tmp_path, pem)


def test_a_real_authority_stamps_within_the_seal_or_behind_it_and_others_find_both_valid(sealed, tmp_path):
    paper, trusted = queries.set_paper(content([]), at=AT), tmp_path / "trusted.pem"
    trusted.write_text(sealing.sealer().pem)
    with sealing.authority(tmp_path / "authority") as clock:
        within = seals.seal(paper, sealing.sealer(), firm=sealing.FIRM, at=AT, ask=clock.stamp)
        behind = seals.add_stamp(sealed, ask=clock.stamp)
    content_behind, stamp_behind = behind
    assert {within.stamp.authority, stamp_behind.authority} == {"A clock"}
    sound = seals.is_sound(content_behind, sealing.sealer().pem, at=AT)
    assert (content_behind.startswith(sealed), sound) == (True, True)
    for made in (within.content, content_behind):
        file = tmp_path / "stamped.pdf"
        file.write_bytes(made)
        code, said = sealing.pyhanko_says(file, trusted, clock.certificate)
        assert (code, "judged VALID" in said, "INVALID" in said) == (0, True, False), said
        assert made is content_behind or "A clock" in said, said
    assert "Signature is Valid" in sealing.poppler_says(file)


@pytest.mark.parametrize(
    "answer", [b"", b"no answer", b"0\x03\x02\x01\x00", b"0\x050\x03\x02\x01\x02", b"0\x050\x03\x02\x01\x00"]
)
def test_an_answer_amiss_is_no_time_stamp(sealed, answer):
    with pytest.raises(certificates.StampError, match="answer"):
        seals.add_stamp(sealed, ask=lambda _query: answer)


def test_a_time_stamp_over_other_bytes_is_none(sealed, tmp_path):
    """An authority that stamps something else, with the right nonce, is found out."""
    with sealing.authority(tmp_path / "authority") as clock:

        def lie(query):
            asked = tsp.TimeStampReq.load(query)
            asked["message_imprint"]["hashed_message"] = bytes(32)
            return clock.stamp(asked.dump(force=True))

        with pytest.raises(certificates.StampError, match="answer"):
            seals.add_stamp(sealed, ask=lie)
        paper = queries.set_paper(content([]), at=AT)
        with pytest.raises(certificates.StampError, match="answer"):
            seals.seal(paper, sealing.sealer(), firm="F", at=AT, ask=lie)
