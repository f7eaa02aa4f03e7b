import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea_engine.errors import RangeError, ShapeError, UndeterminedError
from permea_engine.ratings import rate_ideas
from tests.engine.simulate import simulate

SMALL = {"n_ideas": 12, "n_judges": 3, "reviews_each": 2}
CLOSE = {"rel": 1e-4, "abs": 1e-4}


def small(seed, *, idea_sd=0.8, judge_sd=0.7):
    return simulate(np.random.default_rng(seed), **SMALL, idea_sd=idea_sd, judge_sd=judge_sd)


def test_the_known_answers_are_met(ratings_answer):
    case = ratings_answer
    found = rate_ideas(case["idea"], case["judge"], np.array(case["values"], dtype=float)[:, None])
    assert np.argsort(-found.scores).tolist() == case["order"]
    for name in {"variance_idea", "variance_judge", "variance_noise", "icc"} & case.keys():
        assert getattr(found, name) == pytest.approx(case[name], rel=1e-4)


def test_reliability_follows_from_the_variances():
    idea, judge = np.divmod(np.arange(24), 4)
    marks = np.array([9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7.0])
    found = rate_ideas(idea, judge, marks[:, None])
    ratio = found.variance_noise / found.variance_idea  # 1.0194 / 2.5556
    assert found.reliability == pytest.approx(1 / (1 + ratio / 4))
    assert found.reviews_for_reliability == int(np.ceil(7 / 3 * ratio)) == 1


def test_a_balanced_design_keeps_the_order_of_plain_means_and_shrinks():
    marks = np.array([[4, 3, 5], [2, 2, 3], [3, 1, 4], [5, 4, 4]], dtype=float)
    idea, judge = np.divmod(np.arange(12), 3)
    found = rate_ideas(idea, judge, marks.reshape(-1, 1))
    assert np.argsort(found.scores).tolist() == np.argsort(found.plain_means).tolist()
    assert found.scores.mean() == pytest.approx(found.plain_means.mean())
    assert np.ptp(found.scores) < np.ptp(found.plain_means)
    assert found.severities.sum() == pytest.approx(0, abs=1e-9)


def test_the_weighted_criterion_scores_make_the_score():
    data = small(1)
    rng = np.random.default_rng(2)
    values = data.values + rng.normal(0, 0.5, (len(data.values), 3))
    values[rng.random(values.shape) < 0.1] = np.nan
    found = rate_ideas(data.idea, data.judge, values, weights=[2, 1, 1])
    assert found.criterion_scores @ [0.5, 0.25, 0.25] == pytest.approx(found.scores)


def test_a_missing_mark_is_filled_from_review_and_criterion():
    # criterion 1 is marked one point above criterion 0 by everybody: leaving one out changes nothing
    idea, judge = np.divmod(np.arange(9), 3)
    marks = np.array([3.0, 4, 2, 5, 4, 4, 1, 2, 1])
    values = np.column_stack([marks, marks + 1])
    with_gap = values.copy()
    with_gap[4, 1] = np.nan
    assert rate_ideas(idea, judge, with_gap).scores == pytest.approx(rate_ideas(idea, judge, values).scores, abs=1e-6)


def test_a_review_without_marks_and_weightless_criteria_do_not_count():
    data = small(3)
    values = np.column_stack([data.values, np.full(len(data.values), np.nan)])
    empty = np.vstack([values, [[np.nan, 4.0]]])
    found = rate_ideas(np.append(data.idea, 0), np.append(data.judge, 0), empty, weights=[1, 0])
    plain = rate_ideas(data.idea, data.judge, data.values)
    assert found.scores == pytest.approx(plain.scores)
    assert found.n_reviews.tolist() == plain.n_reviews.tolist()


def test_an_idea_without_review_has_no_score_but_a_wide_interval():
    data = small(4)
    found = rate_ideas(data.idea, data.judge, data.values, n_ideas=14, n_judges=5)
    assert np.isnan(found.scores[12:]).tolist() == [True, True]
    assert (found.upper - found.lower)[12] > (found.upper - found.lower)[:12].max()
    assert (found.components[12:].tolist(), found.n_reviews[12:].tolist()) == ([-1, -1], [0, 0])
    assert np.isnan(found.severities).tolist() == [False] * 3 + [True] * 2
    draws = found.sample(4000, np.random.default_rng(0))
    assert draws.shape == (4000, 14)
    assert np.quantile(draws[:, 13], [0.025, 0.975]) == pytest.approx([found.lower[13], found.upper[13]], abs=0.4)


