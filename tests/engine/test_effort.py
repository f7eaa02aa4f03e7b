import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea_engine.decisions import top_k_certainty
from permea_engine.effort import (
    Reserve,
    comparisons_from,
    effort_budget,
    expecting_comparison,
    new_comparisons,
    next_comparison,
    with_comparison,
)
from permea_engine.errors import NotConvergedError, RangeError, ShapeError
from permea_engine.ranking import rank_from_comparisons

LAW = settings(max_examples=8, deadline=None)


def simulated(seed=0, *, n_items=12, n_comparisons=40, spread=1.5):
    rng = np.random.default_rng(seed)
    truth = rng.normal(0, spread, n_items)
    first = rng.integers(0, n_items, n_comparisons)
    second = (first + rng.integers(1, n_items, n_comparisons)) % n_items
    won = rng.random(n_comparisons) < 1 / (1 + np.exp(truth[second] - truth[first]))
    return truth, first, second, np.where(won, 1, -1)


def learnt(seed=0, *, n_items=12, n_comparisons=40):
    _, first, second, outcome = simulated(seed, n_items=n_items, n_comparisons=n_comparisons)
    state = new_comparisons(n_items)
    for one, other, won in zip(first.tolist(), second.tolist(), outcome.tolist(), strict=True):
        state = with_comparison(state, one, other, won)
    return state


def pair(suggestion):
    return {suggestion.first, suggestion.second}


def test_the_posterior_is_met_one_by_one(effort_answer):
    case = effort_answer
    state = new_comparisons(case["n_items"], spread=case["spread"])
    for first, second, outcome in case["comparisons"]:
        state = with_comparison(state, first, second, outcome)
    assert state.means == pytest.approx(case["means"], abs=0.02)
    assert np.sqrt(state.variances) == pytest.approx(case["standard_errors"], abs=0.02)
    assert pair(next_comparison(state, k=case["k"])) in [set(one) for one in case["next"]]


def test_the_same_answers_come_from_all_comparisons_at_once(effort_answer):
    case = effort_answer
    first, second, outcome = np.array(case["comparisons"]).T
    ranking = rank_from_comparisons(first, second, outcome, n_items=case["n_items"], strength_sd=case["spread"])
    state = comparisons_from(ranking)
    assert state.means == pytest.approx(case["means"], abs=0.08)
    assert pair(next_comparison(state, k=case["k"])) in [set(one) for one in case["next"]]


def test_a_comparison_leaves_the_state_before_it_alone():
    before = new_comparisons(3)
    with_comparison(before, 0, 1, 1)
    assert (before.means.tolist(), before.looks.tolist(), before.n_comparisons) == ([0, 0, 0], [0, 0, 0], 0)


@LAW
@given(st.integers(0, 10**6))
def test_renaming_items_renames_what_is_learnt(seed):
    _, first, second, outcome = simulated(seed)
    names = np.random.default_rng(seed).permutation(12)
    state, renamed = new_comparisons(12), new_comparisons(12)
    for one, other, won in zip(first, second, outcome, strict=True):
        state = with_comparison(state, int(one), int(other), int(won))
        renamed = with_comparison(renamed, int(names[other]), int(names[one]), -int(won))
    assert renamed.means[names] == pytest.approx(state.means)
    assert renamed.variances[names] == pytest.approx(state.variances)


@LAW
@given(st.integers(0, 10**6))
def test_one_by_one_or_all_at_once_tells_nearly_the_same(seed):
    _, first, second, outcome = simulated(seed)
    state = learnt(seed)
    ranking = rank_from_comparisons(first, second, outcome, n_items=12, strength_sd=1.5)
    assert np.abs(state.means - ranking.strengths).max() < 0.35
    assert np.sqrt(state.variances) == pytest.approx(ranking.standard_errors, rel=0.15)


@LAW
@given(st.integers(0, 10**6))
def test_certainty_only_grows(seed):
    state = learnt(seed)
    assert (with_comparison(state, 0, 1, 1).variances <= state.variances + 1e-12).all()
    assert (expecting_comparison(state, 0, 1).variances <= state.variances + 1e-12).all()
    assert (expecting_comparison(state, 0, 1).means == state.means).all()


