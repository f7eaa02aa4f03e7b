import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from permea_engine.errors import NotConvergedError, RangeError, ShapeError, UndeterminedError
from permea_engine.ranking import (
    rank_by_criteria,
    rank_from_comparisons,
    rank_order,
    tie_groups,
    top_k_certainty,
    top_k_probabilities,
)

CLOSE = {"rel": 1e-3, "abs": 1e-3}


def compared(seed, *, n_items=30, n_votes=400, reliability=None, ties=0.0, spread=1.0):
    """Return true strengths and comparisons: first, second, outcome, judge."""
    rng = np.random.default_rng(seed)
    reliability = np.ones(5) if reliability is None else np.asarray(reliability)
    strength = rng.normal(0, spread, n_items)
    first = rng.integers(0, n_items, n_votes)
    second = (first + rng.integers(1, n_items, n_votes)) % n_items
    judge = rng.integers(0, len(reliability), n_votes)
    chance = expit(reliability[judge] * (strength[first] - strength[second]))
    outcome = np.where(rng.random(n_votes) < chance, 1, -1)
    outcome[rng.random(n_votes) < ties] = 0
    return strength, first, second, outcome, judge


def agreement(first, second):
    return np.corrcoef(np.argsort(np.argsort(first)), np.argsort(np.argsort(second)))[0, 1]


def test_the_known_answers_are_met(ranking_answer):
    case = ranking_answer
    if "wins" in case:
        wins = np.array(case["wins"])
        first, second = np.nonzero(wins)
        outcome, weights = np.ones(len(first)), wins[first, second]
    else:
        first, second, outcome = (np.array(case[name]) for name in ("first", "second", "outcome"))
        weights = np.ones(len(first))
    found = rank_from_comparisons(first, second, outcome, weights=weights * case["repeat"], strength_sd=20.0)
    assert found.strengths == pytest.approx(case["strengths"], abs=2e-3)
    assert found.tie_propensity == pytest.approx(case["tie_propensity"], abs=2e-3)
    assert rank_order(found).tolist() == case["order"]


def test_the_standard_error_of_one_pair_by_hand():
    # 3000 wins of 4000: information 4000 * 3/4 * 1/4 on the difference, prior 1 / tau^2 on each of the two
    found = rank_from_comparisons([0, 1], [1, 0], [1, 1], weights=[3000, 1000], strength_sd=2.0)
    assert found.difference_sd([0], [1]) == pytest.approx(1 / np.sqrt(750 + 1 / 8), rel=1e-2)
    assert found.standard_errors == pytest.approx(np.sqrt(2.0 + 1 / (4 * 750.125)), rel=1e-3)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_facts_and_of_the_two_items_changes_nothing(seed, random):
    _, first, second, outcome, judge = compared(seed, n_votes=150, ties=0.2)
    order = np.array(random.sample(range(150), 150))
    swap = np.array([random.random() < 0.5 for _ in range(150)])
    found = rank_from_comparisons(first, second, outcome, judge=judge)
    again = rank_from_comparisons(
        np.where(swap, second, first)[order],
        np.where(swap, first, second)[order],
        np.where(swap, -outcome, outcome)[order],
        judge=judge[order],
    )
    assert again.strengths.tolist() == found.strengths.tolist()
    assert again.reliabilities.tolist() == found.reliabilities.tolist()


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_renaming_items_and_judges_renames_the_answer(seed, random):
    _, first, second, outcome, judge = compared(seed, n_votes=150, ties=0.1)
    item, seat = np.array(random.sample(range(30), 30)), np.array(random.sample(range(5), 5))
    found = rank_from_comparisons(first, second, outcome, judge=judge, n_items=30)
    renamed = rank_from_comparisons(item[first], item[second], outcome, judge=seat[judge], n_items=30)
    assert renamed.strengths[item] == pytest.approx(found.strengths, **CLOSE)
    assert renamed.standard_errors[item] == pytest.approx(found.standard_errors, **CLOSE)
    assert renamed.reliabilities[seat] == pytest.approx(found.reliabilities, **CLOSE)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6))
