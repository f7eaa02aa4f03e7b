import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea_engine import decisions
from permea_engine.errors import RangeError, ShapeError, UndeterminedError
from permea_engine.ratings import (
    judge_influence,
    krippendorff_alpha,
    rank_order,
    rate_ideas,
    reviews_to_raise_certainty,
    tie_groups,
    top_k_certainty,
    top_k_probabilities,
)
from tests.engine.simulate import simulate


def rated(seed=0, *, idea_sd=0.9, judge_sd=0.5, noise_sd=0.7, n_ideas=20, reviews_each=3, unseen=0):
    data = simulate(
        np.random.default_rng(seed),
        n_ideas=n_ideas,
        n_judges=5,
        reviews_each=reviews_each,
        idea_sd=idea_sd,
        judge_sd=judge_sd,
        noise_sd=noise_sd,
    )
    return rate_ideas(data.idea, data.judge, data.values, n_ideas=n_ideas + unseen), data


def equal_marks():
    return rate_ideas([0, 0, 1, 1, 2, 2, 3, 3], [0, 1] * 4, [[4.0]] * 8)


def test_two_ideas_by_hand():
    # one review each by one judge: independent t with 1 degree of freedom around 2 and 4, scale 1
    ratings = rate_ideas([0, 1], [0, 0], [[2.0], [4.0]])
    # the difference of two Cauchy variables is a Cauchy variable of scale 2: P(> -2) = 1/2 + atan(1) / pi
    assert top_k_probabilities(ratings, 1, n_samples=100_000)[1] == pytest.approx(0.75, abs=0.01)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 19))
def test_chances_sum_to_k_and_follow_the_scores(seed, k):
    ratings, _ = rated(seed)
    chances = top_k_probabilities(ratings, k)
    assert chances.sum() == pytest.approx(k)
    assert np.corrcoef(chances, ratings.scores)[0, 1] > 0.3


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 19))
def test_a_longer_list_is_more_likely_to_hold_each_idea(seed, k):
    ratings, _ = rated(seed)
    assert (top_k_probabilities(ratings, k) <= top_k_probabilities(ratings, k + 1)).all()


def test_an_unseen_idea_has_a_chance_too_but_no_rank():
    ratings, _ = rated(1, unseen=2)
    assert 0 < top_k_probabilities(ratings, 5)[20] < 1
    assert sorted(rank_order(ratings).tolist()) == list(range(20))
    assert tie_groups(ratings)[20:].tolist() == [-1, -1]


def test_where_all_marks_are_equal_chance_decides():
    assert top_k_probabilities(equal_marks(), 1) == pytest.approx([0.25] * 4, abs=0.03)
    assert len(set(tie_groups(equal_marks()).tolist())) == 1


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_a_group_ends_with_the_first_idea_certainly_below_its_head(seed):
    ratings, _ = rated(seed, n_ideas=40)
    order = rank_order(ratings)
    groups = tie_groups(ratings)[order]
    draws = ratings.sample(4000, np.random.default_rng(0))[:, order]
    heads = [groups.tolist().index(group) for group in range(groups[-1] + 1)]
    assert sorted(groups.tolist()) == groups.tolist()
    for head, following in itertools.pairwise([*heads, len(order)]):
        below = (draws[:, head, None] > draws[:, head + 1 :]).mean(axis=0) >= 0.9
        assert not below[: following - head - 1].any()
        assert following == len(order) or below[following - head - 1]


def test_groups_of_very_many_ideas_rest_on_fewer_draws(monkeypatch):
    ratings, _ = rated(3, n_ideas=40)
    exact = tie_groups(ratings)
    monkeypatch.setattr(decisions, "BLOCK", 0)
    few = tie_groups(ratings)
    assert np.unique(few).tolist() == list(range(few.max() + 1))
    assert np.mean(few == exact) > 0.8
    assert few.tolist() == tie_groups(ratings, n_samples=400).tolist()


def test_a_clear_step_parts_two_groups():
    marks = [[1.0], [1.1], [1.1], [1.0], [5.0], [5.1], [5.1], [5.0]]
    assert tie_groups(rate_ideas([0, 0, 1, 1, 2, 2, 3, 3], [0, 1] * 4, marks)).tolist() == [1, 1, 0, 0]


