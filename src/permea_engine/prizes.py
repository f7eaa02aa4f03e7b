"""How many prizes, how large, and how many entrants: rules of contest research, each with its source and its limits."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.special import bdtr, betaln, gammaln, ndtri

from permea_engine.checks import share, whole_number
from permea_engine.errors import RangeError
from permea_engine.funnel import beta_interval

Floats = NDArray[np.float64]
LEVEL = 0.8
MOST = 10**9  # entrants; more are no answer
NODES = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from, and where it ends."""

    citation: str
    doi: str
    limits: str


SOURCES = {
    "entrants_needed": Source(
        "C. Terwiesch and Y. Xu, Innovation contests, open innovation, and multiagent problem solving, Management"
        " Science 54(9), 2008",
        "10.1287/mnsc.1080.0884",
        "Entries are taken to be independent and equally likely to be good. More entrants also try less hard; for"
        " problems whose solution is hardly open to luck this weighs more than the further chance.",
    ),
    "best_of": Source(
        "E. Dahan and H. Mendelson, An extreme-value model of concept testing, Management Science 47(1), 2001",
        "10.1287/mnsc.47.1.102.10666",
        "The quality of entries is taken to be normal. With heavier tails the best of many is better than this.",
    ),
    "prize_for_effort": Source(
        "M. R. Baye, D. Kovenock and C. G. de Vries, The all-pay auction with complete information, Economic Theory"
        " 8(2), 1996",
        "10.1007/BF01211819",
        "Equal entrants who want nothing but the money put in no more than the prizes are worth together. People also"
        " enter to learn, to be seen or to win a customer, and then a smaller prize is enough.",
    ),
    "first_prize_share": Source(
        "B. Moldovanu and A. Sela, The optimal allocation of prizes in contests, American Economic Review 91(3), 2001",
        "10.1257/aer.91.3.542",  # codespell:ignore aer
        "The sum of all efforts is made as large as can be, not the best entry; entrants mind no risk and know only"
        " their own ability.",
    ),
}


@dataclass(frozen=True, slots=True)
class Range:
    """A hint: a likely number between two ends, and the rule in `SOURCES` it comes from."""

    low: float
    likely: float
    high: float
    rule: str


def entrants_needed(good: int, seen: int, *, wanted: int = 1, chance: float = 0.9, level: float = LEVEL) -> Range:
    r"""Compute how many entries it takes until enough of them are good, from how many were good before.

    Of :math:`n` entries that are good with probability :math:`p` each, at least one is with
    :math:`1 - (1 - p)^n` [1]_ [2]_. What is known of `p` is what `seen` entries tell, starting from the prior of
    Jeffreys.

    Parameters
    ----------
    good, seen : int
        How many of how many earlier entries of this kind were good enough.
    wanted : int, default 1
        How many good ones are wanted.
    chance : float, default 0.9
        With what probability there are to be so many.
    level : float, default 0.8
        Probability that `p` lies between the values that the two ends stand for.

    Returns
    -------
    Range
        Whole numbers of entries: `likely` averages over all that `p` may be; the ends take `p` as high and as low as
        its interval says. ``inf`` where a thousand million are not enough.

    Raises
    ------
    ShapeError, RangeError
        If a number is not whole, or out of range.

    References
    ----------
    .. [1] C. Terwiesch and Y. Xu, "Innovation contests, open innovation, and multiagent problem solving", Manag. Sci.
       54(9), 2008. doi:10.1287/mnsc.1080.0884
    .. [2] K. J. Boudreau, N. Lacetera and K. R. Lakhani, "Incentives and problem uncertainty in innovation contests",
       Manag. Sci. 57(5), 2011. doi:10.1287/mnsc.1110.1322

    Examples
    --------
    >>> entrants_needed(good=3, seen=30)
    Range(low=12.0, likely=27.0, high=47.0, rule='entrants_needed')

    """
    whole_number("wanted", wanted, minimum=1, maximum=1000)
    share("chance", chance)
    rarely, often = beta_interval(good, seen, level=level)
    prior = good + 0.5, seen - good + 0.5
    return Range(
        low=_first(lambda n: _misses(n, wanted, often) <= 1 - chance, wanted),
        likely=_first(lambda n: _expected_misses(n, wanted, *prior) <= 1 - chance, wanted),
        high=_first(lambda n: _misses(n, wanted, rarely) <= 1 - chance, wanted),
        rule="entrants_needed",
    )


