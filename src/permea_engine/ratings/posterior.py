"""What is known about all scores at once: a mixture over plausible variances, each part a normal or t distribution."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from permea_engine.ratings.crossed import Floats, Layout, Solution, covariance_root, large_effects

NORMAL_FROM = 120  # degrees of freedom from which the t distribution is replaced by the normal
BLOCK = 1_000_000  # cells worked on at once


class Posterior(Protocol):
    """Something that can draw joint values of the scores of all ideas."""

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` draws of shape (n, n_ideas)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Scores for one pair of variance ratios: ``mean + sqrt(noise) (rows @ root @ z + sqrt(spread) z')``.

    The last row stands for the average idea, from which ideas without a review are drawn.
    """

    weight: float
    mean: Floats  # (n_rows,)
    noise: float  # noise variance
    idea_ratio: float
    root: Floats  # (n_inner, n_z)
    scale: Floats  # (n_rows,) what multiplies the row of the shared pattern
    spread: Floats  # (n_rows,) own variance over noise variance
    judge_ratio: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class MixturePosterior:
    """The joint posterior of the corrected scores."""

    parts: tuple[Part, ...]
    pattern: csr_array | None  # rows (counts, n, 1) shared by all parts, or None where the root holds the rows itself
    freedom: int
    rated: NDArray[np.intp]  # which ideas have a review
    n_ideas: int

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` joint draws of the scores, of shape (n, n_ideas)."""
        weights = np.array([part.weight for part in self.parts])
        shares = rng.multinomial(n, weights / weights.sum())
        drawn = [self._sample_part(part, int(size), rng) for part, size in zip(self.parts, shares, strict=True) if size]
        return np.concatenate(drawn, axis=0)[rng.permutation(n)]

    def _sample_part(self, part: Part, size: int, rng: np.random.Generator) -> Floats:
        sigma = np.sqrt(part.noise * self.freedom / rng.chisquare(self.freedom, size=size))
        inner = part.root @ rng.standard_normal((part.root.shape[1], size))
        shift = inner if self.pattern is None else apply_rows(self.pattern, part.scale, inner)
        shift += np.sqrt(part.spread)[:, None] * rng.standard_normal(shift.shape)
        scores = part.mean[:, None] + sigma * shift
        if len(self.rated) == self.n_ideas:
            return scores[:-1].T
        draws = np.repeat(scores[-1:], self.n_ideas, axis=0)
        draws += sigma * np.sqrt(part.idea_ratio) * rng.standard_normal(draws.shape)
        draws[self.rated] = scores[:-1]
        return draws.T


@dataclass(frozen=True, slots=True, eq=False)
class PlainPosterior:
    """Independent scores around plain means, where the judges cannot be told from the ideas."""

    mean: Floats  # (n_ideas,)
    spread: Floats  # (n_ideas,) standard errors
    freedom: int

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` draws of shape (n, n_ideas)."""
        return np.asarray(self.mean + self.spread * rng.standard_t(self.freedom, size=(n, len(self.mean))))


def apply_rows(pattern: csr_array, scale: Floats, inner: Floats) -> Floats:
    """Return the rows of the absorbed factor applied to draws of (small effects, mean, mean of the panel).

    All but the last column of `pattern` are multiplied by `scale`; the last adds the panel's mean.
    """
    shifted: Floats = np.asarray(pattern[:, :-1] @ inner[:-1])
    shifted *= scale[:, None]
    shifted += inner[-1]
    return shifted


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Means and variances (over the noise variance) of scores and severities for one pair of ratios."""

    score_columns: Floats  # (n_rated + 1, n_columns)
    score_variance: Floats  # (n_rated + 1,)
    severity: Floats  # (n_judges,)
    severity_variance: Floats
    root: Floats
    scale: Floats
    spread: Floats


def rows_at(layout: Layout, solution: Solution, pattern: csr_array | None) -> Rows:
    """Return scores on the panel's scale (mean + idea + average judge) and severities (judge - average judge)."""
    large, small, mean = large_effects(layout, solution), solution.effects[:-1], solution.effects[-1]
    ideas, judges = (large, small) if layout.ideas_are_large else (small, large)
    average = mean + judges.mean(axis=0)
    score_columns = np.vstack([ideas + average, average])
    severity = judges[:, 0] - judges[:, 0].mean()
    root = covariance_root(solution)
    if pattern is not None:
        return _rows_of_large_ideas(solution, pattern, root, score_columns, severity)
    return _rows_of_small_ideas(layout, solution, root, score_columns, severity)