def test_a_tie_draws_together_and_a_careless_judge_tells_nothing():
    state = with_comparison(new_comparisons(3), 0, 1, 1)
    tied, careless = with_comparison(state, 0, 1, 0), with_comparison(state, 0, 1, -1, reliability=0)
    assert abs(tied.means[0] - tied.means[1]) < abs(state.means[0] - state.means[1])
    assert careless.means == pytest.approx(state.means)
    assert with_comparison(state, 0, 1, -1, reliability=2).means[0] < with_comparison(state, 0, 1, -1).means[0]


def test_what_is_sampled_has_the_moments_that_are_said():
    state = learnt(1)
    draws = state.sample(20_000, np.random.default_rng(0))
    assert draws.mean(axis=0) == pytest.approx(state.means, abs=0.05)
    assert np.cov(draws.T) == pytest.approx(state.beliefs.cover.covariance, abs=0.06)


def test_an_item_never_compared_has_no_estimate():
    state = with_comparison(new_comparisons(3), 0, 1, 1)
    assert np.isnan(state.centre).tolist() == [False, False, True]
    assert top_k_certainty(state, 1).chosen.tolist() == [0]


@LAW
@given(st.integers(0, 10**6), st.integers(1, 11))
def test_a_suggestion_keeps_to_what_the_judge_may_see_and_has_not_seen(seed, k):
    rng = np.random.default_rng(seed)
    state, allowed = learnt(seed), rng.random(12) < 0.5
    items = np.flatnonzero(allowed)
    pairs = [(one, other) for one in items for other in items if one < other]
    for n_left in range(len(pairs), -1, -1):
        seen = pairs[: len(pairs) - n_left]
        found = next_comparison(state, k=k, allowed=allowed, seen=seen, rng=rng)
        assert (found is None) == (n_left == 0)
        assert found is None or (min(pair(found)), max(pair(found))) in pairs[len(pairs) - n_left :]


def test_a_judge_who_has_seen_much_still_gets_a_pair_she_has_not_seen(monkeypatch):
    monkeypatch.setattr("permea_engine.effort.comparisons.CANDIDATES", 3)
    state, seen = learnt(2), []
    for _ in range(66):
        found = next_comparison(state, k=3, seen=seen, rng=np.random.default_rng(len(seen)))
        assert tuple(sorted(pair(found))) not in seen
        seen.append(tuple(sorted(pair(found))))
    assert next_comparison(state, k=3, seen=seen) is None


def test_one_item_is_nothing_to_compare():
    assert next_comparison(new_comparisons(3), k=1, allowed=[True, False, False]) is None


def test_suggestions_go_to_the_line():
    """Ten items in clear order: the two on either side of the line are compared."""
    state = new_comparisons(10, spread=3)
    for better in range(9):
        for worse in range(better + 1, 10):
            for _ in range(3):
                state = with_comparison(state, better, worse, 1)
    assert pair(next_comparison(state, k=4)) == {3, 4}


def test_others_at_work_are_allowed_for():
    state = learnt(3)
    found = next_comparison(state, k=3)
    busy = state
    for _ in range(6):
        busy = expecting_comparison(busy, found.first, found.second)
    assert pair(next_comparison(busy, k=3)) != pair(found)


def test_an_item_just_read_is_finished_if_that_is_wanted():
    state = learnt(4, n_items=12, n_comparisons=100)
    free = next_comparison(state, k=3)
    last = next(one for one in np.argsort(-state.means)[:6].tolist() if one not in pair(free))
    found = [next_comparison(state, k=3, last=last, reuse=reuse) for reuse in (0.0, 1.0)]
    assert (found[0].reason, pair(found[0])) == ("line", pair(free))
    assert all(
        next_comparison(state, k=3, last=free.first, reuse=1.0, rng=seed).first == free.first for seed in range(4)
    )
    assert next_comparison(state, k=3, last=free.second, reuse=0.2).reason == "finish"


def test_an_item_just_read_that_is_no_candidate_is_weighed_too(monkeypatch):
    monkeypatch.setattr("permea_engine.effort.comparisons.CANDIDATES", 2)
    state = new_comparisons(4)
    found = {next_comparison(state, k=2, last=3, reuse=1.0, rng=seed).first for seed in range(10)}
    assert found == {3}
    mask = np.array([True, True, True, False])
    assert next_comparison(state, k=2, last=3, reuse=1.0, allowed=mask).reason == "line"


