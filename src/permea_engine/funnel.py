"""How many pass from stage to stage, and from which sources what was taken up comes: shares with their intervals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, ndtri

from permea_engine.checks import not_negative, real_array, share, whole_number
from permea_engine.errors import RangeError

Floats = NDArray[np.float64]
LEVEL = 0.95
JEFFREYS = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Shares ``successes / n`` with the Wilson interval; where `n` is 0 the share is nan and its interval 0 to 1.

    All fields are ndarrays of the same shape (n_rows,).
    """

    successes: Floats
    n: Floats
    share: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Funnel:
    """Conversion of each stage, and of the whole way from the first entry to the last pass (one row)."""

    stages: Shares
    overall: Shares


def wilson_interval(successes: int, n: int, *, level: float = LEVEL) -> tuple[float, float]:
    """Compute the Wilson score interval of a share.

    Parameters
    ----------
    successes, n : int
        How many of how many, ``0 <= successes <= n``.
    level : float, default 0.95
        Confidence level.

    Returns
    -------
    tuple of float
        Lower and upper end; 0 and 1 where `n` is 0.

    Raises
    ------
    ShapeError, RangeError
        If a number is not whole, or out of range.

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference", J. Am. Statist. Assoc.
       22(158), 1927. doi:10.1080/01621459.1927.10502953

    Examples
    --------
    >>> lower, upper = wilson_interval(0, 10)
    >>> round(lower, 3), round(upper, 3)
    (0.0, 0.278)

    """
    whole_number("n", n, minimum=0)
    whole_number("successes", successes, minimum=0, maximum=n)
    found = shares([successes], [n], level=level)
    return float(found.lower[0]), float(found.upper[0])


def beta_interval(
    successes: int, n: int, *, level: float = LEVEL, prior: tuple[float, float] = (JEFFREYS, JEFFREYS)
) -> tuple[float, float]:
    """Compute the central interval of a share whose prior is a beta distribution, by default that of Jeffreys.

    Parameters
    ----------
    successes, n : int
        How many of how many, ``0 <= successes <= n``.
    level : float, default 0.95
        Probability inside.
    prior : tuple of float, default (0.5, 0.5)
        Successes and failures the prior is worth, both above 0.

    Returns
    -------
    tuple of float
        Lower and upper end; with the prior of Jeffreys 0 where there is no success, 1 where there is no failure.

    Raises
    ------
    ShapeError, RangeError
        If a number is not whole, or out of range.

    References
    ----------
    .. [1] L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion", Statist. Sci. 16(2),
       2001. doi:10.1214/ss/1009213286

    Examples
    --------
    >>> lower, upper = beta_interval(1, 1, prior=(1, 1))
    >>> round(lower, 4), round(upper, 4)
    (0.1581, 0.9874)

    """
    whole_number("n", n, minimum=0)
    whole_number("successes", successes, minimum=0, maximum=n)
    share("level", level)
    if not (0 < prior[0] < np.inf and 0 < prior[1] < np.inf):
        raise RangeError(f"prior: {prior} given, both must be above 0")
    first, second = prior[0] + successes, prior[1] + n - successes
    is_jeffreys = tuple(prior) == (JEFFREYS, JEFFREYS)
    lower = 0.0 if is_jeffreys and successes == 0 else float(betaincinv(first, second, (1 - level) / 2))
    upper = 1.0 if is_jeffreys and successes == n else float(betaincinv(first, second, (1 + level) / 2))
    return lower, upper


def shares(successes: ArrayLike, n: ArrayLike, *, level: float = LEVEL) -> Shares:
    """Compute shares with their Wilson intervals, as for the yield of each source: adopted of received.

    Parameters
    ----------
    successes, n : array_like of shape (n_rows,)
        Counts, ``0 <= successes <= n``.
    level : float, default 0.95
        Confidence level of each interval.

    Returns
    -------
    Shares
        One row each.

    Raises
    ------
    ShapeError, RangeError
        If lengths differ, a count is negative or not whole, or there are more successes than `n`.

    Examples
    --------
    >>> found = shares([3, 0], [10, 0])
    >>> found.share, found.lower.round(3), found.upper.round(3)
    (array([0.3, nan]), array([0.108, 0.   ]), array([0.603, 1.   ]))

    """
    share("level", level)
    total = not_negative("n", real_array("n", n, shape=(None,)))
    won = not_negative("successes", real_array("successes", successes, shape=(len(total),)))
    if (won > total).any():
        row = int(np.argmax(won > total))
        raise RangeError(f"successes: entry {row} is {won[row]:g}, more than the {total[row]:g} it is a part of")
    if (won != np.round(won)).any() or (total != np.round(total)).any():
        raise RangeError("successes, n: counts must be whole numbers")
    z = -float(ndtri((1 - level) / 2))
    some = np.maximum(total, 1.0)
    part = won / some
    centre = (part + z**2 / (2 * some)) / (1 + z**2 / some)
    reach = z * np.sqrt(part * (1 - part) / some + z**2 / (4 * some**2)) / (1 + z**2 / some)
    lower = np.where((total == 0) | (won == 0), 0.0, centre - reach)
    upper = np.where((total == 0) | (won == total), 1.0, centre + reach)
    return Shares(won, total, np.where(total > 0, part, np.nan), lower, upper)


def funnel(entered: ArrayLike, passed: ArrayLike, *, level: float = LEVEL) -> Funnel:
    """Compute the conversion of each stage of a funnel.

    Parameters
    ----------
    entered, passed : array_like of shape (n_stages,)
        How many entered each stage and how many passed it, in order of the stages. Items still inside a stage count as
        not passed: leave them out of `entered` for the conversion of the decided ones.
    level : float, default 0.95
        Confidence level of each interval.

    Returns
    -------
    Funnel
        Conversion by stage, and of what entered the first stage into what passed the last.

    Raises
    ------
    ShapeError, RangeError
        As for `shares`; if there is no stage; if more entered a stage than passed the one before.

    Examples
    --------
    >>> found = funnel(entered=[40, 12, 5], passed=[12, 5, 2])
    >>> found.stages.share.round(2), found.overall.share
    (array([0.3 , 0.42, 0.4 ]), array([0.05]))

    """
    stages = shares(passed, entered, level=level)
    if not len(stages.n):
        raise RangeError("entered: there is no stage")
    more = stages.n[1:] > stages.successes[:-1]
    if more.any():
        stage = int(np.argmax(more)) + 1
        raise RangeError(f"entered: more entered stage {stage} than passed stage {stage - 1}")
    return Funnel(stages, shares(stages.successes[-1:], stages.n[:1], level=level))
