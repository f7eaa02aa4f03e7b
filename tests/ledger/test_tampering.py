"""Whatever is changed in an export is found, and the first bad entry is named."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from permea.ledger import verifier
from tests.ledger import papers

SIGNER = papers.Signer()
LONGEST = 7
EXPORTS = {n: papers.export(SIGNER, papers.entries(n), heads=tuple({1, n})) for n in range(2, LONGEST + 1)}
lengths = st.integers(2, LONGEST)


def copied(length: int) -> dict[str, Any]:
    return copy.deepcopy(EXPORTS[length])


def first_bad(document: dict[str, Any], *, is_signed_again: bool) -> int | None:
    """Return the entry the verifier names first; signed again, the signature of the whole file does not help it."""
    report = verifier.verify_document(SIGNER.sign(document) if is_signed_again else document)
    assert report.problems, "the change was not found"
    return report.problems[0].number


def test_untouched_exports_have_no_problem():
    assert [verifier.verify_document(document).problems for document in EXPORTS.values()] == [()] * len(EXPORTS)


@given(lengths, st.data(), st.booleans())
def test_a_changed_byte_of_any_entry_is_found_there(length, data, is_signed_again):
    document = copied(length)
    place = data.draw(st.integers(0, length - 1))
    part = data.draw(st.sampled_from(["body", "hash"]))
    text = document["entries"][place][part].encode()
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + bytes([data.draw(st.integers(0, 255))]) + text[at + 1 :]
    assume(changed != text)
    try:
        document["entries"][place][part] = changed.decode()
    except UnicodeDecodeError:
        assume(False)
    assert first_bad(document, is_signed_again=is_signed_again) == place + 1


@given(lengths, st.data(), st.booleans())
def test_a_dropped_entry_is_named(length, data, is_signed_again):
    document = copied(length)
    place = data.draw(st.integers(0, length - 1))
    del document["entries"][place]
    assert first_bad(document, is_signed_again=is_signed_again) == place + 1


@given(lengths, st.data(), st.booleans())
def test_a_cut_off_tail_is_named(length, data, is_signed_again):
    document = copied(length)
    kept = data.draw(st.integers(0, length - 1))
    del document["entries"][kept:]
    assert first_bad(document, is_signed_again=is_signed_again) == kept + 1


@given(lengths, st.data(), st.booleans())
def test_swapped_entries_are_named_from_the_first(length, data, is_signed_again):
    document = copied(length)
    one = data.draw(st.integers(0, length - 2))
    other = data.draw(st.integers(one + 1, length - 1))
    entries = document["entries"]
    entries[one], entries[other] = entries[other], entries[one]
    assert first_bad(document, is_signed_again=is_signed_again) == one + 1


@given(lengths, st.data(), st.booleans())
def test_a_duplicated_entry_is_named_where_it_stands_again(length, data, is_signed_again):
    document = copied(length)
    place = data.draw(st.integers(0, length - 1))
    again = data.draw(st.integers(place + 1, length))
    document["entries"].insert(again, copy.deepcopy(document["entries"][place]))
    assert first_bad(document, is_signed_again=is_signed_again) == again + 1


@given(lengths, st.data(), st.booleans())
def test_an_inserted_entry_that_fits_its_place_is_found(length, data, is_signed_again):
    document = copied(length)
    place = data.draw(st.integers(0, length))
    previous = document["entries"][place - 1]["hash"] if place else verifier.GENESIS
    document["entries"].insert(place, papers.entry(place + 1, previous, kind="idea.invented"))
    assert first_bad(document, is_signed_again=is_signed_again) == place + 1


@given(lengths, st.data())
def test_a_rewritten_rest_of_the_chain_is_found_by_the_next_signed_head(length, data):
    document = copied(length)
    place = data.draw(st.integers(0, length - 1))
    entries = document["entries"][:place]
    for number in range(place + 1, length + 1):
        previous = entries[-1]["hash"] if entries else verifier.GENESIS
        entries.append(papers.entry(number, previous, kind="idea.rewritten"))
    document["entries"] = entries
    named = first_bad(document, is_signed_again=True)
    assert named == (1 if place == 0 else length)


@given(lengths, st.data())
def test_an_entry_exchanged_for_another_that_follows_as_well_is_named(length, data):
    document = copied(length)
    place = data.draw(st.integers(0, length - 1))
    previous = document["entries"][place - 1]["hash"] if place else verifier.GENESIS
    document["entries"][place] = papers.entry(place + 1, previous, kind="idea.exchanged")
    assert first_bad(document, is_signed_again=True) == place + 1


@given(lengths, st.data())
def test_an_entry_exchanged_for_one_that_follows_nothing_is_named(length, data):
    document = copied(length)
    place = data.draw(st.integers(0, length - 1))
    document["entries"][place] = papers.entry(place + 1, "ab" * 32, kind="idea.exchanged")
    assert first_bad(document, is_signed_again=True) == place + 1


@given(lengths, st.data())
@settings(max_examples=400)
def test_a_changed_byte_anywhere_in_the_file_is_found_or_makes_it_unusable(length, data):
    original = verifier.canonical(EXPORTS[length])
    at = data.draw(st.integers(0, len(original) - 1))
    changed = original[:at] + bytes([data.draw(st.integers(0, 255))]) + original[at + 1 :]
    assume(changed != original)
    try:
        document = verifier.read(changed)
        problems = verifier.verify_document(document).problems
    except verifier.UnusableError:
        return
    assert problems or document == EXPORTS[length], "the change of a byte changed the document unseen"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(json_values)
def test_canonical_json_reads_back_as_it_was_and_is_the_same_again(value):
    text = verifier.canonical(value)
    assert (json.loads(text), verifier.canonical(json.loads(text))) == (value, text)


@given(st.sampled_from(["entries", "heads", "keys", "organisation", "signature", "challenge", "scope"]), json_values)
def test_any_nonsense_in_any_part_is_reported_and_never_breaks_the_verifier(part, value):
    document = copied(3)
    assume(document[part] != value)
    document[part] = value
    assert verifier.verify_document(document).problems


@given(st.integers(0, 2), st.sampled_from(["number", "hash", "body", "openings", "extra"]), json_values)
def test_any_nonsense_in_an_entry_is_reported_and_never_breaks_the_verifier(place, part, value):
    document = copied(3)
    assume(document["entries"][place].get(part) != value)
    document["entries"][place][part] = value
    assert verifier.verify_document(document).problems