def test_expertise_draws_a_judge_to_what_she_knows():
    state, skill = new_comparisons(6), np.array([0.1, 0.1, 0.1, 0.1, 1.0, 1.0])
    assert pair(next_comparison(state, k=2, expertise=skill)) == {4, 5}


def test_a_reserved_item_gets_its_looks_before_it_is_dropped():
    rng, truth = np.random.default_rng(5), np.linspace(2, -2, 20)
    reserve = Reserve(np.arange(20) >= 18, looks=6, share=0.5)

    def looks(reserved):
        state = new_comparisons(20)
        for _ in range(200):
            found = next_comparison(state, k=2, rng=rng, reserve=reserved)
            won = rng.random() < 1 / (1 + np.exp(truth[found.second] - truth[found.first]))
            state = with_comparison(state, found.first, found.second, 1 if won else -1)
        return state.looks[18:].min()

    assert looks(reserve) >= 6
    assert looks(None) < 6


def test_a_reserved_item_is_named_first_and_is_not_forced_on_who_may_not_see_it():
    state = with_comparison(new_comparisons(4), 0, 1, 1)
    reserve = Reserve(np.array([False, False, False, True]), share=1.0)
    found = next_comparison(state, k=1, reserve=reserve)
    assert (found.first, found.reason) == (3, "reserved")
    blind = next_comparison(state, k=1, reserve=reserve, allowed=[True, True, True, False])
    assert blind.reason == "line"
    met = next_comparison(state, k=1, reserve=reserve, seen=[(0, 3), (3, 1), (2, 3)])
    assert met.reason == "line"
    some = [next_comparison(state, k=1, reserve=reserve, seen=[(0, 3), (3, 1)], last=0, rng=seed) for seed in range(5)]
    assert [pair(one) for one in some] == [{2, 3}] * 5


def test_where_all_is_known_a_comparison_is_worth_nothing():
    state = new_comparisons(3, spread=1e-9)
    assert next_comparison(state, k=1).value == pytest.approx(0, abs=1e-6)


@pytest.fixture
def as_sparse(monkeypatch):
    def build(function):
        monkeypatch.setattr("permea_engine.effort.beliefs.DENSE_UP_TO", 1)
        monkeypatch.setattr("permea_engine.effort.state.DENSE_UP_TO", 1)
        try:
            return function()
        finally:
            monkeypatch.undo()

    return build


def test_the_sparse_form_learns_the_same(as_sparse):
    dense, sparse = learnt(6), as_sparse(lambda: learnt(6))
    assert sparse.means == pytest.approx(dense.means, abs=1e-4)
    assert sparse.variances == pytest.approx(dense.variances, abs=1e-4)
    at = np.array([0, 3, 5])
    assert sparse.beliefs.block(at).diagonal() == pytest.approx(dense.variances[at], abs=1e-4)
    assert expecting_comparison(sparse, 0, 1).variances == pytest.approx(
        expecting_comparison(dense, 0, 1).variances, abs=1e-4
    )


def test_the_sparse_form_begins_from_a_ranking_and_draws_the_same(as_sparse):
    _, first, second, outcome = simulated(7, n_comparisons=80)
    ranking = rank_from_comparisons(first, second, outcome, n_items=12)
    dense, sparse = comparisons_from(ranking), as_sparse(lambda: comparisons_from(ranking))
    assert with_comparison(sparse, 0, 1, 1).means == pytest.approx(with_comparison(dense, 0, 1, 1).means, abs=1e-4)
    covariances = [np.cov(one.sample(20_000, np.random.default_rng(0)).T) for one in (dense, sparse)]
    assert covariances[1] == pytest.approx(covariances[0], abs=0.08)