def test_draws_agree_with_scores_and_intervals():
    data = small(5)
    found = rate_ideas(data.idea, data.judge, data.values)
    draws = found.sample(40_000, np.random.default_rng(0))
    assert draws.mean(axis=0) == pytest.approx(found.scores, abs=0.03)
    assert np.quantile(draws, 0.025, axis=0) == pytest.approx(found.lower, abs=0.08)
    assert np.quantile(draws, 0.975, axis=0) == pytest.approx(found.upper, abs=0.08)


def test_groups_without_common_judges_are_reported():
    first, second = small(6), small(7)
    idea, judge = np.append(first.idea, second.idea + 12), np.append(first.judge, second.judge + 3)
    found = rate_ideas(idea, judge, np.vstack([first.values, second.values]), n_ideas=25)
    assert (found.n_components, found.corrected, found.reason) == (2, True, "disconnected")
    assert found.components.tolist() == [0] * 12 + [1] * 12 + [-1]


@pytest.mark.parametrize(
    ("idea", "judge", "marks", "reason"),
    [
        ([0, 1, 2], [0, 0, 0], [3, 4, 5], "one_judge"),
        ([0, 1, 2], [0, 1, 1], [3, 4, 5], "no_overlap"),
        ([0, 0, 0], [0, 1, 2], [3, 4, 5], "one_idea"),
        ([0, 0, 1, 1], [0, 1, 2, 3], [3, 4, 5, 4], "too_few_reviews"),
        ([0, 0, 1, 1], [0, 1, 0, 1], [4, 4, 4, 4], "no_variation"),
    ],
)
def test_where_judges_cannot_be_told_from_ideas_the_plain_mean_stands_with_the_reason(idea, judge, marks, reason):
    found = rate_ideas(idea, judge, np.array(marks, dtype=float)[:, None], n_judges=4)
    assert (found.corrected, found.reason) == (False, reason)
    assert found.scores.tolist() == found.plain_means.tolist()
    assert np.isnan(found.severities).all()


def test_one_judge_and_one_review_each_says_that_noise_is_assumed():
    found = rate_ideas([0, 1, 2], [0, 0, 0], [[2.0], [4.0], [3.0]], n_ideas=4)
    width = found.upper - found.lower
    assert np.isnan([found.icc, found.reliability, found.variance_idea, found.variance_noise]).all()
    assert found.reviews_for_reliability is None
    # spread of the means is 1, half of it noise: t with 2 degrees of freedom times sqrt(1/2); unknown idea sqrt(3/2)
    assert width[:3] == pytest.approx(2 * 4.302653 * np.sqrt(0.5))
    assert width[3] == pytest.approx(2 * 4.302653 * np.sqrt(1.5))


def test_repeated_reviews_by_one_judge_measure_noise():
    found = rate_ideas([0, 0, 1, 1], [0, 0, 0, 0], [[2.0], [4.0], [7.0], [9.0]])
    # within: 2 + 2 over 2 degrees of freedom; means 3 and 8: 12.5 - 2 / 2
    assert (found.variance_noise, found.variance_idea) == pytest.approx((2.0, 11.5))
    assert found.icc == pytest.approx(11.5 / 13.5)
    assert found.lower[0] == pytest.approx(3 - 4.302653)


def test_equal_marks_leave_nothing_to_say_about_spread():
    found = rate_ideas([0, 0, 1, 1], [0, 1, 0, 1], [[4.0]] * 4, n_ideas=3)
    assert np.isnan(np.concatenate([found.lower, found.upper, [found.icc]])).all()
    assert found.sample(3, np.random.default_rng(0)).tolist() == [[4.0] * 3] * 3


def test_ideas_that_do_not_differ_can_never_be_told_apart():
    marks = [[4.0], [2.0], [2.0], [4.0], [3.9], [2.1]]
    found = rate_ideas([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], marks)
    assert (found.variance_idea, found.icc, found.reliability, found.reviews_for_reliability) == (0.0, 0.0, 0.0, None)


def test_marks_without_any_noise_are_taken_apart_exactly():
    quality, severity = np.array([5.0, 4, 3, 2, 1]), np.array([0.0, -1, 1])
    idea, judge = np.divmod(np.arange(15), 3)
    found = rate_ideas(idea, judge, (quality[idea] + severity[judge])[:, None])
    assert found.scores == pytest.approx(quality, abs=0.05)
    assert found.severities == pytest.approx(severity, abs=0.05)


