import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea_engine.errors import NotConvergedError, RangeError, ShapeError
from permea_engine.portfolio import (
    InfeasibleError,
    Limit,
    broken_limits,
    budget_value,
    conflicting_limits,
    runner_up,
    select_portfolio,
    selection_stability,
    solver,
)
from permea_engine.portfolio.limits import build_limits


def random_case(rng, n_items=None):
    """Return values, costs, capacities and a random choice of every kind of limit."""
    n = n_items or int(rng.integers(1, 9))
    n_budgets = int(rng.integers(1, 4))
    costs = rng.integers(0, 20, (n, n_budgets)) * rng.choice([1.0, 0.1, 1000.0], n_budgets)
    capacities = costs.sum(axis=0) * rng.uniform(0.1, 1.0, n_budgets)
    limits = {}
    if rng.random() < 0.5:
        limits["buckets"] = rng.integers(-1, 2, n)
        limits["bucket_minimums"] = rng.choice([np.nan, 0, 1, 2], 2, p=[0.4, 0.2, 0.3, 0.1])
        limits["bucket_maximums"] = rng.choice([np.nan, 1, 2, 3], 2)
        if rng.random() < 0.4:
            limits["bucket_budget"] = 0
            limits["bucket_minimums"] = limits["bucket_minimums"] * costs[:, 0].mean()
            limits["bucket_maximums"] = limits["bucket_maximums"] * costs[:, 0].mean()
    some = lambda size: rng.choice(n, size=min(size, n), replace=False).tolist()  # noqa: E731
    if n > 1 and rng.random() < 0.4:
        limits["exclusions"] = [some(2), some(3)]
    if n > 1 and rng.random() < 0.4:
        limits["dependencies"] = [some(2), some(2)]
    if rng.random() < 0.2:
        limits["forced_in"] = some(1)
    if rng.random() < 0.2:
        limits["forced_out"] = some(1)
    if rng.random() < 0.3:
        limits["max_items"] = int(rng.integers(0, n + 1))
    return rng.normal(2, 2, n).round(3), costs, capacities, limits


def holds(chosen, costs, capacities, limits):
    """Return whether a set keeps every limit, read straight from the words of the documentation."""
    if (costs[chosen].sum(axis=0) > capacities * (1 + 1e-9) + 1e-9).any():
        return False
    if "buckets" in limits:
        size = np.ones(len(costs)) if "bucket_budget" not in limits else costs[:, limits["bucket_budget"]]
        for bucket in range(2):
            total = size[chosen & (limits["buckets"] == bucket)].sum()
            if total < limits["bucket_minimums"][bucket] - 1e-9 or total > limits["bucket_maximums"][bucket] + 1e-9:
                return False
    if any(chosen[list(group)].sum() > 1 for group in limits.get("exclusions", ())):
        return False
    if any(chosen[item] and not chosen[needed] for item, needed in limits.get("dependencies", ())):
        return False
    if not chosen[limits.get("forced_in", [])].all() or chosen[limits.get("forced_out", [])].any():
        return False
    return chosen.sum() <= limits.get("max_items", len(costs))


def all_sets(n):
    return ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(bool)


def test_a_thousand_small_cases_equal_brute_force():
    rng = np.random.default_rng(0)
    n_infeasible = 0
    for _ in range(1000):
        values, costs, capacities, limits = random_case(rng)
        feasible = [chosen for chosen in all_sets(len(values)) if holds(chosen, costs, capacities, limits)]
        if not feasible:
            n_infeasible += 1
            with pytest.raises(InfeasibleError):
                select_portfolio(values, costs, capacities, gap=0.0, **limits)
            continue
        found = select_portfolio(values, costs, capacities, gap=0.0, **limits)
        best = max(values[chosen].sum() for chosen in feasible)
        assert found.value == pytest.approx(best, abs=1e-9)
        assert holds(found.chosen, costs, capacities, limits)
        assert (found.proven, found.status) == (True, "optimal")
    assert 50 < n_infeasible < 500


