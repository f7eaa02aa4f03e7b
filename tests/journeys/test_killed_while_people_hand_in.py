"""The power goes while 200 people hand in at once: what was acknowledged is there, and nothing is half done."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.browser.windows import rows
from tests.journeys import programs
from tests.servers import Product

pytestmark = pytest.mark.slow
N_PEOPLE, N_BEFORE_THE_CUT = 200, 60


def hand_in_until_the_cut(site: Product, entries: list[dict[str, str]]) -> list[str]:
    """Hand all entries in at once, cut the power in the middle, and return the keys of those acknowledged."""
    acknowledged: list[str] = []
    enough = threading.Event()

    def hand_in(entry: dict[str, str]) -> None:
        status, answer = programs.call(site, "POST", f"/api/ideas/{entry['idea']}/submit", entry["token"])
        assert status in {0, 200}, (status, answer)
        if status == 200:
            assert answer["status"] == "submitted"
            acknowledged.append(entry["idea"])
        if len(acknowledged) >= N_BEFORE_THE_CUT:
            enough.set()

    def cut() -> None:
        enough.wait(programs.LONGEST)
        site.crash()

    thread = threading.Thread(target=cut)
    thread.start()
    programs.at_once(hand_in, entries)
    thread.join(programs.LONGEST)
    return acknowledged


def halves(site: Product) -> dict[str, set[Any]]:
    """Return, by what it is, everything that tells of an entry handed in."""
    versions = (
        "select i.key, v.number, v.sha256, v.receipt_key from ideas_idea i join ideas_ideaversion v on v.idea_id = i.id"
    )
    crossings = rows(site, "select subject_key, body from ledger_crossing where kind = 'idea.submitted'")
    return {
        "entries": {row["key"] for row in rows(site, "select key from ideas_idea where status = 'submitted'")},
        "versions": {(row["key"], row["sha256"]) for row in rows(site, versions)},
        "crossings": {(row["subject_key"], json.loads(row["body"])["facts"]["sha256"]) for row in crossings},
        "receipts named": {row["receipt_key"] for row in rows(site, versions)},
        "receipts": {row["key"] for row in rows(site, "select key from ledger_receipt")},
    }


def test_what_was_acknowledged_is_there_after_the_power_went(tmp_path: Path) -> None:
    site = Product(tmp_path / "data")
    made = programs.prepare(site, "drafts", N_PEOPLE)
    site.start()
    acknowledged = hand_in_until_the_cut(site, made["entries"])
    assert N_BEFORE_THE_CUT <= len(acknowledged) < N_PEOPLE, "the cut did not come in the middle"
    assert not site.is_well()

    site.start()
    try:
        kept = halves(site)
        status, chain = programs.call(site, "GET", "/api/ledger/export", made["owner_token"])
        counted = rows(site, "select n_entries from challenges_challenge")[0]["n_entries"]
        last = next(entry for entry in made["entries"] if entry["idea"] not in kept["entries"])
        again = programs.call(site, "POST", f"/api/ideas/{last['idea']}/submit", last["token"])
    finally:
        site.stop()

    assert set(acknowledged) <= kept["entries"]
    assert {key for key, _sha256 in kept["versions"]} == kept["entries"]
    assert kept["versions"] == kept["crossings"]
    assert kept["receipts named"] == kept["receipts"]
    assert counted == len(kept["entries"])
    assert status == 200
    assert programs.verify(chain, tmp_path / "chain.json")[0] == 0
    assert again[0] == 200
