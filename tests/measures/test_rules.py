"""Groups that name nobody, who came again, and what a good entry costs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea.measures import rules
from permea.measures.rules import Group, Piece, Seat, Spending
from tests.cast import AT

DAY = timedelta(days=1)


def entries(country: str, *people: str, kind: str = rules.ENTRY) -> list[Piece]:
    return [Piece(kind, who, country, "customer", "en") for who in people]


def test_managers_see_every_group_the_largest_first_and_what_was_not_stated_last():
    pieces = [
        *entries("", "a", "b", "c"),
        *entries("FR", "d"),
        *entries("DE", "e", "e"),
        *entries("DE", "f", kind=rules.POSTING),
    ]

    assert rules.grouped(pieces, "country", least=1) == [
        Group("DE", 1, 2, 0, 1), Group("FR", 1, 1, 0, 0), Group("", 3, 3, 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"DE": "abc", "FR": "def"}, [("DE", 3), ("FR", 3)]),
        ({"DE": "abc", "FR": "de", "IT": "f"}, [("DE", 3), ("others", 3)]),
        ({"DE": "abcd", "FR": "efg", "IT": "h"}, [("DE", 4), ("others", 4)]),
        ({"DE": "a", "FR": "a"}, []),
        ({}, []),
    ],
)
def test_for_others_small_groups_are_put_together_until_they_point_at_nobody(sizes, expected):
    pieces = [piece for country, people in sizes.items() for piece in entries(country, *people)]

    assert [(group.code, group.n_people) for group in rules.grouped(pieces, "country", least=3)] == expected


def test_each_kind_of_number_stands_for_enough_people():
    pieces = [*entries("DE", *"abc"), *entries("DE", "x", kind=rules.QUESTION), *entries("FR", *"def")]

    assert rules.grouped(pieces, "country", least=3) == []


@given(st.lists(st.tuples(st.sampled_from(["DE", "FR", "IT", ""]), st.integers(0, 9)), max_size=20))
@settings(max_examples=25, deadline=None)
def test_nothing_is_lost_and_nobody_stands_out(came):
    pieces = [piece for country, who in came for piece in entries(country, str(who))]
    groups = rules.grouped(pieces, "country", least=3)

    assert all(group.n_people >= 3 for group in groups)
    assert sum(group.n_entries for group in groups) in {0, len(pieces)}


@pytest.mark.parametrize(("chosen", "expected"), [(None, (2, 1)), (2, (1, 1)), (1, (2, 0)), (3, (0, 0))])
def test_who_entered_another_challenge_before_came_again(chosen, expected):
    came = [("a", 1, AT), ("a", 2, AT + 2 * DAY), ("a", 2, AT + DAY), ("b", 1, AT), ("c", 2, AT)]

    assert rules.came_again(came, chosen) == expected


def test_counts_are_shown_all_or_none():
    shown = [rules.shown_counts(counts, least=3) for counts in ([5, 0], [5, 2], [3])]

    assert (shown, rules.shown_counts([1, 2], least=1)) == ([[5, 0], [None, None], [3]], [1, 2])


def test_whoever_has_a_seat_then_is_inside():
    seats = [Seat(AT, AT + DAY), Seat(AT + 3 * DAY, None)]

    assert [rules.is_inside(seats, AT + n * DAY) for n in (-1, 0, 1, 3)] == [False, True, False, True]


def test_costs_are_shared_out_in_each_currency():
    spent = [
        Spending("EUR", Decimal(900), 3600, 2, 1),
        Spending("EUR", Decimal(100), 3600, 2, 1),
        Spending("CHF", Decimal(5), 0, 0, 0),
    ]
    francs, euros = rules.costs(spent)

    assert (francs.money_per_met, francs.hours_per_met, francs.money_per_adopted, francs.hours_per_adopted) == (
        None,
    ) * 4
    assert (euros.money_per_met, euros.hours_per_met, euros.money_per_adopted, euros.hours_per_adopted) == (
        250,
        0.5,
        500,
        1,
    )


def test_an_empty_report_is_not_taken_along():
    refusal = rules.why_not_export(0)

    assert (refusal.code, rules.why_not_export(1)) == ("reach.nothing", None)