def test_turning_every_outcome_round_turns_the_ranking_round(seed):
    _, first, second, outcome, judge = compared(seed, n_votes=150)
    found = rank_from_comparisons(first, second, outcome, judge=judge, n_items=30)
    turned = rank_from_comparisons(first, second, -outcome, judge=judge, n_items=30)
    assert turned.strengths == pytest.approx(-found.strengths, **CLOSE)
    assert turned.reliabilities == pytest.approx(found.reliabilities, **CLOSE)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 29), st.integers(1, 29))
def test_one_more_win_never_lowers_an_item_against_the_loser(seed, item, step):
    _, first, second, outcome, _ = compared(seed, n_votes=150)
    other = (item + step) % 30
    before = rank_from_comparisons(first, second, outcome, n_items=30, strength_sd=1.0)
    after = rank_from_comparisons(
        np.append(first, item), np.append(second, other), np.append(outcome, 1), n_items=30, strength_sd=1.0
    )
    gap = after.strengths[item] - after.strengths[other]
    assert gap > before.strengths[item] - before.strengths[other]


def test_a_weight_says_how_often_a_comparison_counts():
    _, first, second, outcome, judge = compared(1, n_votes=120)
    weights = np.random.default_rng(1).integers(0, 4, 120)
    found = rank_from_comparisons(first, second, outcome, judge=judge, weights=weights)
    again = rank_from_comparisons(
        *(np.repeat(one, weights) for one in (first, second, outcome)), judge=np.repeat(judge, weights)
    )
    assert found.strengths == pytest.approx(again.strengths, abs=1e-9)
    assert (found.n_votes.tolist(), found.n_comparisons.sum()) == (again.n_votes.tolist(), 2 * weights.sum())


def test_strengths_and_their_spread_are_found():
    strength, first, second, outcome, _ = compared(2, n_items=200, n_votes=4000, spread=1.5)
    found = rank_from_comparisons(first, second, outcome)
    truth = strength - strength.mean()
    assert found.strength_sd == pytest.approx(1.5, rel=0.15)
    assert agreement(found.strengths, strength) > 0.93
    assert 0.92 < ((found.lower <= truth) & (truth <= found.upper)).mean() < 0.98


def test_intervals_hold_what_they_say_with_few_comparisons_and_careless_judges():
    inside = []
    for seed in range(15):
        strength, first, second, outcome, judge = compared(seed, n_items=40, n_votes=240, reliability=[0, 0, *[1] * 8])
        found = rank_from_comparisons(first, second, outcome, judge=judge, n_items=40)
        truth = strength - strength.mean()
        inside.append(((found.lower <= truth) & (truth <= found.upper)).mean())
    assert 0.9 < np.mean(inside) < 0.98


def test_careless_and_malicious_judges_count_for_nothing():
    strength, first, second, outcome, judge = compared(
        3, n_items=50, n_votes=2500, reliability=[0, -1, 1, 1, 1, 1, 1, 1, 1, 1]
    )
    found = rank_from_comparisons(first, second, outcome, judge=judge)
    plain = rank_from_comparisons(first, second, outcome)
    assert (found.careless[:2] > 0.9).all()
    assert (found.careless[2:] < 0.1).all()
    assert found.reliabilities[2:] == pytest.approx(1.0, abs=0.35)
    assert (found.reliabilities[:2] >= 0).all()
    assert found.agreement[1] < 0.5 < found.agreement[2:].min()
    assert agreement(found.strengths, strength) > agreement(plain.strengths, strength)
    assert 0.1 < found.careless_share < 0.35


def test_reliabilities_are_found_where_judges_differ():
    true = np.exp(np.linspace(-1, 1, 8))
    _, first, second, outcome, judge = compared(4, n_items=40, n_votes=6000, reliability=true)
    found = rank_from_comparisons(first, second, outcome, judge=judge)
    error = np.log(found.reliabilities / true)
    assert np.abs(error - error.mean()).max() < 0.3
    assert found.log_reliability_sd.max() < 0.3
    assert found.reliability_spread > 0.4


def test_judges_who_are_all_alike_change_nothing_to_speak_of():
    for seed in range(5):
        _, first, second, outcome, judge = compared(seed, n_items=50, n_votes=1000, reliability=np.ones(10))
        found = rank_from_comparisons(first, second, outcome, judge=judge)
        assert agreement(found.strengths, rank_from_comparisons(first, second, outcome).strengths) > 0.99


