"""What the verifier says of exports, receipts and dossiers, and how it is called."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from permea.ledger import verifier
from tests.ledger import papers

SIGNER = papers.Signer()
STRANGER = papers.Signer()
MADE = papers.entries(4)
GOOD_RECEIPT = papers.receipt(SIGNER, MADE[2])


def codes(document, **given):
    return [problem.code for problem in verifier.verify_document(document, **given).problems]


def mixed():
    """Return an export of challenge c1 whose second entry belongs to another challenge."""
    made = papers.entries(1)
    made.append(papers.entry(2, made[0]["hash"], challenge="c2"))
    made.append(papers.entry(3, made[1]["hash"]))
    return made, papers.export(SIGNER, [made[0], papers.skipped(made[1]), made[2]], challenge="c1")


# --- canonical JSON


def test_canonical_json_sorts_keys_keeps_letters_and_adds_no_space():
    assert verifier.canonical({"b": [1, True, None], "a": "é\n"}) == b'{"a":"\xc3\xa9\\n","b":[1,true,null]}'


def test_text_is_not_normalised():
    assert verifier.canonical("é") != verifier.canonical("e\N{COMBINING ACUTE ACCENT}")


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        ({"a": [1, 2.5]}, TypeError, r"value.a\[1\] is 2.5 of type float"),
        ({"a": (1,)}, TypeError, "value.a is .* of type tuple"),
        ({1: "a"}, TypeError, "has the key 1"),
        (2**53, ValueError, "up to 2"),
        ("\ud800", ValueError, "surrogate"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value, error, said):
    with pytest.raises(error, match=said):
        verifier.canonical(value)


# --- reading


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff", "not readable"),
        (b"{", "not readable"),
        (b'{"a": 1, "a": 2}', "the same key twice"),
        (b'{"a": 1.5}', "1.5 is not a whole number"),
        (b'{"a": NaN}', "NaN is not a whole number"),
        (b"[" * 100_000, "not readable"),
        (b"[]", "no JSON object"),
    ],
)
def test_a_file_that_is_no_strict_json_object_is_unusable(data, said):
    with pytest.raises(verifier.UnusableError, match=said):
        verifier.read(data)


@pytest.mark.parametrize(
    "document",
    [{}, {"format": "permea-head", "version": 1}, {**GOOD_RECEIPT, "version": 2}, {**GOOD_RECEIPT, "what": 2**60}],
)
def test_a_document_of_another_kind_or_version_is_unusable(document):
    with pytest.raises(verifier.UnusableError):
        verifier.verify_document(document)


# --- chains


def test_a_report_tells_kind_count_and_keys():
    report = verifier.verify_document(papers.export(SIGNER, MADE))
    assert (report.kind, report.checked, report.keys, report.ok) == ("permea-chain", 4, (SIGNER.key_id,), True)


def test_an_empty_chain_verifies_under_its_head():
    assert codes(papers.export(SIGNER, [])) == []


def test_progress_is_told():
    told = []
    verifier.verify_document(papers.export(SIGNER, MADE), progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 4)]


def test_an_export_without_a_head_is_not_covered():
    assert codes(papers.export(SIGNER, MADE, heads=())) == ["head.shorter"]


def test_an_entry_after_the_last_head_is_not_covered():
    report = verifier.verify_document(papers.export(SIGNER, MADE, heads=(3,)))
    assert [(problem.number, problem.code) for problem in report.problems] == [(4, "head.shorter")]


def test_a_head_of_another_chain_does_not_count():
    document = papers.export(SIGNER, MADE)
    document["heads"].append(SIGNER.sign({**document["heads"][0], "organisation": "other"}))
    assert codes(SIGNER.sign(document)) == ["head.place"]


def test_a_changed_head_is_found():
    document = papers.export(SIGNER, MADE, heads=(2, 4))
    document["heads"][0]["signed_at"] = "2026-03-03T09:00:00.000000Z"
    document["heads"].append("nonsense")
    assert codes(SIGNER.sign(document)) == ["head.signature", "HEAD.shape".replace("HEAD", verifier.HEAD)]


def test_a_signature_that_is_no_signature_is_found():
    document = papers.export(SIGNER, MADE)
    assert codes({**document, "signature": "zz"}) == ["document.signature"]


def test_a_head_signed_with_another_key_is_found():
    document = papers.export(SIGNER, MADE)
    document["heads"] = [papers.head(STRANGER, MADE, 4)]
    assert codes(SIGNER.sign(document)) == ["head.shorter", "head.key"]


def test_a_key_under_a_false_name_is_not_taken():
    document = papers.export(SIGNER, MADE)
    document["keys"][0]["public_key"] = STRANGER.public_key
    document["keys"].append({"key_id": "x"})
    assert codes(SIGNER.sign(document)) == ["head.shorter", "key.name", f"{verifier.KEY}.shape", "head.key"]


def test_a_document_signed_with_a_key_it_does_not_carry_is_found():
    document = papers.export(SIGNER, MADE)
    assert codes({**document, "public_key": STRANGER.public_key}) == ["document.key"]


def test_a_public_key_that_is_no_point_of_the_curve_signs_nothing():
    key = next(f"{n:02x}" * 32 for n in range(256) if not _is_usable(f"{n:02x}" * 32))
    document = {**GOOD_RECEIPT, "public_key": key, "key_id": verifier.key_id_of(key)}
    assert codes(document) == ["document.signature"]


def _is_usable(public_key):
    return verifier._is_signed(b"", "00" * 64, {"public_key": public_key})


def test_a_changed_word_beside_the_entries_is_found_by_the_signature():
    document = papers.export(SIGNER, MADE)
    assert codes({**document, "instance": "https://other.example"}) == ["document.signature"]


def test_an_export_must_say_rightly_what_it_is_of():
    document = papers.export(SIGNER, MADE)
    assert codes(SIGNER.sign({**document, "challenge": "c1"})) == ["document.scope"]


def test_an_entry_of_another_organisation_is_found():
    document = papers.export(SIGNER, MADE)
    renamed = SIGNER.sign({**document, "organisation": {"key": "other", "name": "Other"}})
    assert codes(renamed)[:1] == ["entry.place"]


@pytest.mark.parametrize("body", ['{"b": 1}', "{", "[]", "{}"])
def test_a_body_that_is_not_canonical_or_lacks_parts_is_found(body):
    document = papers.export(SIGNER, MADE)
    document["entries"][0] = {"number": 1, "hash": verifier.digest(body.encode()), "body": body}
    found = verifier.verify_document(SIGNER.sign(document)).problems[0]
    assert (found.number, found.code in {"entry.body", "body.shape"}) == (1, True)


# --- a challenge's piece of the chain


def test_skipped_links_stand_for_entries_of_other_challenges():
    _made, document = mixed()
    assert codes(document) == []


def test_a_changed_link_is_found():
    _made, document = mixed()
    document["entries"][1]["hash"] = "cd" * 32
    found = verifier.verify_document(SIGNER.sign(document)).problems
    assert [(problem.number, problem.code) for problem in found] == [(2, "entry.exchanged")]


def test_a_link_that_follows_something_else_is_found():
    _made, document = mixed()
    document["entries"][1]["previous"] = "cd" * 32
    found = verifier.verify_document(SIGNER.sign(document)).problems
    assert [(problem.number, problem.code) for problem in found] == [(2, "entry.chain")]


def test_a_link_with_more_in_it_is_found():
    _made, document = mixed()
    document["entries"][1]["note"] = "trust me"
    assert codes(SIGNER.sign(document)) == ["link.shape"]


def test_a_link_in_an_export_of_the_whole_chain_is_found():
    document = papers.export(SIGNER, MADE)
    document["entries"][1] = papers.skipped(MADE[1])
    assert codes(SIGNER.sign(document)) == ["entry.hidden"]


def test_an_entry_of_another_challenge_in_full_is_found():
    made, document = mixed()
    document["entries"][1] = made[1]
    assert codes(SIGNER.sign(document)) == ["entry.foreign"]


# --- values behind commitments


def opened(**changed):
    salt = "07" * 32
    made = [papers.entry(1, verifier.GENESIS, commitments={"name": verifier.commitment(salt, "Sam")})]
    document = papers.export(SIGNER, made)
    document["entries"][0]["openings"] = {"name": {"salt": salt, "value": "Sam", **changed}}
    return SIGNER.sign(document)


def test_a_value_shown_beside_its_commitment_is_checked():
    assert codes(opened()) == []


@pytest.mark.parametrize("changed", [{"value": "Max"}, {"salt": "08" * 32}, {"salt": "no"}])
def test_a_value_that_was_not_committed_to_is_found(changed):
    assert codes(opened(**changed)) == ["opening.value"]


def test_openings_without_shape_are_found():
    document = opened()
    document["entries"][0]["openings"] = {"name": "Sam"}
    other = opened()
    other["entries"][0]["openings"] = ["Sam"]
    assert (codes(SIGNER.sign(document)), codes(SIGNER.sign(other))) == (["opening.shape"], ["opening.shape"])


# --- keys that follow one another


def test_a_new_key_is_trusted_through_the_old_one_that_endorsed_it():
    newer = papers.Signer(endorser=SIGNER)
    document = papers.export(newer, MADE)
    document["keys"] = [SIGNER.document(), newer.document()]
    document = newer.sign(document)
    assert (codes(document, trusted=[SIGNER.key_id]), codes(document, trusted=[newer.key_id])) == ([], [])


def test_a_key_nobody_trusts_is_named():
    document = papers.export(SIGNER, MADE)
    assert codes(document, trusted=[STRANGER.key_id]) == ["key.untrusted"]


def test_a_false_endorsement_is_found():
    document = papers.export(SIGNER, MADE)
    document["keys"][0].update(endorsed_by=STRANGER.key_id, endorsement="00" * 64)
    document["keys"].append(STRANGER.document())
    assert codes(SIGNER.sign(document)) == ["key.endorsement"]


def test_keys_that_endorse_each_other_in_a_circle_end_untrusted():
    one, two = papers.Signer(), papers.Signer()
    one.endorser, two.endorser = two, one
    document = papers.export(one, MADE)
    document["keys"] = [one.document(), two.document()]
    assert codes(one.sign(document), trusted=["somebody"]) == ["key.untrusted"]


# --- receipts


def test_a_receipt_verifies():
    assert (codes(GOOD_RECEIPT), verifier.verify_document(GOOD_RECEIPT).checked) == ([], 1)


def test_a_receipt_with_the_holders_own_values_verifies():
    salt = "07" * 32
    of = papers.entry(1, verifier.GENESIS, commitments={"name": verifier.commitment(salt, "Sam")})
    receipt = papers.receipt(SIGNER, of)
    assert codes({**receipt, "openings": {"name": {"salt": salt, "value": "Sam"}}}) == []
    assert codes({**receipt, "openings": {"name": {"salt": salt, "value": "Max"}}}) == ["opening.value"]


@pytest.mark.parametrize(
    ("part", "value"),
    [("what", "idea.revised"), ("subject", {"type": "idea", "key": "other"}), ("facts", {"version": 9})],
)
def test_a_receipt_that_says_something_else_than_its_entry_is_found(part, value):
    assert codes(SIGNER.sign({**GOOD_RECEIPT, part: value})) == ["receipt.facts"]


def test_a_receipt_changed_without_the_key_is_found():
    assert codes({**GOOD_RECEIPT, "facts": {"version": 3, "content_sha256": "cd" * 32}}) == ["document.signature"]


def test_a_receipt_of_a_changed_or_shapeless_entry_is_found():
    changed = {**GOOD_RECEIPT["crossing"], "hash": "cd" * 32}
    assert codes(SIGNER.sign({**GOOD_RECEIPT, "crossing": changed})) == ["entry.hash"]
    assert codes(SIGNER.sign({**GOOD_RECEIPT, "crossing": {}})) == ["entry.shape"]


@pytest.mark.parametrize("kind", [verifier.CHAIN, verifier.RECEIPT, verifier.DOSSIER])
def test_a_document_without_its_parts_is_found(kind):
    assert codes({"format": kind, "version": 1}) == [f"{kind}.shape"]


@pytest.mark.parametrize(
    "document", [papers.export(SIGNER, MADE), GOOD_RECEIPT, papers.dossier(SIGNER, MADE, {})], ids=lambda d: d["format"]
)
def test_a_document_must_name_its_organisation(document):
    assert codes(SIGNER.sign({**document, "organisation": {}}))[:1] == ["organisation.shape"]


# --- dossiers

PARTS = {"challenge": {"title": "Harvest robot"}, "ranking": [{"idea": "i7", "score": "3.81"}]}


def test_a_dossier_verifies():
    report = verifier.verify_document(papers.dossier(SIGNER, MADE, PARTS))
    assert (report.problems, report.checked, report.kind) == ((), 4, "permea-dossier")


def test_a_changed_added_or_lost_part_of_a_dossier_is_named():
    document = papers.dossier(SIGNER, MADE, PARTS)
    document["parts"] = {"ranking": [], "note": "new"}
    problems = verifier.verify_document(SIGNER.sign(document)).problems
    names = [text for text in ("'challenge'", "'note'", "'ranking'") if any(text in found.text for found in problems)]
    assert ([found.code for found in problems], len(names)) == (["document.part"] * 3, 3)


def test_a_dossier_with_the_ledger_of_another_challenge_is_found():
    document = papers.dossier(SIGNER, MADE, PARTS)
    assert codes(SIGNER.sign({**document, "challenge": "c2"})) == ["document.ledger"]


def test_a_dossier_whose_ledger_is_none_is_found():
    document = papers.dossier(SIGNER, MADE, PARTS)
    ledger = SIGNER.sign({**document["ledger"], "format": "something-else"})
    assert codes(SIGNER.sign({**document, "ledger": ledger})) == ["document.format"]
    assert codes(SIGNER.sign({**document, "ledger": {}}))[0] == f"{verifier.CHAIN}.shape"


# --- earlier papers against later ones


def rewritten():
    """Return an export that the holder of the key rewrote from the third entry on, all signatures right."""
    made = MADE[:2]
    made = [*made, papers.entry(3, made[-1]["hash"], kind="idea.rewritten")]
    return papers.export(SIGNER, made)


@pytest.mark.parametrize(
    "earlier", [GOOD_RECEIPT, papers.export(SIGNER, MADE[:3]), papers.dossier(SIGNER, MADE[:3], {})],
    ids=lambda document: document["format"],
)  # fmt: skip
def test_an_earlier_paper_shows_a_rewritten_chain(earlier):
    found = verifier.compare(rewritten(), earlier, name="earlier.json")
    assert (codes(rewritten()), [(problem.number, problem.code) for problem in found]) == ([], [(3, "against.hash")])


def test_an_earlier_paper_shows_a_chain_that_was_cut_off():
    shortened = papers.export(SIGNER, MADE[:2])
    found = verifier.compare(shortened, GOOD_RECEIPT, name="receipt.json")
    assert [(problem.number, problem.code) for problem in found] == [(3, "against.missing")]


def test_two_receipts_of_different_entries_do_not_contradict_each_other():
    assert verifier.compare(GOOD_RECEIPT, papers.receipt(SIGNER, MADE[0]), name="other.json") == ()


def test_papers_of_different_organisations_are_not_compared():
    other = {**GOOD_RECEIPT, "organisation": {"key": "other", "name": "Other"}}
    found = verifier.compare(GOOD_RECEIPT, other, name="other.json")
    assert [problem.code for problem in found] == ["against.organisation"]


# --- on the command line


@pytest.fixture
def write(tmp_path):
    def put(name, document):
        path = tmp_path / name
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
        return str(path)

    return put


def test_a_good_file_ends_with_0(write, capsys):
    code = verifier.main([write("chain.json", papers.export(SIGNER, MADE)), "--key", SIGNER.key_id])
    assert (code, capsys.readouterr().out) == (
        0,
        f"4 entries checked, 0 problems.\nSigned with: {SIGNER.key_id}\n",
    )


def test_a_bad_file_ends_with_1_and_names_the_first_bad_entry_first(write, capsys):
    document = papers.export(SIGNER, MADE)
    del document["entries"][1]
    code = verifier.main([write("chain.json", document)])
    first = capsys.readouterr().out.splitlines()[0]
    assert (code, first) == (1, "PROBLEM entry.order: Where entry 2 should stand, entry 3 stands.")


def test_an_unusable_file_ends_with_2_and_one_sentence(tmp_path, capsys):
    code = verifier.main([str(tmp_path / "missing.json")])
    assert (code, capsys.readouterr().err.endswith("missing.json cannot be read: No such file or directory.\n")) == (
        2,
        True,
    )


def test_an_earlier_file_is_held_against_it(write, capsys):
    good, receipt = write("chain.json", papers.export(SIGNER, MADE)), write("receipt.json", GOOD_RECEIPT)
    forged, bad = write("forged.json", rewritten()), write("bad.json", {**GOOD_RECEIPT, "what": "changed"})
    ends = [
        verifier.main([good, "--against", receipt]),
        verifier.main([forged, "--against", receipt]),
        verifier.main([good, "--against", bad]),
        verifier.main([write("broken.json", {**papers.export(SIGNER, MADE), "instance": ""}), "--against", receipt]),
    ]
    assert (ends, "against.bad" in capsys.readouterr().out) == ([0, 1, 1, 1], True)


def test_without_cryptography_the_chain_is_checked_and_the_end_is_2(write, monkeypatch, capsys):
    monkeypatch.setattr(verifier, "CAN_CHECK_SIGNATURES", False)
    good = papers.export(SIGNER, MADE)
    ends = [verifier.main([write("a.json", good)]), verifier.main([write("b.json", {**good, "entries": MADE[1:]})])]
    assert (ends, "Signatures could not be checked" in capsys.readouterr().err) == ([2, 1], True)


@pytest.mark.parametrize(("has_cryptography", "end"), [(True, 0), (False, 2)])
def test_the_verifier_runs_alone_from_any_folder(write, tmp_path, has_cryptography, end):
    alone = tmp_path / "elsewhere" / "verifier.py"
    alone.parent.mkdir()
    alone.write_bytes(Path(verifier.__file__).read_bytes())
    if not has_cryptography:
        (alone.parent / "cryptography.py").write_text("raise ImportError('not installed')")
    path = write("receipt.json", GOOD_RECEIPT)
    run = subprocess.run([sys.executable, str(alone), path], capture_output=True, text=True, timeout=300, check=False)
    assert (run.returncode, "Signatures could not be checked" in run.stderr) == (end, not has_cryptography)
