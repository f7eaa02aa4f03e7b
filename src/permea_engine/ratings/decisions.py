"""What more reviews would buy: the certainty of a choice of the best `k` looked at ahead."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from permea_engine.checks import share, whole_number
from permea_engine.decisions import Seed, in_top
from permea_engine.errors import UndeterminedError
from permea_engine.ratings.crossed import Floats
from permea_engine.ratings.fit import Ratings, needed_reviews

Measure = Literal["set", "share"]
CONTESTED = 0.01  # an idea whose chance of the top k lies between this and one minus this may still change sides


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What ``n_more`` reviews would buy, dealt out as ``per_idea`` (n_ideas,): the certainty now and expected then."""

    n_more: int
    certainty_now: float
    certainty_then: float
    per_idea: NDArray[np.intp]
    reached: bool


def reviews_to_raise_certainty(
    ratings: Ratings,
    k: int,
    *,
    target: float = 0.9,
    extra_max: int | None = None,
    measure: Measure = "set",
    n_samples: int = 1000,
    seed: Seed = 0,
) -> Plan:
    """Find how many more reviews would probably make the choice of the best `k` certain.

    Looks ahead: draws true scores from the posterior, gives each contested idea the marks that further reviews would
    bring, updates, and counts how often the `k` then highest are the right ones. Further reviews go to the ideas
    that might still change sides, most to those nearest to even odds. Numbers of reviews are tried in steps of a
    quarter.

    Parameters
    ----------
    ratings : Ratings
        From `rate_ideas`.
    k : int
        How many are chosen, at most the number of reviewed ideas.
    target : float, default 0.9
        Chance wanted that the set is right.
    extra_max : int, optional
        Most reviews to consider; five an idea by default.
    measure : {"set", "share"}, default "set"
        What certainty means: the chance that the whole set is right, or the expected share of it that is.
    n_samples, seed
        As for `top_k_probabilities`.

    Returns
    -------
    Plan
        The smallest number tried that reaches `target`, or ``extra_max`` with ``reached`` false. ``certainty_now``
        is that of `top_k_certainty`, up to the error of sampling.

    Raises
    ------
    ShapeError, RangeError
        If `k`, `target` or `extra_max` is out of range.
    UndeterminedError
        If the spread of scores is unknown, as all marks are equal.

    References
    ----------
    .. [1] H. Raiffa and R. Schlaifer, "Applied Statistical Decision Theory", Harvard University, 1961 (preposterior
       analysis).

    Examples
    --------
    >>> from permea_engine.ratings import rate_ideas
    >>> ratings = rate_ideas([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [[1], [2], [3], [4], [4], [4]])
    >>> plan = reviews_to_raise_certainty(ratings, 1, target=0.8)
    >>> plan.certainty_now < 0.8 <= plan.certainty_then
    True

    """
    whole_number("k", k, minimum=1, maximum=int(np.count_nonzero(ratings.n_reviews)))
    share("target", target)
    most = 5 * len(ratings.scores) if extra_max is None else whole_number("extra_max", extra_max, minimum=1)
    ahead = _look_ahead(ratings, k, measure, n_samples, np.random.default_rng(seed))
    dealt = np.zeros(len(ratings.scores), dtype=np.intp)
    now = ahead.certainty(dealt[ahead.ideas])
    if now >= target or not ahead.urgency.any():
        return Plan(0, now, now, dealt, now >= target)
    steps = _steps(most)
    low, high = 0, len(steps) - 1
    per_idea = _deal(ahead.urgency, steps[high])
    then = ahead.certainty(per_idea)
    while then >= target and low < high:  # the smallest step that reaches the target
        middle = (low + high) // 2
        fewer = _deal(ahead.urgency, steps[middle])
        certainty = ahead.certainty(fewer)
        if certainty >= target:
            high, per_idea, then = middle, fewer, certainty
        else:
            low = middle + 1
    dealt[ahead.ideas] = per_idea
    return Plan(int(per_idea.sum()), now, max(now, then), dealt, then >= target)


