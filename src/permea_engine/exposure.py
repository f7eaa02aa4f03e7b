"""What risks may cost in a year: expected loss with its interval, bad years, which range to narrow, and leaks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from permea_engine.checks import index_array, not_negative, real_array, share, whole_number
from permea_engine.errors import RangeError, ShapeError, UndeterminedError
from permea_engine.funnel import shares

Floats = NDArray[np.float64]
LEVEL = 0.9
N_SAMPLES = 20_000
MOST_SAMPLES = 1_000_000
PEAK = 4.0
PROBABILITY, IMPACT = "probability", "impact"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A range, and which share of the variance of the total would be gone if its true value were known."""

    risk: int
    of: str
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """What a register of risks may cost in a year; see `exposure`."""

    mean: float
    lower: float
    upper: float
    losses: Floats
    shares: Floats
    doubts: tuple[Doubt, ...]
    years: Floats


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely a year is to cost more than an amount, with the interval that simulation leaves."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, eq=False)
class Leak:
    """What may leak: points in all, by item and by group, and how many readers of each item are not covered."""

    total: float
    by_item: Floats
    by_group: Floats
    readers: NDArray[np.int64]


def expected_losses(probability: ArrayLike, impact: ArrayLike) -> Floats:
    r"""Compute what each risk costs in an average year, from two ranges of it.

    A range `a`, `m`, `b` stands for a PERT distribution [1]_, the beta distribution between `a` and `b` with mode `m`
    and mean :math:`(a + 4 m + b) / 6`. People name what is likely better than the ends; so the mean follows the middle
    four times as much as each end, where a triangular distribution would follow all three alike.

    Parameters
    ----------
    probability : array_like of shape (n_risks, 3)
        Low, likely and high chance that it happens within a year.
    impact : array_like of shape (n_risks, 3)
        Low, likely and high cost if it happens, in money.

    Returns
    -------
    ndarray of shape (n_risks,)
        Mean probability times mean impact, in money a year: probability and impact are taken as independent.

    Raises
    ------
    ShapeError
        If an input has not three numbers a risk, or not as many risks as the other.
    RangeError
        If a range does not rise, a probability lies outside 0 to 1, or an impact is negative.

    References
    ----------
    .. [1] D. G. Malcolm, J. H. Roseboom, C. E. Clark and W. Fazar, "Application of a technique for research and
       development program evaluation", Oper. Res. 7(5), 1959. doi:10.1287/opre.7.5.646

    Examples
    --------
    >>> expected_losses([[0.1, 0.2, 0.3]], [[1000, 2000, 9000]])
    array([600.])

    """
    first, second = _ranges(probability, impact)
    return _mean(first) * _mean(second)