def test_runner_up_equals_brute_force():
    rng = np.random.default_rng(1)
    n_alone = 0
    for _ in range(60):
        values, costs, capacities, limits = random_case(rng)
        feasible = [chosen for chosen in all_sets(len(values)) if holds(chosen, costs, capacities, limits)]
        if not feasible:
            continue
        best = select_portfolio(values, costs, capacities, gap=0.0, **limits).chosen
        others = [values[chosen].sum() for chosen in feasible if (chosen != best).any()]
        found = runner_up(values, costs, capacities, chosen=best, gap=0.0, **limits)
        n_alone += not others
        assert (None if found is None else pytest.approx(found.value, abs=1e-9)) == (max(others) if others else None)
    assert n_alone > 0


def test_the_smallest_conflict_equals_brute_force():
    rng = np.random.default_rng(2)
    n_conflicts = 0
    for _ in range(250):
        _, costs, capacities, limits = random_case(rng, 5)
        rows = build_limits(5, costs, capacities, limits)
        kept = np.array([[name not in rows.broken_by(chosen) for name in rows.names] for chosen in all_sets(5)])
        found = conflicting_limits(costs, capacities, **limits)
        if kept.all(axis=1).any():
            assert found == ()
            continue
        n_conflicts += 1
        smallest = next(
            size
            for size in range(1, len(rows.names) + 1)
            if any(not kept[:, list(some)].all(axis=1).any() for some in combinations(range(len(rows.names)), size))
        )
        positions = [rows.names.index(limit) for limit in found]
        assert (len(found), kept[:, positions].all(axis=1).any()) == (smallest, False)
    assert n_conflicts > 20


def test_the_known_answers_are_met(portfolio_answer):
    case = portfolio_answer
    found = select_portfolio(case["values"], case["costs"], case["capacities"], **case["limits"])
    assert (found.value, np.flatnonzero(found.chosen).tolist()) == (case["value"], case["chosen"])
    assert found.used.tolist() == np.array(case["costs"])[found.chosen].sum(axis=0).tolist()


def test_the_known_optima_of_the_or_library_are_met(shared_data):
    numbers = iter((shared_data("orlib_mknap1") / "mknap1.txt").read_text(encoding="utf-8").split())
    take = lambda count: np.array([float(next(numbers)) for _ in range(count)])  # noqa: E731
    optima, found = [], []
    for _ in range(int(next(numbers))):
        n_items, n_budgets, optimum = int(next(numbers)), int(next(numbers)), float(next(numbers))
        values, weights = take(n_items), take(n_items * n_budgets).reshape(n_budgets, n_items)
        optima.append(optimum)
        found.append(select_portfolio(values, weights.T, take(n_budgets), gap=0.0).value)
    assert found == pytest.approx(optima)
    assert optima == [3800, 8706.1, 4015, 6120]


CASES = st.integers(0, 10**6).map(lambda seed: random_case(np.random.default_rng(seed)))


def value_of(values, costs, capacities, limits):
    try:
        return select_portfolio(values, costs, capacities, gap=0.0, **limits).value
    except InfeasibleError:
        return None