@pytest.mark.parametrize("shape", [(40, 6, 120), (6, 40, 120), (300, 100, 1500)])
@pytest.mark.parametrize("kind", ["ideas only", "judges only", "both", "tiny", "noise only"])
def test_marks_without_a_part_of_the_model_are_no_trouble(kind, shape):
    n_ideas, n_judges, n = shape
    rng = np.random.default_rng(17)
    idea = np.concatenate([np.arange(n_ideas), rng.integers(0, n_ideas, n - n_ideas)])
    judge = rng.integers(0, n_judges, n)
    quality, severity = rng.integers(1, 6, n_ideas)[idea].astype(float), rng.integers(-1, 2, n_judges)[judge]
    marks = {
        "ideas only": quality,
        "judges only": 1.0 * severity,
        "both": quality + severity,
        "tiny": 1e6 + 1e-3 * (quality + severity),
        "noise only": rng.integers(1, 6, n) * 1.0,
    }[kind]
    found = rate_ideas(idea, judge, marks[:, None])
    wanted = {"ideas only": 1.0, "judges only": 0.0, "noise only": 0.0}
    assert np.isfinite(np.concatenate([found.scores, found.lower, found.upper])).all()
    assert found.icc == pytest.approx(wanted.get(kind, found.icc), abs=0.1)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_renaming_ideas_judges_and_reviews_renames_the_answer(seed, random):
    data = small(seed)
    new_idea, new_judge = random.sample(range(12), 12), random.sample(range(3), 3)
    order = random.sample(range(24), 24)
    found = rate_ideas(data.idea, data.judge, data.values)
    renamed = rate_ideas(np.take(new_idea, data.idea)[order], np.take(new_judge, data.judge)[order], data.values[order])
    assert renamed.scores[new_idea] == pytest.approx(found.scores, **CLOSE)
    assert renamed.upper[new_idea] == pytest.approx(found.upper, **CLOSE)
    assert renamed.severities[new_judge] == pytest.approx(found.severities, **CLOSE)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 100), st.floats(-100, 100))
def test_another_scale_of_marks_scales_the_answer(seed, factor, shift):
    data = small(seed)
    found = rate_ideas(data.idea, data.judge, data.values)
    scaled = rate_ideas(data.idea, data.judge, factor * data.values + shift)
    assert (scaled.scores - shift) / factor == pytest.approx(found.scores, **CLOSE)
    assert (scaled.lower - shift) / factor == pytest.approx(found.lower, **CLOSE)
    assert scaled.severities / factor == pytest.approx(found.severities, **CLOSE)
    assert scaled.icc == pytest.approx(found.icc, abs=1e-3)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 5))
def test_taking_two_points_off_every_mark_of_one_judge_hardly_moves_a_score(seed, judge):
    data = simulate(
        np.random.default_rng(seed), n_ideas=40, n_judges=6, reviews_each=3, idea_sd=0.8, judge_sd=0.4, noise_sd=0.6
    )
    harsh = data.values - 2.0 * (data.judge == judge)[:, None]
    before, after = rate_ideas(data.idea, data.judge, data.values), rate_ideas(data.idea, data.judge, harsh)
    moved = after.scores - before.scores
    assert np.abs(moved - moved.mean()).max() < 0.12
    assert after.severities[judge] - before.severities[judge] == pytest.approx(-2 * 5 / 6, abs=0.35)


def test_one_more_high_mark_never_lowers_an_idea_against_the_others():
    data = small(8)
    raised = data.values.copy()
    raised[0] += 0.5
    before, after = rate_ideas(data.idea, data.judge, data.values), rate_ideas(data.idea, data.judge, raised)
    assert after.scores[data.idea[0]] - after.scores.mean() > before.scores[data.idea[0]] - before.scores.mean()


def score_error(found, data):
    return [np.sqrt(((scores - data.truth) ** 2).mean()) for scores in (found.scores, found.plain_means)]


def rank_agreement(found, data):
    order = data.truth.argsort().argsort()
    return [np.corrcoef(scores.argsort().argsort(), order)[0, 1] for scores in (found.scores, found.plain_means)]


