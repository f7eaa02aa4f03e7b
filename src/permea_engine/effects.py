"""What a change brought: means and shares with their differences, before and after, each with its interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from permea_engine.checks import real_array, share, whole_number
from permea_engine.errors import UndeterminedError
from permea_engine.funnel import LEVEL, shares

Floats = NDArray[np.float64]
FENCE = 1.5
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Estimated:
    """A value with its interval and from how many it is; the interval is nan where `n` is below 2."""

    n: int
    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, eq=False)
class PairedEffect:
    """What changed between two measurements of the same things; see `paired_effect`."""

    n: int
    before: float
    after: float
    difference: Estimated
    ratio: Estimated
    without_outliers: Estimated
    differences: Floats
    is_outlier: NDArray[np.bool_]


def mean_interval(values: ArrayLike, *, level: float = LEVEL) -> Estimated:
    """Compute a mean with the interval of Student.

    Parameters
    ----------
    values : array_like of shape (n,)
        Measured values, of independent things.
    level : float, default 0.95
        Confidence level.

    Returns
    -------
    Estimated
        Mean and interval in the unit of `values`.

    Raises
    ------
    ShapeError, RangeError
        If a value is no finite number, or `level` lies outside 0 and 1.
    UndeterminedError
        If there is no value.

    References
    ----------
    .. [1] Student, "The probable error of a mean", Biometrika 6(1), 1908. doi:10.1093/biomet/6.1.1

    Examples
    --------
    >>> found = mean_interval([1, 2, 3, 4, 5])
    >>> found.n, found.value, round(found.lower, 3), round(found.upper, 3)
    (5, 3.0, 1.037, 4.963)

    """
    share("level", level)
    array = real_array("values", values, shape=(None,))
    if not len(array):
        raise UndeterminedError("values: there is none")
    mean = float(array.mean())
    if len(array) < FEWEST:
        return Estimated(1, mean, np.nan, np.nan)
    reach = _quantile(len(array) - 1, level) * float(array.std(ddof=1)) / np.sqrt(len(array))
    return Estimated(len(array), mean, float(mean - reach), float(mean + reach))


def mean_difference(first: ArrayLike, second: ArrayLike, *, level: float = LEVEL) -> Estimated:
    """Compute by how much the mean of one group is above that of another, with the interval of Welch.

    Parameters
    ----------
    first, second : array_like of shape (n,)
        Values of two groups of different things; their spreads may differ.
    level : float, default 0.95
        Confidence level.

    Returns
    -------
    Estimated
        Mean of `first` minus mean of `second`; `n` counts both. The interval is nan where a group has one value only.

    Raises
    ------
    ShapeError, RangeError
        If a value is no finite number, or `level` lies outside 0 and 1.
    UndeterminedError
        If a group is empty.

    References
    ----------
    .. [1] B. L. Welch, "The generalization of 'Student's' problem when several different population variances are
       involved", Biometrika 34(1-2), 1947. doi:10.1093/biomet/34.1-2.28

    Examples
    --------
    >>> found = mean_difference([4, 5, 6], [1, 2, 3])
    >>> found.n, found.value, round(found.lower, 3), round(found.upper, 3)
    (6, 3.0, 0.733, 5.267)

    """
    share("level", level)
    groups = [real_array(name, values, shape=(None,)) for name, values in (("first", first), ("second", second))]
    if not all(len(group) for group in groups):
        raise UndeterminedError("first, second: a group is empty")
    difference, n = float(groups[0].mean() - groups[1].mean()), sum(map(len, groups))
    if min(map(len, groups)) < FEWEST:
        return Estimated(n, difference, np.nan, np.nan)
    errors = [float(group.var(ddof=1)) / len(group) for group in groups]
    if sum(errors) == 0:
        return Estimated(n, difference, difference, difference)
    freedom = sum(errors) ** 2 / sum(e**2 / (len(g) - 1) for e, g in zip(errors, groups, strict=True))
    reach = _quantile(freedom, level) * np.sqrt(sum(errors))
    return Estimated(n, difference, float(difference - reach), float(difference + reach))


def share_difference(successes: tuple[int, int], n: tuple[int, int], *, level: float = LEVEL) -> Estimated:
    """Compute by how much one share is above another, with the interval of Newcombe.

    It is made of the two Wilson intervals, so it never leaves -1 to 1 and holds for small numbers and shares near the
    ends as well.

    Parameters
    ----------
    successes, n : tuple of two int
        How many of how many in the first and in the second group, ``0 <= successes <= n``.
    level : float, default 0.95
        Confidence level.

    Returns
    -------
    Estimated
        First share minus second share; `n` counts both groups.

    Raises
    ------
    ShapeError, RangeError
        If a count is not whole or out of range, or `level` lies outside 0 and 1.
    UndeterminedError
        If a group is empty.

    References
    ----------
    .. [1] R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
       methods", Stat. Med. 17(8), 1998, method 10. doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I

    Examples
    --------
    The first example of [1]_.

    >>> found = share_difference((56, 48), (70, 80))
    >>> round(found.value, 4), round(found.lower, 4), round(found.upper, 4)
    (0.2, 0.0524, 0.3339)

    """
    for won, total in zip(successes, n, strict=True):
        whole_number("n", total, minimum=0)
        whole_number("successes", won, minimum=0, maximum=total)
    if 0 in n:
        raise UndeterminedError("n: a group is empty")
    found = shares(list(successes), list(n), level=level)
    down, up = found.share - found.lower, found.upper - found.share
    difference = float(found.share[0] - found.share[1])
    return Estimated(
        sum(n), difference, difference - float(np.hypot(down[0], up[1])), difference + float(np.hypot(up[0], down[1]))
    )


def paired_effect(before: ArrayLike, after: ArrayLike, *, level: float = LEVEL) -> PairedEffect:
    """Compute what changed between two measurements of the same people or things.

    Parameters
    ----------
    before, after : array_like of shape (n,)
        The two measurements, of the same thing at the same place.
    level : float, default 0.95
        Confidence level of each interval.

    Returns
    -------
    PairedEffect
        - ``before``, ``after``: the two means; ``difference``: mean of after minus before, with Student's interval;
        - ``ratio``: geometric mean of after / before, with the interval of Student on the logarithms; all nan unless
          every measurement is above 0;
        - ``is_outlier``: whose difference lies more than 1.5 times the distance of the quartiles outside them (Tukey
          [1]_); they count in everything but ``without_outliers``, which says what the difference would be without.

    Raises
    ------
    ShapeError, RangeError
        If lengths differ, a value is no finite number, or `level` lies outside 0 and 1.
    UndeterminedError
        If there is no pair.

    References
    ----------
    .. [1] J. W. Tukey, "Exploratory Data Analysis", Addison-Wesley, 1977.

    Examples
    --------
    >>> found = paired_effect([10, 20, 40], [20, 40, 80])
    >>> found.before.__round__(2), found.difference.value.__round__(2), found.ratio.value.__round__(2)
    (23.33, 23.33, 2.0)

    """
    share("level", level)
    first = real_array("before", before, shape=(None,))
    second = real_array("after", after, shape=(len(first),))
    if not len(first):
        raise UndeterminedError("before, after: there is no pair")
    differences = second - first
    low, high = np.quantile(differences, [0.25, 0.75])
    reach = FENCE * (high - low)
    outside = (differences < low - reach) | (differences > high + reach)
    return PairedEffect(
        n=len(first),
        before=float(first.mean()),
        after=float(second.mean()),
        difference=mean_interval(differences, level=level),
        ratio=_ratio(first, second, level),
        without_outliers=mean_interval(differences[~outside], level=level),
        differences=differences,
        is_outlier=outside,
    )


def _ratio(first: Floats, second: Floats, level: float) -> Estimated:
    """Return the geometric mean of the ratios, nan where one is not above 0."""
    if min(first.min(), second.min()) <= 0:
        return Estimated(len(first), np.nan, np.nan, np.nan)
    found = mean_interval(np.log(second / first), level=level)
    return Estimated(found.n, *(float(np.exp(end)) for end in (found.value, found.lower, found.upper)))


def _quantile(freedom: float, level: float) -> float:
    """Return how many standard errors an interval of Student reaches to each side."""
    return float(stdtrit(freedom, (1 + level) / 2))
