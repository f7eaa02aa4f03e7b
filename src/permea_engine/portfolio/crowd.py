"""What a crowd funds together: the method of equal shares, in exact arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, lcm
from numbers import Rational

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from permea_engine.checks import index_array, not_negative, real_array, whole_number
from permea_engine.errors import RangeError, ShapeError
from permea_engine.portfolio.shares import Ballots, Purchase, Shop

COMPLETIONS = ("none", "greedy", "add_one", "add_one_then_greedy")
MOST_RAISES = 100_000

Money = int | float | Decimal | Fraction


@dataclass(frozen=True, slots=True, eq=False)
class EqualShares:
    """What a crowd funds together.

    Attributes
    ----------
    chosen : ndarray of bool, shape (n_projects,)
        The funded projects.
    order : ndarray of int
        Projects in the order in which voters bought them; those that the greedy completion added are not among them.
    prices : ndarray of float
        For each of `order`, what a supporter paid for each unit of utility, if that much was left to her.
    added : ndarray of int
        Projects that the greedy completion added, in order.
    spent : ndarray of float, shape (n_voters,)
        What each voter paid, in units of the costs.
    cost : float
        What the funded projects cost together.
    share : float
        What each voter had to spend.
    n_raises : int
        How often the shares were raised by one step.
    n_ties : int
        In how many purchases another project was exactly as good, so that `priority` decided.
    is_exhaustive : bool
        Whether no supported project fits in what is left of the budget.

    """

    chosen: NDArray[np.bool_]
    order: NDArray[np.intp]
    prices: NDArray[np.float64]
    added: NDArray[np.intp]
    spent: NDArray[np.float64]
    cost: float
    share: float
    n_raises: int
    n_ties: int
    is_exhaustive: bool


def equal_shares(
    utilities: ArrayLike | csr_array,
    costs: Sequence[Money] | NDArray[np.float64],
    budget: Money,
    *,
    completion: str = "add_one_then_greedy",
    step: Money | None = None,
    priority: ArrayLike | None = None,
    most_raises: int = MOST_RAISES,
) -> EqualShares:
    r"""Choose projects by the method of equal shares: each voter has the same share of the budget to spend.

    A project is bought by those whose utility for it is above zero. Each pays :math:`\rho` for a unit of her utility,
    or all that she has left if that is less; of all projects that can be paid so, the one with the smallest
    :math:`\rho` is bought, until none is left [1]_. Computed in whole numbers of any size: costs, budget and utilities
    count as the decimals that they print as, so that no rounding decides. Voters with the same ballot are one group.

    Parameters
    ----------
    utilities : array_like or csr_array of shape (n_voters, n_projects)
        What each project is worth to each voter, in any unit: 1 for an approved project, or its cost, or its points.
    costs : sequence of shape (n_projects,)
        Cost of each project.
    budget : number
        What there is, in the unit of the costs.
    completion : str, default "add_one_then_greedy"
        What happens with the rest. ``"none"``: it is left. ``"add_one"``: every voter gets `step` more, and all is done
        anew, as long as what is bought costs no more than the budget, until no supported project fits any more [1]_.
        ``"greedy"``: supported projects that still fit are added, those with most utility for their cost first.
    step : number, optional
        By how much `add_one` raises the share of each voter: by default 1, or a thousandth of the first share in whole
        units where that is more, as for a currency of small units.
    priority : array_like of int, shape (n_projects,), optional
        Of projects that are exactly as good, the one with the smallest number is taken; by default the first one.
    most_raises : int, default 100000
        `add_one` stops after so many.

    Returns
    -------
    EqualShares
        The funded projects, who paid what, and whether ties decided.

    Raises
    ------
    ShapeError, RangeError
        If lengths differ, an entry is negative or not a finite number, `step` is not above 0, two projects have the
        same priority, or `completion` is unknown.

    Notes
    -----
    A project that costs more than the whole budget is left out from the beginning.

    References
    ----------
    .. [1] D. Peters, G. Pierczyński and P. Skowron, "Proportional participatory budgeting with additive utilities",
       NeurIPS 2021. doi:10.48550/arXiv.2008.13276

    Examples
    --------
    Three of five voters share a taste; by votes alone they would get everything, and the other two nothing.

    >>> found = equal_shares([[1, 1, 1, 0]] * 3 + [[0, 0, 0, 1]] * 2, costs=[20, 20, 20, 40], budget=100)
    >>> found.chosen, found.spent
    (array([ True,  True,  True,  True]), array([20., 20., 20., 20., 20.]))

    """
    ballots, exact_costs, exact_budget = _checked(utilities, costs, budget)
    n_voters = len(ballots.group_of)
    share = exact_budget / n_voters if n_voters else Fraction(0)
    raise_by = Fraction(max(1, ceil(share / 1000))) if step is None else _exact("step", step)
    if raise_by <= 0:
        raise RangeError(f"step: {step} given, it must be above 0")
    if completion not in COMPLETIONS:
        raise RangeError(f"completion: {completion!r} given, it must be one of {', '.join(COMPLETIONS)}")
    whole_number("most_raises", most_raises, minimum=0)
    n_projects = len(exact_costs)
    rank = np.arange(n_projects) if priority is None else index_array("priority", priority, length=n_projects)
    if len(np.unique(rank)) < n_projects:
        raise RangeError("priority: two projects have the same")
    shop = Shop(ballots, exact_costs, exact_budget, rank)
    bought, n_raises = shop.buy(share), 0
    if completion.startswith("add_one"):
        bought, n_raises = _raised(shop, bought, share, raise_by, most_raises)
    added = shop.fill(bought.projects) if completion.endswith("greedy") else []
    return _result(shop, bought, added, n_raises)


def _raised(shop: Shop, bought: Purchase, share: Fraction, step: Fraction, most: int) -> tuple[Purchase, int]:
    """Return what is bought when shares rise as far as the budget allows, and how often they rose."""
    for n_raises in range(most):
        if shop.is_exhaustive(bought.projects):
            return bought, n_raises
        more = shop.buy(share + (n_raises + 1) * step)
        if more.cost > shop.budget:
            return bought, n_raises
        bought = more
    return bought, most


def _result(shop: Shop, bought: Purchase, added: list[int], n_raises: int) -> EqualShares:
    everything = [*bought.projects, *added]
    chosen = np.zeros(len(shop.costs), dtype=np.bool_)
    chosen[everything] = True
    return EqualShares(
        chosen=chosen,
        order=np.array(bought.projects, dtype=np.intp),
        prices=np.array([float(price) for price in bought.prices], dtype=np.float64),
        added=np.array(added, dtype=np.intp),
        spent=bought.spent[shop.ballots.group_of],
        cost=float(sum((shop.costs[project] for project in everything), Fraction(0))),
        share=float(bought.share),
        n_raises=n_raises,
        n_ties=bought.n_ties,
        is_exhaustive=shop.is_exhaustive(everything),
    )


def _checked(
    utilities: ArrayLike | csr_array, costs: Sequence[Money] | NDArray[np.float64], budget: Money
) -> tuple[Ballots, list[Fraction], Fraction]:
    exact_costs = [_exact(f"costs: entry {number}", cost) for number, cost in enumerate(costs)]
    if isinstance(utilities, csr_array):
        worth = csr_array(utilities, dtype=np.float64, copy=True)
    else:
        worth = csr_array(real_array("utilities", utilities, shape=(None, None)))
    if worth.shape != (len(worth.indptr) - 1, len(exact_costs)):
        raise ShapeError(f"utilities: {len(exact_costs)} columns wanted, one a project")
    not_negative("utilities", real_array("utilities", worth.data, shape=(None,)))
    worth.sum_duplicates()
    worth.eliminate_zeros()
    unit = lcm(*(Fraction(repr(float(value))).denominator for value in np.unique(worth.data)))
    return Ballots.of(worth, unit), exact_costs, _exact("budget", budget)


def _exact(name: str, value: Money) -> Fraction:
    """Return the number as the decimal that it prints as. Raises ShapeError or RangeError."""
    try:
        exact = Fraction(value) if isinstance(value, Rational | Decimal) else Fraction(repr(float(value)))
    except (TypeError, ValueError, OverflowError):
        raise RangeError(f"{name}: {value!r} is not a finite number") from None
    if exact < 0:
        raise RangeError(f"{name}: {value} is negative")
    return exact