def build_pattern(layout: Layout) -> csr_array | None:
    """Return rows (reviews by judge, in all, 1) of ideas and of the average idea; None if judges are more."""
    if not layout.ideas_are_large:
        return None
    n_large, n_small = len(layout.large_counts), len(layout.small_counts)
    table = coo_array(layout.table)
    rows = np.concatenate([table.coords[0], np.arange(n_large), np.arange(n_large + 1)])
    columns = np.concatenate([table.coords[1], np.full(n_large, n_small), np.full(n_large + 1, n_small + 1)])
    values = np.concatenate([table.data, layout.large_counts, np.ones(n_large + 1)])
    return csr_array((values, (rows, columns)), shape=(n_large + 1, n_small + 2))


def _rows_of_large_ideas(
    solution: Solution, pattern: csr_array, root: Floats, scores: Floats, severity: Floats
) -> Rows:
    judges, mean = root[:-1], root[-1]
    average = judges.mean(axis=0)
    inner = np.vstack([root, mean + average])
    scale = np.append(-solution.shrink, 0.0)
    spread = np.append(solution.shrink, 0.0)
    variance = np.empty(len(scale))
    for start in range(0, len(scale), step := max(1, BLOCK // inner.shape[1])):
        block = slice(start, start + step)
        variance[block] = (apply_rows(pattern[block], scale[block], inner) ** 2).sum(axis=1) + spread[block]
    own = ((judges - average) ** 2).sum(axis=1)
    return Rows(scores, variance, severity, own, inner, scale, spread)


def _rows_of_small_ideas(layout: Layout, solution: Solution, root: Floats, scores: Floats, severity: Floats) -> Rows:
    ideas, mean = root[:-1], root[-1]
    n_judges = len(solution.shrink)
    # judge | ideas, mean = shrink * (sum - count * mean - table @ ideas) + sqrt(shrink) * own noise
    pull = -solution.shrink @ (np.asarray(layout.table @ ideas) + layout.large_counts[:, None] * mean) / n_judges
    shared = solution.shrink.sum() / n_judges**2
    score_root = np.vstack([ideas + mean + pull, mean + pull])
    score_root = np.hstack([score_root, np.full((len(score_root), 1), np.sqrt(shared))])
    own = np.empty(n_judges)
    for start in range(0, n_judges, step := max(1, BLOCK // root.shape[1])):
        block = slice(start, start + step)
        by_ideas = np.asarray(layout.table[block] @ ideas) + layout.large_counts[block, None] * mean
        judge_root = -solution.shrink[block, None] * by_ideas - pull
        own[block] = (judge_root**2).sum(axis=1) + solution.shrink[block] * (1 - 2 / n_judges) + shared
    n_rows = len(score_root)
    return Rows(scores, (score_root**2).sum(axis=1), severity, own, score_root, np.ones(n_rows), np.zeros(n_rows))


def mixture_interval(
    weights: Floats, means: Floats, spreads: Floats, freedom: int, level: float
) -> tuple[Floats, Floats]:
    """Return the central interval of each row of a mixture of t distributions.

    Parameters
    ----------
    weights : ndarray of shape (n_parts,)
        They sum to 1.
    means, spreads : ndarray of shape (n_parts, n_rows)
        Centre and scale of each part.
    freedom : int
        Degrees of freedom, the same for all parts.
    level : float
        Probability inside.

    """
    tail = (1 - level) / 2
    if len(weights) == 1:
        reach = -quantile(tail, freedom) * spreads[0]
        return means[0] - reach, means[0] + reach
    return _mixture_quantile(weights, means, spreads, freedom, tail), _mixture_quantile(
        weights, means, spreads, freedom, 1 - tail
    )


def quantile(probability: float, freedom: int) -> float:
    """Return the quantile of the t distribution, or of the normal where `freedom` is large."""
    return float(ndtri(probability) if freedom > NORMAL_FROM else stdtrit(freedom, probability))


def _mixture_quantile(weights: Floats, means: Floats, spreads: Floats, freedom: int, probability: float) -> Floats:
    reach = abs(quantile(probability, freedom)) * spreads
    low, high = (means - reach).min(axis=0), (means + reach).max(axis=0)
    for _ in range(32):
        middle = (low + high) / 2
        distance = (middle - means) / spreads
        below = weights @ (ndtr(distance) if freedom > NORMAL_FROM else stdtr(freedom, distance))
        is_low = below < probability
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    return np.asarray((low + high) / 2)