def test_a_judge_with_one_vote_stays_near_one_and_one_without_too():
    _, first, second, outcome, judge = compared(5, reliability=np.ones(6))
    judge[0] = 6
    found = rank_from_comparisons(first, second, outcome, judge=judge, n_judges=8)
    assert found.reliabilities[6:] == pytest.approx(1.0, abs=0.25)
    assert found.log_reliability_sd[7] >= found.log_reliability_sd[:6].max()
    assert np.isnan(found.agreement[7])


def test_one_judge_cannot_be_told_from_the_strengths():
    _, first, second, outcome, _ = compared(6)
    found = rank_from_comparisons(first, second, outcome, judge=np.full(len(first), 2), n_judges=4)
    plain = rank_from_comparisons(first, second, outcome)
    assert found.strengths.tolist() == plain.strengths.tolist()
    assert found.reliabilities.tolist() == [1.0] * 4
    assert np.isnan([found.careless_share, found.reliability_spread, *found.careless]).all()
    assert np.isnan(found.agreement).tolist() == [True, True, False, True]
    assert found.agreement[2] > 0.5


def test_an_item_that_always_won_stays_finite_and_first():
    found = rank_from_comparisons([0, 0, 0, 1, 2], [1, 2, 1, 2, 1], [1] * 5)
    assert np.isfinite(found.strengths).all()
    assert rank_order(found)[0] == 0


def test_only_ties_leave_all_items_equal():
    found = rank_from_comparisons([0, 1, 2] * 20, [1, 2, 0] * 20, [0] * 60)
    assert found.strengths == pytest.approx([0, 0, 0], abs=1e-9)
    assert found.tie_propensity > 50
    assert np.isfinite(found.standard_errors).all()


def test_ties_bring_items_together_and_their_propensity_is_found():
    _, first, second, outcome, judge = compared(7, n_votes=3000, ties=0.3)
    found = rank_from_comparisons(first, second, outcome, judge=judge)
    tied = np.mean(outcome == 0)
    gap = found.strengths[first] - found.strengths[second]
    expected = found.tie_propensity / (2 * np.cosh(gap / 2) + found.tie_propensity)
    assert expected.mean() == pytest.approx(tied, abs=0.02)


def test_groups_that_never_met_are_reported():
    found = rank_from_comparisons([5, 1, 3], [1, 2, 4], [1, 1, 1], n_items=7)
    assert found.n_components == 2
    assert found.components.tolist() == [-1, 0, 0, 1, 1, 0, -1]
    assert found.strengths[[1, 2, 5]].sum() == pytest.approx(0, abs=1e-6)


def test_an_item_without_comparison_has_no_rank_but_a_chance():
    found = rank_from_comparisons([0, 0, 0], [1, 1, 1], [1, 1, 1], n_items=3)
    assert (found.strengths[2], found.n_comparisons.tolist()) == (0, [3, 3, 0])
    assert found.standard_errors[2] == pytest.approx(found.strength_sd)
    assert rank_order(found).tolist() == [0, 1]
    assert tie_groups(found)[2] == -1
    assert 0 < top_k_probabilities(found, 1)[2] < 1


def test_draws_agree_with_strengths_standard_errors_and_differences():
    _, first, second, outcome, judge = compared(8, n_items=12, n_votes=200)
    found = rank_from_comparisons(first, second, outcome, judge=judge)
    draws = found.sample(40_000, np.random.default_rng(0))
    assert draws.mean(axis=0) == pytest.approx(found.strengths, abs=0.03)
    assert draws.std(axis=0) == pytest.approx(found.standard_errors, rel=0.03)
    gap = (draws[:, [0]] - draws[:, [1, 2]]).std(axis=0)
    assert gap == pytest.approx(found.difference_sd([0, 0], [1, 2]), rel=0.03)


def test_certainty_of_a_choice_follows_from_the_draws():
    _, first, second, outcome, _ = compared(9, n_items=12, n_votes=2000, spread=2.0)
    found = rank_from_comparisons(first, second, outcome)
    certainty = top_k_certainty(found, 3)
    assert certainty.chosen.tolist() == rank_order(found)[:3].tolist()
    assert top_k_probabilities(found, 3).sum() == pytest.approx(3)
    assert 0.3 < certainty.set_right <= certainty.share_right <= 1


