"""What partners gave and got: exact shares of a joint result, how even the exchange is, what a pulse says."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial, isfinite
from statistics import fmean, median

from permea_engine.checks import whole_number
from permea_engine.errors import RangeError, ShapeError, UndeterminedError

Number = int | float | Decimal | Fraction

PARTNERS = 8  # 255 coalitions; nobody states the worth of more
LINES = 3  # fewer tell nothing of balance
ROUNDS = 3  # fewer have no trend
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Balance:
    """Value in and value out of one side, and how they compare; `index` is None where there are too few to tell."""

    value_in: Fraction
    value_out: Fraction
    n: int
    index: float | None


@dataclass(frozen=True, slots=True)
class History:
    """The balance of each period alone, and of all periods up to it."""

    alone: tuple[Balance, ...]
    until: tuple[Balance, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """How many of a side answered, and their mean; None where too few did."""

    n: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class Round:
    """A round of a pulse: each side, the mean of the sides and the gap between the highest and the lowest."""

    sides: tuple[Side, ...]
    mean: float | None
    gap: float | None


@dataclass(frozen=True, slots=True)
class Pulse:
    """All rounds, and by how much the mean changes from one to the next; None where there are too few to tell."""

    rounds: tuple[Round, ...]
    trend: float | None


def in_parts(weights: Sequence[Number], *, parts: int = 1000) -> tuple[int, ...]:
    """Divide a whole into equal parts by weights, so that no part is lost.

    The method of the largest remainder [1]_: each gets the whole parts of its quota, and the parts that are left go
    to the largest fractions; among equal ones to the first.

    Parameters
    ----------
    weights : sequence of number
        One for each partner, 0 or more; only their ratios matter.
    parts : int, default 1000
        How many parts there are: 100 for percent, 1000 for thousandths, or a sum of money in its smallest unit.

    Returns
    -------
    tuple of int
        Parts of each partner; they sum to `parts`, and each is less than one part away from its quota.

    Raises
    ------
    ShapeError, RangeError
        If a weight is no number, is negative or not finite, or `parts` is not a whole number above 0.
    UndeterminedError
        If no weight is above 0.

    References
    ----------
    .. [1] M. L. Balinski and H. P. Young, "Fair Representation: Meeting the Ideal of One Man, One Vote", Yale
       University Press, 1982.

    Examples
    --------
    >>> in_parts([1, 1, 1])
    (334, 333, 333)
    >>> in_parts([60_000, 25_000], parts=100)
    (71, 29)

    """
    whole_number("parts", parts, minimum=1)
    quotas = [share * parts for share in _shares("weights", weights)]
    whole = [quota.numerator // quota.denominator for quota in quotas]
    order = sorted(range(len(quotas)), key=lambda one: whole[one] - quotas[one])
    for one in order[: parts - sum(whole)]:
        whole[one] += 1
    return tuple(whole)


def proportional(contributions: Sequence[Number]) -> tuple[Fraction, ...]:
    """Divide a result in proportion to what each partner contributed.

    The oldest rule of fair division: equal for equal contributions, nothing for none, and the same whether partners
    are counted one by one or together [1]_. It asks that contributions have one unit, and says nothing of what they
    are worth to each other; for that see `shapley`.

    Parameters
    ----------
    contributions : sequence of number
        One for each partner in the same unit, 0 or more.

    Returns
    -------
    tuple of Fraction
        Exact shares that sum to 1.

    Raises
    ------
    ShapeError, RangeError
        If an entry is no number, is negative or not finite.
    UndeterminedError
        If nobody contributed.

    References
    ----------
    .. [1] H. Moulin, "Equal or proportional division of a surplus, and other methods", Int. J. Game Theory 16,
       1987, pp. 161-186.

    Examples
    --------
    >>> proportional([30, Decimal("10.00"), 0])
    (Fraction(3, 4), Fraction(1, 4), Fraction(0, 1))

    """
    return _shares("contributions", contributions)


def shapley(partners: int, worth: Mapping[Collection[int], Number]) -> tuple[Fraction, ...]:
    r"""Divide what all make together by what each adds to every group of the others.

    The only division that gives away all there is, treats alike who adds alike, gives nothing to who adds nothing,
    and adds up over several results [1]_:

    .. math:: \sum_{S \not\ni i} \frac{|S|!\,(n - |S| - 1)!}{n!} \bigl(v(S \cup \{i\}) - v(S)\bigr)

    Computed in fractions, so the sum is exact.

    Parameters
    ----------
    partners : int
        How many there are, from 1 to 8.
    worth : mapping of collection of int to number
        What each group of partners, numbered from 0, would make without the others. Every group except the empty one
        is needed; a number may be negative.

    Returns
    -------
    tuple of Fraction
        What each gets; they sum to the worth of all together. Somebody who does harm gets less than 0, and then no
        shares follow: `proportional` and `in_parts` refuse them.

    Raises
    ------
    ShapeError, RangeError
        If `partners` is out of range, a group names somebody else or nobody or comes twice, or a worth is no finite
        number.
    UndeterminedError
        If the worth of a group is missing.

    References
    ----------
    .. [1] L. S. Shapley, "A value for n-person games", in Contributions to the Theory of Games II, Princeton
       University Press, 1953. doi:10.1515/9781400881970-018

    Examples
    --------
    >>> alone = {(0,): 10, (1,): 20}
    >>> shapley(2, {**alone, (0, 1): 50})
    (Fraction(20, 1), Fraction(30, 1))

    """
    whole_number("partners", partners, minimum=1, maximum=PARTNERS)
    value = _worths(partners, worth)
    return tuple(
        sum(
            (
                (value[group | {one}] - value[group])
                * Fraction(factorial(len(group)) * factorial(partners - len(group) - 1), factorial(partners))
                for group in value
                if one not in group
            ),
            Fraction(),
        )
        for one in range(partners)
    )


def balance(value_in: Sequence[Number], value_out: Sequence[Number], *, least: int = LINES) -> Balance:
    r"""Compare the value a side received with the value it gave.

    The index is :math:`(in - out) / (in + out)`: 0 for an even exchange, 1 for a side that only received, -1 for one
    that only gave. Without its sign, taken from 1, it is the share of the exchange that is matched [1]_.

    Parameters
    ----------
    value_in, value_out : sequence of number
        Worth of each line received and given, in the same unit, 0 or more.
    least : int, default 3
        With fewer lines there is no index.

    Returns
    -------
    Balance
        Both sums, how many lines they are of, and the index; None for it if there are too few lines or all are 0.

    Raises
    ------
    ShapeError, RangeError
        If a worth is no number, is negative or not finite, or `least` is not a whole number above 0.

    References
    ----------
    .. [1] H. G. Grubel and P. J. Lloyd, "The empirical measurement of intra-industry trade", Economic Record 47(4),
       1971. doi:10.1111/j.1475-4932.1971.tb00772.x

    Examples
    --------
    >>> balance([100, 50], [250, 200]).index
    -0.5
    >>> balance([100], [300]).index is None
    True

    """
    whole_number("least", least, minimum=1)
    received, given = _amounts("value_in", value_in), _amounts("value_out", value_out)
    return _balance((sum(received, Fraction()), sum(given, Fraction()), len(received) + len(given)), least)


def history(periods: Sequence[tuple[Sequence[Number], Sequence[Number]]], *, least: int = LINES) -> History:
    """Compare value in and value out period by period, and as they add up.

    Parameters
    ----------
    periods : sequence of pair of sequence of number
        For each period in order, the worth of each line received and of each line given; see `balance`.
    least : int, default 3
        With fewer lines there is no index.

    Returns
    -------
    History
        One balance for each period alone, and one for all up to it.

    Raises
    ------
    ShapeError, RangeError
        As `balance` does.

    Examples
    --------
    >>> found = history([([10, 20], [30, 20]), ([40], [5, 15])])
    >>> [one.index for one in found.alone], [one.n for one in found.until]
    ([-0.25, 0.3333333333333333], [4, 7])

    """
    alone = tuple(balance(received, given, least=least) for received, given in periods)
    until: list[Balance] = []
    sums = (Fraction(), Fraction(), 0)
    for one in alone:
        sums = (sums[0] + one.value_in, sums[1] + one.value_out, sums[2] + one.n)
        until.append(_balance(sums, least))
    return History(alone, tuple(until))


def pulse(rounds: Sequence[Sequence[Sequence[float]]], *, least: int = 1) -> Pulse:
    """Summarise how the sides of a partnership rate it, round by round.

    Each side counts once, however many of it answer. The trend is the median of the slopes between all pairs of
    rounds [1]_, which one odd round hardly moves.

    Parameters
    ----------
    rounds : sequence of sequence of sequence of float
        For each round in order, for each side, the answers of its people from 1 to 5; a side that did not answer has
        none. Every round has the same sides, two or more.
    least : int, default 1
        With fewer answers a side has no mean.

    Returns
    -------
    Pulse
        Mean and number of answers of each side; mean and gap of a round only where every side has a mean; the trend
        from three such rounds on.

    Raises
    ------
    ShapeError, RangeError
        If rounds differ in their sides, there is one side only, an answer is no number from 1 to 5, or `least` is not
        a whole number above 0.

    References
    ----------
    .. [1] P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", J. Am. Stat. Assoc. 63(324),
       1968. doi:10.1080/01621459.1968.10480934

    Examples
    --------
    >>> found = pulse([[[4, 5], [3]], [[4], [2]], [[3], [2]]])
    >>> [one.gap for one in found.rounds], found.trend
    ([1.5, 2.0, 1.0], -0.625)

    """
    whole_number("least", least, minimum=1)
    if len({len(sides) for sides in rounds}) > 1 or any(len(sides) < 2 for sides in rounds):  # noqa: PLR2004 - a pair
        raise ShapeError("rounds: the same sides wanted in every round, two or more")
    found = tuple(_round(tuple(_side(answers, least) for answers in sides)) for sides in rounds)
    known = [(place, one.mean) for place, one in enumerate(found) if one.mean is not None]
    slopes = [(later - earlier) / (end - start) for (start, earlier), (end, later) in combinations(known, 2)]
    return Pulse(found, median(slopes) if len(known) >= ROUNDS else None)


def _shares(name: str, values: Sequence[Number]) -> tuple[Fraction, ...]:
    amounts = _amounts(name, values)
    total = sum(amounts)
    if not total:
        raise UndeterminedError(f"{name}: none is above 0, so no share follows from them")
    return tuple(amount / total for amount in amounts)


def _worths(partners: int, worth: Mapping[Collection[int], Number]) -> dict[frozenset[int], Fraction]:
    """Return the worth of every group, the empty one included."""
    everybody = frozenset(range(partners))
    value = {frozenset[int](): Fraction()}
    for names, given in worth.items():
        group = frozenset(names)
        if not group or not group <= everybody:
            raise RangeError(f"worth: group {sorted(names)} must name partners from 0 to {partners - 1}")
        if group in value:
            raise ShapeError(f"worth: group {sorted(group)} comes twice")
        value[group] = _exact("worth", given)
    groups = (frozenset(group) for size in everybody for group in combinations(range(partners), size + 1))
    missing = next((group for group in groups if group not in value), None)
    if missing is not None:
        raise UndeterminedError(f"worth: group {sorted(missing)} is missing")
    return value


def _balance(sums: tuple[Fraction, Fraction, int], least: int) -> Balance:
    received, given, n = sums
    told = n >= least and received + given > 0
    return Balance(received, given, n, float((received - given) / (received + given)) if told else None)


def _side(answers: Sequence[float], least: int) -> Side:
    for answer in answers:
        if not LOWEST <= _exact("rounds", answer) <= HIGHEST:
            raise RangeError(f"rounds: {answer} given, an answer must be from {LOWEST} to {HIGHEST}")
    return Side(len(answers), fmean(answers) if len(answers) >= least else None)


def _round(sides: tuple[Side, ...]) -> Round:
    means = [side.mean for side in sides if side.mean is not None]
    if len(means) < len(sides):
        return Round(sides, None, None)
    return Round(sides, fmean(means), max(means) - min(means))


def _amounts(name: str, values: Iterable[Number]) -> list[Fraction]:
    """Return the values as exact numbers, none of them negative."""
    amounts = [_exact(name, value) for value in values]
    for place, amount in enumerate(amounts):
        if amount < 0:
            raise RangeError(f"{name}: entry {place} is negative")
    return amounts


def _exact(name: str, value: Number) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        raise ShapeError(f"{name}: a number wanted, {value!r} given")
    if not isfinite(value):
        raise RangeError(f"{name}: {value} is not a finite number")
    return Fraction(value)
