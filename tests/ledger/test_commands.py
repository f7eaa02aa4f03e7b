"""`permea verify` and `permea rotate-key`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from permea.ledger import commands, verifier
from permea.ledger.models import SigningKey
from tests.ledger import papers

SIGNER = papers.Signer()
MADE = papers.entries(30)


@pytest.fixture
def run(tmp_path):
    """Return a function that verifies a document, with other files held against it."""

    def verify(document, *arguments, **others):
        paths = []
        for name, paper in {"file": document, **others}.items():
            paths.append(tmp_path / f"{name}.json")
            paths[-1].write_text(json.dumps(paper), encoding="utf-8")
        against = [part for path in paths[1:] for part in ("--against", str(path))]
        result = CliRunner().invoke(commands.verify, [str(paths[0]), *against, *arguments])
        return result.exit_code, result.stdout, result.stderr

    return verify


def test_a_good_export_ends_with_0(run):
    code, out, _err = run(papers.export(SIGNER, MADE), "--key", SIGNER.key_id)
    assert (code, out.rstrip().endswith(f"30 entries checked, no problems; signed with {SIGNER.key_id}")) == (0, True)


def test_receipts_and_dossiers_are_taken_too(run):
    ends = [run(papers.receipt(SIGNER, MADE[0]))[0], run(papers.dossier(SIGNER, MADE, {"a": 1}))[0]]
    assert ends == [0, 0]


def test_problems_end_with_1_the_first_bad_entry_first(run):
    document = papers.export(SIGNER, MADE)
    document["entries"][6]["body"] += " "
    code, out, _err = run(document)
    lines = out.splitlines()
    assert (code, lines[0]) == (
        1,
        "✗ entry 7: Entry 7 was changed: its content does not have its hash. [entry.hash]",
    )
    assert lines[-1].endswith(f"30 entries checked, 2 problems; signed with {SIGNER.key_id}")


def test_a_long_list_of_problems_is_cut(run):
    document = papers.export(SIGNER, MADE)
    for entry in document["entries"]:
        entry["body"] += " "
    code, out, _err = run(document)
    assert (code, "… and 11 more problems." in out, out.count("✗")) == (1, True, 20)


def test_an_earlier_receipt_that_is_contradicted_ends_with_1(run):
    forged = papers.export(SIGNER, papers.entries(30, kind="idea.rewritten"))
    code, out, _err = run(forged, receipt=papers.receipt(SIGNER, MADE[4]))
    assert (code, "Entry 5 is not the one that" in out) == (1, True)


def test_an_unusable_file_ends_with_2(run, tmp_path):
    code, _out, err = run({"format": "else"})
    assert (code, "neither a ledger export" in err) == (2, True)


def test_without_cryptography_it_ends_with_2(run, monkeypatch):
    monkeypatch.setattr(verifier, "CAN_CHECK_SIGNATURES", False)
    code, out, err = run(papers.export(SIGNER, MADE))
    assert (code, "unsigned" in out, "could not be checked" in err) == (2, True, True)


def test_a_file_nobody_signed_tells_no_key(run):
    code, out, _err = run({"format": verifier.CHAIN, "version": 1})
    assert (code, "signed with" in out) == (1, False)


@pytest.mark.django_db
def test_rotating_makes_a_key_and_says_which(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    first = CliRunner().invoke(commands.rotate_key)
    second = CliRunner().invoke(commands.rotate_key)
    one, two = SigningKey.objects.order_by("pk")
    assert (first.output, second.output) == (
        f"The key {one.key_id} signs from now on.\n",
        f"The key {two.key_id} signs from now on, endorsed by {one.key_id}.\n",
    )