def reviews_for_reliability(ratings: Ratings, reliability: float) -> int | None:
    """Find how many reviews an idea needs for a corrected mean of a given reliability.

    Parameters
    ----------
    ratings : Ratings
        From `rate_ideas`.
    reliability : float
        Share wanted of the variance of the means that is due to the ideas, between 0 and 1.

    Returns
    -------
    int or None
        Reviews by judges of average noise; None if ideas do not differ or cannot be told from noise.

    Raises
    ------
    RangeError
        If `reliability` does not lie between 0 and 1.

    References
    ----------
    .. [1] W. Brown, "Some experimental results in the correlation of mental abilities", British Journal of Psychology
       3(3), 1910. doi:10.1111/j.2044-8295.1910.tb00207.x

    Examples
    --------
    >>> from permea_engine.ratings import rate_ideas
    >>> ratings = rate_ideas([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [[1], [2], [3], [3], [5], [4]])
    >>> reviews_for_reliability(ratings, 0.7), reviews_for_reliability(ratings, 0.95)
    (1, 4)

    """
    share("reliability", reliability)
    return needed_reviews(ratings.variance_idea, ratings.variance_noise, reliability)


@dataclass(frozen=True, slots=True, eq=False)
class _LookAhead:
    """Drawn true scores, and what is needed to update the present scores by marks drawn around them."""

    ideas: NDArray[np.intp]
    centre: Floats
    precision: Floats
    draws: Floats
    truth: NDArray[np.bool_]
    luck: Floats
    noise: float
    urgency: Floats
    k: int
    measure: Measure

    def certainty(self, per_idea: NDArray[np.intp]) -> float:
        """Return the expected certainty after `per_idea` further reviews."""
        if per_idea.any():
            added = per_idea / self.noise
            observed = self.draws + self.luck * np.sqrt(self.noise / np.maximum(per_idea, 1))
            updated = (self.centre * self.precision + added * observed) / (self.precision + added)
            hits = (in_top(updated, self.k) & self.truth).sum(axis=1)
        else:
            hits = self.truth[:, np.argsort(-self.centre, kind="stable")[: self.k]].sum(axis=1)
        return float((hits == self.k).mean() if self.measure == "set" else hits.mean() / self.k)


def _look_ahead(ratings: Ratings, k: int, measure: Measure, n_samples: int, rng: np.random.Generator) -> _LookAhead:
    draws = ratings.sample(n_samples, rng)
    spread = draws.std(axis=0)
    if not spread.all():
        raise UndeterminedError("ratings: the spread of the scores is unknown, as all marks are equal")
    centre = np.where(ratings.n_reviews > 0, ratings.scores, draws.mean(axis=0))
    truth = in_top(draws, k)
    chance = truth.mean(axis=0)
    contested = (chance > CONTESTED) & (chance < 1 - CONTESTED)
    kept = chance > CONTESTED  # the others have no part in it
    kept[np.argsort(-centre, kind="stable")[:k]] = True
    return _LookAhead(
        ideas=np.flatnonzero(kept),
        centre=centre[kept],
        precision=1 / spread[kept] ** 2,
        draws=draws[:, kept],
        truth=truth[:, kept],
        luck=rng.standard_normal((n_samples, int(kept.sum()))),
        noise=_noise_of_a_review(ratings),
        urgency=np.where(contested, chance * (1 - chance), 0.0)[kept],
        k=k,
        measure=measure,
    )


def _noise_of_a_review(ratings: Ratings) -> float:
    """Return the variance of one more review around the true score: noise, and what is not known of the judge."""
    if not ratings.corrected:
        return float(np.nanmean((ratings.reviews.columns[:, 0].var(), ratings.variance_noise)))
    judge = np.nanmean((ratings.severity_upper - ratings.severity_lower) ** 2) / (2 * 1.96) ** 2
    return float(ratings.variance_noise + judge)


def _steps(most: int) -> list[int]:
    grown = np.unique(np.ceil(1.25 ** np.arange(60)).astype(np.int64))
    return [int(step) for step in grown if step < most] + [most]


def _deal(urgency: Floats, n_more: int) -> NDArray[np.intp]:
    """Return `n_more` reviews dealt out in proportion to `urgency` by largest remainder."""
    quota = n_more * urgency / urgency.sum()
    dealt: NDArray[np.intp] = np.floor(quota).astype(np.intp)
    extra = np.argsort(-(quota - dealt), kind="stable")[: n_more - int(dealt.sum())]
    dealt[extra] += 1
    return dealt
