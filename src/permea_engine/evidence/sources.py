"""What is known of ideas, by kind of source, and how each kind is brought to the same form."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import fminbound

from permea_engine.checks import not_negative, real_array
from permea_engine.errors import RangeError
from permea_engine.evidence.gaussian import Gaussian, Part, from_parts, independent, observations, silent
from permea_engine.evidence.reviews import crossed_parts
from permea_engine.ranking import Ranking, rank_from_comparisons
from permea_engine.ratings import Ratings, rate_ideas
from permea_engine.ratings.crossed import Floats
from permea_engine.ratings.fit import Noise
from permea_engine.ratings.posterior import MixturePosterior
from permea_engine.ratings.reviews import Indices

HALF = 0.5  # votes credited to each side
PAIR = 2
Z = 1.959963984540054  # of a 95 % interval


@dataclass(frozen=True, slots=True, eq=False)
class ReviewSource:
    """Marks by reviewers (or stars by a crowd), as `permea_engine.ratings.rate_ideas` takes them."""

    name: str
    idea: ArrayLike
    judge: ArrayLike
    values: ArrayLike  # (n_reviews, n_criteria)
    weights: ArrayLike | None = None  # of criteria
    noise: Noise = "common"
    robust: bool = False
    crowd: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonSource:
    """Who was preferred to whom, as `permea_engine.ranking.rank_from_comparisons` takes it."""

    name: str
    first: ArrayLike
    second: ArrayLike
    outcome: ArrayLike  # 1, -1 or 0 for a tie
    judge: ArrayLike | None = None
    crowd: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class VoteSource:
    """How many voted for each idea; of how many who saw it, if that is known."""

    name: str
    votes: ArrayLike  # (n_ideas,) nan where an idea could not be voted for
    seen: ArrayLike | None = None  # (n_ideas,)
    crowd: bool = True


Source = ReviewSource | ComparisonSource | VoteSource


@dataclass(frozen=True, slots=True, eq=False)
class Reduced:
    """A source as normal information on what it takes the ideas to be worth, on its own scale."""

    name: str
    kind: str
    crowd: bool
    n_facts: int
    counts: Floats  # (n_ideas,) facts that concern each idea
    links: tuple[Indices, Indices]  # ideas, and what each of them shares with others
    alone: Ratings | Ranking | None  # what the source says by itself
    gaussian: Gaussian
    reason: str


def n_ideas_of(source: Source) -> int:
    """Return one more than the highest idea a source speaks of."""
    if isinstance(source, VoteSource):
        return int(np.size(source.votes))
    named = (source.idea,) if isinstance(source, ReviewSource) else (source.first, source.second)
    return max((int(np.max(np.asarray(part))) + 1 for part in named if np.size(part)), default=0)


def reduce_source(source: Source, n_ideas: int, *, dense: bool) -> Reduced:
    """Return `source` as normal information. Raises as `permea_engine.evidence.rank_from_evidence` says."""
    if isinstance(source, VoteSource):
        return _from_votes(source, n_ideas, dense=dense)
    if isinstance(source, ComparisonSource):
        return _from_comparisons(source, n_ideas, dense=dense)
    return _from_reviews(source, n_ideas, dense=dense)


def _nothing(source: Source, kind: str, n_ideas: int) -> Reduced:
    none = np.empty(0, dtype=np.intp)
    return Reduced(
        source.name, kind, source.crowd, 0, np.zeros(n_ideas), (none, none), None, silent(n_ideas), "no_facts"
    )


def _from_reviews(source: ReviewSource, n_ideas: int, *, dense: bool) -> Reduced:
    if not np.size(source.idea):
        return _nothing(source, "reviews", n_ideas)
    ratings = rate_ideas(
        source.idea, source.judge, source.values, n_ideas=n_ideas, weights=source.weights, noise=source.noise,
        robust=source.robust,
    )  # fmt: skip
    means = ratings.plain_means[ratings.n_reviews > 0]
    varies = ratings.reason != "no_variation" and bool(np.ptp(means))
    return Reduced(
        name=source.name,
        kind="reviews",
        crowd=source.crowd,
        n_facts=len(ratings.reviews.idea),
        counts=ratings.n_reviews.astype(np.float64),
        links=(ratings.reviews.idea, ratings.reviews.judge),
        alone=ratings,
        gaussian=_of_ratings(ratings, dense=dense) if varies else silent(n_ideas),
        reason="" if varies else "no_variation",
    )


def _of_ratings(ratings: Ratings, *, dense: bool) -> Gaussian:
    posterior = ratings.posterior
    if not isinstance(posterior, MixturePosterior):
        variance = np.where(ratings.n_reviews > 0, ((ratings.upper - ratings.lower) / (2 * Z)) ** 2, np.inf)
        known = np.isfinite(variance)
        between = float(ratings.plain_means[known].var(ddof=1))
        prior = max(between - float(variance[known].mean()), between / 10)
        part = independent(np.nan_to_num(ratings.plain_means), variance, prior, dense=dense)
        return from_parts((part,), ratings.variance_noise)
    if dense:
        return from_parts(crossed_parts(ratings, posterior), ratings.variance_noise)
    prior = ratings.ratios[0] * ratings.variance_noise
    level = float(np.nanmean(ratings.scores))
    return _of_marginals(
        ratings.scores - level, (ratings.upper - ratings.lower) / (2 * Z), prior, level, ratings.variance_noise
    )


def _of_marginals(mean: Floats, sd: Floats, prior: float, level: float, noise: float = np.nan) -> Gaussian:
    """Return the information that lies in what is known of each idea by itself."""
    value, variance = observations(np.nan_to_num(mean), np.where(np.isnan(mean), prior, sd**2), prior)
    part = independent(value, variance, prior, dense=False)
    part = Part(1.0, prior, part.matrix, part.matrix * value, level, part.tilt, part.level_variance)
    return Gaussian((part,), value, variance, noise)


def _from_comparisons(source: ComparisonSource, n_ideas: int, *, dense: bool) -> Reduced:
    if not np.size(source.first):
        return _nothing(source, "comparisons", n_ideas)
    ranking = rank_from_comparisons(source.first, source.second, source.outcome, judge=source.judge, n_items=n_ideas)
    prior = ranking.strength_sd**2
    if dense:
        precision = ranking.posterior.precision
        full = precision.dense()
        matrix = full - precision.prior * np.eye(n_ideas)
        part = Part(1.0, prior, matrix, full @ ranking.strengths, 0.0, np.zeros(n_ideas), 0.0)
        gaussian = from_parts((part,))
    else:
        gaussian = _of_marginals(ranking.centre, ranking.standard_errors, prior, 0.0)
    first, second = np.asarray(source.first), np.asarray(source.second)
    row = np.arange(len(first))
    return Reduced(
        name=source.name,
        kind="comparisons",
        crowd=source.crowd,
        n_facts=len(first),
        counts=ranking.n_comparisons,
        links=(np.concatenate([first, second]), np.concatenate([row, row])),
        alone=ranking,
        gaussian=gaussian,
        reason="",
    )


def _from_votes(source: VoteSource, n_ideas: int, *, dense: bool) -> Reduced:
    value, variance, votes = _observed_votes(source, n_ideas)
    offered = np.isfinite(variance)
    total = int(votes.sum())
    if np.count_nonzero(offered) < PAIR or not total:
        return _nothing(source, "votes", n_ideas)
    spread = _spread(value[offered], variance[offered])
    ideas = np.flatnonzero(offered)
    return Reduced(
        name=source.name,
        kind="votes",
        crowd=source.crowd,
        n_facts=total,
        counts=votes,
        links=(ideas, np.zeros(len(ideas), dtype=np.intp)),
        alone=None,
        gaussian=from_parts((independent(value, variance, spread, dense=dense),)),
        reason="",
    )


def _observed_votes(source: VoteSource, n_ideas: int) -> tuple[Floats, Floats, Floats]:
    """Return log votes of each idea (log odds, if seen is known), their variance (infinite if not offered), votes."""
    name = f"{source.name}: votes"
    given = not_negative(name, real_array(name, source.votes, shape=(None,), missing=True))
    votes = np.append(given, np.full(n_ideas - len(given), np.nan))
    offered = ~np.isnan(votes)
    votes = np.nan_to_num(votes)
    value, variance = np.log(votes + HALF), 1 / (votes + HALF)
    if source.seen is not None:
        seen = real_array(f"{source.name}: seen", source.seen, shape=(len(given),))
        seen = np.append(seen, np.zeros(n_ideas - len(seen)))
        if (seen < votes).any():
            raise RangeError(f"{source.name}: idea {int(np.argmax(seen < votes))} has more votes than saw it")
        offered &= seen > 0
        value -= np.log(seen - votes + HALF)
        variance += 1 / (seen - votes + HALF)
    return np.where(offered, value, 0.0), np.where(offered, variance, np.inf), np.where(offered, votes, 0.0)


def _spread(value: Floats, variance: Floats) -> float:
    """Return the most likely variance of the true values, from observations of known variance and unknown mean."""

    def height(log_spread: float) -> float:
        total = np.exp(log_spread) + variance
        mean = (value / total).sum() / (1 / total).sum()
        return float(np.log(total).sum() + np.log((1 / total).sum()) + ((value - mean) ** 2 / total).sum())

    return float(np.exp(fminbound(height, -7.0, 5.0)))
