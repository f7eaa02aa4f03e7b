"""What reviews have told so far of ideas and judges together, kept so that one more costs next to nothing."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from permea_engine.checks import real_array, whole_number
from permea_engine.effort.beliefs import (
    CORRELATED_UP_TO,
    DENSE_UP_TO,
    Beliefs,
    Floats,
    Indices,
    Link,
    beliefs_from,
    prior_beliefs,
)
from permea_engine.effort.state import positive
from permea_engine.errors import UndeterminedError
from permea_engine.ratings.fit import Ratings

Z_95 = 1.959964


@dataclass(frozen=True, slots=True, eq=False)
class ReviewState:
    """What reviews have told so far of ideas and judges together. Never changed in place.

    Coordinates of ``beliefs`` are the scores of the ideas, then the leanings of the judges. ``noise`` (n_judges,) is
    the variance of one mark of each judge around that. As an estimate it can be given to all functions of
    `permea_engine.decisions`.
    """

    beliefs: Beliefs
    noise: Floats
    looks: Indices

    @property
    def means(self) -> Floats:
        """Return the expected scores of the ideas."""
        return self.beliefs.mean[: len(self.looks)]

    @property
    def variances(self) -> Floats:
        """Return the variances of the scores of the ideas."""
        return self.beliefs.variance[: len(self.looks)]

    @property
    def centre(self) -> Floats:
        """Return the expected scores, nan for an idea without a review."""
        return np.where(self.looks > 0, self.means, np.nan)

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Return `n` joint draws of all scores, of shape (n, n_ideas).

        Beyond 2,000 ideas and judges together only the 500 ideas that were reviewed most are drawn jointly.
        """
        size = len(self.beliefs.mean)
        joint = np.argsort(-self.looks, kind="stable")[: CORRELATED_UP_TO if size > DENSE_UP_TO else None]
        return self.beliefs.sample(whole_number("n", n, minimum=1), rng, joint=joint)[:, : len(self.looks)]


def new_reviews(
    n_ideas: int,
    n_judges: int,
    *,
    level: float = 0.0,
    idea_sd: float = 1.0,
    judge_sd: float = 0.5,
    noise_sd: ArrayLike = 1.0,
) -> ReviewState:
    """Begin to review ideas of which nothing is known.

    Parameters
    ----------
    n_ideas, n_judges : int
        How many; at least 2 ideas and 1 judge.
    level : float, default 0.0
        The mark expected of an average idea by an average judge.
    idea_sd, judge_sd : float, default 1.0 and 0.5
        By how much ideas and judges differ (standard deviations), in marks; from an earlier call, or a guess.
    noise_sd : float or array_like of shape (n_judges,), default 1.0
        Of one mark, for each judge where it is known.

    Returns
    -------
    ReviewState
        To be given to `next_review` and `with_review`.

    Raises
    ------
    ShapeError, RangeError
        If a number is out of range, or `noise_sd` does not fit.

    Examples
    --------
    >>> new_reviews(3, 1, level=3.0).means
    array([3., 3., 3.])

    """
    whole_number("n_ideas", n_ideas, minimum=2)
    whole_number("n_judges", n_judges, minimum=1)
    variance = np.repeat([positive("idea_sd", idea_sd) ** 2, positive("judge_sd", judge_sd) ** 2], [n_ideas, n_judges])
    mean = np.repeat([float(real_array("level", level, shape=())), 0.0], [n_ideas, n_judges])
    noise = _checked_noise(noise_sd, n_judges)
    return ReviewState(prior_beliefs(mean, variance), noise, np.zeros(n_ideas, dtype=np.intp))


