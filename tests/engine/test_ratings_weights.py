"""Judges of unequal noise, and marks far from what all others say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from permea_engine.errors import RangeError
from permea_engine.ratings import rate_ideas, reviews_for_reliability, variances, weights
from tests.engine.simulate import simulate


def data_of(seed=0, **changes):
    sizes = {"n_ideas": 40, "n_judges": 6, "reviews_each": 3, "idea_sd": 1.0, "judge_sd": 0.5} | changes
    return simulate(np.random.default_rng(seed), **sizes)


def noisy_judge(data, seed=0):
    rng = np.random.default_rng(seed)
    return data.values + (data.judge == 2)[:, None] * rng.normal(0, 4, data.values.shape)


def test_an_erratic_judge_counts_less_and_scores_gain():
    data = data_of()
    marks = noisy_judge(data)
    common, own = (rate_ideas(data.idea, data.judge, marks, noise=noise) for noise in ("common", "by_judge"))
    errors = [np.sqrt(((found.scores - data.truth) ** 2).mean()) for found in (common, own)]
    assert (int(np.argmax(own.judge_noise)), own.judge_noise[2] > 4 * np.median(own.judge_noise)) == (2, True)
    assert errors[1] < 0.9 * errors[0]
    assert own.review_weights.mean() == pytest.approx(1.0)


def test_judges_alike_are_left_alike():
    data = data_of(1)
    found = rate_ideas(data.idea, data.judge, data.values, noise="by_judge", n_judges=7)
    assert np.nanmax(found.judge_noise) / np.nanmin(found.judge_noise) < 1.6
    assert np.isnan(found.judge_noise[6])


def test_an_outlier_counts_less_if_asked():
    data = data_of(2, noise_sd=0.4)
    marks = data.values.copy()
    marks[10] -= 6.0
    plain, robust = (rate_ideas(data.idea, data.judge, marks, robust=robust) for robust in (False, True))
    idea = data.idea[10]
    assert int(np.argmin(robust.review_weights)) == 10
    assert abs(robust.scores[idea] - data.truth[idea]) < abs(plain.scores[idea] - data.truth[idea]) / 2
    assert (np.isinf(plain.tails), np.isfinite(robust.tails)) == (True, True)


def test_without_outliers_robust_changes_little():
    data = data_of(3)
    plain, robust = (rate_ideas(data.idea, data.judge, data.values, robust=robust) for robust in (False, True))
    assert robust.scores == pytest.approx(plain.scores, abs=0.15)


def test_both_options_work_together_and_for_many_reviews(monkeypatch):
    data = data_of(4)
    small = rate_ideas(data.idea, data.judge, noisy_judge(data), noise="by_judge", robust=True)
    monkeypatch.setattr(variances, "MANY", 0)
    found = rate_ideas(data.idea, data.judge, noisy_judge(data), noise="by_judge", robust=True)
    assert found.scores == pytest.approx(small.scores, abs=0.1)


def test_rounds_are_bounded(monkeypatch):
    monkeypatch.setattr(weights, "MAX_ROUNDS", 1)
    data = data_of(5)
    assert np.isfinite(rate_ideas(data.idea, data.judge, noisy_judge(data), noise="by_judge").scores).all()


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 20), st.floats(-50, 50))
def test_another_scale_of_marks_scales_the_answer(seed, factor, shift):
    data = data_of(seed, n_ideas=12, n_judges=3, reviews_each=2)
    found = rate_ideas(data.idea, data.judge, data.values, noise="by_judge")
    scaled = rate_ideas(data.idea, data.judge, factor * data.values + shift, noise="by_judge")
    assert (scaled.scores - shift) / factor == pytest.approx(found.scores, abs=1e-2)


@pytest.mark.parametrize("options", [{"noise": "by_judge"}, {"robust": True}])
def test_the_options_are_never_worse_than_the_plain_mean_by_more_than_noise(options):
    rng = np.random.default_rng(6)
    gains = []
    for judge_sd in (0.0, 0.7):
        for _ in range(6):
            data = simulate(rng, n_ideas=12, n_judges=3, reviews_each=2, idea_sd=0.8, judge_sd=judge_sd)
            found = rate_ideas(data.idea, data.judge, data.values, **options)
            gains.append([np.corrcoef(one, data.truth)[0, 1] for one in (found.scores, found.plain_means)])
    gain = np.diff(np.array(gains))[:, 0]
    assert -gain.mean() > -2 * gain.std() / np.sqrt(len(gain))


def test_reviews_for_any_reliability_follow_from_the_variances():
    data = data_of(7)
    found = rate_ideas(data.idea, data.judge, data.values)
    ratio = found.variance_noise / found.variance_idea
    wanted = [max(1, int(np.ceil(share / (1 - share) * ratio))) for share in (0.5, 0.7, 0.95)]
    assert [reviews_for_reliability(found, share) for share in (0.5, 0.7, 0.95)] == wanted
    assert reviews_for_reliability(rate_ideas([0, 1], [0, 0], [[1.0], [2.0]]), 0.7) is None


def test_refusals():
    with pytest.raises(RangeError, match="noise: 'own' given"):
        rate_ideas([0], [0], [[1.0]], noise="own")
    with pytest.raises(RangeError, match="reliability: 1"):
        reviews_for_reliability(rate_ideas([0, 1], [0, 0], [[1.0], [2.0]]), 1)
