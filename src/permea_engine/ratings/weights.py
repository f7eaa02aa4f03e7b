"""How much each review counts: less where its judge is noisy, less where it lies far from what all others say."""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, gammaln

from permea_engine.ratings.crossed import Floats, Layout, build_layout, covariance_root, large_effects, solve
from permea_engine.ratings.large import rough_solution
from permea_engine.ratings.reviews import Indices
from permea_engine.ratings.variances import is_large, most_plausible

TAILS = (3.0, 5.0, 10.0, 30.0, np.inf)  # degrees of freedom of the errors
ALIKE = (4.0, 8.0, 16.0, 32.0, 64.0, np.inf)  # degrees of freedom of the judges' noise variances around the common one
LEVELS = np.linspace(-1.5, 1.5, 41)  # logs of the common noise variance, around its estimate
SCALES = np.exp(np.linspace(-1.5, 0.5, 17))  # of squared errors, around the present noise variance
LEAST_FREEDOM = 0.05
MAX_ROUNDS = 25
SETTLED = 5  # rounds after which the tails are no longer chosen anew
STILL = 0.01  # in logs of weights
BLOCK = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class ReviewWeights:
    """Weights of reviews with mean 1, and what they stem from."""

    weights: Floats  # (n_reviews,)
    judge_weights: Floats  # (n_judges,) the judge's part
    tails: float  # degrees of freedom of the errors, infinite for normal ones

    @property
    def inflation(self) -> float:
        """Return by how much the noise of a mean exceeds what the weights say, as these are estimated too."""
        return 1.0 if np.isinf(self.tails) else (self.tails + 3) / (self.tails + 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Residuals:
    square: Floats  # (n_reviews,) squared residual
    unsure: Floats  # (n_reviews,) variance of the fitted mark, in units of `noise`
    noise: float


def find_weights(idea: Indices, judge: Indices, score: Floats, *, by_judge: bool, robust: bool) -> ReviewWeights:
    """Return the weights of reviews, found in turns with the model they weigh for.

    Notes
    -----
    Errors have a t distribution, fitted by EM [1]_ with the degrees of freedom that suit best among `TAILS`. The noise
    variance of a judge is drawn towards the common one as in [2]_, averaged over how much judges may differ.

    References
    ----------
    .. [1] K. L. Lange, R. J. A. Little and J. M. G. Taylor, "Robust statistical modeling using the t distribution",
       J. Am. Statist. Assoc. 84(408), 1989. doi:10.1080/01621459.1989.10478852
    .. [2] G. K. Smyth, "Linear models and empirical Bayes methods for assessing differential expression in microarray
       experiments", Stat. Appl. Genet. Mol. Biol. 3(1), 2004. doi:10.2202/1544-6115.1027

    """
    n_judges = int(judge.max()) + 1
    of_review, of_judge, tails = np.ones(len(score)), np.ones(n_judges), np.inf
    if not (by_judge or robust):
        return ReviewWeights(of_review, of_judge, tails)
    point = None
    for round_ in range(MAX_ROUNDS):
        weights = of_review * of_judge[judge]
        layout = build_layout(idea, judge, score[:, None], weights)
        point = most_plausible(layout, point)
        found = _residuals(layout, point, idea, judge, score)
        if by_judge:
            of_judge = _judge_weights(judge, found, of_review, weights, n_judges)
        if robust:
            size = (found.square / found.noise + found.unsure) * of_judge[judge]
            tails = _best_tails(size) if round_ < SETTLED else tails
            of_review = np.ones(len(score)) if np.isinf(tails) else (tails + 1) / (tails + size)
        moved = np.abs(np.log(of_review * of_judge[judge] / weights)).max()
        if moved < STILL:
            break
    weights = of_review * of_judge[judge]
    return ReviewWeights(weights / weights.mean(), of_judge / of_judge[judge].mean(), tails)


def _residuals(layout: Layout, point: Floats, idea: Indices, judge: Indices, score: Floats) -> _Residuals:
    solution = (rough_solution if is_large(layout) else solve)(layout, *np.exp(point))
    large, small = (idea, judge) if layout.ideas_are_large else (judge, idea)
    fitted = large_effects(layout, solution)[large, 0] + solution.effects[small, 0] + solution.effects[-1, 0]
    if solution.factor is None:
        unsure = solution.shrink[large] + 1 / (layout.small_counts + np.exp(-point[int(layout.ideas_are_large)]))[small]
    else:
        unsure = solution.shrink[large] + _shared(layout, solution.shrink, covariance_root(solution), large, small)
    return _Residuals((score - fitted) ** 2, unsure, solution.residual / (layout.n_reviews - 1))


def _shared(layout: Layout, shrink: Floats, root: Floats, large: Indices, small: Indices) -> Floats:
    """Return what small effects and mean add to the variance of each fitted mark."""
    found = np.empty(len(large))
    pulled = np.asarray(layout.table @ root[:-1]) + layout.large_counts[:, None] * root[-1]
    for start in range(0, len(found), step := max(1, BLOCK // root.shape[1])):
        rows = slice(start, start + step)
        own = root[small[rows]] + root[-1] - shrink[large[rows], None] * pulled[large[rows]]
        found[rows] = (own**2).sum(axis=1)
    return found


def _judge_weights(judge: Indices, found: _Residuals, of_review: Floats, weights: Floats, n_judges: int) -> Floats:
    """Return the expected precision of each judge, in units of that of the common noise."""
    own = np.bincount(judge, weights=1 - np.minimum(1, weights * found.unsure), minlength=n_judges)
    freedom: Floats = np.maximum(own.astype(np.float64), LEAST_FREEDOM)
    square = np.bincount(judge, weights=of_review * found.square, minlength=n_judges) / found.noise / freedom
    square = np.maximum(square, 1e-6)
    alike, level = np.repeat(ALIKE, len(LEVELS)), np.tile(LEVELS, len(ALIKE))
    ratio = square / np.exp(LEVELS)[:, None]
    density = np.vstack([_log_density(ratio, freedom, near) - LEVELS[:, None] for near in ALIKE])
    chance = density.sum(axis=1)
    chance = np.exp(chance - chance.max())
    chance /= chance.sum()
    limit = np.where(np.isinf(alike), 1e12, alike)[:, None]
    expected = (limit + freedom) / (np.exp(level)[:, None] * limit + freedom * square)
    return np.asarray(chance @ expected)


def _log_density(ratio: Floats, freedom: Floats, near: float) -> Floats:
    """Return the log density of a mean square over its expectation: F, or chi-square over its degrees of freedom."""
    half = freedom / 2
    start = (half - 1) * np.log(ratio)
    if np.isinf(near):
        return np.asarray(start + half * np.log(half) - half * ratio - gammaln(half))
    odds = freedom / near
    return np.asarray(start + half * np.log(odds) - (half + near / 2) * np.log1p(odds * ratio) - betaln(half, near / 2))


def _best_tails(size: Floats) -> float:
    """Return the degrees of freedom that suit squared standardised errors best, each at its best scale."""
    heights = [max(_t_density(size, tails, scale) for scale in SCALES) for tails in TAILS]
    return TAILS[int(np.argmax(heights))]


def _t_density(size: Floats, tails: float, scale: float) -> float:
    if np.isinf(tails):
        return -0.5 * float(len(size) * np.log(2 * np.pi * scale) + size.sum() / scale)
    constant = gammaln((tails + 1) / 2) - gammaln(tails / 2) - 0.5 * np.log(tails * np.pi * scale)
    return float(len(size) * constant - (tails + 1) / 2 * np.log1p(size / (tails * scale)).sum())