def exposure(
    probability: ArrayLike,
    impact: ArrayLike,
    *,
    seed: int,
    n_samples: int = N_SAMPLES,
    level: float = LEVEL,
) -> Exposure:
    r"""Compute what a register of risks may cost in a year.

    Two things are uncertain and are kept apart. What is not known: where in its range each probability and impact lies
    (PERT, as in `expected_losses`, independent of each other); this gives the interval of the expected loss. And luck:
    each risk happens once or not at all in a year; this gives ``years``, what single years may cost.

    Parameters
    ----------
    probability : array_like of shape (n_risks, 3)
        Low, likely and high chance that it happens within a year.
    impact : array_like of shape (n_risks, 3)
        Low, likely and high cost if it happens, in money.
    seed : int
        Seed of the simulation; the same seed gives the same answer.
    n_samples : int, default 20000
        How many registers, and years, are drawn; at most a million.
    level : float, default 0.9
        Level of the interval of the expected loss.

    Returns
    -------
    Exposure
        - ``mean``: expected loss of a year, exact; ``lower``, ``upper``: its interval by simulation;
        - ``losses``: expected loss of each risk, exact; ``shares``: as shares of the total, 0 where that is 0;
        - ``doubts``: every range that is one, that which is worth most to narrow first: for probability ``p`` and
          impact ``m`` the share of :math:`E[m]^2 Var[p]`, or :math:`E[p]^2 Var[m]`, in the variance of the total
          (main effects [1]_, exact);
        - ``years``: what each drawn year costs, ascending.

    Raises
    ------
    ShapeError
        If an input has not three numbers a risk, not as many risks as the other, or a count is not whole.
    RangeError
        If a range does not rise, a probability lies outside 0 to 1, an impact is negative, or an option is out of
        range.
    UndeterminedError
        If there is no risk.

    References
    ----------
    .. [1] I. M. Sobol', "Global sensitivity indices for nonlinear mathematical models and their Monte Carlo
       estimates", Math. Comput. Simul. 55(1-3), 2001. doi:10.1016/S0378-4754(00)00270-6

    Examples
    --------
    >>> found = exposure([[0.1, 0.2, 0.3], [0.5, 0.5, 0.5]], [[1000, 2000, 9000], [100, 100, 100]], seed=1)
    >>> found.mean, found.shares.round(3)
    (650.0, array([0.923, 0.077]))
    >>> found.lower < found.mean < found.upper
    True
    >>> [(doubt.risk, doubt.of) for doubt in found.doubts]
    [(0, 'impact'), (0, 'probability')]

    """
    first, second = _ranges(probability, impact)
    share("level", level)
    whole_number("seed", seed, minimum=0)
    whole_number("n_samples", n_samples, minimum=100, maximum=MOST_SAMPLES)
    if not len(first):
        raise UndeterminedError("probability, impact: there is no risk")
    generator = np.random.default_rng(seed)
    average, years = np.zeros(n_samples), np.zeros(n_samples)
    for chance, cost in zip(first, second, strict=True):
        how_likely, how_much = _drawn(chance, n_samples, generator), _drawn(cost, n_samples, generator)
        average += how_likely * how_much
        years += np.where(generator.random(n_samples) < how_likely, how_much, 0.0)
    losses = _mean(first) * _mean(second)
    total = float(losses.sum())
    lower, upper = np.quantile(average, [(1 - level) / 2, (1 + level) / 2])
    return Exposure(
        mean=total,
        lower=float(lower),
        upper=float(upper),
        losses=losses,
        shares=losses / total if total else np.zeros(len(losses)),
        doubts=_doubts(first, second),
        years=np.sort(years),
    )


def chance_above(years: ArrayLike, amount: float, *, level: float = LEVEL) -> Chance:
    """Compute how likely a year is to cost more than an amount.

    Parameters
    ----------
    years : array_like of shape (n_samples,)
        What drawn years cost, as `exposure` returns them.
    amount : float
        The amount.
    level : float, default 0.9
        Level of the interval, which says how far the simulation can be off.

    Returns
    -------
    Chance
        Share of years that cost more, with the interval of Wilson.

    Raises
    ------
    ShapeError, RangeError
        If a year or the amount is no finite number, or `level` lies outside 0 and 1.
    UndeterminedError
        If there is no year.

    Examples
    --------
    >>> found = chance_above([0, 0, 10, 30], 10)
    >>> found.value, round(found.lower, 3), round(found.upper, 3)
    (0.25, 0.058, 0.644)

    """
    costs = real_array("years", years, shape=(None,))
    bar = float(real_array("amount", amount, shape=()))
    if not len(costs):
        raise UndeterminedError("years: there is none")
    found = shares([int((costs > bar).sum())], [len(costs)], level=level)
    return Chance(float(found.share[0]), float(found.lower[0]), float(found.upper[0]))


