"""The sparse algebra against the same formulas written out with full matrices."""

import numpy as np
import pytest

from permea_engine.ratings import crossed
from permea_engine.ratings.posterior import MixturePosterior, Part, build_pattern, mixture_interval, rows_at


def reviews(n_ideas, n_judges, n, seed=0):
    rng = np.random.default_rng(seed)
    idea = np.concatenate([np.arange(n_ideas), rng.integers(0, n_ideas, n - n_ideas)])
    judge = np.concatenate([rng.integers(0, n_judges, n - n_judges), np.arange(n_judges)])
    columns = rng.normal(size=(n, 2))
    return idea, judge, columns - columns.mean(axis=0)


class Dense:
    """The model with the covariance of all reviews written out, in units of the noise variance."""

    def __init__(self, idea, judge, columns, idea_ratio, judge_ratio):
        self.by_idea, self.by_judge = np.eye(idea.max() + 1)[idea], np.eye(judge.max() + 1)[judge]
        n = len(idea)
        inner = idea_ratio * self.by_idea @ self.by_idea.T + judge_ratio * self.by_judge @ self.by_judge.T
        covariance, ones = np.eye(n) + inner, np.ones(n)
        inverse = np.linalg.inv(covariance)
        self.mean = ones @ inverse @ columns / (ones @ inverse @ ones)
        rest = inverse @ (columns - self.mean)
        self.ideas, self.judges = idea_ratio * self.by_idea.T @ rest, judge_ratio * self.by_judge.T @ rest
        self.residual = columns[:, 0] @ rest[:, 0]
        determinants = np.linalg.slogdet(covariance)[1] + np.log(ones @ inverse @ ones)
        self.log_likelihood = -0.5 * ((n - 1) * np.log(self.residual) + determinants)
        design = np.column_stack([ones, self.by_idea, self.by_judge])
        ridge = np.concatenate(
            [[0], np.full(len(self.ideas), 1 / idea_ratio), np.full(len(self.judges), 1 / judge_ratio)]
        )
        self.covariance = np.linalg.inv(design.T @ design + np.diag(ridge))

    def of_scores(self):
        """Return the covariance of mean + idea + average judge, and of mean + average judge as the last row."""
        n_ideas, n_judges = len(self.ideas), len(self.judges)
        rows = np.hstack(
            [np.ones((n_ideas + 1, 1)), np.eye(n_ideas + 1, n_ideas), np.full((n_ideas + 1, n_judges), 1 / n_judges)]
        )
        return rows @ self.covariance @ rows.T

    def of_severities(self):
        """Return the covariance of judge - average judge."""
        n_ideas, n_judges = len(self.ideas), len(self.judges)
        rows = np.hstack([np.zeros((n_judges, n_ideas + 1)), np.eye(n_judges) - 1 / n_judges])
        return rows @ self.covariance @ rows.T


SHAPES = [(7, 3, 18), (3, 7, 18), (5, 5, 20), (400, 150, 900), (150, 400, 900)]


@pytest.mark.parametrize("shape", SHAPES)
def test_likelihood_and_estimates_equal_those_of_full_matrices(shape):
    data = reviews(*shape)
    layout, dense = crossed.build_layout(*data), Dense(*data, 0.8, 0.3)
    found = crossed.solve(layout, 0.8, 0.3)
    large, small = (dense.ideas, dense.judges) if layout.ideas_are_large else (dense.judges, dense.ideas)
    assert found.log_likelihood == pytest.approx(dense.log_likelihood)
    assert found.residual == pytest.approx(dense.residual)
    assert found.effects == pytest.approx(np.vstack([small, dense.mean]), abs=1e-9)
    assert crossed.large_effects(layout, found) == pytest.approx(large, abs=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
def test_variances_of_scores_and_severities_equal_those_of_full_matrices(shape, monkeypatch):
    monkeypatch.setattr("permea_engine.ratings.posterior.BLOCK", 500)
    data = reviews(*shape)
    layout, dense = crossed.build_layout(*data), Dense(*data, 0.8, 0.3)
    rows = rows_at(layout, crossed.solve(layout, 0.8, 0.3), build_pattern(layout))
    assert rows.score_variance == pytest.approx(np.diag(dense.of_scores()))
    assert rows.severity_variance == pytest.approx(np.diag(dense.of_severities()))
    assert rows.score_columns[:-1, 0] == pytest.approx(dense.ideas[:, 0] + dense.mean[0] + dense.judges[:, 0].mean())


@pytest.mark.parametrize("shape", [(6, 3, 18), (3, 6, 18)])
def test_draws_have_the_covariance_of_full_matrices(shape):
    data = reviews(*shape)
    layout, dense = crossed.build_layout(*data), Dense(*data, 0.8, 0.3)
    pattern, solution = build_pattern(layout), crossed.solve(layout, 0.8, 0.3)
    rows = rows_at(layout, solution, pattern)
    part = Part(1.0, rows.score_columns[:, 0], 2.0, 0.8, rows.root, rows.scale, rows.spread)
    many = 10**6  # degrees of freedom: the noise variance is known
    posterior = MixturePosterior((part,), pattern, many, np.arange(shape[0]), shape[0] + 2)
    draws = posterior.sample(200_000, np.random.default_rng(1))
    wanted = 2.0 * dense.of_scores()
    assert np.cov(draws[:, : shape[0]].T) == pytest.approx(wanted[:-1, :-1], abs=0.02)
    assert draws.mean(axis=0)[:-2] == pytest.approx(rows.score_columns[:-1, 0], abs=0.01)
    assert draws[:, -1].var() == pytest.approx(wanted[-1, -1] + 2.0 * 0.8, rel=0.02)


def test_few_cells_are_kept_dense_and_many_sparse_with_the_same_answer(monkeypatch):
    data = reviews(300, 200, 700)
    sparse = crossed.build_layout(*data)
    monkeypatch.setattr(crossed, "DENSE_CELLS", 10**9)
    dense = crossed.build_layout(*data)
    found = [crossed.solve(layout, 0.5, 0.2).log_likelihood for layout in (sparse, dense)]
    assert (type(sparse.table).__name__, type(dense.table).__name__) == ("csr_array", "ndarray")
    assert found[0] == pytest.approx(found[1])


@pytest.mark.parametrize("freedom", [4, 500])
def test_the_interval_of_a_mixture_holds_its_level(freedom):
    weights, means, spreads = np.array([0.3, 0.7]), np.array([[0.0], [1.0]]), np.array([[1.0], [0.5]])
    lower, upper = mixture_interval(weights, means, spreads, freedom, 0.9)
    rng = np.random.default_rng(0)
    part = rng.choice(2, size=400_000, p=weights)
    draws = means[part, 0] + spreads[part, 0] * rng.standard_t(freedom, size=len(part))
    assert ((draws < lower).mean(), (draws > upper).mean()) == pytest.approx((0.05, 0.05), abs=0.002)