@settings(max_examples=40, deadline=None)
@given(CASES, st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_other_units_of_value_and_money_change_nothing(case, value_unit, money_unit):
    values, costs, capacities, limits = case
    scaled = {
        name: np.asarray(limit) * money_unit if "bucket_budget" in limits and name.endswith("imums") else limit
        for name, limit in limits.items()
    }
    now, then = (
        value_of(values, costs, capacities, limits),
        value_of(values * value_unit, costs * money_unit, capacities * money_unit, scaled),
    )
    assert then == (None if now is None else pytest.approx(now * value_unit, abs=1e-6 * value_unit))


@settings(max_examples=40, deadline=None)
@given(CASES, st.floats(1.0, 3.0))
def test_more_budget_never_buys_less(case, growth):
    values, costs, capacities, limits = case
    now, then = value_of(values, costs, capacities, limits), value_of(values, costs, capacities * growth, limits)
    assert now is None or then >= now - 1e-9


@settings(max_examples=30, deadline=None)
@given(CASES.filter(lambda case: not case[3]), st.randoms(use_true_random=False))
def test_renaming_items_changes_no_value(case, random):
    values, costs, capacities, _ = case
    order = random.sample(range(len(values)), len(values))
    assert value_of(values[order], costs[order], capacities, {}) == pytest.approx(
        value_of(values, costs, capacities, {})
    )


def test_equal_input_gives_equal_output():
    values, costs, capacities, limits = random_case(np.random.default_rng(4), 60)
    found = [select_portfolio(values, costs, capacities).chosen.tolist() for _ in range(2)]
    assert found[0] == found[1]
    assert limits is not None


def test_a_budget_that_is_met_to_the_last_cent_is_kept():
    found = select_portfolio([1, 1, 1], [0.1, 0.2, 0.3], [0.6])
    assert found.chosen.all()


def test_worthless_items_are_left_and_nothing_is_worth_nothing():
    found = select_portfolio([-1.0, -2.0], [1, 1], [5])
    assert (found.chosen.any(), found.value, found.gap, found.status) == (False, 0.0, 0.0, "optimal")


def test_values_of_zero_are_no_trouble():
    assert select_portfolio([0.0, 0.0], [1, 1], [1]).value == 0.0


def test_a_wide_gap_is_said():
    rng = np.random.default_rng(5)
    values, costs = rng.uniform(1, 9, 80), rng.uniform(1, 9, (80, 2))
    found = select_portfolio(values, costs, costs.sum(axis=0) / 3, gap=0.5)
    assert (found.status, found.proven, found.gap <= 0.5, found.bound >= found.value) == (
        "within_gap",
        True,
        True,
        True,
    )


class StoppedProgram(solver.Program):
    """A program whose solver is stopped before it has closed the gap."""

    def maximise(self, worth, **options):
        outcome = super().maximise(worth, **options)
        return solver.Outcome(outcome.solution, outcome.bound * 1.2, is_closed=False)


def test_out_of_time_is_said_with_the_gap_that_is_left(monkeypatch):
    monkeypatch.setattr("permea_engine.portfolio.certificate.Program", StoppedProgram)
    found = select_portfolio([6, 5, 4], [50, 30, 20], [60])
    assert (found.status, found.proven, found.gap) == ("time_limit", False, pytest.approx(0.2))


def test_no_time_at_all_is_refused_where_no_set_was_found():
    rng = np.random.default_rng(6)
    values, costs = rng.uniform(1, 9, 300), rng.uniform(1, 9, (300, 3))
    with pytest.raises(NotConvergedError, match="time_limit: no selection found"):
        select_portfolio(values, costs, costs.sum(axis=0) / 3, time_limit=1e-9, forced_in=[0, 1])


def test_ten_percent_more_budget():
    more = budget_value([6, 5, 4], [50, 30, 20], [60], increase=1 / 3)
    assert (more.extra_budget, more.extra_value) == pytest.approx((20.0, 2.0))
    assert (more.joining.tolist(), more.leaving.tolist()) == ([0], [2])
    nothing = budget_value([6, 5, 4], [50, 30, 20], [60])
    assert (nothing.extra_value, nothing.joining.tolist()) == (0.0, [])


def test_more_budget_is_never_worse_even_within_a_wide_gap(monkeypatch):
    real, calls = solver.Program.maximise, []

    def second_is_lazy(self, worth, **options):
        calls.append(1)
        outcome = real(self, worth, **options)
        return outcome if len(calls) == 1 else solver.Outcome(outcome.solution * 0, outcome.bound, is_closed=True)

    monkeypatch.setattr(solver.Program, "maximise", second_is_lazy)
    more = budget_value([6, 5, 4], [50, 30, 20], [60])
    assert (more.extra_value, more.then.chosen.tolist()) == (0.0, more.now.chosen.tolist())


def test_stability_counts_the_draws():
    draws = [[6, 5, 4], [6, 1, 4], [6, 5, 3], [6, 5, 4]]
    assert selection_stability(draws, [50, 30, 20], [60]).tolist() == [0.25, 0.75, 0.75]


def test_the_conflict_is_carried_and_named():
    with pytest.raises(InfeasibleError, match="bucket_minimum 1, budget 0") as refused:
        select_portfolio([1, 1], [5, 5], [4], buckets=[0, 1], bucket_minimums=[np.nan, 1])
    assert refused.value.conflict == (Limit("bucket_minimum", 1), Limit("budget", 0))
    with pytest.raises(InfeasibleError):
        selection_stability([[1, 1]], [5, 5], [4], forced_in=[0])


def test_a_set_changed_by_hand_is_told_what_it_breaks():
    limits = {"exclusions": [[0, 1]], "max_items": 2, "forced_in": [2], "forced_out": [3]}
    found = broken_limits([True, True, False, True], [50, 30, 20, 1], [60], **limits)
    kinds = ("budget", "exclusion", "forced_in", "forced_out", "max_items")
    assert found == tuple(Limit(kind, {"forced_in": 2, "forced_out": 3}.get(kind, 0)) for kind in kinds)
    assert broken_limits([True, False, True, False], [50, 10, 10, 1], [60], **limits) == ()


def test_a_bucket_that_asks_for_more_than_it_holds_is_a_conflict_by_itself():
    assert conflicting_limits([1, 1], [9], buckets=[0, 1], bucket_minimums=[2]) == (Limit("bucket_minimum", 0),)


def test_the_solver_is_named_with_its_version():
    assert select_portfolio([1], [1], [1]).solver.startswith("HiGHS 1.")


def test_the_solver_writes_nothing():
    script = "from permea_engine.portfolio import select_portfolio as s; s([1, 2], [1, 1], [1], max_items=1)"
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}; {script}"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert (ran.stdout, ran.stderr) == ("", "")


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: select_portfolio([], [], []), RangeError, "values: there is no item"),
        (lambda: select_portfolio([1, 2], [1], [1]), ShapeError, "costs: shape"),
        (lambda: select_portfolio([1, 2], [1, 1], [1, 1]), ShapeError, "capacities: shape"),
        (lambda: select_portfolio([1, np.nan], [1, 1], [1]), RangeError, "values: entry 1"),
        (lambda: select_portfolio([1, 2], [1, -1], [1]), RangeError, r"costs: entry \(1, 0\) is negative"),
        (lambda: select_portfolio([1, 2], [1, 1], [-1]), RangeError, "capacities: entry 0"),
        (lambda: select_portfolio([1], [1], [1], gap=1), RangeError, "gap"),
        (lambda: select_portfolio([1], [1], [1], time_limit=0), RangeError, "time_limit"),
        (lambda: select_portfolio([1], [1], [1], bucket_minimums=[1]), ShapeError, "buckets: wanted"),
        (lambda: select_portfolio([1], [1], [1], buckets=[0, 1]), ShapeError, "buckets: 1 entries"),
        (lambda: select_portfolio([1], [1], [1], buckets=[-2]), RangeError, "buckets"),
        (lambda: select_portfolio([1], [1], [1], buckets=[0], bucket_maximums=[-1]), RangeError, "bucket_maximums"),
        (lambda: select_portfolio([1], [1], [1], buckets=[0], bucket_budget=1), RangeError, "bucket_budget"),
        (lambda: select_portfolio([1], [1], [1], exclusions=[[0, 1]]), RangeError, "exclusions, set 0"),
        (lambda: select_portfolio([1], [1], [1], dependencies=[[0]]), ShapeError, "dependencies, pair 0: 2 entries"),
        (lambda: select_portfolio([1], [1], [1], dependencies=[[0, 0]]), RangeError, "item 0 requires itself"),
        (lambda: select_portfolio([1], [1], [1], forced_in=[1]), RangeError, "forced_in"),
        (lambda: select_portfolio([1], [1], [1], forced_out=[1]), RangeError, "forced_out"),
        (lambda: select_portfolio([1], [1], [1], max_items=-1), RangeError, "max_items"),
        (lambda: runner_up([1], [1], [1], chosen=[1, 0]), ShapeError, "chosen"),
        (lambda: budget_value([1], [1], [1], budget_index=1), RangeError, "budget_index"),
        (lambda: budget_value([1], [1], [1], increase=-0.5), RangeError, "increase"),
        (lambda: selection_stability(np.empty((0, 1)), [1], [1]), RangeError, "sample_values: there is no draw"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
