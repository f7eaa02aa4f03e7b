"""The reviews a rating starts from: checked, missing marks filled, linked groups found."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from permea_engine.checks import index_array, not_negative, real_array, whole_number
from permea_engine.errors import RangeError, ShapeError, UndeterminedError
from permea_engine.ratings.crossed import Floats, sum_by

FILL_ROUNDS = 100
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Reviews:
    """Checked reviews: those with at least one mark, missing marks filled."""

    idea: Indices
    judge: Indices
    marks: Floats  # (n_reviews, n_criteria)
    weights: Floats  # (n_criteria,) they sum to 1
    n_ideas: int
    n_judges: int

    @property
    def columns(self) -> Floats:
        """Return the weighted score of each review, then its marks."""
        return np.column_stack([self.marks @ self.weights, self.marks])


def checked_reviews(
    idea: ArrayLike,
    judge: ArrayLike,
    values: ArrayLike,
    n_ideas: int | None,
    n_judges: int | None,
    weights: ArrayLike | None,
) -> Reviews:
    """Return the reviews that have a mark. Raises as `permea_engine.ratings.rate_ideas` says."""
    ideas = index_array("idea", idea, size=None if n_ideas is None else whole_number("n_ideas", n_ideas, minimum=1))
    judges = index_array(
        "judge",
        judge,
        size=None if n_judges is None else whole_number("n_judges", n_judges, minimum=1),
        length=len(ideas),
    )
    marks = real_array("values", values, shape=(len(ideas), None), missing=True)
    if not marks.shape[1]:
        raise ShapeError("values: there is no criterion")
    share = (
        np.ones(marks.shape[1])
        if weights is None
        else not_negative("weights", real_array("weights", weights, shape=(marks.shape[1],)))
    )
    if not share.sum():
        raise RangeError("weights: all are zero")
    present = ~np.isnan(marks[:, share > 0]).all(axis=1)
    if not present.any():
        raise UndeterminedError("values: no review has a mark")
    filled = _fill(marks[present], share / share.sum())
    count = int(ideas.max()) + 1 if n_ideas is None else n_ideas
    judge_count = int(judges.max()) + 1 if n_judges is None else n_judges
    return Reviews(ideas[present], judges[present], filled, share / share.sum(), count, judge_count)


def _fill(marks: Floats, weights: Floats) -> Floats:
    """Return `marks` with missing ones replaced by the level of the review plus that of the criterion."""
    missing = np.isnan(marks)
    if not missing.any():
        return marks
    shares = np.where(missing, 0.0, weights)
    shares /= shares.sum(axis=1, keepdims=True)
    known = np.where(missing, 0.0, marks)
    n_known = np.maximum((~missing).sum(axis=0), 1)
    level, review = known.sum(axis=0) / n_known, np.zeros(len(marks))
    for _ in range(FILL_ROUNDS):
        review = (shares * (known - level)).sum(axis=1)
        level = np.where(missing, 0.0, known - review[:, None]).sum(axis=0) / n_known
    return np.where(missing, review[:, None] + level, marks)


def link_groups(reviews: Reviews) -> Indices:
    """Return for each idea the number of its group, in order of first idea, -1 without a review."""
    size = reviews.n_ideas + reviews.n_judges
    links = coo_array((np.ones(len(reviews.idea)), (reviews.idea, reviews.n_ideas + reviews.judge)), shape=(size, size))
    labels = connected_components(links, directed=False)[1][: reviews.n_ideas]
    labels[np.bincount(reviews.idea, minlength=reviews.n_ideas) == 0] = -1
    found = labels[labels >= 0]
    order = list(dict.fromkeys(found.tolist()))
    number = np.full(size, -1)
    number[order] = np.arange(len(order))
    return np.where(labels >= 0, number[labels], -1).astype(np.intp)


def means_by_idea(reviews: Reviews) -> tuple[Floats, Indices, Floats]:
    """Return the columns of the reviews, the reviews of each idea, and the plain means of the columns by idea."""
    columns = reviews.columns
    counts = np.bincount(reviews.idea, minlength=reviews.n_ideas)
    sums = sum_by(reviews.idea, columns, reviews.n_ideas)
    return columns, counts, np.where(counts[:, None] > 0, sums / np.maximum(counts, 1)[:, None], np.nan)