def test_messages_along_pairs_and_iterations_come_near_the_inverse(monkeypatch):
    _, first, second, outcome, judge = compared(10, n_items=250, n_votes=2500, ties=0.1)
    exact = rank_from_comparisons(first, second, outcome, judge=judge)
    errors, gap = exact.standard_errors, exact.difference_sd([0, 3], [1, 4])
    monkeypatch.setattr("permea_engine.ranking.strengths.EXACT", 10)
    monkeypatch.setattr("permea_engine.ranking.laplacian.EXACT", 10)
    monkeypatch.setattr("permea_engine.ranking.posterior.DENSE", 10)
    monkeypatch.setattr("permea_engine.ranking.posterior.BLOCK", 250 * 20)
    found = rank_from_comparisons(first, second, outcome, judge=judge)
    draws = found.sample(800, np.random.default_rng(0))
    assert found.strength_sd == pytest.approx(exact.strength_sd, rel=0.02)
    assert np.abs(found.strengths - exact.strengths).max() < 0.05
    assert found.standard_errors == pytest.approx(errors, rel=0.08)
    assert found.difference_sd([0, 3], [1, 4]) == pytest.approx(gap, rel=0.02)
    assert draws.std(axis=0).mean() == pytest.approx(errors.mean(), rel=0.03)


def test_a_million_comparisons_of_one_pair_are_one_fact():
    first = np.zeros(1_000_000, dtype=np.int64)
    found = rank_from_comparisons(first, first + 1, np.where(np.arange(1_000_000) % 4, 1, -1))
    counted = rank_from_comparisons([0, 0], [1, 1], [1, -1], weights=[750_000, 250_000])
    assert found.strengths[0] - found.strengths[1] == pytest.approx(np.log(3), abs=1e-3)
    assert found.strengths == pytest.approx(counted.strengths, abs=1e-9)


def test_a_long_chain_is_no_trouble():
    n_items = 3000
    item, rng = np.arange(n_items - 1), np.random.default_rng(13)
    strength = rng.normal(0, 1, n_items)
    wins = rng.binomial(50, expit(strength[:-1] - strength[1:]))
    pairs = np.append(item, item + 1), np.append(item + 1, item)
    found = rank_from_comparisons(*pairs, np.ones(len(pairs[0])), weights=np.append(wins, 50 - wins))
    assert agreement(found.strengths, strength) > 0.85
    assert found.n_components == 1


def test_criteria_are_ranked_apart_and_together():
    _, first, second, outcome, judge = compared(11, n_votes=600)
    by = np.random.default_rng(11).integers(0, 3, 600)
    found = rank_by_criteria(first, second, outcome, by, judge=judge, n_items=31, criterion_weights=[2, 0, 2, 1])
    own = by == 0
    alone = rank_from_comparisons(first[own], second[own], outcome[own], judge=judge[own], n_items=31)
    assert found.weights.tolist() == [0.5, 0, 0.5, 0]
    assert found.rankings[0].strengths.tolist() == alone.strengths.tolist()
    assert found.rankings[1].n_comparisons.sum() == 2 * (by == 1).sum()
    assert found.rankings[3] is None
    assert found.strengths == pytest.approx((alone.strengths + found.rankings[2].strengths) / 2)
    draws = found.sample(20_000, np.random.default_rng(0))
    assert draws.std(axis=0) == pytest.approx(found.standard_errors, rel=0.04)
    assert (found.lower < found.strengths).all()
    assert (found.strengths < found.upper).all()
    assert sorted(rank_order(found).tolist()) == list(range(30))


