"""How a joint result is divided: what it is worked out from, when that holds together, and who agreed to what."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from permea.alliances import rules
from permea.alliances.models import Alliance, Contribution, Party, Split, Word
from permea.people.models import Organisation
from tests.cast import AT

FIRM, CAMPUS, MILL = (
    Party(pk=number, number=number, organisation=Organisation(key=key)) for number, key in enumerate(("f", "c", "m"))
)
ALL = [FIRM, CAMPUS, MILL]


def code(refusal):
    return refusal.code if refusal else None


def book(*rows):
    """Return the standings of lines: who gave, what it was worth, and what was said of it."""
    lines, words = [], []
    for number, (giver, value, said) in enumerate(rows, start=1):
        receiver = CAMPUS if giver == FIRM else FIRM
        line = Contribution(pk=number, number=number, giver=giver, receiver=receiver, value=Decimal(value))
        lines.append(line)
        words += [Word(contribution_id=number, kind=kind, value=said_value) for kind, said_value in said]
    return list(rules.standings(lines, words).values())


CONFIRMED, DISPUTED = (("confirmed", None),), (("disputed", None),)
SETTLED = (("disputed", None), ("proposed", Decimal(60)), ("agreed", Decimal(60)))
BOOK = book((FIRM, "100", CONFIRMED), (CAMPUS, "100", SETTLED), (FIRM, "5", DISPUTED), (MILL, "7", ()))
WORTH = dict(zip(rules.groups_of(2), map(Decimal, (10, 20, 50)), strict=True))


def test_a_result_is_named_in_an_alliance_that_lives_and_is_not_closed():
    live, closed = Alliance(live_since=AT), Alliance(live_since=AT, closed_at=AT)
    told = [
        code(rules.why_not_name(*one)) for one in ((Alliance(), "x"), (live, ""), (closed, "x"), (live, "x"))
    ]  # fmt: skip
    assert told == ["alliances.not_live", "alliances.no_title", "alliances.closed", None]


@pytest.mark.parametrize(
    ("said", "standings", "refused"),
    [
        ({"way": "equal"}, [], None),
        ({"way": "proportional"}, BOOK, "alliances.lines_open"),
        ({"way": "proportional", "leaves_out": True}, BOOK, None),
        ({"way": "proportional", "leaves_out": True}, BOOK[2:], "alliances.nothing_counts"),
        ({"way": "proportional"}, BOOK[:2], None),
        ({"way": "hand", "note": "x", "shares": [60_000, 40_000, 0]}, [], None),
        ({"way": "hand", "note": "", "shares": [60_000, 40_000, 0]}, [], "alliances.no_reason"),
        ({"way": "hand", "note": "x", "shares": [60_000, 39_999, 0]}, [], "alliances.shares"),
        ({"way": "hand", "note": "x", "shares": [60_000, 40_000]}, [], "alliances.share"),
        ({"way": "hand", "note": "x", "shares": [110_000, -10_000, 0]}, [], "alliances.share"),
        ({"way": "shapley"}, [], "alliances.worth_missing"),
        ({"way": "shapley", "worth": dict.fromkeys(rules.groups_of(3), Decimal(1))}, [], None),
        ({"way": "shapley", "worth": dict.fromkeys(rules.groups_of(3), Decimal(0))}, [], "alliances.adds_nothing"),
        (
            {"way": "shapley", "worth": {**dict.fromkeys(rules.groups_of(3), Decimal(9)), (0,): Decimal(-9)}},
            [],
            "alliances.adds_nothing",
        ),
    ],
)
def test_a_division_has_to_hold_together(said, standings, refused):
    assert code(rules.why_not_propose(rules.SplitInput(**said), ALL, standings)) == refused


def test_shares_sum_to_exactly_all_and_say_what_they_come_from():
    by_book = rules.worked_out(rules.SplitInput(way="proportional", leaves_out=True), ALL, BOOK)
    assert [(one["share"], one["weight"]) for one in by_book["shares"]] == [(62_500, "100"), (37_500, "60"), (0, "0")]
    assert by_book["lines"] == [{"number": 1, "counted": "100.00"}, {"number": 2, "counted": "60.00"}]
    assert by_book["left_out"] == [
        {"number": 3, "state": "disputed", "value": "5.00"}, {"number": 4, "state": "waiting", "value": "7.00"},
    ]  # fmt: skip
    equal = rules.worked_out(rules.SplitInput(way="equal", shares=[1, 2, 3]), ALL, [])
    assert [one["share"] for one in equal["shares"]] == [33_334, 33_333, 33_333]
    added = rules.worked_out(rules.SplitInput(way="shapley", worth=WORTH), ALL[:2], [])
    assert [(one["party"], one["share"], one["weight"]) for one in added["shares"]] == [
        ("f", 40_000, "20"), ("c", 60_000, "30"),
    ]  # fmt: skip
    assert added["worth"][-1] == {"parties": ["f", "c"], "worth": "50.00"}
    by_hand = rules.worked_out(rules.SplitInput(way="hand", shares=[99_999, 1, 0]), ALL, [])
    assert [one["share"] for one in by_hand["shares"]] == [99_999, 1, 0]
    for content in (by_book, equal, added, by_hand):
        assert sum(one["share"] for one in content["shares"]) == rules.WHOLE
    assert [rules.per_cent(one) for one in (62_500, 1, rules.WHOLE)] == ["62.500", "0.001", "100.000"]
    assert [rules.has_moved(by_book, BOOK[:n]) for n in (4, 3)] == [False, True]
    assert rules.has_moved(equal, BOOK) is False
    assert [len(rules.groups_of(n)) for n in (2, 3, 8)] == [3, 7, 255]


def test_each_side_agrees_to_the_division_it_has_seen_and_to_nothing_else():
    newest = Split(sha256="abc", content={"way": "equal"}, note="x")
    told = [
        code(rules.why_not_accept_split(one, seen=seen, has_accepted=has))
        for one, seen, has in ((None, "", False), (newest, "old", False), (newest, "abc", True), (newest, "abc", False))
    ]
    assert told == ["alliances.no_split", "alliances.split_changed", "alliances.split_accepted", None]
    changed = [
        code(rules.why_not_change_split(*one))
        for one in (
            (None, {}, ""), (newest, {"way": "equal"}, "x"), (newest, {"way": "equal"}, "y"), (newest, {}, "x"),
        )
    ]  # fmt: skip
    assert changed == [None, "alliances.split_same", None, None]
    result = SimpleNamespace(key="r", title="Patent", alliance=SimpleNamespace(key="a", currency="EUR"))
    other = SimpleNamespace(**{**vars(result), "title": "Design"})
    usual = (result, ["f", "c"], 1, {"way": "equal"}, "")
    varied = [
        (other, *usual[1:]), (result, ["f", "m"], *usual[2:]), (*usual[:2], 2, *usual[3:]),
        (*usual[:3], {"way": "hand"}, ""), (*usual[:4], "because"),
    ]  # fmt: skip
    assert len({rules.split_fingerprint(*one) for one in (usual, *varied, usual)}) == 6