def test_certainty_is_the_chance_that_the_set_is_right():
    marks = [[1.0], [1.1], [1.1], [1.0], [5.0], [5.1], [5.1], [5.0]]
    ratings = rate_ideas([0, 0, 1, 1, 2, 2, 3, 3], [0, 1] * 4, marks)
    sure, open_ = top_k_certainty(ratings, 2), top_k_certainty(ratings, 1)
    assert (sorted(sure.chosen.tolist()), sure.set_right > 0.95, sure.expected_regret < 0.05) == ([2, 3], True, True)
    assert (0.3 < open_.set_right < 0.8, open_.expected_regret > 0) == (True, True)


def test_the_whole_list_is_always_right():
    ratings, _ = rated(2)
    found = top_k_certainty(ratings, 20)
    assert (found.set_right, found.share_right, found.expected_regret) == (1.0, 1.0, pytest.approx(0.0, abs=1e-12))


def test_what_is_called_certain_is_as_often_right():
    rng = np.random.default_rng(3)
    said, right = [], []
    for _ in range(60):
        data = simulate(rng, n_ideas=15, n_judges=4, reviews_each=3, idea_sd=1.0, judge_sd=0.5, noise_sd=0.6)
        found = top_k_certainty(rate_ideas(data.idea, data.judge, data.values), 3, n_samples=1000)
        said.append(found.share_right)
        right.append(np.isin(found.chosen, np.argsort(-data.truth)[:3]).mean())
    assert np.mean(said) == pytest.approx(np.mean(right), abs=0.06)


def test_more_reviews_are_planned_until_the_target_is_met():
    ratings, _ = rated(4)
    near, far = (reviews_to_raise_certainty(ratings, 3, target=target, extra_max=2000) for target in (0.5, 0.8))
    assert (near.reached, far.reached, 0 < near.n_more < far.n_more) == (True, True, True)
    assert near.certainty_now == pytest.approx(top_k_certainty(ratings, 3).set_right, abs=0.05)
    assert near.certainty_then >= 0.5
    assert (near.per_idea.sum(), far.per_idea.sum()) == (near.n_more, far.n_more)


def test_planned_reviews_go_to_contested_ideas():
    ratings, _ = rated(4)
    plan, chances = reviews_to_raise_certainty(ratings, 3, target=0.7, extra_max=500), top_k_probabilities(ratings, 3)
    assert plan.per_idea[np.abs(chances - 0.5) > 0.495].sum() == 0
    assert plan.per_idea[np.argmin(np.abs(chances - 0.5))] == plan.per_idea.max()


def test_an_unreachable_target_is_said():
    ratings, _ = rated(4)
    plan = reviews_to_raise_certainty(ratings, 3, target=0.999, extra_max=1)
    assert (plan.n_more, plan.reached) == (1, False)


def test_a_certain_choice_needs_no_more_reviews():
    marks = [[1.0], [1.1], [1.1], [1.0], [5.0], [5.1], [5.1], [5.0]]
    plan = reviews_to_raise_certainty(rate_ideas([0, 0, 1, 1, 2, 2, 3, 3], [0, 1] * 4, marks), 2)
    assert (plan.n_more, plan.reached, plan.per_idea.tolist()) == (0, True, [0] * 4)


def test_the_share_that_is_right_can_be_the_measure():
    ratings, _ = rated(5)
    by_set, by_share = (
        reviews_to_raise_certainty(ratings, 5, target=0.85, measure=measure) for measure in ("set", "share")
    )
    assert by_share.certainty_now > by_set.certainty_now
    assert by_share.n_more <= by_set.n_more


def test_a_plan_works_without_correction_and_with_unseen_ideas():
    plain = rate_ideas([0, 1, 2, 3], [0, 0, 0, 0], [[2.0], [4.0], [3.0], [5.0]], n_ideas=5)
    plan = reviews_to_raise_certainty(plain, 2, target=0.9, extra_max=400)
    assert (plan.n_more > 0, plan.certainty_then > plan.certainty_now) == (True, True)