def test_criteria_without_weights_count_alike():
    found = rank_by_criteria([0, 0, 1], [1, 1, 0], [1, 1, 1], [0, 0, 2])
    assert found.weights.tolist() == [0.5, 0, 0.5]
    assert found.rankings[1] is None
    assert found.n_comparisons.tolist() == [3, 3]


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: rank_from_comparisons([], [], []), UndeterminedError, "there is no comparison"),
        (lambda: rank_from_comparisons([], [], [], judge=[]), UndeterminedError, "there is no comparison"),
        (lambda: rank_from_comparisons([0], [1], [1], weights=[0]), UndeterminedError, "none with a weight"),
        (lambda: rank_from_comparisons([0, 1], [1], [1]), ShapeError, "second: 2 entries wanted"),
        (lambda: rank_from_comparisons([0], [1], [1, 1]), ShapeError, "outcome: shape"),
        (lambda: rank_from_comparisons([0.5], [1], [1]), ShapeError, "first: a vector of whole numbers"),
        (lambda: rank_from_comparisons([0, 2], [1, 2], [1, 1]), RangeError, "entry 1 compares item 2 with itself"),
        (lambda: rank_from_comparisons([0], [1], [2]), RangeError, "outcome: entry 0 is 2"),
        (lambda: rank_from_comparisons([0], [1], [np.nan]), RangeError, "outcome: entry 0"),
        (lambda: rank_from_comparisons([0], [1], [1], weights=[-1]), RangeError, "weights: entry 0 is negative"),
        (lambda: rank_from_comparisons([0], [1], [1], weights=[np.nan]), RangeError, "weights: entry 0"),
        (lambda: rank_from_comparisons([-1], [1], [1]), RangeError, "first: entry 0 is -1"),
        (lambda: rank_from_comparisons([0], [3], [1], n_items=3), RangeError, "second: entry 0 is 3"),
        (lambda: rank_from_comparisons([0], [1], [1], n_items=0), RangeError, "n_items"),
        (lambda: rank_from_comparisons([0], [1], [1], judge=[0, 1]), ShapeError, "judge: 1 entries wanted"),
        (lambda: rank_from_comparisons([0], [1], [1], judge=[2], n_judges=2), RangeError, "judge: entry 0 is 2"),
        (lambda: rank_from_comparisons([0], [1], [1], strength_sd=0.0), RangeError, "strength_sd"),
        (lambda: rank_from_comparisons([0], [1], [1]).sample(0, np.random.default_rng(0)), RangeError, "n: 0"),
        (lambda: rank_from_comparisons([0], [1], [1]).difference_sd([0], [2]), RangeError, "second: entry 0"),
        (lambda: rank_by_criteria([], [], [], []), UndeterminedError, "there is no comparison"),
        (lambda: rank_by_criteria([0], [1], [1], [0, 1]), ShapeError, "first: 2 entries wanted"),
        (lambda: rank_by_criteria([0], [1], [1], [1], criterion_weights=[1]), ShapeError, "criterion_weights: 2"),
        (lambda: rank_by_criteria([0], [1], [1], [0], criterion_weights=[0]), RangeError, "all are zero"),
        (lambda: rank_by_criteria([0], [1], [1], [0], criterion_weights=[0, 1]), UndeterminedError, "criterion: no"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


@pytest.mark.parametrize("judged", [False, True])
def test_few_comparisons_of_very_different_items_come_to_rest(judged):
    for seed in range(60):
        _, first, second, outcome, judge = compared(seed, n_items=40, n_votes=30 + seed, spread=8.0)
        found = rank_from_comparisons(first, second, outcome, judge=judge if judged else None, n_items=40)
        assert found.n_iterations < 500


def test_what_does_not_come_to_rest_is_said(monkeypatch):
    _, first, second, outcome, _ = compared(12)
    monkeypatch.setattr("permea_engine.ranking.strengths.MAX_ITERATIONS", 2)
    with pytest.raises(NotConvergedError, match="still moving after 2 iterations"):
        rank_from_comparisons(first, second, outcome)


def test_equations_that_take_too_many_steps_are_said(monkeypatch):
    _, first, second, outcome, _ = compared(12)
    monkeypatch.setattr("permea_engine.ranking.laplacian.EXACT", 10)
    monkeypatch.setattr("permea_engine.ranking.laplacian.MAX_STEPS", 1)
    with pytest.raises(NotConvergedError, match="not solved in 1 steps"):
        rank_from_comparisons(first, second, outcome)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(1, 5), st.sampled_from([-1, 0, 1]), st.integers(0, 3),
                  st.floats(0.01, 1e4)),
        min_size=1, max_size=30,
    )
)  # fmt: skip
def test_any_few_facts_give_finite_answers(facts):
    first, step, outcome, judge, weights = (np.array(column) for column in zip(*facts, strict=True))
    found = rank_from_comparisons(first, (first + step) % 6, outcome, judge=judge, weights=weights)
    assert np.isfinite([*found.strengths, *found.standard_errors, *found.reliabilities]).all()
    assert found.strengths.sum() == pytest.approx(0, abs=1e-3)