@pytest.mark.parametrize(("judge_sd", "least_gain"), [(0.0, -0.02), (0.5, -0.01), (1.5, 0.08)])
def test_the_correction_is_never_worse_than_the_plain_mean_by_more_than_noise(judge_sd, least_gain):
    rng = np.random.default_rng(11)
    samples = [simulate(rng, **SMALL, idea_sd=0.8, judge_sd=judge_sd) for _ in range(60)]
    found = [rate_ideas(data.idea, data.judge, data.values) for data in samples]
    agreement = np.mean([rank_agreement(*pair) for pair in zip(found, samples, strict=True)], axis=0)
    error = np.mean([score_error(*pair) for pair in zip(found, samples, strict=True)], axis=0)
    assert agreement[0] - agreement[1] > least_gain
    assert error[0] < error[1]


def test_intervals_hold_what_they_say_for_twelve_ideas_and_three_judges():
    rng = np.random.default_rng(12)
    inside = []
    for idea_sd, judge_sd in ((0.7, 0.5), (1.0, 1.0), (2.0, 0.5)):
        for _ in range(30):
            data = simulate(rng, **SMALL, idea_sd=idea_sd, judge_sd=judge_sd)
            found = rate_ideas(data.idea, data.judge, data.values)
            inside.append(((found.lower <= data.truth) & (data.truth <= found.upper)).mean())
    assert 0.92 < np.mean(inside) < 0.98


def test_intervals_of_severities_hold_too():
    rng = np.random.default_rng(13)
    inside = []
    for _ in range(40):
        data = simulate(rng, n_ideas=20, n_judges=5, reviews_each=3, idea_sd=0.8, judge_sd=0.6)
        found = rate_ideas(data.idea, data.judge, data.values)
        inside.append(((found.severity_lower <= data.severity) & (data.severity <= found.severity_upper)).mean())
    assert 0.91 < np.mean(inside) < 0.99


def test_with_more_judges_than_ideas_nothing_changes_in_kind():
    data = simulate(np.random.default_rng(14), n_ideas=6, n_judges=9, reviews_each=5, idea_sd=1.0, judge_sd=0.5)
    found = rate_ideas(data.idea, data.judge, data.values)
    draws = found.sample(40_000, np.random.default_rng(0))
    assert draws.mean(axis=0) == pytest.approx(found.scores, abs=0.03)
    assert np.quantile(draws, 0.975, axis=0) == pytest.approx(found.upper, abs=0.08)


def test_much_data_needs_one_point_of_the_grid():
    rng = np.random.default_rng(16)
    idea, judge = np.tile(np.arange(1200), 6), rng.integers(0, 700, 7200)
    quality, severity = rng.normal(0, 1, 1200), rng.normal(0, 0.5, 700)
    found = rate_ideas(idea, judge, (quality[idea] + severity[judge] + rng.normal(0, 1, 7200))[:, None])
    assert len(found.posterior.parts) == 1
    assert (found.variance_idea, found.variance_judge) == pytest.approx((quality.var(), severity.var()), rel=0.15)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: rate_ideas([0, 1], [0], [[1], [2]]), ShapeError, "judge: 2 entries wanted"),
        (lambda: rate_ideas([0], [0], [1]), ShapeError, "values: shape"),
        (lambda: rate_ideas([0], [0], [[]]), ShapeError, "values: there is no criterion"),
        (lambda: rate_ideas([3], [0], [[1]], n_ideas=3), RangeError, "idea: entry 0 is 3"),
        (lambda: rate_ideas([0], [2], [[1]], n_judges=2), RangeError, "judge: entry 0 is 2"),
        (lambda: rate_ideas([0], [0], [[1]], n_ideas=0), RangeError, "n_ideas"),
        (lambda: rate_ideas([0], [0], [[np.inf]]), RangeError, "values: entry"),
        (lambda: rate_ideas([0], [0], [[1, 2]], weights=[1]), ShapeError, "weights"),
        (lambda: rate_ideas([0], [0], [[1, 2]], weights=[1, -1]), RangeError, "weights: entry 1 is negative"),
        (lambda: rate_ideas([0], [0], [[1, 2]], weights=[0, 0]), RangeError, "weights: all are zero"),
        (lambda: rate_ideas([0], [0], [[np.nan]]), UndeterminedError, "values: no review has a mark"),
        (lambda: rate_ideas([], [], np.empty((0, 1))), UndeterminedError, "values: no review has a mark"),
        (lambda: rate_ideas([0], [0], [[1]]).sample(0, np.random.default_rng(0)), RangeError, "n: 0 given"),
    ],
)
def test_refusals(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
