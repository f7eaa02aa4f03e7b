"""From reviews to scores with intervals."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from permea_engine.checks import whole_number
from permea_engine.errors import RangeError
from permea_engine.ratings.crossed import Floats, Layout, build_layout
from permea_engine.ratings.posterior import (
    MixturePosterior,
    Part,
    PlainPosterior,
    Posterior,
    build_pattern,
    mixture_interval,
    quantile,
    rows_at,
)
from permea_engine.ratings.reviews import Indices, Reviews, checked_reviews, link_groups, means_by_idea
from permea_engine.ratings.variances import Variances, estimate_variances, harmonic_mean
from permea_engine.ratings.weights import find_weights

Noise = Literal["common", "by_judge"]
NOISES = get_args(Noise)
LEVEL = 0.95
TARGET = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Scores of ideas with intervals, severities of judges, and how far to trust them; see `rate_ideas`."""

    scores: Floats
    lower: Floats
    upper: Floats
    plain_means: Floats
    n_reviews: Indices
    criterion_scores: Floats
    severities: Floats
    severity_lower: Floats
    severity_upper: Floats
    icc: float
    reliability: float
    reviews_for_reliability: int | None
    variance_idea: float
    variance_judge: float
    variance_noise: float
    n_components: int
    components: Indices
    corrected: bool
    reason: str
    judge_noise: Floats
    review_weights: Floats
    tails: float
    ratios: tuple[float, float]
    reviews: Reviews
    posterior: Posterior

    @property
    def centre(self) -> Floats:
        """Return the scores: what functions of `permea_engine.decisions` rank by."""
        return self.scores

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` joint draws of all scores from their posterior, of shape (n, n_ideas).

        An idea without a review is drawn from what ideas of this call are like.
        """
        return self.posterior.sample(whole_number("n", n, minimum=1), rng)


def rate_ideas(
    idea: ArrayLike,
    judge: ArrayLike,
    values: ArrayLike,
    *,
    n_ideas: int | None = None,
    n_judges: int | None = None,
    weights: ArrayLike | None = None,
    noise: Noise = "common",
    robust: bool = False,
) -> Ratings:
    r"""Estimate what every idea would score if every judge of the panel had reviewed it.

    Fits the crossed model :math:`y = \mu + a_\mathrm{idea} + b_\mathrm{judge} + e` with normal random effects to the
    weighted score of each review. The variances are estimated by restricted maximum likelihood (REML) [1]_. Scores,
    severities and intervals are averaged over all plausible variance ratios on a grid, as in [2]_, with the noise
    variance integrated out (t distributions) and a uniform shrinkage prior [3]_ on each ratio: this keeps intervals
    honest for a handful of judges, where intervals that take the estimated variances for true are too short, and it
    shrinks the correction of judges to nothing where they do not differ.

    Parameters
    ----------
    idea, judge : array_like of int, shape (n_reviews,)
        Which idea was reviewed, and by which judge.
    values : array_like of shape (n_reviews, n_criteria)
        Marks on any scale, the same for all criteria; nan for a missing mark, which is filled from the review's
        other marks and the criterion's level. A review without any mark is left out.
    n_ideas, n_judges : int, optional
        How many there are, if not all occur; by default one more than the highest index.
    weights : array_like of shape (n_criteria,), optional
        Weight of each criterion, normalised to sum 1; equal by default.
    noise : {"common", "by_judge"}, default "common"
        Whether every judge is taken to be as noisy as any other, or has a noise variance of their own, drawn towards
        the common one as far as they have few reviews and judges differ little [4]_.
    robust : bool, default False
        Whether errors may have heavy tails (t distribution), so that a mark far from what all others say counts less.
        As heavy as the marks suggest; without outliers little changes.

    Returns
    -------
    Ratings
        In units of `values`:

        - ``scores``, ``lower``, ``upper`` (n_ideas,): score on the scale of the average judge of this panel, shrunk
          to the mean as far as an idea has few reviews, with its 95 % interval. Without a review the score is nan
          and the interval says what ideas are like.
        - ``plain_means`` (n_ideas,), ``n_reviews`` (n_ideas,), ``criterion_scores`` (n_ideas, n_criteria) whose
          weighted sum is the score.
        - ``severities``, ``severity_lower``, ``severity_upper`` (n_judges,): points a judge is above (+) or below
          (-) the panel's average, shrunk; nan without a review.
        - ``variance_idea``, ``variance_judge``, ``variance_noise``: REML; ``icc``: the ideas' share of them, the
          reliability of one review; ``reliability``: of a corrected mean of the typical (harmonic mean) number of
          reviews; ``reviews_for_reliability``: reviews an idea needs for 0.7, None if no number is enough. nan and
          None where ideas cannot be told from noise.
        - ``components`` (n_ideas,), ``n_components``: groups of ideas linked by common judges (-1 without a review).
          Scores of different groups compare only if their judges are alike.
        - ``corrected``: whether the judges' bias could be taken out; if not, ``scores`` are the plain means.
          ``reason`` says why not, or ``"disconnected"`` where it could within groups only: ``"one_idea"``,
          ``"one_judge"``, ``"no_overlap"`` (no idea has two judges), ``"too_few_reviews"``, ``"no_variation"``.
        - ``judge_noise`` (n_judges,): noise variance of each judge; ``review_weights``: how much each review used
          counts, 1 on average; both are even with the defaults. ``tails``: degrees of freedom of the errors,
          infinite for normal ones. ``variance_noise`` is then that of a review of average weight.
        - ``ratios``: typical ratios of idea and judge variance to noise variance over the grid; ``reviews``: the
          reviews used.

    Raises
    ------
    ShapeError, RangeError
        If lengths differ, an index is out of range, a mark is infinite or a weight negative, all weights are zero, or
        `noise` is not one of its two values.
    UndeterminedError
        If no review has a mark.

    Notes
    -----
    Where noise cannot be told from ideas (no idea has two reviews), it is taken to be half of the spread of the
    means. The same where all marks are equal leaves nothing to say: the interval is nan.

    References
    ----------
    .. [1] H. D. Patterson and R. Thompson, "Recovery of inter-block information when block sizes are unequal",
       Biometrika 58(3), 1971. doi:10.1093/biomet/58.3.545
    .. [2] H. Rue, S. Martino and N. Chopin, "Approximate Bayesian inference for latent Gaussian models by using
       integrated nested Laplace approximations", J. R. Statist. Soc. B 71(2), 2009.
       doi:10.1111/j.1467-9868.2008.00700.x
    .. [3] M. J. Daniels, "A prior for the variance in hierarchical models", Can. J. Statist. 27(3), 1999.
       doi:10.2307/3316112
    .. [4] G. K. Smyth, "Linear models and empirical Bayes methods for assessing differential expression in microarray
       experiments", Stat. Appl. Genet. Mol. Biol. 3(1), 2004. doi:10.2202/1544-6115.1027

    Examples
    --------
    Judge 1 marks about two points lower than the others; idea 2 met only judges 0 and 1, idea 3 only judges 0 and 2.

    >>> idea = [0, 0, 0, 1, 1, 1, 2, 2, 3, 3]
    >>> judge = [0, 1, 2, 0, 1, 2, 0, 1, 0, 2]
    >>> marks = [[5], [3], [5], [2], [1], [3], [4], [2], [4], [4]]
    >>> ratings = rate_ideas(idea, judge, marks)
    >>> ratings.plain_means.round(2)
    array([4.33, 2.  , 3.  , 4.  ])
    >>> ratings.scores.round(2)
    array([4.12, 2.27, 3.28, 3.47])
    >>> ratings.severities.round(1)
    array([ 0.4, -0.9,  0.5])

    """
    if noise not in NOISES:
        raise RangeError(f"noise: {noise!r} given, it must be one of {', '.join(NOISES)}")
    reviews = checked_reviews(idea, judge, values, n_ideas, n_judges, weights)
    components = link_groups(reviews)
    reason = _why_plain(reviews, components)
    if reason:
        return _plain_ratings(reviews, components, reason)
    return _corrected_ratings(reviews, components, by_judge=noise == "by_judge", robust=robust)


def _why_plain(reviews: Reviews, components: Indices) -> str:
    n_rated, n_judges, n_components = (
        len(np.unique(reviews.idea)),
        len(np.unique(reviews.judge)),
        int(components.max()) + 1,
    )
    score = reviews.columns[:, 0]
    if np.ptp(score) <= 1e-12 * np.abs(score).max():
        return "no_variation"
    if n_rated == 1:
        return "one_idea"
    if n_judges == 1:
        return "one_judge"
    pairs = np.unique(reviews.idea * reviews.n_judges + reviews.judge)
    if len(pairs) == n_rated:
        return "no_overlap"
    freedom = len(score) - (n_rated + n_judges - n_components)
    return "too_few_reviews" if freedom < 1 else ""


def _plain_ratings(reviews: Reviews, components: Indices, reason: str) -> Ratings:
    columns, counts, means = means_by_idea(reviews)
    rated = counts > 0
    inside = float(((columns[:, 0] - means[reviews.idea, 0]) ** 2).sum())
    between = float(means[rated, 0].var(ddof=1)) if rated.sum() > 1 else 0.0
    freedom = len(columns) - int(rated.sum())
    is_noise_known = freedom > 0 and inside > 0
    noise = inside / freedom if is_noise_known else between / 2
    freedom = freedom if is_noise_known else max(1, int(rated.sum()) - 1)
    spread = np.where(rated, np.sqrt(noise / np.maximum(counts, 1)), np.sqrt(between + noise))
    centre = np.where(rated, means[:, 0], means[rated, 0].mean())
    reach = np.where(spread > 0, -quantile((1 - LEVEL) / 2, freedom) * spread, np.nan)
    idea = max(0.0, between - noise * float((1 / counts[rated]).mean())) if is_noise_known else np.nan
    icc, reliability, needed = _reliabilities(idea, 0.0, noise, counts)
    nothing = np.full(reviews.n_judges, np.nan)
    return Ratings(
        scores=means[:, 0],
        lower=centre - reach,
        upper=centre + reach,
        plain_means=means[:, 0],
        n_reviews=counts,
        criterion_scores=means[:, 1:],
        **dict.fromkeys(("severities", "severity_lower", "severity_upper", "judge_noise"), nothing),
        icc=icc,
        reliability=reliability,
        reviews_for_reliability=needed,
        variance_idea=idea,
        variance_judge=np.nan,
        variance_noise=noise if is_noise_known else np.nan,
        n_components=int(components.max()) + 1,
        components=components,
        corrected=False,
        reason=reason,
        review_weights=np.ones(len(columns)),
        tails=np.inf,
        ratios=(np.nan, np.nan),
        reviews=reviews,
        posterior=PlainPosterior(centre, spread, freedom),
    )


def _reliabilities(idea: float, judge: float, noise: float, counts: Indices) -> tuple[float, float, int | None]:
    """Return the reliability of one review, of a typical mean, and how many reviews reach the target."""
    if np.isnan(idea):
        return np.nan, np.nan, None
    typical = harmonic_mean(counts[counts > 0].astype(np.float64))
    total = idea + judge + noise
    return idea / total, idea / (idea + noise / typical), needed_reviews(idea, noise, TARGET)


def needed_reviews(idea: float, noise: float, reliability: float) -> int | None:
    """Return how many reviews give a corrected mean that `reliability`, None if no number does."""
    if not idea > 0:
        return None
    return max(1, int(np.ceil(reliability / (1 - reliability) * noise / idea - 1e-9)))


def _corrected_ratings(reviews: Reviews, components: Indices, *, by_judge: bool, robust: bool) -> Ratings:
    columns, counts, means = means_by_idea(reviews)
    rated, idea = np.unique(reviews.idea, return_inverse=True)
    present, judge = np.unique(reviews.judge, return_inverse=True)
    centre = columns.mean(axis=0)
    worth = find_weights(idea, judge, columns[:, 0] - centre[0], by_judge=by_judge, robust=robust)
    layout = build_layout(idea, judge, columns - centre, worth.weights)
    variances = estimate_variances(layout)
    averages = _average(layout, variances, worth.inflation, rated, reviews.n_ideas, centre)
    known = _spread_out(averages, rated, present, reviews)
    icc, reliability, needed = _reliabilities(variances.idea, variances.judge, variances.noise, counts)
    typical = np.exp(variances.weights @ np.log(np.array(variances.points)))
    return Ratings(
        scores=known.columns[:, 0],
        lower=known.interval[0],
        upper=known.interval[1],
        plain_means=means[:, 0],
        n_reviews=counts,
        criterion_scores=known.columns[:, 1:],
        severities=known.severity,
        severity_lower=known.severity_interval[0],
        severity_upper=known.severity_interval[1],
        icc=icc,
        reliability=reliability,
        reviews_for_reliability=needed,
        variance_idea=variances.idea,
        variance_judge=variances.judge,
        variance_noise=variances.noise,
        n_components=int(components.max()) + 1,
        components=components,
        corrected=True,
        reason="disconnected" if components.max() > 0 else "",
        judge_noise=_spread_over(present, variances.noise / worth.judge_weights, reviews.n_judges),
        review_weights=worth.weights,
        tails=worth.tails,
        ratios=(float(typical[0]), float(typical[1])),
        reviews=reviews,
        posterior=known.posterior,
    )


def _spread_over(numbers: Indices, values: Floats, size: int) -> Floats:
    found = np.full(size, np.nan)
    found[numbers] = values
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Averages:
    """Scores and severities averaged over the grid; the last row of scores is a new idea's."""

    columns: Floats
    interval: tuple[Floats, Floats]
    severity: Floats
    severity_interval: tuple[Floats, Floats]
    posterior: MixturePosterior


def _average(
    layout: Layout, variances: Variances, inflation: float, rated: Indices, n_ideas: int, centre: Floats
) -> _Averages:
    freedom = layout.n_reviews - 1
    pattern, weights = build_pattern(layout), variances.weights
    all_rows = [rows_at(layout, solution, pattern) for solution in variances.solutions]
    noises = inflation * np.array([solution.residual / freedom for solution in variances.solutions])
    columns = centre + sum(weight * rows.score_columns for weight, rows in zip(weights, all_rows, strict=True))
    severity = np.asarray(sum(weight * rows.severity for weight, rows in zip(weights, all_rows, strict=True)))
    means = np.stack([centre[0] + rows.score_columns[:, 0] for rows in all_rows])
    variance = np.stack([rows.score_variance for rows in all_rows])
    variance[:, -1] += [ratio for ratio, _ in variances.points]
    spreads = np.sqrt(noises[:, None] * variance)
    severities = np.stack([rows.severity for rows in all_rows])
    severity_spreads = np.sqrt(noises[:, None] * np.stack([rows.severity_variance for rows in all_rows]))
    parts = tuple(
        Part(float(weight), mean, float(noise), point[0], rows.root, rows.scale, rows.spread, point[1])
        for weight, mean, noise, point, rows in zip(weights, means, noises, variances.points, all_rows, strict=True)
    )
    return _Averages(
        columns=columns,
        interval=mixture_interval(weights, means, spreads, freedom, LEVEL),
        severity=severity,
        severity_interval=mixture_interval(weights, severities, severity_spreads, freedom, LEVEL),
        posterior=MixturePosterior(parts, pattern, freedom, rated, n_ideas),
    )


def _spread_out(averages: _Averages, rated: Indices, present: Indices, reviews: Reviews) -> _Averages:
    """Return `averages` for all ideas and judges: those without a review get nan, and the interval of a new idea."""
    columns = np.full((reviews.n_ideas, averages.columns.shape[1]), np.nan)
    columns[rated] = averages.columns[:-1]
    lower, upper = (np.full(reviews.n_ideas, end[-1]) for end in averages.interval)
    lower[rated], upper[rated] = averages.interval[0][:-1], averages.interval[1][:-1]
    severity, low, high = (np.full(reviews.n_judges, np.nan) for _ in range(3))
    severity[present] = averages.severity
    low[present], high[present] = averages.severity_interval
    return _Averages(columns, (lower, upper), severity, (low, high), averages.posterior)
