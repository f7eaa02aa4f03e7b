"""From the last signature to a sealed paper that stays the same."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.urls import reverse

from permea.agreements import certificates, commands, queries, rules, seals, services
from permea.agreements.models import Agreement, AgreementSeal, SealCertificate
from permea.agreements.services import sealing as steps
from permea.agreements.services import stamping
from permea.foundation import outbox
from permea.foundation.files import storage
from permea.foundation.files.intake import is_named_anywhere
from permea.foundation.refusals import RefusedError
from permea.ledger import keys
from permea.ledger.models import Crossing
from permea.surface.testing import assert_page_ok
from tests.agreements import sealing
from tests.agreements.test_services_agreements import make_draft, offer, sign
from tests.cast import AT

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Status = AgreementSeal.Status


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Keep keys and files in a folder of the test."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def signed(organisation, owner, solver):
    """Return an agreement both sides have signed, whose paper waits to be sealed."""
    draft = offer(make_draft(organisation, owner, language="de", title="Gespräche 中"), owner)
    for person in (owner, solver):
        sign(person, queries.newest_version(draft))
    return Agreement.objects.get(pk=draft.pk)


def seal_of(agreement):
    return queries.seal_of(queries.newest_version(agreement))


def test_the_last_signature_has_the_paper_sealed_once_and_its_hash_recorded(
    signed, folder, organisation, owner, solver, stranger, client_of, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    certificate = sealing.lay_certificate(organisation, folder / "keys")
    firm, guest = client_of(owner), client_of(solver)
    page = {side: reverse(f"agreements:{side}", args=[signed.key]) for side in ("agreement", "guest", "sealed")}
    waits = assert_page_ok(guest.get(page["guest"]))
    seal_id = seal_of(signed).pk
    assert (seal_of(signed).status, "Being sealed" in waits.text, guest.get(page["sealed"]).status_code) == (
        Status.WAITING, True, 404,
    )  # fmt: skip
    assert outbox.drain(at=AT) > 0
    services.seal_paper(seal_id=seal_id, at=AT + DAY)
    steps._keep(seal_id, steps._Made(certificate, storage.receive([b"second"], limit=9), None, ""), AT + DAY)
    seal = seal_of(signed)
    copies = [b"".join(one.get(page["sealed"]).streaming_content) for one in (firm, guest, guest)]
    sha256 = hashlib.sha256(copies[0]).hexdigest()
    crossing = json.loads(Crossing.objects.get(kind="agreement.sealed").body)
    facts = crossing["facts"]
    assert (len(set(copies)), seal.status, seal.sealed_at, seal.sha256) == (1, Status.SEALED, AT, sha256)
    assert (facts["sealed_sha256"], facts["certificate_sha256"], crossing["direction"]) == (
        sha256, certificate.sha256, "out",
    )  # fmt: skip
    assert (seals.is_sound(copies[0], certificate.pem, at=AT), is_named_anywhere(seal.path)) == (True, True)
    pem = guest.get(reverse("agreements:certificate", args=[signed.key]))
    shown = assert_page_ok(firm.get(page["agreement"]))
    hashes = [code.text for code in shown.all("code")]
    assert (pem.content.decode(), {sha256, certificate.sha256} <= set(hashes)) == (certificate.pem, True)
    assert client_of(stranger).get(page["sealed"]).status_code == 404
    with pytest.raises(RefusedError) as refused:
        services.seal_again(agreement_id=signed.pk, actor=owner, at=AT)
    assert refused.value.refusal.code == "agreements.sealed"


def test_a_missing_key_is_said_on_the_page_and_sealing_goes_on_once_another_took_over(
    signed, folder, organisation, owner, member, client_of, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    older = sealing.lay_certificate(organisation, folder / "keys")
    keys.file_of(folder / "keys", certificates.key_name(older.sha256)).unlink()
    browser, page = client_of(owner), reverse("agreements:seal", args=[signed.key])
    waiting = assert_page_ok(browser.post(page), status=409)
    outbox.drain(at=AT)
    failed = assert_page_ok(browser.get(reverse("agreements:agreement", args=[signed.key])))
    assert (seal_of(signed).problem, "It is being sealed" in waiting.text) == ("key", True)
    assert ("key that seals is missing" in failed.text, "Seal it now" in failed.text) == (True, True)
    with pytest.raises(RefusedError):
        services.seal_again(agreement_id=signed.pk, actor=member, at=AT)
    said = CliRunner().invoke(commands.rotate_seal, ["--firm", organisation.key])
    newer = queries.certificate_in_use(organisation)
    assert (newer.sha256 in said.output, SealCertificate.objects.get(pk=older.pk).retired_at) == (True, AT)
    browser.post(page)
    assert seal_of(signed).status == Status.WAITING
    outbox.drain(at=AT)
    seal = seal_of(signed)
    assert (seal.status, seal.problem, seal.certificate) == (Status.SEALED, "", newer)
    printed = [CliRunner().invoke(commands.seal_certificate, given).output for given in ([], ["--all"])]
    assert [text.count("BEGIN CERTIFICATE") for text in printed] == [1, 2]
    assert CliRunner().invoke(commands.seal_certificate, ["--firm", "none"]).exit_code == 1
    used = [services.seal_certificate(organisation=organisation, at=at) for at in (AT, AT + 3600 * DAY)]
    pem = browser.get(reverse("agreements:certificate", args=[signed.key])).content.decode()
    paper = b"".join(browser.get(reverse("agreements:sealed", args=[signed.key])).streaming_content)
    assert (used[0], used[1] == newer, seals.is_sound(paper, pem, at=AT)) == (newer, False, True)


def test_the_paper_says_in_its_language_who_signed_what_and_when(signed, folder):
    version = queries.newest_version(signed)
    (folder / "paper.pdf").write_bytes(queries.paper_of(version))
    said = " ".join(sealing.poppler_reads(folder / "paper.pdf").split())
    wanted = (
        "Gespräche (U+4E2D)", "Unicode-Nummer", "Version 1 · 2. März 2026 · Recht: Deutschland", "Campus",
        "Unterschriften", "Olga Owner", "Sam Solver", "2. März 2026, 09:00:00 UTC", "Name getippt, Code per Mail",
        version.sha256[:8], "Seite 1 von 2",
    )  # fmt: skip
    assert [text for text in wanted if text not in said] == []


def test_what_fails_otherwise_is_noted_by_its_kind(signed, folder, organisation, monkeypatch):
    sealing.lay_certificate(organisation, folder / "keys")
    (folder / "files").write_text("no folder")
    with pytest.raises(OSError, match="files"):
        services.seal_paper(seal_id=seal_of(signed).pk, at=AT)
    assert (seal_of(signed).status, seal_of(signed).problem) == (Status.FAILED, "disk")
    SealCertificate.objects.update(pem="no certificate")
    with pytest.raises(ValueError, match="PEM"):
        services.seal_paper(seal_id=seal_of(signed).pk, at=AT)
    assert seal_of(signed).problem == "unknown"


def test_each_side_gets_the_paper_of_any_version_and_the_lawyer_too(
    organisation, owner, solver, stranger, client_of, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    agreement = offer(make_draft(organisation, owner), owner)
    version = queries.newest_version(agreement)
    address = reverse("agreements:paper", args=[agreement.key, version.key])
    got = [client_of(person).get(address) for person in (owner, solver, stranger)]
    with zipfile.ZipFile(io.BytesIO(queries.lawyer_pack(agreement))) as pack:
        packed = pack.read("version-1.pdf")
    assert [answer.status_code for answer in got] == [200, 200, 404]
    assert {got[0].content, got[1].content, packed} == {packed}
    sign(owner, version)
    assert queries.paper_of(version) != packed
    blocked = rules.why_not_seal(agreement, None, may_bind=True).code
    assert (blocked, rules.problem_words(AgreementSeal())) == ("agreements.not_signed", "")


def test_an_authority_that_fails_loses_no_seal_and_stamps_it_later(
    signed, folder, organisation, owner, member, solver, client_of, settings, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    sealing.lay_certificate(organisation, folder / "keys")
    guest, firm = client_of(solver), client_of(owner)
    page = {name: reverse(f"agreements:{name}", args=[signed.key]) for name in ("guest", "sealed", "stamped", "stamp")}
    assert firm.post(page["stamp"]).status_code == 404
    with sealing.authority(folder / "authority") as clock:
        settings.TIMESTAMP_URL, clock.answer = clock.address, (500, b"broken")
        outbox.drain(at=AT)
        refused = (seal_of(signed).status, seal_of(signed).stamp_problem, clock.asked)
        settings.TIMESTAMP_PRIVATE = True
        outbox.drain(at=AT + DAY)
        broken = (seal_of(signed).stamp, seal_of(signed).stamp_problem, clock.asked)
        shown, clock.answer = assert_page_ok(guest.get(page["guest"])), None
        without = b"".join(guest.get(page["sealed"]).streaming_content)
        assert guest.get(page["stamped"]).status_code == 404
        assert firm.post(page["stamp"]).status_code == 302
        assert "is being asked" in assert_page_ok(firm.post(page["stamp"]), status=409).text
        outbox.drain(at=AT + DAY)
    assert (refused, broken) == ((Status.SEALED, "address", 0), ("waiting", "status", 1))
    assert ("answered with an error" in shown.text, "Ask for a time-stamp" in shown.text) == (True, True)
    seal = seal_of(signed)
    stamped = b"".join(guest.get(page["stamped"]).streaming_content)
    recorded = json.loads(Crossing.objects.get(kind="agreement.stamped").body)["facts"]["stamped_sha256"]
    assert (seal.stamp, seal.authority, seal.stamped_at is not None) == ("stamped", "A clock", True)
    assert (stamped.startswith(without), recorded, is_named_anywhere(seal.stamped_path)) == (
        True, hashlib.sha256(stamped).hexdigest(), True,
    )  # fmt: skip
    assert b"".join(guest.get(page["sealed"]).streaming_content) == without
    services.stamp_paper(seal_id=seal.pk, at=AT)
    second = storage.receive([b"second"], limit=9)
    stamping._keep(seal.pk, second, authority="", stamped_at=AT, at=AT)
    assert (seal_of(signed).authority, second.full_path.exists()) == ("A clock", False)
    assert "bears a time-stamp already" in assert_page_ok(firm.post(page["stamp"]), status=409).text
    with pytest.raises(RefusedError):
        services.stamp_again(seal_id=seal.pk, actor=member, at=AT)
    blocked = rules.why_not_stamp(AgreementSeal(status="sealed"), may_bind=True, has_authority=False)
    assert (blocked.code, rules.stamp_words(None)) == ("agreements.no_authority", "")
    AgreementSeal.objects.update(stamp="waiting", path="gone")
    with pytest.raises(FileNotFoundError):
        services.stamp_paper(seal_id=seal.pk, at=AT)
    assert "something unforeseen" in rules.stamp_words(seal_of(signed)).lower()


def test_an_authority_that_answers_stamps_within_the_seal_by_the_first_certificate(signed, folder, settings):
    with sealing.authority(folder / "authority") as clock:
        settings.TIMESTAMP_URL, settings.TIMESTAMP_PRIVATE = clock.address, True
        outbox.drain(at=AT)
    seal = seal_of(signed)
    assert (seal.status, seal.stamp, seal.authority, seal.stamped_path) == ("sealed", "stamped", "A clock", "")
