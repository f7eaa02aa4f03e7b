"""Large panels: the quick ways give what the slow ones do."""

import numpy as np
import pytest

from permea_engine.errors import NotConvergedError, RangeError
from permea_engine.ratings import influence, judge_influence, large, leaving, rate_ideas, variances
from tests.engine.test_ratings_model import SHAPES, Dense, reviews


def panel(n_ideas, n_judges, n, seed=0, *, idea_sd=0.7, judge_sd=0.4):
    rng = np.random.default_rng(seed)
    idea = np.concatenate([np.arange(n_ideas), rng.integers(0, n_ideas, n - n_ideas)])
    judge = np.concatenate([rng.integers(0, n_judges, n - n_judges), np.arange(n_judges)])
    marks = rng.normal(0, idea_sd, n_ideas)[idea] + rng.normal(0, judge_sd, n_judges)[judge] + rng.normal(3, 1, n)
    return idea, judge, marks[:, None]


def quick(monkeypatch, direct):
    monkeypatch.setattr(variances, "MANY", 0)
    monkeypatch.setattr(variances, "DIRECT", direct)
    monkeypatch.setattr(large, "DIRECT", direct)


@pytest.mark.parametrize("shape", [(300, 60, 1500), (60, 300, 1500)])
@pytest.mark.parametrize("judge_sd", [0.4, 0.0])
def test_steps_along_the_slope_end_where_the_likelihood_is_highest(shape, judge_sd, monkeypatch):
    data = panel(*shape, judge_sd=judge_sd)
    slow = rate_ideas(*data)
    quick(monkeypatch, 1200)
    found = rate_ideas(*data)
    assert found.variance_idea == pytest.approx(slow.variance_idea, rel=1e-3)
    assert found.variance_judge == pytest.approx(slow.variance_judge, abs=1e-3)
    assert found.scores == pytest.approx(slow.scores, abs=0.005)
    assert found.upper - found.lower == pytest.approx(slow.upper - slow.lower, rel=0.02)


@pytest.mark.parametrize("shape", [(300, 60, 1500), (60, 300, 1500)])
def test_equations_that_are_never_written_out_say_the_same(shape, monkeypatch):
    data = panel(*shape)
    slow = rate_ideas(*data)
    quick(monkeypatch, 0)
    found = rate_ideas(*data)
    width, wanted = found.upper - found.lower, slow.upper - slow.lower
    assert found.variance_noise == pytest.approx(slow.variance_noise, rel=0.01)
    assert found.scores == pytest.approx(slow.scores, abs=0.01)
    assert np.median(width / wanted) == pytest.approx(1.0, abs=0.05)
    assert (len(found.posterior.parts), found.sample(3, np.random.default_rng(0)).shape) == (9, (3, shape[0]))


def test_much_data_needs_one_point_and_little_variance_counts_as_none(monkeypatch):
    data = panel(1600, 1300, 12_000, idea_sd=0.0)
    found = rate_ideas(*data)
    assert (found.variance_idea, found.judge_noise.shape) == (pytest.approx(0.0, abs=0.02), (1300,))
    quick(monkeypatch, 1200)
    assert len(rate_ideas(*panel(1500, 600, 20_500)).posterior.parts) == 1


@pytest.mark.parametrize("shape", SHAPES[:3])
@pytest.mark.parametrize("kind", [large.Direct, large.Iterative])
def test_the_slope_is_that_of_the_likelihood_with_full_matrices(shape, kind, monkeypatch):
    data = reviews(*shape)
    layout, point, step = large_layout(data), np.log([0.8, 0.3]), 1e-4
    monkeypatch.setattr(large, "DIRECT", 10**6 if kind is large.Direct else 0)
    monkeypatch.setattr(large, "N_PROBES", 20_000)
    found = large.slope(layout, point)
    for axis in (0, 1):
        ends = [Dense(*data, *np.exp(point + side * step * np.eye(2)[axis])).log_likelihood for side in (-1, 1)]
        assert found.gradient[axis] == pytest.approx((ends[1] - ends[0]) / (2 * step), abs=0.05)
    assert np.linalg.eigvalsh(found.information).min() >= -1e-9


def large_layout(data):
    from permea_engine.ratings.crossed import build_layout

    return build_layout(*data)


@pytest.mark.parametrize("shape", [(200, 30, 700), (30, 200, 700)])
def test_leaving_judges_out_step_by_step_equals_new_fits(shape, monkeypatch):
    ratings = rate_ideas(*panel(*shape), noise="by_judge")
    wanted = judge_influence(ratings, 10)
    monkeypatch.setattr(influence, "DIRECT_WORK", 0)
    monkeypatch.setattr(leaving, "CELLS", 7 * shape[0])
    found = judge_influence(ratings, 10)
    assert found.top_k_changes.tolist() == wanted.top_k_changes.tolist()
    assert found.biggest_shift == pytest.approx(wanted.biggest_shift, abs=1e-5)
    assert found.shifted_idea.tolist() == wanted.shifted_idea.tolist()


def test_only_the_judges_asked_for_are_left_out():
    ratings = rate_ideas(*panel(40, 6, 120))
    everybody, some = judge_influence(ratings, 5), judge_influence(ratings, 5, judges=[2])
    assert (some.top_k_changes[2], some.biggest_shift[2]) == (everybody.top_k_changes[2], everybody.biggest_shift[2])
    assert (some.top_k_changes[0], np.isnan(some.biggest_shift[0]), some.shifted_idea[0]) == (-1, True, -1)
    with pytest.raises(RangeError, match="judges: entry 0 is 6"):
        judge_influence(ratings, 5, judges=[6])


def test_what_does_not_come_to_rest_is_refused(monkeypatch):
    data = panel(60, 40, 400)
    ratings = rate_ideas(*data)
    monkeypatch.setattr(influence, "DIRECT_WORK", 0)
    monkeypatch.setattr(leaving, "MAX_ROUNDS", 1)
    with pytest.raises(NotConvergedError, match="scores without a judge"):
        judge_influence(ratings, 5)
    quick(monkeypatch, 0)
    with monkeypatch.context() as patched:
        patched.setattr(large, "MAX_ROUNDS", 1)
        with pytest.raises(NotConvergedError, match="the equations of the judges"):
            rate_ideas(*data)
    monkeypatch.setattr(large, "MAX_STEPS", 1)
    with pytest.raises(NotConvergedError, match="the variances were still moving"):
        rate_ideas(*data)
    monkeypatch.setattr(variances, "DIRECT", 1200)  # few judges: the likelihood helps out
    assert rate_ideas(*data).scores == pytest.approx(ratings.scores, abs=0.01)
