"""Part funding, synergies, several best sets, the curve of a budget, and stability over many draws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from permea_engine.errors import NotConvergedError, RangeError, ShapeError
from permea_engine.portfolio import (
    InfeasibleError,
    Limit,
    best_sets,
    broken_limits,
    budget_curve,
    budget_value,
    conflicting_limits,
    runner_up,
    select_portfolio,
    selection_stability,
)
from tests.engine.test_portfolio import all_sets, holds, random_case


def random_synergies(rng, n):
    """Return up to three pairs with a gain or a loss; a pair may come twice."""
    if n == 1:
        return []
    pairs = [rng.choice(n, 2, replace=False).tolist() for _ in range(int(rng.integers(0, 4)))]
    return [(first, second, round(float(rng.normal(0, 3)), 2)) for first, second in pairs]


def worth_of(chosen, values, synergies):
    return values[chosen].sum() + sum(bonus for one, other, bonus in synergies if chosen[one] and chosen[other])


def test_synergies_equal_brute_force():
    rng = np.random.default_rng(10)
    n_seen = 0
    for _ in range(150):
        values, costs, capacities, limits = random_case(rng)
        synergies = random_synergies(rng, len(values))
        feasible = [chosen for chosen in all_sets(len(values)) if holds(chosen, costs, capacities, limits)]
        if not feasible:
            continue
        n_seen += bool(synergies)
        found = select_portfolio(values, costs, capacities, gap=0.0, synergies=synergies, **limits)
        best = max(worth_of(chosen, values, synergies) for chosen in feasible)
        assert (found.value, found.bound) == pytest.approx((best, best), abs=1e-6)
        assert found.synergy == pytest.approx(found.value - values[found.chosen].sum(), abs=1e-9)
    assert n_seen > 50


def best_shares(chosen, values, costs, capacities, least):
    """Return the best value of the set `chosen` with shares between `least` and 1, None if its least does not fit."""
    bounds = [(low if taken else 0, 1 if taken else 0) for low, taken in zip(least, chosen, strict=True)]
    solved = linprog(-values, A_ub=costs.T, b_ub=capacities, bounds=bounds)
    return -solved.fun if solved.status == 0 else None


def test_part_funding_equals_brute_force():
    rng = np.random.default_rng(11)
    n_parts = 0
    for _ in range(60):
        values, costs, capacities, _ = random_case(rng, int(rng.integers(1, 6)))
        least = rng.choice([0.2, 0.5, 1.0], len(values))
        most = int(rng.integers(1, 6))
        found = select_portfolio(values, costs, capacities, gap=0.0, least_shares=least, max_items=most)
        sets = [chosen for chosen in all_sets(len(values)) if chosen.sum() <= most]
        reached = [best_shares(chosen, values, costs, capacities, least) for chosen in sets]
        best = max(value for value in reached if value is not None)
        assert found.value == pytest.approx(best, abs=1e-6)
        assert broken_limits(found.shares, costs, capacities, least_shares=least, max_items=most) == ()
        n_parts += ((found.shares > 0) & (found.shares < 1)).any()
    assert n_parts > 10


def test_a_share_uses_and_is_worth_its_part():
    found = select_portfolio([6, 5, 4], [50, 30, 20], [60], least_shares=[0.2, 1, 1])
    assert (found.shares.tolist(), found.value, found.used.tolist()) == (
        pytest.approx([0.2, 1, 1]), pytest.approx(10.2), pytest.approx([60.0]),
    )  # fmt: skip


def test_a_gain_between_shares_counts_at_the_smaller_and_a_loss_at_the_larger():
    half = {"least_shares": [0.5, 1.0], "forced_in": [0, 1]}
    gain, loss = (select_portfolio([4, 4], [10, 10], [15], synergies=[(0, 1, bonus)], **half) for bonus in (2.0, -2.0))
    assert (gain.shares.tolist(), gain.synergy, loss.synergy) == (pytest.approx([0.5, 1]), 1.0, -2.0)
    assert (gain.bound, loss.bound) == pytest.approx((7.0, 4.0))


def test_a_share_below_the_least_is_broken_and_part_of_a_conflict():
    limits = {"least_shares": [0.5], "forced_in": [0]}
    assert broken_limits([0.4], [10], [4], **limits) == (Limit("least_share", 0),)
    assert conflicting_limits([10], [4], **limits) == (
        Limit("budget", 0), Limit("forced_in", 0), Limit("least_share", 0),
    )  # fmt: skip


def test_shares_count_as_money_in_a_bucket_of_money_and_as_one_item_in_a_bucket_of_items():
    common = {"least_shares": [0.25, 0.25], "buckets": [0, 0]}
    money = select_portfolio([4, 4], [10, 10], [20], bucket_maximums=[5], bucket_budget=0, **common)
    items = select_portfolio([4, 4], [10, 10], [20], bucket_maximums=[1], **common)
    assert (money.shares.sum(), items.shares.sum()) == pytest.approx((0.5, 1.0))


@given(st.integers(0, 10**6), st.floats(0.1, 0.9))
def test_being_divisible_is_never_worse(seed, least):
    values, costs, capacities, _ = random_case(np.random.default_rng(seed))
    whole = select_portfolio(values, costs, capacities, gap=0.0).value
    parts = select_portfolio(values, costs, capacities, gap=0.0, least_shares=np.full(len(values), least)).value
    assert parts >= whole - 1e-6


@pytest.mark.parametrize("differing_by", [1, 2])
def test_several_best_sets_equal_brute_force(differing_by):
    rng = np.random.default_rng(12)
    for _ in range(25):
        values, costs, capacities, limits = random_case(rng, 5)
        left = [chosen for chosen in all_sets(5) if holds(chosen, costs, capacities, limits)]
        if not left:
            continue
        found = best_sets(values, costs, capacities, n_sets=4, differing_by=differing_by, gap=0.0, **limits)
        for one in found:
            assert one.value == pytest.approx(max(values[chosen].sum() for chosen in left), abs=1e-9)
            left = [chosen for chosen in left if (chosen != one.chosen).sum() >= differing_by]
        assert len(found) == 4 or not left


def test_the_second_best_set_is_the_runner_up():
    first, second = best_sets([6, 5, 4], [50, 30, 20], [60], n_sets=2)
    assert second.value == runner_up([6, 5, 4], [50, 30, 20], [60], chosen=first.chosen).value


def test_a_curve_equals_its_points_and_never_falls():
    rng = np.random.default_rng(13)
    values, costs = rng.uniform(1, 5, 30), rng.uniform(1, 9, (30, 2))
    levels = np.linspace(5, 60, 8)
    curve = budget_curve(values, costs, [1, 50], levels=levels, gap=0.0)
    points = [select_portfolio(values, costs, [level, 50], gap=0.0).value for level in levels]
    assert curve.values == pytest.approx(points)
    assert curve.bounds == pytest.approx(points)
    assert curve.worth_of_one_more == pytest.approx(np.diff(points) / np.diff(levels))
    assert (np.diff(curve.values) >= 0).all()


def test_a_level_that_is_too_little_is_undetermined():
    curve = budget_curve([6, 5], [50, 30], [60], levels=[10, 40], forced_in=[1])
    assert (np.isnan(curve.values).tolist(), curve.selections[0], curve.values[1]) == ([True, False], None, 5.0)
    with pytest.raises(InfeasibleError, match="budget 0, forced_in 1"):
        budget_curve([6, 5], [50, 30], [60], levels=[10, 20], forced_in=[1])


def test_any_step_of_a_budget_up_or_down():
    more, less = (budget_value([6, 5, 4], [50, 30, 20], [60], step=step) for step in (20, -20))
    assert (more.extra_budget, more.extra_value, more.joining.tolist()) == (20.0, 2.0, [0])
    assert (less.extra_budget, less.extra_value, less.leaving.tolist()) == (-20.0, -4.0, [2])
    with pytest.raises(InfeasibleError, match="budget 0, forced_in 0"):
        budget_value([6], [50], [60], step=-20, forced_in=[0])


def slow_stability(draws, costs, capacities, limits):
    return np.mean([select_portfolio(draw, costs, capacities, gap=0.0, **limits).chosen for draw in draws], axis=0)


@pytest.mark.parametrize(("n_items", "n_draws"), [(12, 15), (70, 6)])
def test_stability_equals_one_selection_after_the_other(n_items, n_draws):
    rng = np.random.default_rng(14)
    values, costs = rng.uniform(1, 5, n_items), rng.uniform(1, 9, (n_items, 2))
    limits = {
        "buckets": rng.integers(0, 2, n_items), "bucket_minimums": [1, 2], "exclusions": [(0, 1), (2, 3)],
        "least_shares": rng.choice([0.3, 1.0], n_items, p=[0.1, 0.9]), "synergies": [(4, 5, 1.0), (6, 7, -1.0)],
    }  # fmt: skip
    draws = values + rng.normal(0, 0.5, (n_draws, n_items))
    found = selection_stability(draws, costs, costs.sum(axis=0) / 4, gap=0.0, time_limit=10, **limits)
    assert found == pytest.approx(slow_stability(draws, costs, costs.sum(axis=0) / 4, limits))


def test_each_draw_is_best_up_to_the_gap():
    rng = np.random.default_rng(15)
    values, costs = rng.uniform(1, 5, 400), rng.uniform(1, 9, (400, 2))
    capacities = costs.sum(axis=0) / 4
    for draw in values + rng.normal(0, 0.5, (3, 400)):
        chosen = selection_stability([draw, draw], costs, capacities) > 0.75
        assert draw[chosen].sum() >= select_portfolio(draw, costs, capacities, gap=1e-3).value / 1.001


def test_limits_that_only_parts_of_items_could_keep_are_a_conflict():
    limits = {"buckets": np.zeros(60, dtype=int), "bucket_minimums": [5], "bucket_maximums": [5], "bucket_budget": 0}
    with pytest.raises(InfeasibleError, match="bucket_maximum 0, bucket_minimum 0"):
        selection_stability([np.arange(60.0)], np.full(60, 2.0), [50], **limits)


def test_a_draw_that_leaves_nothing_open_repeats_the_set():
    assert selection_stability([[6, 5, 4]] * 3, [50, 30, 20], [100]).tolist() == [1.0, 1.0, 1.0]
    assert selection_stability([[6, -5, 4]] * 3, [50, 30, 20], [1000]).tolist() == [1.0, 0.0, 1.0]


def test_no_time_for_a_bound_is_refused():
    rng = np.random.default_rng(16)
    values, costs = rng.uniform(1, 9, 3000), rng.uniform(1, 9, (3000, 5))
    with pytest.raises(NotConvergedError, match="time_limit: no bound found"):
        selection_stability([values], costs, costs.sum(axis=0) / 3, time_limit=1e-9)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: select_portfolio([1], [1], [1], least_shares=[0]), RangeError, "least_shares: entry 0 is 0"),
        (lambda: select_portfolio([1], [1], [1], least_shares=[1.5]), RangeError, "least_shares"),
        (lambda: select_portfolio([1], [1], [1], least_shares=[1, 1]), ShapeError, "least_shares: shape"),
        (lambda: select_portfolio([1, 1], [1, 1], [1], synergies=[(0, 1)]), ShapeError, "synergies, entry 0"),
        (lambda: select_portfolio([1, 1], [1, 1], [1], synergies=[(0, 0, 1)]), RangeError, "paired with itself"),
        (lambda: select_portfolio([1, 1], [1, 1], [1], synergies=[(0, 2, 1)]), RangeError, "synergies, entry 0"),
        (lambda: select_portfolio([1, 1], [1, 1], [1], synergies=[(0, 1, np.nan)]), RangeError, "synergies, entry 0"),
        (lambda: best_sets([1], [1], [1], n_sets=0), RangeError, "n_sets"),
        (lambda: best_sets([1], [1], [1], differing_by=0), RangeError, "differing_by"),
        (lambda: budget_value([1], [1], [1], step=-2), RangeError, "step: -2 given, but there are only 1"),
        (lambda: budget_value([1], [1], [1], step=np.inf), RangeError, "step"),
        (lambda: budget_curve([1], [1], [1], levels=[]), RangeError, "levels: at least one"),
        (lambda: budget_curve([1], [1], [1], levels=[2, 2]), RangeError, "each above the one before"),
        (lambda: budget_curve([1], [1], [1], levels=[-1, 2]), RangeError, "levels: entry 0"),
        (lambda: budget_curve([1], [1], [1], levels=[1], budget_index=1), RangeError, "budget_index"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