def best_of(entrants: int, *, mean: float = 0.0, sd: float = 1.0, level: float = LEVEL) -> Range:
    """Compute how good the best of several entries will be.

    Parameters
    ----------
    entrants : int
        How many entries.
    mean, sd : float, default 0 and 1
        Mean and standard deviation of the quality of entries, in its unit.
    level : float, default 0.8
        Probability that the best one lies between the two ends.

    Returns
    -------
    Range
        `likely` is the expected quality of the best [1]_ [2]_.

    Raises
    ------
    ShapeError, RangeError
        If `entrants` is not a whole number above 0, `sd` is negative, or a number is not finite.

    References
    ----------
    .. [1] E. Dahan and H. Mendelson, "An extreme-value model of concept testing", Manag. Sci. 47(1), 2001.
       doi:10.1287/mnsc.47.1.102.10666
    .. [2] K. Girotra, C. Terwiesch and K. T. Ulrich, "Idea generation and the quality of the best idea", Manag. Sci.
       56(4), 2010. doi:10.1287/mnsc.1090.1144

    Examples
    --------
    >>> best = best_of(10, mean=3.0, sd=0.5)
    >>> round(best.low, 2), round(best.likely, 2), round(best.high, 2)
    (3.41, 3.77, 4.15)

    """
    whole_number("entrants", entrants, minimum=1, maximum=MOST)
    _finite("mean", mean)
    if not 0 <= sd < np.inf:
        raise RangeError(f"sd: {sd} given, it must be at least 0")
    share("level", level)

    def quantile(probability: float) -> float:
        return float(ndtri(probability ** (1 / entrants)))

    expected = quad(quantile, 0, 0.5, limit=200)[0] + quad(quantile, 0.5, 1, limit=200)[0]
    low, high = quantile((1 - level) / 2), quantile((1 + level) / 2)
    return Range(mean + sd * low, mean + sd * expected, mean + sd * high, "best_of")


def prize_for_effort(hours: tuple[float, float], rate: float, entrants: tuple[int, int], *, winners: int = 1) -> Range:
    """Compute the prize that is in line with the work that is asked for.

    Equal entrants who compete for money alone put in, together, what the prizes are worth [1]_. So prizes that are
    worth less than all entries cost lead to fewer entrants or less work; larger ones bring more and better entries
    [2]_.

    Parameters
    ----------
    hours : tuple of float
        At least and at most so many hours go into an entry.
    rate : float
        What an hour is worth to an entrant, in money.
    entrants : tuple of int
        At least and at most so many entrants.
    winners : int, default 1
        How many prizes of the same size.

    Returns
    -------
    Range
        Money for each winner; `likely` is the geometric mean of both ends.

    Raises
    ------
    ShapeError, RangeError
        If a number is negative or not finite, a range falls, or there is no entrant or winner.

    References
    ----------
    .. [1] M. R. Baye, D. Kovenock and C. G. de Vries, "The all-pay auction with complete information", Econ. Theory
       8(2), 1996. doi:10.1007/BF01211819
    .. [2] T. X. Liu, J. Yang, L. A. Adamic and Y. Chen, "Crowdsourcing with all-pay auctions: a field experiment on
       Taskcn", Manag. Sci. 60(8), 2014. doi:10.1287/mnsc.2013.1845

    Examples
    --------
    >>> prize_for_effort(hours=(10, 40), rate=50, entrants=(10, 10))
    Range(low=5000.0, likely=10000.0, high=20000.0, rule='prize_for_effort')

    """
    least, most = _rising("hours", *hours)
    few, many = _rising("entrants", *entrants)
    whole_number("entrants", entrants[0], minimum=1)
    whole_number("entrants", entrants[1], minimum=1)
    whole_number("winners", winners, minimum=1)
    worth = _finite("rate", rate)
    if worth < 0:
        raise RangeError(f"rate: {rate} is negative")
    low, high = (number * hour * worth / winners for number, hour in ((few, least), (many, most)))
    return Range(low, float(np.sqrt(low * high)), high, "prize_for_effort")


def hours_paid(prize: float, rate: float, entrants: int, *, winners: int = 1) -> float:
    """Compute how many hours of each entrant the prizes are worth, if all have the same chance.

    Parameters
    ----------
    prize : float
        Money for each winner.
    rate : float
        What an hour is worth to an entrant, in money, above 0.
    entrants : int
        How many enter.
    winners : int, default 1
        How many prizes of the same size.

    Returns
    -------
    float
        Hours; never more than the prize pays, even if there are more prizes than entrants.

    Raises
    ------
    ShapeError, RangeError
        If a number is negative or not finite, or there is no entrant or winner.

    Examples
    --------
    >>> hours_paid(5000, rate=50, entrants=10)
    10.0

    """
    whole_number("entrants", entrants, minimum=1)
    whole_number("winners", winners, minimum=1)
    worth, hour = _finite("prize", prize), _finite("rate", rate)
    if worth < 0 or hour <= 0:
        raise RangeError(f"prize, rate: {prize} and {rate} given; at least 0 and above 0 wanted")
    return worth / hour * min(winners / entrants, 1.0)


