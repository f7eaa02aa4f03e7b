"""Reviews as information on ideas alone: judges and the general level integrated out."""

import numpy as np
from scipy.sparse import coo_array
from scipy.special import digamma, polygamma

from permea_engine.evidence.gaussian import Part
from permea_engine.ratings import Ratings
from permea_engine.ratings.crossed import Floats, sum_by
from permea_engine.ratings.posterior import MixturePosterior

NODES = ((0.0, 2 / 3), (-np.sqrt(3.0), 1 / 6), (np.sqrt(3.0), 1 / 6))  # three points for a normal distribution
FEW = 120  # degrees of freedom below which the noise variance is laid out on three points
KEPT = 0.995  # share of the weight of the grid that is kept
SMALL, MOST = 300, 9  # ideas above which so many points of the grid are kept at most


def crossed_parts(ratings: Ratings, posterior: MixturePosterior) -> tuple[Part, ...]:
    """Return what corrected reviews say of their ideas, at each point of the grid of variances, heaviest first."""
    weights = np.array([part.weight for part in posterior.parts])
    order = np.argsort(-weights, kind="stable")
    n_kept = int(np.searchsorted(np.cumsum(weights[order]), KEPT * weights.sum())) + 1
    if ratings.reviews.n_ideas > SMALL:
        n_kept = min(n_kept, MOST)
    nodes = NODES if posterior.freedom < FEW else ((0.0, 1.0),)
    half = posterior.freedom / 2  # the log of the noise variance: its mean and standard deviation
    middle, reach = np.log(half) - digamma(half), np.sqrt(polygamma(1, half))
    parts = []
    for index in order[:n_kept]:
        point = posterior.parts[index]
        unit = _in_noise_units(ratings, point.idea_ratio, point.judge_ratio)
        for place, share in nodes:
            noise = point.noise * float(np.exp(middle + place * reach))
            parts.append(
                Part(
                    weight=point.weight * share,
                    prior=noise * point.idea_ratio,
                    matrix=unit.matrix / noise,
                    pull=unit.pull / noise,
                    level=unit.level,
                    tilt=unit.tilt,
                    level_variance=noise * unit.level_variance,
                )
            )
    return tuple(sorted(parts, key=lambda part: -part.weight))


def _in_noise_units(ratings: Ratings, idea_ratio: float, judge_ratio: float) -> Part:
    """Return the part for a noise variance of 1.

    Notes
    -----
    With ``T`` the weights by idea and judge, ``S`` the variances of judges given all else and ``m`` what mean and ideas
    share after judges are integrated out, the matrix is ``D - T S T' - m m' / precision``. The level is the mean plus
    the average judge, both as they follow from the marks once ideas are given.

    """
    reviews, weights = ratings.reviews, ratings.review_weights
    present, judge = np.unique(reviews.judge, return_inverse=True)
    n_ideas, n_judges = reviews.n_ideas, len(present)
    score = reviews.columns[:, 0]
    centre = float(score.mean())
    weighted = (weights * (score - centre))[:, None]
    table = coo_array((weights, (reviews.idea, judge)), shape=(n_ideas, n_judges)).tocsr()
    of_ideas, of_judges = np.asarray(table.sum(axis=1)), np.asarray(table.sum(axis=0))
    idea_sums, judge_sums = sum_by(reviews.idea, weighted, n_ideas)[:, 0], sum_by(judge, weighted, n_judges)[:, 0]
    judge_variance = 1 / (of_judges + 1 / judge_ratio)
    scaled: Floats = (table.multiply(judge_variance[None, :]) @ table.T).toarray()
    shared = of_ideas - table @ (judge_variance * of_judges)
    precision = float(of_judges.sum() - judge_variance @ of_judges**2)
    mean_pull = float(judge_sums.sum() - judge_variance @ (of_judges * judge_sums))
    share = 1 - float(judge_variance @ of_judges) / n_judges
    pull = idea_sums - table @ (judge_variance * judge_sums) - shared * mean_pull / precision
    return Part(
        weight=1.0,
        prior=idea_ratio,
        matrix=np.diag(of_ideas) - scaled - np.outer(shared, shared) / precision,
        pull=pull,
        level=centre + share * mean_pull / precision + float(judge_variance @ judge_sums) / n_judges,
        tilt=share * shared / precision + np.asarray(table @ judge_variance) / n_judges,
        level_variance=share**2 / precision + float(judge_variance.sum()) / n_judges**2,
    )