def test_the_promise_of_a_plan_is_kept():
    """Follow the plan with real further reviews: the set is right about as often as was promised."""
    rng = np.random.default_rng(6)
    promised, kept = [], []
    for _ in range(40):
        data = simulate(rng, n_ideas=10, n_judges=4, reviews_each=3, idea_sd=1.0, judge_sd=0.4, noise_sd=0.7)
        ratings = rate_ideas(data.idea, data.judge, data.values)
        plan = reviews_to_raise_certainty(ratings, 3, target=0.75, extra_max=120, n_samples=500)
        idea = np.repeat(np.arange(10), plan.per_idea)
        judge = rng.integers(0, 4, len(idea))
        level = data.truth[idea] + data.severity[judge]
        marks = np.append(data.values[:, 0], level + rng.normal(0, 0.7, len(idea)))
        after = rate_ideas(np.append(data.idea, idea), np.append(data.judge, judge), marks[:, None])
        promised.append(plan.certainty_then)
        kept.append(set(rank_order(after)[:3]) == set(np.argsort(-data.truth)[:3]))
    assert np.mean(kept) == pytest.approx(np.mean(promised), abs=0.15)


def refit_without(data, ratings, judge, monkeypatch):
    kept = data.judge != judge
    monkeypatch.setattr(
        "permea_engine.ratings.fit.estimate_variances", lambda layout: fixed_variances(layout, ratings.ratios)
    )
    return rate_ideas(data.idea[kept], data.judge[kept], data.values[kept], n_ideas=len(data.truth))


def fixed_variances(layout, ratios):
    from permea_engine.ratings.crossed import solve
    from permea_engine.ratings.variances import Variances

    return Variances(ratios[0], ratios[1], 1.0, (ratios,), np.ones(1), (solve(layout, *ratios),))


@pytest.mark.parametrize("shape", [(20, 5, 3), (5, 8, 7)])
@pytest.mark.parametrize("dense_cells", [0, 10**6])
def test_leaving_a_judge_out_equals_a_new_fit_at_the_same_variances(shape, dense_cells, monkeypatch):
    monkeypatch.setattr("permea_engine.ratings.crossed.DENSE_CELLS", dense_cells)
    monkeypatch.setattr("permea_engine.ratings.crossed.DENSE_SHARE", 2.0)
    n_ideas, n_judges, each = shape
    data = simulate(
        np.random.default_rng(7), n_ideas=n_ideas, n_judges=n_judges, reviews_each=each, idea_sd=1, judge_sd=0.5
    )
    ratings = rate_ideas(data.idea, data.judge, data.values, n_judges=n_judges + 1)
    found = judge_influence(ratings, 2)
    full = refit_without(data, ratings, -1, monkeypatch).scores
    for judge in range(n_judges):
        scores = refit_without(data, ratings, judge, monkeypatch).scores
        moved = scores - full - (scores - full).mean()
        top = set(np.argsort(-full)[:2]) - set(np.argsort(-scores)[:2])
        assert (found.top_k_changes[judge], found.shifted_idea[judge]) == (len(top), np.argmax(np.abs(moved)))
        assert found.biggest_shift[judge] == pytest.approx(moved[np.argmax(np.abs(moved))], abs=1e-6)
    assert (found.top_k_changes[-1], found.biggest_shift[-1], found.shifted_idea[-1]) == (0, 0, -1)


def test_influence_on_plain_means():
    # without judge 0 idea 0 has no review and falls to the mean of the rest
    ratings = rate_ideas([0, 1, 2], [0, 1, 1], [[5.0], [2.0], [4.0]])
    found = judge_influence(ratings, 1)
    assert (ratings.reason, found.top_k_changes.tolist(), found.shifted_idea.tolist()) == ("no_overlap", [1, 0], [0, 1])


def test_a_single_judge_decides_everything():
    ratings = rate_ideas([0, 1], [0, 0], [[1.0], [5.0]])
    assert judge_influence(ratings, 1).biggest_shift[0] == pytest.approx(2.0)


