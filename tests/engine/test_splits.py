from decimal import Decimal
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea_engine.errors import RangeError, ShapeError, UndeterminedError
from permea_engine.splits import Side, balance, history, in_parts, proportional, pulse, shapley

FEW = settings(max_examples=25, deadline=None)
AMOUNTS = st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=8).filter(any)


def groups(partners):
    return [group for size in range(1, partners + 1) for group in combinations(range(partners), size)]


@st.composite
def games(draw, most=5):
    partners = draw(st.integers(2, most))
    return partners, {group: draw(st.integers(-1000, 1000)) for group in groups(partners)}


def by_arrival(partners, worth):
    """Return the mean of what each adds over all orders in which partners can arrive: the definition, spelled out."""
    orders = list(permutations(range(partners)))
    value = {(): 0, **worth}
    got = [Fraction()] * partners
    for order in orders:
        for place, one in enumerate(order):
            got[one] += value[tuple(sorted(order[: place + 1]))] - value[tuple(sorted(order[:place]))]
    return tuple(each / len(orders) for each in got)


@pytest.mark.parametrize(
    ("weights", "parts", "by_hand"),
    [
        ([1, 1, 1], 100, (34, 33, 33)),
        ([1, 1, 1, 1, 1, 1], 100, (17, 17, 17, 17, 16, 16)),
        ([Decimal("0.10"), Decimal("0.20")], 1000, (333, 667)),
        ([47_000, 16_000, 15_900, 12_000, 6_000, 3_100], 10, (5, 2, 1, 1, 1, 0)),  # quotas 4.7 1.6 1.59 1.2 0.6 0.31
        ([0, 5], 1000, (0, 1000)),
        ([2, 1], 1, (1, 0)),
    ],
)
def test_the_largest_remainders_get_what_is_left_by_hand(weights, parts, by_hand):
    assert in_parts(weights, parts=parts) == by_hand


@FEW
@given(AMOUNTS, st.integers(1, 10**7))
def test_parts_sum_to_the_whole_and_stay_within_one_of_the_exact_share(amounts, parts):
    found, exact = in_parts(amounts, parts=parts), proportional(amounts)
    assert (sum(found), sum(exact)) == (parts, 1)
    assert all(abs(part - share * parts) < 1 for part, share in zip(found, exact, strict=True))


@FEW
@given(AMOUNTS, st.integers(1, 1000))
def test_only_ratios_of_contributions_matter(amounts, times):
    assert proportional(amounts) == proportional([Fraction(amount) * times for amount in amounts])


def test_gloves_are_worth_most_to_who_has_the_rare_one():
    pairs = {group: int(0 in group and len(group) > 1) for group in groups(3)}  # 0 has the one left glove
    assert shapley(3, pairs) == (Fraction(2, 3), Fraction(1, 6), Fraction(1, 6))


def test_who_needs_a_longer_runway_pays_for_its_length():
    need = (10, 30, 60)
    cost = {group: max(need[one] for one in group) for group in groups(3)}
    assert shapley(3, cost) == (Fraction(10, 3), Fraction(40, 3), Fraction(130, 3))  # 10/3, + 20/2, + 30


def test_a_majority_of_eight_is_shared_equally_to_the_last_digit():
    assert shapley(8, {group: int(len(group) > 4) for group in groups(8)}) == (Fraction(1, 8),) * 8


@FEW
@given(games(most=4))
def test_it_is_the_mean_over_all_orders_of_arrival_and_gives_away_all_there_is(game):
    partners, worth = game
    found = shapley(partners, worth)
    assert found == by_arrival(partners, worth)
    assert sum(found) == worth[tuple(range(partners))]


@FEW
@given(games(), st.randoms(use_true_random=False))
def test_names_do_not_matter_so_those_who_add_alike_get_alike(game, random):
    partners, worth = game
    names = random.sample(range(partners), partners)
    renamed = shapley(partners, {frozenset(names[one] for one in group): value for group, value in worth.items()})
    assert [renamed[name] for name in names] == list(shapley(partners, worth))


@FEW
@given(games())
def test_who_adds_nothing_gets_nothing_and_changes_nothing_for_the_others(game):
    partners, worth = game
    more = {**worth, (partners,): 0, **{(*group, partners): value for group, value in worth.items()}}
    assert shapley(partners + 1, more) == (*shapley(partners, worth), 0)


@FEW
@given(games(), st.integers(-5, 5))
def test_results_can_be_divided_one_by_one_or_together(game, times):
    partners, worth = game
    other = {group: times * value + len(group) for group, value in worth.items()}
    both = {group: worth[group] + other[group] for group in worth}
    apart = zip(shapley(partners, worth), shapley(partners, other), strict=True)
    assert shapley(partners, both) == tuple(one + two for one, two in apart)