def first_prize_share(entrants: int, *, cost_exponent: float = 1.0, least_cost: float = 0.5) -> float:
    r"""Compute what share of the prize money a first of two prizes should get so that entrants try hardest.

    Effort :math:`x` costs an entrant :math:`c\,x^\gamma`, where :math:`c` is known to her alone and evenly spread
    between `least_cost` and 1. The efforts in equilibrium follow from the prizes [1]_, and their sum is made as large
    as can be.

    Parameters
    ----------
    entrants : int
        How many enter, 2 or more.
    cost_exponent : float, default 1
        :math:`\gamma`: 1 if the tenth hour costs as much as the first, 2 if it costs ten times as much.
    least_cost : float, default 0.5
        How cheap effort is to the ablest entrant, between 0 and 1.

    Returns
    -------
    float
        Between 0.5 and 1; 1 for one prize only, which is best for every `cost_exponent` up to 1 [1]_.

    Raises
    ------
    ShapeError, RangeError
        If a number is out of range.

    References
    ----------
    .. [1] B. Moldovanu and A. Sela, "The optimal allocation of prizes in contests", Am. Econ. Rev. 91(3), 2001; the
       doi stands in `SOURCES`.

    Examples
    --------
    >>> first_prize_share(10), round(first_prize_share(10, cost_exponent=3), 2)
    (1.0, 0.5)

    """
    whole_number("entrants", entrants, minimum=2, maximum=1000)
    share("least_cost", least_cost)
    if not 0 < cost_exponent <= 10:  # noqa: PLR2004 - beyond all that is meant by it
        raise RangeError(f"cost_exponent: {cost_exponent} given, it must be above 0 and at most 10")
    if cost_exponent <= 1 or entrants == 2:  # noqa: PLR2004 - a second of two would be paid for losing
        return 1.0
    first, second = _pulls(entrants, least_cost)

    def lost(part: float) -> float:
        pull = np.maximum(part * first + (1 - part) * second, 0.0)
        return -float((pull ** (1 / cost_exponent)).mean())

    found = minimize_scalar(lost, bounds=(0.5, 1.0), method="bounded", options={"xatol": 1e-6})
    return 1.0 if lost(1.0) <= found.fun else float(found.x)


def _pulls(entrants: int, least_cost: float) -> tuple[Floats, Floats]:
    """Return what a unit of the first and of the second prize adds to the cost of effort, by how able one is.

    Entries stand for equal shares of entrants, the ablest first.
    """
    place = (np.arange(NODES) + 0.5) / NODES
    cost = least_cost + (1 - least_cost) * place
    ahead = (entrants - 1) * (1 - place) ** (entrants - 3) / cost / NODES
    first, second = ahead * (1 - place), ahead * ((entrants - 1) * place - 1)
    return tuple(np.cumsum(pull[::-1])[::-1] - pull / 2 for pull in (first, second))  # type: ignore[return-value]


def _misses(n: int, wanted: int, rate: float) -> float:
    """Return the chance that fewer than `wanted` of `n` are good if each is with probability `rate`."""
    return float(bdtr(wanted - 1, n, rate))


def _expected_misses(n: int, wanted: int, good: float, bad: float) -> float:
    """Return the same if the rate has a beta distribution with these parameters."""
    hits = np.arange(wanted)
    ways = gammaln(n + 1) - gammaln(hits + 1) - gammaln(n - hits + 1)
    return float(np.exp(ways + betaln(good + hits, bad + n - hits) - betaln(good, bad)).sum())


def _first(is_enough: Callable[[int], bool], least: int) -> float:
    """Return the smallest number from `least` on that is enough, infinity if `MOST` is not."""
    high = least
    while not is_enough(high):
        if high >= MOST:
            return float(np.inf)
        high = min(2 * high, MOST)
    low = least - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return float(high)


def _finite(name: str, value: float) -> float:
    if not np.isfinite(value):
        raise RangeError(f"{name}: {value} is not a finite number")
    return float(value)


def _rising(name: str, low: float, high: float) -> tuple[float, float]:
    if not 0 <= low <= high < np.inf:
        raise RangeError(f"{name}: {low} to {high} given; a range from 0 or more wanted")
    return float(low), float(high)