def reviews_from(ratings: Ratings, *, noise_sd: ArrayLike | None = None) -> ReviewState:
    """Begin from scores that were estimated from all reviews at once.

    Takes the variances of `ratings` as known, which makes certainty a little too high with few reviews: for the
    decision itself ask `ratings`, as `stop_advice` does if it is given both.

    Parameters
    ----------
    ratings : Ratings
        From `rate_ideas`.
    noise_sd : float or array_like of shape (n_judges,), optional
        Of one mark, for each judge where it is known; by default that of `ratings` for all.

    Returns
    -------
    ReviewState
        To be given to `next_review` and `with_review`.

    Raises
    ------
    ShapeError, RangeError
        If `noise_sd` does not fit.
    UndeterminedError
        If ideas, judges and chance could not be told apart; begin with `new_reviews` then.

    Examples
    --------
    >>> from permea_engine.ratings import rate_ideas
    >>> ratings = rate_ideas([0, 0, 1, 1, 2, 2], [0, 1, 0, 2, 1, 2], [[4], [3], [5], [4], [2], [2]])
    >>> reviews_from(ratings).looks
    array([2, 2, 2])

    """
    if not ratings.corrected:
        raise UndeterminedError(f"ratings: ideas, judges and chance cannot be told apart ({ratings.reason})")
    reviews, noise = ratings.reviews, ratings.variance_noise
    n_ideas, n_judges = reviews.n_ideas, reviews.n_judges
    prior = noise * np.repeat(ratings.ratios, [n_ideas, n_judges])
    own = np.full(n_judges, noise) if noise_sd is None else _checked_noise(noise_sd, n_judges)
    level = float(np.nanmean(ratings.scores))
    width = np.concatenate([ratings.upper - ratings.lower, ratings.severity_upper - ratings.severity_lower])
    variance = (width / (2 * Z_95)) ** 2
    links = np.column_stack([reviews.idea, n_ideas + reviews.judge])
    beliefs = beliefs_from(
        np.concatenate([np.where(np.isnan(ratings.scores), level, ratings.scores), np.nan_to_num(ratings.severities)]),
        prior,
        (links, np.ones(links.shape)),
        1 / own[reviews.judge],
        np.where(np.isnan(variance), prior, variance),
    )
    looks = np.bincount(reviews.idea, minlength=n_ideas)
    return ReviewState(beliefs, own, looks)


def with_review(state: ReviewState, idea: int, judge: int, mark: float) -> ReviewState:
    """Learn from one review, about the idea and about the judge.

    Parameters
    ----------
    state : ReviewState
        What is known so far; it is not changed.
    idea, judge : int
        Who reviewed what.
    mark : float
        The overall mark.

    Returns
    -------
    ReviewState
        What is known then; exact as long as variances are known.

    Raises
    ------
    ShapeError, RangeError
        If a number is out of range or `mark` is not finite.

    Examples
    --------
    >>> with_review(new_reviews(2, 1), 0, 0, 2.0).means.round(2)
    array([0.89, 0.  ])

    """
    given = float(real_array("mark", mark, shape=()))
    link, pull, gain = _seen(state, idea, judge)
    return _looked(state, link, state.beliefs.narrowed(link, pull, (given - link.of(state.beliefs.mean)) * gain, gain))


def expecting_review(state: ReviewState, idea: int, judge: int) -> ReviewState:
    """Allow for a review that is assigned or being written: certainty grows as expected, no score moves.

    Parameters
    ----------
    state, idea, judge
        As for `with_review`.

    Returns
    -------
    ReviewState
        From which `next_review` will suggest something else.

    Raises
    ------
    ShapeError, RangeError
        As for `with_review`.

    Examples
    --------
    >>> expecting_review(new_reviews(2, 1), 0, 0).variances.round(2)
    array([0.56, 1.  ])

    """
    link, pull, gain = _seen(state, idea, judge)
    return _looked(state, link, state.beliefs.narrowed(link, pull, 0.0, gain))


def _seen(state: ReviewState, idea: int, judge: int) -> tuple[Link, Floats, float]:
    n_ideas = len(state.looks)
    whole_number("idea", idea, minimum=0, maximum=n_ideas - 1)
    whole_number("judge", judge, minimum=0, maximum=len(state.noise) - 1)
    link = Link((idea, n_ideas + judge), (1.0, 1.0))
    pull = state.beliefs.cover.along(link)
    return link, pull, float(1 / (state.noise[judge] + max(link.of(pull), 0.0)))


def _looked(state: ReviewState, link: Link, beliefs: Beliefs) -> ReviewState:
    looks = state.looks.copy()
    looks[link.at[0]] += 1
    return replace(state, beliefs=beliefs, looks=looks)


def _checked_noise(noise_sd: ArrayLike, n_judges: int) -> Floats:
    given = np.asarray(noise_sd)
    spread = real_array(
        "noise_sd", np.broadcast_to(given, (n_judges,)) if given.ndim == 0 else given, shape=(n_judges,)
    )
    return np.array([positive("noise_sd", float(one)) ** 2 for one in spread])