def leak_exposure(
    sensitivity: ArrayLike, items: ArrayLike, readers: ArrayLike, groups: ArrayLike, is_covered: ArrayLike
) -> Leak:
    """Compute what may leak: the sensitivity of items, times who has read them and is not bound.

    Who has read an item several times counts once, for the group of their last reading, and as not covered if one of
    the readings is not.

    Parameters
    ----------
    sensitivity : array_like of shape (n_items,)
        How much it would hurt if an item leaked.
    items, readers, groups : array_like of int, shape (n_readings,)
        Which item was read, by whom, and which group (their organisation) they belong to; the last reading stands last.
    is_covered : array_like of bool, shape (n_readings,)
        Whether an agreement binds the reader about the item now.

    Returns
    -------
    Leak
        ``total``; ``by_item`` of shape (n_items,) and ``by_group`` (as long as the highest group needs), each of which
        adds up to it; ``readers``: how many readers of each item are not covered.

    Raises
    ------
    ShapeError
        If inputs do not fit together or are no numbers.
    RangeError
        If a sensitivity is negative or an index out of range.

    Examples
    --------
    Two people of group 0 and one of group 1 have read item 0, and one of them is bound; item 1 was read by one.

    >>> found = leak_exposure([4, 2], [0, 0, 0, 1], [0, 1, 2, 2], [0, 0, 1, 1], [True, False, False, False])
    >>> found.total, found.by_item, found.by_group, found.readers
    (10.0, array([8., 2.]), array([4., 6.]), array([2, 1]))

    """
    points = not_negative("sensitivity", real_array("sensitivity", sensitivity, shape=(None,)))
    what = index_array("items", items, size=len(points))
    who = index_array("readers", readers, length=len(what))
    group = index_array("groups", groups, length=len(what))
    bound = real_array("is_covered", is_covered, shape=(len(what),)) != 0
    last = {(int(item), int(reader)): int(one) for item, reader, one in zip(what, who, group, strict=True)}
    open_pairs = {(int(what[row]), int(who[row])) for row in np.flatnonzero(~bound)}
    counts = np.zeros(len(points), dtype=np.int64)
    by_group = np.zeros(int(group.max(initial=-1)) + 1)
    for item, reader in open_pairs:
        counts[item] += 1
        by_group[last[item, reader]] += points[item]
    by_item = points * counts
    return Leak(float(by_item.sum()), by_item, by_group, counts)


def _ranges(probability: ArrayLike, impact: ArrayLike) -> tuple[Floats, Floats]:
    """Return both tables of ranges, checked."""
    first = not_negative(PROBABILITY, _table(PROBABILITY, probability))
    second = not_negative(IMPACT, _table(IMPACT, impact))
    if len(first) != len(second):
        raise ShapeError(f"impact: {len(first)} risks wanted, {len(second)} given")
    for name, table in ((PROBABILITY, first), (IMPACT, second)):
        falling = np.flatnonzero((np.diff(table, axis=1) < 0).any(axis=1))
        if len(falling):
            raise RangeError(f"{name}: the range of risk {falling[0]} does not rise from low over likely to high")
    if (first > 1).any():
        raise RangeError(f"{PROBABILITY}: that of risk {np.flatnonzero((first > 1).any(axis=1))[0]} is above 1")
    return first, second


def _table(name: str, values: ArrayLike) -> Floats:
    """Return ranges, three numbers a risk; no risk at all is a table too."""
    given = np.asarray(values)
    return np.zeros((0, 3)) if given.size == 0 else real_array(name, values, shape=(None, 3))


def _mean(ranges: Floats) -> Floats:
    """Return the means of PERT distributions."""
    mean: Floats = (ranges[:, 0] + PEAK * ranges[:, 1] + ranges[:, 2]) / (PEAK + 2)
    return mean


def _variance(ranges: Floats) -> Floats:
    """Return the variances of PERT distributions."""
    mean = _mean(ranges)
    variance: Floats = (mean - ranges[:, 0]) * (ranges[:, 2] - mean) / (PEAK + 3)
    return variance


def _drawn(ends: Floats, n_samples: int, generator: np.random.Generator) -> Floats:
    """Return draws from the PERT distribution of one range, or its value where it has no width."""
    low, likely, high = (float(end) for end in ends)
    if high == low:
        return np.full(n_samples, low)
    left, right = 1 + PEAK * (likely - low) / (high - low), 1 + PEAK * (high - likely) / (high - low)
    drawn: Floats = low + (high - low) * generator.beta(left, right, n_samples)
    return drawn


def _doubts(first: Floats, second: Floats) -> tuple[Doubt, ...]:
    """Return the ranges with a width, and how much of the variance of the total each accounts for; the most first."""
    mean_p, mean_m, var_p, var_m = _mean(first), _mean(second), _variance(first), _variance(second)
    total = float((var_p * mean_m**2 + mean_p**2 * var_m + var_p * var_m).sum())
    if total == 0:
        return ()
    found = [Doubt(risk, PROBABILITY, float(part / total)) for risk, part in enumerate(mean_m**2 * var_p) if part]
    found += [Doubt(risk, IMPACT, float(part / total)) for risk, part in enumerate(mean_p**2 * var_m) if part]
    return tuple(sorted(found, key=lambda doubt: (-doubt.share, doubt.risk, doubt.of)))
