"""The method of equal shares against its definition, worked through with fractions."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from permea_engine.errors import RangeError, ShapeError
from permea_engine.portfolio import equal_shares


def price_of(project, utilities, cost, left):
    """Return the smallest price a unit of utility at which the supporters can pay, None if they cannot."""
    supporters = [voter for voter, row in enumerate(utilities) if row[project] > 0]
    if not supporters or sum(left[voter] for voter in supporters) < cost:
        return None
    for limit in sorted({Fraction(0)} | {left[voter] / utilities[voter][project] for voter in supporters}):
        poor = [voter for voter in supporters if left[voter] < limit * utilities[voter][project]]
        rich = [voter for voter in supporters if voter not in poor]
        price = (cost - sum(left[voter] for voter in poor)) / Fraction(sum(utilities[voter][project] for voter in rich))
        if all(left[voter] >= price * utilities[voter][project] for voter in rich):
            return price
    raise AssertionError


def by_definition(utilities, costs, budget, share):
    """Return the projects in the order in which they are bought, and what each voter spends."""
    left = [share] * len(utilities)
    bought = []
    while True:
        prices = {
            project: price
            for project, cost in enumerate(costs)
            if project not in bought
            and cost <= budget
            and (price := price_of(project, utilities, cost, left)) is not None
        }
        if not prices:
            return bought, [share - one for one in left]
        best = min(prices, key=lambda project: (prices[project], project))
        bought.append(best)
        left = [one - min(one, prices[best] * row[best]) for one, row in zip(left, utilities, strict=True)]


def whole(utilities, costs):
    return [list(map(Fraction, row)) for row in utilities], list(map(Fraction, costs))


ELECTIONS = st.tuples(st.integers(1, 7), st.integers(1, 5)).flatmap(
    lambda size: st.tuples(
        st.lists(
            st.lists(st.sampled_from([0, 0, 1, 1, 2, 3]), min_size=size[1], max_size=size[1]),
            min_size=size[0], max_size=size[0],
        ),
        st.lists(st.integers(0, 12), min_size=size[1], max_size=size[1]),
        st.integers(0, 30),
    )
)  # fmt: skip


def test_the_known_answers_are_met(crowd_answer):
    case = crowd_answer
    found = equal_shares(case["utilities"], case["costs"], case["budget"], completion=case["completion"])
    assert (np.flatnonzero(found.chosen).tolist(), found.spent.tolist()) == (
        case["chosen"], pytest.approx(case["spent"]),
    )  # fmt: skip


@settings(max_examples=250)
@given(ELECTIONS)
def test_it_does_what_its_definition_says(election):
    utilities, costs, budget = election
    found = equal_shares(utilities, costs, budget, completion="none")
    order, spent = by_definition(*whole(utilities, costs), budget, Fraction(budget, len(utilities)))
    assert found.order.tolist() == order
    assert found.spent == pytest.approx([float(one) for one in spent])
    assert found.cost == sum(costs[project] for project in order)


@settings(max_examples=60)
@given(ELECTIONS)
def test_raised_shares_do_what_their_definition_says(election):
    utilities, costs, budget = election
    exact, n_voters, raises, last = whole(utilities, costs), len(utilities), 0, None
    supported = [any(row[project] for row in utilities) for project in range(len(costs))]
    while True:
        order, _ = by_definition(*exact, budget, Fraction(budget, n_voters) + raises)
        left = budget - sum(costs[project] for project in order)
        if left < 0:
            break
        last = order
        if all(project in order or not supported[project] or cost > left for project, cost in enumerate(costs)):
            break
        raises += 1
    found = equal_shares(utilities, costs, budget, completion="add_one")
    assert found.order.tolist() == last
    assert found.cost <= budget


@settings(max_examples=60)
@given(ELECTIONS, st.randoms(use_true_random=False))
def test_the_order_of_voters_and_the_unit_of_utility_do_not_matter(election, random):
    utilities, costs, budget = election
    order = random.sample(range(len(utilities)), len(utilities))
    found = equal_shares(utilities, costs, budget)
    shuffled = equal_shares(np.array(utilities)[order] / 10, costs, budget)
    assert found.chosen.tolist() == shuffled.chosen.tolist()
    assert found.spent[order] == pytest.approx(shuffled.spent)


@settings(max_examples=60)
@given(ELECTIONS, st.integers(2, 4))
def test_as_many_copies_of_each_voter_with_as_much_more_money_change_nothing(election, copies):
    utilities, costs, budget = election
    found = equal_shares(utilities, costs, budget, completion="none")
    copied = equal_shares(
        np.repeat(utilities, copies, axis=0), [copies * cost for cost in costs], copies * budget, completion="none"
    )
    assert found.order.tolist() == copied.order.tolist()
    assert copied.spent[::copies] == pytest.approx(found.spent)


@settings(max_examples=60)
@given(ELECTIONS, st.sampled_from(["none", "greedy", "add_one", "add_one_then_greedy"]))
def test_nobody_pays_more_than_her_share_and_the_budget_is_kept(election, completion):
    utilities, costs, budget = election
    found = equal_shares(utilities, costs, budget, completion=completion)
    assert (found.spent <= found.share + 1e-9).all()
    assert found.cost <= budget
    assert found.is_exhaustive or not completion.endswith("greedy")


def test_a_group_gets_what_its_share_pays():
    utilities = [[1] * 8 + [0] * 2] * 80 + [[0] * 8 + [1] * 2] * 20
    found = equal_shares(utilities, [10] * 10, 100, completion="none")
    assert (found.chosen[:8].sum(), found.chosen[8:].sum()) == (8, 2)


def test_greedy_adds_what_still_fits_for_most_utility_of_its_cost():
    found = equal_shares([[2, 0, 0, 0], [0, 3, 1, 0]], [8, 6, 3, 1], 10, completion="greedy")
    assert (found.order.tolist(), found.added.tolist(), found.cost) == ([2], [1], 9.0)
    assert found.is_exhaustive


def test_ties_are_decided_by_priority_and_counted():
    first, second = (
        equal_shares([[1, 1]], [5, 5], 5, completion="none", priority=priority) for priority in (None, [1, 0])
    )
    assert (first.order.tolist(), second.order.tolist(), first.n_ties) == ([0], [1], 1)


def test_decimals_count_as_they_are_written():
    found = equal_shares(np.full((3, 1), 0.1), [0.3], Decimal("0.3"), completion="none")
    assert (found.order.tolist(), found.prices.tolist(), found.spent.tolist()) == ([0], [1.0], pytest.approx([0.1] * 3))
    short = equal_shares(np.full((3, 1), 0.1), [Fraction(3, 10) + Fraction(1, 10**30)], 0.3, completion="none")
    assert not short.chosen.any()


def test_a_price_that_takes_all_that_everybody_has_is_found_exactly():
    utilities = csr_array(np.array([[3, 1], [1, 1], [1, 7]]))
    found = equal_shares(utilities, [10, 20], 30, completion="none")
    assert (sorted(found.order.tolist()), found.spent.tolist()) == ([0, 1], pytest.approx([10, 10, 10]))


def test_utilities_closer_than_rounding_are_told_apart():
    found = equal_shares([[10**10], [10**10 + 1]], [2], 2, completion="none")
    assert (found.order.tolist(), found.prices.tolist()) == ([0], [1e-10])


def test_free_and_unwanted_and_too_dear_projects():
    found = equal_shares([[1, 0, 1]], [0, 0, 11], 10)
    assert (found.chosen.tolist(), found.cost, found.is_exhaustive) == ([True, False, False], 0.0, True)


def test_without_voters_or_projects_nothing_is_bought():
    nobody = equal_shares(np.zeros((0, 2)), [1, 2], 10)
    nothing = equal_shares(np.zeros((2, 0)), [], 10)
    assert (nobody.chosen.tolist(), nobody.share, nothing.chosen.size, nothing.spent.tolist()) == (
        [False, False], 0.0, 0, [0.0, 0.0],
    )  # fmt: skip


def test_large_shares_are_raised_by_a_thousandth():
    found = equal_shares([[1, 0], [0, 1]], [2_000_000, 8_000_000], 10_000_000, completion="add_one")
    assert (found.n_raises, found.chosen.tolist()) == (600, [True, True])


def test_shares_rise_no_further_than_the_budget_allows():
    found = equal_shares([[1, 0], [0, 1]], [6, 6], 10, completion="add_one")
    assert (found.n_raises, found.chosen.tolist()) == (0, [False, False])


def test_raising_can_be_stopped():
    found = equal_shares([[1, 0], [0, 1]], [2, 8], 10, completion="add_one", most_raises=2)
    assert (found.n_raises, found.order.tolist(), found.is_exhaustive) == (2, [0], False)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: equal_shares([[1]], [1, 2], 3), ShapeError, "utilities: 2 columns wanted"),
        (lambda: equal_shares([1], [1], 3), ShapeError, "utilities: shape"),
        (lambda: equal_shares([[-1]], [1], 3), RangeError, "utilities: entry 0 is negative"),
        (lambda: equal_shares([[np.nan]], [1], 3), RangeError, "utilities: entry"),
        (lambda: equal_shares(csr_array([[np.inf]]), [1], 3), RangeError, "utilities: entry 0"),
        (lambda: equal_shares([[1]], [-1], 3), RangeError, "costs: entry 0: -1 is negative"),
        (lambda: equal_shares([[1]], ["a"], 3), RangeError, "costs: entry 0: 'a' is not a finite number"),
        (lambda: equal_shares([[1]], [1], float("inf")), RangeError, "budget: inf is not a finite number"),
        (lambda: equal_shares([[1]], [1], Decimal("NaN")), RangeError, "budget"),
        (lambda: equal_shares([[1]], [1], 3, step=0), RangeError, "step: 0 given"),
        (lambda: equal_shares([[1]], [1], 3, completion="more"), RangeError, "completion: 'more' given"),
        (lambda: equal_shares([[1]], [1], 3, most_raises=-1), RangeError, "most_raises"),
        (lambda: equal_shares([[1, 1]], [1, 1], 3, priority=[0, 0]), RangeError, "two projects have the same"),
        (lambda: equal_shares([[1, 1]], [1, 1], 3, priority=[0]), ShapeError, "priority"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
