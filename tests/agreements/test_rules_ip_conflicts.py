"""What cannot hold together in the IP tables of a firm, and why."""

from dataclasses import replace
from datetime import date

import pytest

from permea.agreements import rules
from permea.agreements.rules import Granted, Thing

TODAY = date(2026, 9, 1)
CARS = Granted(to="Acme", to_key="acme", use="commercial", fields=("Automotive",), is_exclusive=True)
SEAL = Thing(
    key="one",
    title="Cold seal",
    kind="background",
    agreement_key="a",
    agreement="Pilot",
    owners={"firm": 100_000},
    owned="Firm (100 %)",
    identifier="EP 1 234 567 B1",
    firm_key="firm",
)
AGAIN = replace(SEAL, key="two", title="Seal", agreement_key="b", agreement="Supply", identifier="ep1234567")


def told(**fields):
    return replace(CARS, to="Bolt", to_key="bolt", **fields)


def found(*things):
    return [(one.code, one.level) for one in rules.conflicts(things, today=TODAY)]


def licensed(one, other):
    return found(replace(SEAL, grants=(one,)), replace(AGAIN, grants=(other,)))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (CARS, told(), [("ip.exclusive_twice", "clash")]),
        (CARS, told(is_exclusive=False), [("ip.exclusive_and_other", "clash")]),
        (replace(CARS, is_exclusive=False), told(), [("ip.exclusive_and_other", "clash")]),
        (replace(CARS, is_exclusive=False), told(is_exclusive=False), []),
        (CARS, replace(CARS, fields=()), []),
        (CARS, told(is_promise=True), [("ip.promised", "clash")]),
        (CARS, told(is_exclusive=False, use="project"), [("ip.exclusive_and_other", "look")]),
        (CARS, told(fields=("Medical",)), []),
        (CARS, told(fields=()), [("ip.exclusive_twice", "clash")]),
        (CARS, told(fields=("Medical", "automotive sensors")), [("ip.exclusive_twice", "clash")]),
        (replace(CARS, fields=("Car seals",)), told(fields=("Truck seals",)), [("ip.exclusive_twice", "look")]),
        (replace(CARS, countries=frozenset({"DE", "FR"})), told(countries=frozenset({"US"})), []),
        (
            replace(CARS, countries=frozenset({"DE", "FR"})),
            told(countries=frozenset({"FR"})),
            [("ip.exclusive_twice", "clash")],
        ),
        (replace(CARS, ends=date(2027, 1, 1)), told(begins=date(2027, 1, 1)), []),
        (replace(CARS, ends=TODAY), told(), []),
        (
            replace(CARS, ends=date(2027, 1, 2)),
            told(begins=date(2027, 1, 1), countries=frozenset({"FR"})),
            [("ip.exclusive_twice", "clash")],
        ),
    ],
)
def test_rights_collide_where_field_country_and_time_meet(one, other, expected):
    assert licensed(one, other) == expected


def test_the_reason_says_who_and_where():
    one = replace(CARS, ends=date(2027, 6, 1), countries=frozenset({"DE", "FR"}))
    other = told(begins=date(2027, 1, 1), countries=frozenset({"FR"}), fields=("Automotive",))
    (conflict,) = rules.conflicts([replace(SEAL, grants=(one,)), replace(AGAIN, grants=(other,))], today=TODAY)
    assert conflict.reason == (
        "Acme and Bolt both have it alone at once (Automotive; FR; from Jan 1, 2027; until Jun 1, 2027)."
    )
    assert (conflict.entries, conflict.agreements) == ({"one", "two"}, {"a", "b"})


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [("ip.owners", "clash")]),
        ({"identifier": "EP 7654321"}, []),
        ({"identifier": "", "title": "COLD seal"}, [("ip.owners", "look")]),
        ({"identifier": "", "item_key": "thing"}, [("ip.owners", "clash")]),
        ({"owners": {"firm": 100_000}}, []),
        ({"key": "one"}, []),
    ],
)
def test_the_same_thing_with_other_owners_is_told_by_number_item_or_name(change, expected):
    claim = {"owners": {"campus": 100_000}, "owned": "Campus (100 %)", "kind": "foreground"}
    other = replace(AGAIN, **{**claim, **change})
    assert found(replace(SEAL, item_key="thing"), other) == expected


