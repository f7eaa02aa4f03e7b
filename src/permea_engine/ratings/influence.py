"""What each judge changes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from permea_engine.checks import index_array, whole_number
from permea_engine.ratings.crossed import Floats, Layout, build_layout, large_effects, solve, sum_by
from permea_engine.ratings.fit import Ratings
from permea_engine.ratings.leaving import without_each
from permea_engine.ratings.reviews import Indices

DIRECT_WORK = 2e8  # judges times cube of the size of the equations, above which they are solved step by step


@dataclass(frozen=True, slots=True, eq=False)
class JudgeInfluence:
    """What leaving one judge out would change, for each judge.

    ``top_k_changes`` of shape (n_judges,): ideas that would leave the top `k`; ``biggest_shift`` (n_judges,):
    largest change of a score relative to the other scores, in points; ``shifted_idea`` (n_judges,): the idea it
    happens to, -1 for a judge without a review. For a judge not asked for: -1, nan and -1.
    """

    top_k_changes: NDArray[np.intp]
    biggest_shift: Floats
    shifted_idea: NDArray[np.intp]


def judge_influence(ratings: Ratings, k: int, *, judges: ArrayLike | None = None) -> JudgeInfluence:
    """Compute what leaving each judge out would change, at the estimated variances.

    Parameters
    ----------
    ratings : Ratings
        From `rate_ideas`.
    k : int
        How many ideas are chosen, at most the number of reviewed ideas.
    judges : array_like of int, optional
        The judges asked for; all by default. Each costs time in proportion to the number of reviews.

    Returns
    -------
    JudgeInfluence
        Changes of the top `k` and the largest shift of a score. Shifts are taken after removing the shift of the
        mean, as all scores move together when the panel's average changes. An idea that only the judge left out has
        reviewed falls to the mean.

    Raises
    ------
    ShapeError, RangeError
        If `k` is not a whole number, or not in range, or `judges` are not judges.
    NotConvergedError
        If a panel too large to solve directly does not let itself be solved step by step.

    Examples
    --------
    >>> from permea_engine.ratings import rate_ideas
    >>> idea, judge = [0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 1, 2] * 3
    >>> ratings = rate_ideas(idea, judge, [[4], [4], [1], [3], [2], [5], [1], [2], [3]])
    >>> judge_influence(ratings, 1).top_k_changes
    array([0, 0, 1])

    """
    whole_number("k", k, minimum=1, maximum=int(np.count_nonzero(ratings.n_reviews)))
    reviews = ratings.reviews
    wanted = np.arange(reviews.n_judges) if judges is None else index_array("judges", judges, size=reviews.n_judges)
    rated, idea = np.unique(reviews.idea, return_inverse=True)
    present, judge = np.unique(reviews.judge, return_inverse=True)
    numbers = np.flatnonzero(np.isin(present, wanted))
    score = reviews.columns[:, 0]
    facts = _Facts(idea, judge, score - score.mean(), ratings.review_weights)
    full, others = (_corrected_without if ratings.corrected else _plain_without)(facts, ratings.ratios, numbers)
    best = set(np.argsort(-full, kind="stable")[:k].tolist())
    changes, shifts = np.full(reviews.n_judges, -1, dtype=np.intp), np.full(reviews.n_judges, np.nan)
    changes[wanted], shifts[wanted] = 0, 0.0
    ideas = np.full(reviews.n_judges, -1, dtype=np.intp)
    for number, scores in zip(present[numbers], others, strict=True):
        moved = scores - full
        moved -= moved.mean()
        furthest = int(np.argmax(np.abs(moved)))
        changes[number] = k - len(best.intersection(np.argsort(-scores, kind="stable")[:k].tolist()))
        shifts[number], ideas[number] = moved[furthest], rated[furthest]
    return JudgeInfluence(changes, shifts, ideas)


@dataclass(frozen=True, slots=True, eq=False)
class _Facts:
    idea: Indices
    judge: Indices
    score: Floats  # centred
    weights: Floats


def _corrected_without(facts: _Facts, ratios: tuple[float, float], numbers: Indices) -> tuple[Floats, Iterator[Floats]]:
    layout = build_layout(facts.idea, facts.judge, facts.score[:, None], facts.weights)
    if len(numbers) * len(layout.small_counts) ** 3 > DIRECT_WORK:
        return without_each(layout, facts.idea, facts.judge, facts.score * facts.weights, ratios, numbers)
    return _idea_effects(layout, ratios), (_idea_effects(_remove(layout, facts, j), ratios) for j in numbers)


def _idea_effects(layout: Layout, ratios: tuple[float, float]) -> Floats:
    solution = solve(layout, *ratios)
    return large_effects(layout, solution)[:, 0] if layout.ideas_are_large else solution.effects[:-1, 0]


def _remove(layout: Layout, facts: _Facts, j: int) -> Layout:
    """Return the layout without the reviews of judge `j`, who stays in it as one about whom nothing is known."""
    own = facts.judge == j
    idea, weights = facts.idea[own], facts.weights[own]
    counts = np.bincount(idea, weights=weights, minlength=int(facts.idea.max()) + 1).astype(np.float64)
    sums = sum_by(idea, (weights * facts.score[own])[:, None], len(counts))
    table = layout.table.copy()
    if isinstance(table, csr_array):
        entries = table.indices == j if layout.ideas_are_large else slice(table.indptr[j], table.indptr[j + 1])
        table.data[entries] = 0.0
    else:
        table[(slice(None), j) if layout.ideas_are_large else j] = 0.0
    of_judges = layout.small_counts.copy() if layout.ideas_are_large else layout.large_counts.copy()
    judge_sums = layout.small_sums.copy() if layout.ideas_are_large else layout.large_sums.copy()
    of_judges[j], judge_sums[j] = 0.0, 0.0
    totals = layout.totals - sums.sum(axis=0)
    if layout.ideas_are_large:
        ideas = (layout.large_counts - counts, of_judges, layout.large_sums - sums, judge_sums)
    else:
        ideas = (of_judges, layout.small_counts - counts, judge_sums, layout.small_sums - sums)
    return Layout(
        table,
        *ideas,
        totals=totals,
        square=layout.square,
        n_reviews=layout.n_reviews,
        ideas_are_large=layout.ideas_are_large,
    )


def _plain_without(facts: _Facts, _: tuple[float, float], numbers: Indices) -> tuple[Floats, Iterator[Floats]]:
    def means(kept: NDArray[np.bool_]) -> Floats:
        counts = np.bincount(facts.idea[kept], minlength=int(facts.idea.max()) + 1)
        sums = np.bincount(facts.idea[kept], weights=facts.score[kept], minlength=len(counts))
        level = facts.score[kept].mean() if kept.any() else 0.0
        return np.where(counts > 0, sums / np.maximum(counts, 1), level)

    return means(np.ones(len(facts.idea), dtype=np.bool_)), (means(facts.judge != j) for j in numbers)
