"""How far judges agree."""

import numpy as np
from numpy.typing import ArrayLike

from permea_engine.checks import index_array, real_array
from permea_engine.errors import UndeterminedError


def krippendorff_alpha(idea: ArrayLike, judge: ArrayLike, values: ArrayLike) -> float:
    """Compute Krippendorff's alpha with the interval metric: 1 for full agreement, 0 for what chance would give.

    Parameters
    ----------
    idea, judge : array_like of int, shape (n_reviews,)
        Which idea was reviewed, and by which judge. Repeated reviews by one judge are averaged first.
    values : array_like of shape (n_reviews,)
        One mark for each review, nan where missing.

    Returns
    -------
    float
        At most 1; below 0 where judges disagree more than by chance.

    Raises
    ------
    ShapeError, RangeError
        If lengths differ, an index is negative or a mark is infinite.
    UndeterminedError
        If no idea has marks of two judges, or all those marks are equal.

    References
    ----------
    .. [1] A. F. Hayes and K. Krippendorff, "Answering the call for a standard reliability measure for coding data",
       Communication Methods and Measures 1(1), 2007. doi:10.1080/19312450709336664

    Examples
    --------
    >>> krippendorff_alpha([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [1, 1, 2, 3, 4, 4])
    0.9122807017543859

    """
    ideas = index_array("idea", idea)
    judges = index_array("judge", judge, length=len(ideas))
    marks = real_array("values", values, shape=(len(ideas),), missing=True)
    known = ~np.isnan(marks)
    pairs, cell = np.unique(np.stack([ideas[known], judges[known]]), axis=1, return_inverse=True)
    means = np.bincount(cell, weights=marks[known]) / np.bincount(cell)
    _, unit, counts = np.unique(pairs[0], return_inverse=True, return_counts=True)
    pairable = counts[unit] > 1
    unit, mark = unit[pairable], means[pairable]
    if not len(mark) or not np.ptp(mark):
        raise UndeterminedError("values: no idea has marks of two judges, or all those marks are equal")
    centre = np.bincount(unit, weights=mark, minlength=len(counts)) / counts
    within = np.bincount(unit, weights=(mark - centre[unit]) ** 2, minlength=len(counts))
    used = counts > 1
    observed = 2 * (within[used] * counts[used] / (counts[used] - 1)).sum() / len(mark)
    expected = 2 * ((mark - mark.mean()) ** 2).sum() / (len(mark) - 1)
    return float(1 - observed / expected)