def test_balance_by_hand_and_seen_from_the_other_side():
    found, back = balance([30], [10, Decimal("50.00")]), balance([10, 50], [30])
    assert (found.value_in, found.value_out, found.n) == (30, 60, 3)
    assert found.index == pytest.approx(-1 / 3)
    assert back.index == -found.index


@pytest.mark.parametrize(
    ("received", "gave", "index"),
    [([1, 2, 3], [], 1.0), ([], [1, 2, 3], -1.0), ([2, 2], [4], 0.0), ([5], [5], None), ([0, 0, 0], [0], None)],
)
def test_an_index_runs_from_only_giving_to_only_receiving_and_needs_lines(received, gave, index):
    assert balance(received, gave).index == index


def test_history_adds_up_and_tells_of_a_period_only_what_its_lines_tell():
    found = history([([10], [30]), ([], []), ([20, 20], [10, 10])])
    assert [one.index for one in found.alone] == [None, None, pytest.approx(1 / 3)]
    assert [(one.value_in, one.value_out, one.n) for one in found.until] == [(10, 30, 2), (10, 30, 2), (50, 50, 6)]
    assert [one.index for one in found.until] == [None, None, 0.0]
    assert history([]).until == ()


def test_each_side_counts_once_and_one_odd_round_hardly_moves_the_trend():
    found = pulse([[[4, 4, 4], [2]], [[3], [2]], [[1], [1]], [[2], [1]]])
    assert found.rounds[0].sides == (Side(3, 4.0), Side(1, 2.0))
    assert [(one.mean, one.gap) for one in found.rounds] == [(3.0, 2.0), (2.5, 1.0), (1.0, 0.0), (1.5, 1.0)]
    assert found.trend == pytest.approx(-0.5)  # slopes -1.5 -1 -0.5 -0.5 -0.5 +0.5


def test_a_round_with_a_silent_side_has_neither_mean_nor_gap_nor_a_say_in_the_trend():
    found = pulse([[[4], [4]], [[1], []], [[3], [3]]])
    assert (found.rounds[1].mean, found.rounds[1].gap) == (None, None)
    assert found.rounds[1].sides == (Side(1, 1.0), Side(0, None))
    assert found.trend is None
    assert pulse([[[4, 5], [3]]], least=2).rounds[0].sides == (Side(2, 4.5), Side(1, None))
    assert pulse([]).rounds == ()


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: in_parts([1], parts=0), RangeError, "parts: 0 given"),
        (lambda: in_parts([1], parts=0.5), ShapeError, "parts"),
        (lambda: in_parts([2, -1]), RangeError, "weights: entry 1 is negative"),
        (lambda: in_parts([0]), UndeterminedError, "weights: none is above 0"),
        (lambda: proportional([]), UndeterminedError, "no share follows"),
        (lambda: proportional([0, 0]), UndeterminedError, "no share follows"),
        (lambda: proportional([Decimal("NaN")]), RangeError, "not a finite number"),
        (lambda: proportional([float("inf")]), RangeError, "not a finite number"),
        (lambda: proportional(["1"]), ShapeError, "a number wanted, '1' given"),
        (lambda: proportional([True]), ShapeError, "a number wanted, True given"),
        (lambda: shapley(9, {}), RangeError, "partners: 9 given"),
        (lambda: shapley(0, {}), RangeError, "partners: 0 given"),
        (lambda: shapley(2, {(0,): 1, (0, 1): 2}), UndeterminedError, r"group \[1\] is missing"),
        (lambda: shapley(2, {(2,): 1}), RangeError, r"group \[2\] must name partners from 0 to 1"),
        (lambda: shapley(2, {(): 1}), RangeError, r"group \[\] must name"),
        (lambda: shapley(2, {(0, 1): 1, (1, 0): 2}), ShapeError, r"group \[0, 1\] comes twice"),
        (lambda: shapley(1, {(0,): float("nan")}), RangeError, "worth: nan"),
        (lambda: in_parts(shapley(2, {(0,): 4, (1,): 0, (0, 1): 1})), RangeError, "is negative"),
        (lambda: balance([1], [-1]), RangeError, "value_out: entry 0 is negative"),
        (lambda: balance([1], [1], least=0), RangeError, "least"),
        (lambda: pulse([[[1], [1]], [[1]]]), ShapeError, "the same sides"),
        (lambda: pulse([[[1]]]), ShapeError, "two or more"),
        (lambda: pulse([[[1], [6]]]), RangeError, "6 given, an answer must be from 1 to 5"),
        (lambda: pulse([[[1], [None]]]), ShapeError, "a number wanted"),
        (lambda: pulse([[[1], [2]]], least=0), RangeError, "least"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
