"""What a charter must say, who may write and answer which line, where each stands, and how even it all is."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest

from permea.alliances import rules
from permea.alliances.models import Alliance, Charter, Contribution, Party, Word
from tests.alliances.conftest import CHARTER
from tests.cast import AT

FIRM, CAMPUS, MILL = (Party(pk=number, number=number) for number in (1, 2, 3))
TODAY = AT.date()


def code(refusal):
    return refusal.code if refusal else None


def line(number=1, giver=FIRM, receiver=CAMPUS, value="100", on=TODAY, **fields):
    usual = {"pk": number, "number": number, "giver": giver, "receiver": receiver, "kind": "hours", "on": on}
    return Contribution(**usual, amount=Decimal(1), value=Decimal(value), **fields)


def word(of, kind, party, value=None):
    return Word(contribution_id=of.pk, kind=kind, party=party, value=None if value is None else Decimal(value))


def test_a_charter_says_what_it_must_before_anybody_accepts_it():
    task = {"name": "Build it", "roles": {"a": "R", "b": "A"}}
    wrong = [
        {"goals": ""}, {"cadence": ""}, {"exit": ""}, {"criteria": []},
        {"criteria": [{"name": "It grips", "measure": ""}]},
        {"tasks": [{**task, "roles": {}}]}, {"tasks": [{**task, "roles": {"a": "RA", "b": "A"}}]},
        {"tasks": [{**task, "roles": {"a": "A", "b": "C"}}]},
    ]  # fmt: skip
    said = [code(rules.why_not_write({**CHARTER, **one}, None)) for one in wrong]
    assert said == ["alliances.charter_empty"] * 3 + ["alliances.no_measure"] * 2 + ["alliances.task_unclear"] * 3
    right = [{**CHARTER, "tasks": [{"name": "x", "roles": roles}]} for roles in ({"a": "RA"}, {"a": "R", "b": "A"})]
    assert [rules.why_not_write(one, None) for one in right] == [None, None]
    assert code(rules.why_not_write(CHARTER, Charter(content=CHARTER))) == "alliances.charter_same"
    assert rules.why_not_write(right[0], Charter(content=CHARTER)) is None


def test_a_charter_is_offered_once_and_accepted_by_each_party_as_it_was_seen():
    draft, offered = Alliance(key="a", title="Gripper"), Alliance(key="a", title="Gripper", offered_at=AT)
    newest = Charter(sha256="abc")
    offers = ((draft, newest), (draft, None), (offered, newest))
    told = [code(rules.why_not_offer(*one)) for one in offers]
    assert told == [None, "alliances.no_charter", "alliances.offered"]
    tried = [
        code(rules.why_not_accept(alliance, text, seen=seen, has_accepted=has_accepted))
        for alliance, text, seen, has_accepted in (
            (offered, None, "abc", False), (draft, newest, "abc", False), (offered, newest, "old", False),
            (offered, newest, "abc", True), (offered, newest, "abc", False),
        )
    ]  # fmt: skip
    assert tried == ["alliances.not_offered"] * 2 + ["alliances.charter_changed", "alliances.accepted", None]
    assert [rules.is_accepted_by_all([1, 2], by) for by in ([1], [2, 1])] == [False, True]
    assert [code(rules.why_not_begin(n)) for n in (0, 1, 7, 8)] == [
        "alliances.no_partner", None, None, "alliances.too_many",
    ]  # fmt: skip
    prints = {rules.fingerprint(draft, keys, number, {"goals": goals}) for keys, number, goals in (
        ("xy", 1, "a"), ("xz", 1, "a"), ("xy", 2, "a"), ("xy", 1, "b"), ("xy", 1, "a"),
    )}  # fmt: skip
    assert len(prints) == 4


@pytest.mark.parametrize(
    ("changes", "ours", "corrected", "refused"),
    [
        ({}, False, False, None),
        ({"corrects": line(9)}, True, False, None),
        ({"corrects": line(9)}, False, False, "alliances.not_our_line"),
        ({"corrects": line(9)}, True, True, "alliances.corrected"),
        ({"receiver": FIRM}, False, False, "alliances.for_oneself"),
        ({"on": date(2026, 3, 3)}, False, False, "alliances.not_yet"),
        ({"amount": Decimal(0)}, False, False, "alliances.nothing_given"),
        ({"amount": Decimal(0), "corrects": line(9)}, True, False, None),
    ],
)
def test_a_line_is_of_ones_own_side_for_others_and_of_what_was_given(changes, ours, corrected, refused):
    found = line()
    for name, value in changes.items():
        setattr(found, name, value)
    told = rules.why_not_write_line(found, is_ours=ours, is_corrected=corrected, today=TODAY)
    assert code(told) == refused
    states = [Alliance(), Alliance(live_since=AT)]
    assert [code(rules.why_not_contribute(one)) for one in states] == ["alliances.not_live", None]


@pytest.mark.parametrize(
    ("said", "party", "kind", "value", "refused"),
    [
        ((), CAMPUS, "confirmed", None, None),
        ((), FIRM, "confirmed", None, "alliances.own_line"),
        ((), MILL, "confirmed", None, "alliances.not_concerned"),
        ((), CAMPUS, "disputed", None, None),
        ((), CAMPUS, "proposed", 50, "alliances.answered"),
        ((("confirmed", CAMPUS, None),), CAMPUS, "disputed", None, "alliances.answered"),
        ((("disputed", CAMPUS, None),), CAMPUS, "confirmed", None, None),
        ((("disputed", CAMPUS, None),), FIRM, "proposed", 50, None),
        ((("disputed", CAMPUS, None),), FIRM, "proposed", None, "alliances.no_value"),
        ((("disputed", CAMPUS, None), ("proposed", FIRM, 50)), CAMPUS, "agreed", 50, None),
        ((("disputed", CAMPUS, None), ("proposed", FIRM, 50)), CAMPUS, "agreed", 40, "alliances.proposal_changed"),
        ((("disputed", CAMPUS, None), ("proposed", FIRM, 50)), FIRM, "agreed", 50, "alliances.own_proposal"),
        ((("disputed", CAMPUS, None), ("proposed", CAMPUS, 50)), FIRM, "agreed", 50, None),
    ],
)
def test_the_other_side_answers_and_both_sides_settle(said, party, kind, value, refused):
    found = line()
    words = [word(found, *one) for one in said]
    standing = rules.standings([found], words)[1]
    told = {"is_newest": True, "kind": kind, "reason": "Because.", "value": value if value is None else Decimal(value)}
    assert code(rules.why_not_answer(standing, party, **told)) == refused
    assert code(rules.why_not_answer(standing, party, **{**told, "is_newest": False})) == "alliances.corrected"
    if refused is None and kind in {"disputed", "proposed"}:
        assert code(rules.why_not_answer(standing, party, **{**told, "reason": ""})) == "alliances.no_reason"


def test_only_confirmed_and_settled_lines_count_and_a_correction_once_it_is_confirmed():
    lines = [
        line(1),
        line(2),
        line(3),
        line(4),
        line(5, corrects_id=1),
        line(6, value="7", corrects_id=5),
        line(7, corrects_id=2),
    ]
    words = [
        word(lines[0], "confirmed", CAMPUS), word(lines[1], "confirmed", CAMPUS), word(lines[2], "disputed", CAMPUS),
        word(lines[3], "disputed", CAMPUS), word(lines[3], "proposed", FIRM, 60), word(lines[3], "agreed", CAMPUS, 60),
        word(lines[5], "confirmed", CAMPUS),
    ]  # fmt: skip
    found = rules.standings(lines, words).values()
    assert [(one.state, one.counted) for one in found] == [
        ("replaced", None), ("confirmed", 100), ("disputed", None), ("agreed", 60),
        ("replaced", None), ("confirmed", 7), ("waiting", None),
    ]  # fmt: skip
    assert [one.last.kind if one.last else None for one in found][3:5] == ["agreed", None]


def test_the_balance_goes_by_quarters_and_warns_of_more_than_twice():
    parties = [FIRM, CAMPUS, MILL]
    lines = [
        line(1, value="300", on=date(2025, 11, 5)),
        line(2, receiver=None, value="90", on=date(2026, 5, 1)),
        line(3, giver=CAMPUS, receiver=FIRM, value="345", on=date(2026, 5, 1)),
        line(4, giver=MILL, receiver=CAMPUS, value="22", on=date(2026, 5, 2)),
        line(5, giver=MILL, receiver=CAMPUS, value="999", on=date(2026, 5, 2)),
    ]
    words = [word(one, "confirmed", one.receiver or CAMPUS) for one in lines[:4]]
    found = rules.standings(lines, words).values()
    firm, campus, mill = rules.balances(parties, found)
    assert [(one.given, one.received, one.n, one.warning) for one in (firm, campus, mill)] == [
        (390, 345, 3, ""), (345, 367, 4, ""), (22, 45, 2, ""),
    ]  # fmt: skip
    assert firm.net == -45
    assert firm.points == ((date(2025, 12, 31), -300.0), (date(2026, 3, 31), -300.0), (date(2026, 6, 30), -45.0))
    assert rules.by_kind(parties, found) == {"hours": [390, 345, 22]}
    empty = rules.balances(parties, [])
    assert [(one.n, one.net, one.points) for one in empty] == [(0, 0, ())] * 3
    uneven = [rules.balance.warning_of(Fraction(gave), Fraction(got), n) for gave, got, n in (
        (201, 100, 3), (200, 100, 3), (100, 201, 3), (100, 200, 3), (300, 0, 2),
    )]  # fmt: skip
    assert uneven == ["gave", "", "got", "", ""]
    warned = [rules.Balance(party, Fraction(), Fraction(), 3, 0.5, said, ()) for party, said in (
        (FIRM, "gave"), (CAMPUS, "got"), (MILL, ""),
    )]  # fmt: skip
    assert (rules.uneven(warned[:2]), rules.uneven(warned)) == (warned[:1], warned[:2])


def test_the_hash_of_a_line_is_over_what_it_says_and_the_line_before():
    alliance = SimpleNamespace(key="a", currency="EUR")
    sides = [SimpleNamespace(organisation=SimpleNamespace(key=key)) for key in ("firm", "campus")]
    written = {"key": "k", "number": 1, "kind": "hours", "amount": Decimal(1), "unit": "h", "value": Decimal(9)}
    usual = SimpleNamespace(
        **written, alliance=alliance, giver=sides[0], receiver=None, on=TODAY, note="n", corrects=None, written_at=AT
    )
    first = rules.hash_of(usual, rules.GENESIS)
    changes = {"value": Decimal(8), "receiver": sides[1], "corrects": SimpleNamespace(key="o"), "note": "m",
               "written_at": datetime(2026, 3, 3, tzinfo=AT.tzinfo)}  # fmt: skip
    others = [
        rules.hash_of(SimpleNamespace(**{**vars(usual), name: value}), rules.GENESIS) for name, value in changes.items()
    ]
    assert len({first, *others, rules.hash_of(usual, first)}) == 7
    assert rules.hash_of(usual, rules.GENESIS) == first