def test_a_biased_judge_has_the_most_influence_on_the_plain_mean_only():
    _, data = rated(8)
    rng = np.random.default_rng(8)
    erratic = data.values + (data.judge == 2)[:, None] * rng.normal(0, 3, data.values.shape)
    found = judge_influence(rate_ideas(data.idea, data.judge, erratic), 5)
    assert np.argmax(np.abs(found.biggest_shift)) == 2


def test_published_agreement_is_met(agreement_answer):
    marks = np.array(agreement_answer["marks_by_judge"], dtype=float)
    judge, idea = np.indices(marks.shape)
    found = krippendorff_alpha(idea.ravel(), judge.ravel(), marks.ravel())
    assert found == pytest.approx(agreement_answer["alpha"], abs=5e-4)


def test_repeated_marks_of_one_judge_are_averaged():
    once = krippendorff_alpha([0, 0, 1, 1], [0, 1, 0, 1], [1.0, 2.0, 4.0, 4.0])
    twice = krippendorff_alpha([0, 0, 0, 1, 1], [0, 0, 1, 0, 1], [0.5, 1.5, 2.0, 4.0, 4.0])
    assert once == pytest.approx(twice)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 10), st.floats(-10, 10))
def test_agreement_does_not_depend_on_scale_or_names(seed, factor, shift):
    _, data = rated(seed % 50)
    found = krippendorff_alpha(data.idea, data.judge, data.values[:, 0])
    again = krippendorff_alpha(19 - data.idea, 4 - data.judge, factor * data.values[:, 0] + shift)
    assert again == pytest.approx(found)
    assert found <= 1


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda r: top_k_probabilities(r, 0), RangeError, "k: 0 given"),
        (lambda r: top_k_probabilities(r, 23), RangeError, "k: 23 given"),
        (lambda r: top_k_probabilities(r, 1.5), ShapeError, "k: a whole number"),
        (lambda r: top_k_probabilities(r, 1, n_samples=0), RangeError, "n_samples"),
        (lambda r: tie_groups(r, certainty=1.0), RangeError, "certainty"),
        (lambda r: top_k_certainty(r, 21), RangeError, "k: 21 given, it must be from 1 to 20"),
        (lambda r: reviews_to_raise_certainty(r, 21), RangeError, "k: 21 given"),
        (lambda r: reviews_to_raise_certainty(r, 2, target=1.5), RangeError, "target"),
        (lambda r: reviews_to_raise_certainty(r, 2, extra_max=0), RangeError, "extra_max"),
        (
            lambda _: reviews_to_raise_certainty(equal_marks(), 1),
            UndeterminedError,
            "the spread of the scores is unknown",
        ),
        (lambda r: judge_influence(r, 21), RangeError, "k: 21 given"),
        (lambda _: krippendorff_alpha([0], [0, 1], [1.0]), ShapeError, "judge"),
        (lambda _: krippendorff_alpha([0], [0], [[1.0]]), ShapeError, "values"),
        (
            lambda _: krippendorff_alpha([0, 1], [0, 1], [1.0, 2.0]),
            UndeterminedError,
            "no idea has marks of two judges",
        ),
        (lambda _: krippendorff_alpha([0, 0], [0, 1], [2.0, 2.0]), UndeterminedError, "all those marks are equal"),
    ],
)
def test_refusals(call, kind, message):
    ratings, _ = rated(9, unseen=2)
    with pytest.raises(kind, match=message):
        call(ratings)


def test_draws_made_once_answer_as_draws_made_anew(monkeypatch):
    ratings, _ = rated(4, unseen=1)
    known = decisions.drawn(ratings)
    assert top_k_probabilities(known, 5).tolist() == top_k_probabilities(ratings, 5).tolist()
    assert tie_groups(known).tolist() == tie_groups(ratings).tolist()
    assert top_k_certainty(known, 5).set_right == top_k_certainty(ratings, 5).set_right
    with pytest.raises(RangeError, match="n_samples: 4001 given"):
        top_k_probabilities(known, 5, n_samples=4001)
    monkeypatch.setattr(decisions, "BLOCK", 4000 * 20)
    assert decisions.drawn(ratings) is ratings
