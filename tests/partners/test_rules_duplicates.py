"""Duplicates among organisations are found by what they share, and those that only look alike are left alone."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from permea.partners import rules
from permea.partners.rules import Reason

PRECISION, RECALL = 0.95, 0.9
TABLE = Path(__file__).with_name("duplicates.csv")


def listed(key, name, country="", website="", *emails):
    return rules.listed(key, name, country=country, website=website, emails=emails)


def both(row):
    return [
        listed(
            number,
            row[f"{begin}name" if not begin else "other"],
            *(row[begin + name] for name in ("country", "website", "email")),
        )
        for number, begin in enumerate(("", "other_"))
    ]


def test_pairs_of_a_table_made_by_hand_are_told_apart():
    table = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
    found = {True: [], False: []}
    for row in table:
        found[bool(rules.pairs_of(both(row)))].append(row)
    right = [row for row in found[True] if row["same"] == "yes"]
    missed = [row["name"] for row in found[False] if row["same"] == "yes"]
    wrong = [row["name"] for row in found[True] if row["same"] == "no"]
    assert len(table) >= 60
    assert (len(right) / len(found[True]) >= PRECISION, wrong) == (True, wrong)
    assert (len(right) / (len(right) + len(missed)) >= RECALL, missed) == (True, missed)


@pytest.mark.parametrize(
    ("one", "two", "reasons"),
    [
        (("Müller",), ("MULLER ",), (Reason.NAME,)),
        (("Müller AG", "CH"), ("Mueller", "DE"), (Reason.FORM,)),
        (("Solar West",), ("West Solar Ltd",), (Reason.ORDER,)),
        (("Sun Power",), ("Sunpower",), (Reason.TOGETHER,)),
        (("Brandauer",), ("Brandhauer",), (Reason.SPELLED,)),
        (("Brandauer", "DE"), ("Brandhauer", "AT"), ()),
        (("Bau- und Maschinen-Werke",), ("BMW",), (Reason.SHORT,)),
        (("Acme", "DE", "https://acme.de"), ("Acme", "US", "https://acme.com"), (Reason.NAME,)),
        (("Acme", "DE", "https://acme.de"), ("Acme", "US", "https://acme-pumps.com"), ()),
        (("A", "", "https://www.x.example"), ("B", "", "https://x.example/b"), (Reason.SITE,)),
        (("A", "", "", "a@x.example"), ("B", "", "https://x.example"), (Reason.MAIL,)),
        (("A", "", "https://a.example", "a@x.example"), ("B", "", "https://b.example", "b@x.example"), ()),
        (("A", "", "", "a@gmx.de"), ("B", "", "", "b@gmx.de"), ()),
        (("A", "", "https://a.github.io"), ("B", "", "https://a.github.io"), ()),
        (("GmbH",), ("AG",), ()),
    ],
)  # fmt: skip
def test_a_pair_says_by_what_one_can_tell(one, two, reasons):
    assert [pair.reasons for pair in rules.pairs_of([listed(1, *one), listed(2, *two)])] == (
        [reasons] if reasons else []
    )


def test_ten_thousand_are_compared_without_comparing_all_pairs(monkeypatch):
    chance = random.Random(5)
    letters = "abcdefghiklmnoprstuvz"
    made = [
        "".join(chance.choice(letters) for _letter in range(9)).title() + f" {chance.choice(('Tech', 'Werke', 'Labs'))}"
        for _one in range(2_000)
    ]
    looked_at = []
    compared = rules.duplicates.reasons_of

    def counted(one, two):
        looked_at.append(1)
        return compared(one, two)

    monkeypatch.setattr("permea.partners.rules.duplicates.reasons_of", counted)
    partners = [listed(key, name) for key, name in enumerate([*made, f"{made[7]} GmbH", made[8].replace(" ", "")])]
    assert [(pair.first, pair.second) for pair in rules.pairs_of(partners)] == [(7, 2_000), (8, 2_001)]
    assert len(looked_at) < 3 * len(partners)