@pytest.mark.parametrize(
    ("kinds", "words"),
    [(("foreground", "background"), "brought along"), (("background", "foreground"), "brought along"),
     (("background", "background"), "it belongs to")],
)  # fmt: skip
def test_a_claim_of_background_on_a_result_is_put_in_words(kinds, words):
    one = replace(SEAL, kind=kinds[0])
    other = replace(AGAIN, kind=kinds[1], owners={"campus": 100_000}, owned="Campus (100 %)")
    (conflict,) = rules.conflicts([one, other], today=TODAY)
    assert [said in conflict.reason for said in (words, "Campus (100 %)", "Pilot", "Supply")] == [True] * 4


def test_two_rights_in_one_entry_collide_too_and_are_told_once():
    both = replace(SEAL, grants=(CARS, told()))
    apart = replace(SEAL, grants=(CARS, told(fields=("Medical",))))
    assert (found(both, replace(both, is_proposed=True)), found(apart)) == ([("ip.exclusive_twice", "clash")], [])


@pytest.mark.parametrize(
    ("flags", "grant", "expected"),
    [
        ({"is_noncommercial": True}, told(is_exclusive=False), [("ip.noncommercial", "clash")]),
        ({"is_noncommercial": True}, told(is_exclusive=False, use="own"), [("ip.noncommercial", "look")]),
        ({"is_noncommercial": True}, told(is_exclusive=False, use="project"), []),
        ({"is_copyleft": True}, told(), [("ip.copyleft", "clash")]),
        ({"is_copyleft": True}, told(is_exclusive=False), [("ip.copyleft", "look")]),
        ({"is_copyleft": True}, told(is_exclusive=False, use="project"), []),
        ({"is_copyleft": True, "is_noncommercial": True}, told(ends=TODAY), []),
        ({"owners": {"firm": 50_000, "campus": 50_000}}, told(), [("ip.co_owners", "look")]),
        ({"owners": {"firm": 50_000, "bolt": 50_000}}, told(), []),
    ],
)
def test_licences_of_others_and_other_owners_limit_what_can_be_granted(flags, grant, expected):
    assert found(replace(SEAL, grants=(grant,), **flags)) == expected


@pytest.mark.parametrize(
    ("results", "owners", "expected"),
    [
        ("us", {"firm": 100_000}, False),
        ("us", {"firm": 60_000, "campus": 40_000}, True),
        ("them", {"campus": 100_000}, False),
        ("them", {"firm": 60_000, "campus": 40_000}, True),
        ("joint", {"firm": 50_000, "campus": 50_000}, False),
        ("joint", {"firm": 60_000, "campus": 40_000}, True),
        ("joint", {"firm": 100_000}, True),
        ("each", {"firm": 100_000}, False),
        ("", {"firm": 100_000}, False),
    ],
)
def test_shares_that_the_text_of_the_agreement_contradicts_are_named(results, owners, expected):
    thing = replace(SEAL, kind="foreground", results=results, owners=owners)
    assert found(thing) == ([("ip.results", "clash")] if expected else [])


@pytest.mark.parametrize(
    ("other", "grant", "expected"),
    [
        ({"is_copyleft": True}, told(), True),
        ({"is_copyleft": True}, told(ends=TODAY), False),
        ({"is_copyleft": True}, told(is_exclusive=False), False),
        ({"is_noncommercial": True}, told(is_exclusive=False), True),
        ({"is_noncommercial": True}, told(is_exclusive=False, use="own"), False),
        ({"is_noncommercial": True, "agreement_key": "b"}, told(is_exclusive=False), False),
        ({}, told(), False),
    ],
)
def test_a_result_may_contain_what_its_rights_forbid(other, grant, expected):
    result = replace(SEAL, kind="foreground", grants=(grant,))
    part = replace(SEAL, key="part", title="Library", kind="third_party", identifier="github.com/a/b", **other)
    assert found(result, part) == ([("ip.contains", "look")] if expected else [])


def test_clashes_come_before_what_is_only_to_be_looked_at():
    look = replace(SEAL, key="zero", title="Other", identifier="", grants=(told(is_exclusive=False, use="own"),))
    clash = replace(SEAL, grants=(CARS, told()))
    assert found(replace(look, is_noncommercial=True), clash) == [
        ("ip.exclusive_twice", "clash"),
        ("ip.noncommercial", "look"),
    ]


def test_numbers_and_addresses_are_the_same_however_they_are_typed():
    names = ["EP 1 234 567 B1, US-2020/12", "https://www.GitHub.com/a/b.git/; git+ssh://x/y", "WO2019123456A1", " , "]
    assert [sorted(rules.names_of(name)) for name in names] == [
        ["EP1234567", "US202012"],
        ["github.com/a/b", "x/y"],
        ["WO2019123456"],
        [],
    ]