def test_very_many_items_are_served(monkeypatch):
    state = new_comparisons(5000)
    for number in range(20):
        found = next_comparison(state, k=50, rng=number)
        state = with_comparison(state, found.first, found.second, 1)
    assert (state.sample(3, np.random.default_rng(0)).shape, state.looks.sum()) == ((3, 5000), 40)
    monkeypatch.setattr("permea_engine.effort.beliefs.MAX_ROUNDS", 0)
    with pytest.raises(NotConvergedError, match="covariance: not found in 0 rounds"):
        with_comparison(state, 0, 1, 1)


def test_hours_become_comparisons_and_reviews():
    both = effort_budget(20, 100, comparing=0.5, reading=2, deciding=1, scoring=4, reused=0.5)
    assert (both.n_comparisons, both.n_reviews) == (150, 100)  # 600 minutes each: 2 x 2 - 1 + 1 = 4, 2 + 4 = 6
    assert (both.comparisons_per_idea, both.reviews_per_idea) == (1.5, 1.0)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: new_comparisons(1), RangeError, "n_items: 1 given"),
        (lambda: new_comparisons(2.5), ShapeError, "n_items: a whole number"),
        (lambda: new_comparisons(2, spread=0), RangeError, "spread: 0 given"),
        (lambda: new_comparisons(2, spread=np.nan), RangeError, "spread: nan given"),
        (lambda: with_comparison(new_comparisons(2), 0, 2, 1), RangeError, "second: 2 given"),
        (lambda: with_comparison(new_comparisons(2), -1, 0, 1), RangeError, "first: -1 given"),
        (lambda: with_comparison(new_comparisons(2), 1, 1, 1), RangeError, "item 1 is compared with itself"),
        (lambda: with_comparison(new_comparisons(2), 0, 1, 0.5), RangeError, "outcome: 0.5 given"),
        (lambda: with_comparison(new_comparisons(2), 0, 1, np.nan), RangeError, "outcome: nan given"),
        (lambda: with_comparison(new_comparisons(2), 0, 1, 1, reliability=-1), RangeError, "reliability: -1 given"),
        (lambda: next_comparison(new_comparisons(2), k=2), RangeError, "k: 2 given"),
        (lambda: next_comparison(new_comparisons(2), k=0), RangeError, "k: 0 given"),
        (lambda: next_comparison(new_comparisons(2), k=1, allowed=[True]), ShapeError, "allowed: 2 times yes or no"),
        (lambda: next_comparison(new_comparisons(2), k=1, allowed=[0.5, 1]), ShapeError, "allowed: 2 times yes or no"),
        (lambda: next_comparison(new_comparisons(2), k=1, seen=[0, 1]), ShapeError, "seen: pairs wanted"),
        (lambda: next_comparison(new_comparisons(2), k=1, seen=[(0, 5)]), RangeError, "seen: entry 1 is 5"),
        (lambda: next_comparison(new_comparisons(2), k=1, last=9), RangeError, "last: 9 given"),
        (lambda: next_comparison(new_comparisons(2), k=1, reuse=2), RangeError, "reuse: 2 given"),
        (lambda: next_comparison(new_comparisons(2), k=1, reliability=np.nan), RangeError, "reliability: nan"),
        (lambda: next_comparison(new_comparisons(2), k=1, expertise=[1, -1]), RangeError, "expertise: item 1"),
        (lambda: next_comparison(new_comparisons(2), k=1, expertise=[1]), ShapeError, "expertise: shape"),
        (lambda: next_comparison(new_comparisons(2), k=1, reserve=Reserve([True])), ShapeError, "reserve.ideas"),
        (
            lambda: next_comparison(new_comparisons(2), k=1, reserve=Reserve([True, False], looks=0)),
            RangeError,
            "reserve.looks: 0 given",
        ),
        (
            lambda: next_comparison(new_comparisons(2), k=1, reserve=Reserve([True, False], share=2)),
            RangeError,
            "reserve.share: 2 given",
        ),
        (lambda: new_comparisons(3).sample(0, np.random.default_rng(0)), RangeError, "n: 0 given"),
        (lambda: effort_budget(0, 10), RangeError, "hours: 0 given"),
        (lambda: effort_budget(1, 0), RangeError, "n_ideas: 0 given"),
        (lambda: effort_budget(1, 10, comparing=1.5), RangeError, "comparing: 1.5 given"),
        (lambda: effort_budget(1, 10, reading=-1), RangeError, "reading: -1 given"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
