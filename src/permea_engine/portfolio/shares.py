"""How voters with equal shares buy projects: rounded numbers say who may be best, whole numbers decide."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
DOUBT = 1e-9  # share of a project's cost that rounding may hide; true errors are below 1e-11 at a million voters


@dataclass(frozen=True, slots=True, eq=False)
class Ballots:
    """Groups of voters with the same ballot, and who of them supports each project."""

    group_of: Indices  # (n_voters,)
    sizes: Floats  # (n_groups,)
    supporters: tuple[Indices, ...]  # groups, by project
    worth: tuple[Floats, ...]  # utility of one voter of these groups
    unit: int  # utilities times this are whole numbers

    @classmethod
    def of(cls, utilities: csr_array, unit: int) -> "Ballots":
        """Return the groups of voters with the same row."""
        utilities.sort_indices()
        number: dict[tuple[bytes, bytes], int] = {}
        starts, first, group_of = utilities.indptr, [], []
        for voter, (start, end) in enumerate(pairwise(starts)):
            key = utilities.indices[start:end].tobytes(), utilities.data[start:end].tobytes()
            if key not in number:
                number[key] = len(number)
                first.append(voter)
            group_of.append(number[key])
        groups = np.array(group_of, dtype=np.intp)
        columns = csc_array(utilities[first])
        bounds = list(pairwise(columns.indptr))
        return cls(
            group_of=groups,
            sizes=np.bincount(groups, minlength=len(first)).astype(np.float64),
            supporters=tuple(columns.indices[start:end].astype(np.intp) for start, end in bounds),
            worth=tuple(np.asarray(columns.data[start:end], dtype=np.float64) for start, end in bounds),
            unit=unit,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Purchase:
    """What was bought, in order, at which prices, and what a voter of each group spent."""

    share: Fraction
    projects: list[int]
    prices: list[Fraction]
    cost: Fraction
    spent: Floats
    n_ties: int


class Shop:
    """The projects for sale, to be bought with any share."""

    def __init__(self, ballots: Ballots, costs: list[Fraction], budget: Fraction, rank: Indices) -> None:
        self.ballots, self.costs, self.budget = ballots, costs, budget
        self.rank = rank.tolist()
        self.unit = lcm(*(cost.denominator for cost in costs))
        self.whole_costs = [int(cost * self.unit) for cost in costs]
        self.rounded_costs = [float(cost) for cost in self.whole_costs]
        self.rounded_totals = [
            float(ballots.sizes[who] @ worth) for who, worth in zip(ballots.supporters, ballots.worth, strict=True)
        ]
        self.offered = [
            project for project, cost in enumerate(costs) if len(ballots.supporters[project]) and cost <= budget
        ]
        self._groups: dict[int, tuple[list[int], list[int]]] = {}
        self._worth: dict[int, list[int]] = {}

    def buy(self, share: Fraction) -> Purchase:
        """Return what voters buy with `share` each."""
        return _Purse(self, share).spend()

    def is_exhaustive(self, projects: list[int]) -> bool:
        """Say whether no project on offer fits in what `projects` leave of the budget."""
        left = self.budget - sum((self.costs[project] for project in projects), Fraction(0))
        taken = set(projects)
        return all(project in taken or self.costs[project] > left for project in self.offered)

    def fill(self, projects: list[int]) -> list[int]:
        """Return the projects that fit in what `projects` leave, most utility for their cost first."""
        left, taken, added = self.budget - sum((self.costs[one] for one in projects), Fraction(0)), set(projects), []
        for project in sorted(set(self.offered) - taken, key=self._for_money):
            if self.costs[project] <= left:
                left -= self.costs[project]
                added.append(project)
        return added

    def _for_money(self, project: int) -> tuple[bool, Fraction, int]:
        """Return a key: free projects first, then those with the lowest cost for their utility, then by priority."""
        cost = self.costs[project]
        return cost > 0, cost / self.whole_total(project), self.rank[project]

    def whole_total(self, project: int) -> int:
        """Return the utility of a project to all voters, in whole numbers."""
        _, sizes = self.groups(project)
        return sum(size * one for size, one in zip(sizes, self.whole_worth(project), strict=True))

    def groups(self, project: int) -> tuple[list[int], list[int]]:
        """Return the groups that support a project, and their sizes."""
        if project not in self._groups:
            who = self.ballots.supporters[project]
            self._groups[project] = who.tolist(), self.ballots.sizes[who].astype(np.intp).tolist()
        return self._groups[project]

    def whole_worth(self, project: int) -> list[int]:
        """Return the utility of a project to a voter of each group that supports it, in whole numbers."""
        if project not in self._worth:
            unit, worth = self.ballots.unit, self.ballots.worth[project].tolist()
            self._worth[project] = [int(Fraction(repr(one)) * unit) for one in worth]
        return self._worth[project]


class _Purse:
    """What every voter has left: rounded for all, exactly as whole numbers over denominators that divide each other."""

    def __init__(self, shop: Shop, share: Fraction) -> None:
        self._shop, self._share = shop, share
        n_groups = len(shop.ballots.sizes)
        start = share * shop.unit
        self._rounded = np.full(n_groups, float(start))
        self._numerators, self._levels = [start.numerator] * n_groups, [0] * n_groups
        self._denominators = [start.denominator]

    def spend(self) -> Purchase:
        """Buy until nothing more can be bought."""
        least = dict.fromkeys(self._shop.offered, 0.0)  # prices only rise, so the last one seen is a lower bound
        projects: list[int] = []
        prices: list[Fraction] = []
        n_ties = 0
        while close := self._nearly_best(least):
            exact = {project: self._price(project, middle, doubt) for project, middle, doubt in close}
            best = min(exact, key=lambda project: (exact[project].value, self._shop.rank[project]))
            n_ties += sum(price.value == exact[best].value for price in exact.values()) > 1
            self._pay(best, exact[best])
            projects.append(best)
            prices.append(exact[best].value * self._shop.ballots.unit / self._shop.unit)
            del least[best]
        spent = float(self._share) - self._rounded / self._shop.unit
        cost = sum((self._shop.costs[project] for project in projects), Fraction(0))
        return Purchase(self._share, projects, prices, cost, spent, n_ties)

    def _nearly_best(self, least: dict[int, float]) -> list[tuple[int, float, float]]:
        """Return the projects that may have the lowest price, with it and its doubt; forget what cannot be paid."""
        seen, ceiling = [], np.inf
        for project in sorted(least, key=least.__getitem__):
            if least[project] > ceiling:
                break
            found = self._estimate(project)
            if found is None:
                del least[project]
                continue
            middle, doubt = found
            least[project], ceiling = middle - doubt, min(ceiling, middle + doubt)
            seen.append((project, middle, doubt))
        return [one for one in seen if one[1] - one[2] <= ceiling]

    def _estimate(self, project: int) -> tuple[float, float] | None:
        """Return the price of a project and how far rounding may have moved it, None if it cannot be paid."""
        shop, ballots = self._shop, self._shop.ballots
        who, worth = ballots.supporters[project], ballots.worth[project]
        left, size, cost = self._rounded[who], ballots.sizes[who], shop.rounded_costs[project]
        price = cost / shop.rounded_totals[project]
        if (left >= price * worth).all():
            return price, DOUBT * price
        total = float(size @ left)
        if total < cost * (1 - DOUBT) or (total < cost * (1 + DOUBT) and not self._can_pay(project)):
            return None
        order = np.argsort(left / worth)
        paid = np.concatenate([[0.0], np.cumsum((size * left)[order])[:-1]])
        rich = np.cumsum((size * worth)[order][::-1])[::-1]
        prices = (cost - paid) / rich
        is_enough = prices <= (left / worth)[order]
        first = int(np.argmax(is_enough)) if is_enough.any() else len(who) - 1
        return float(prices[first]), float(DOUBT * cost / rich[first])

    def _can_pay(self, project: int) -> bool:
        return self._exact_sum(project, range(len(self._shop.ballots.supporters[project]))) >= (
            self._shop.whole_costs[project] * self._denominators[-1]
        )

    def _exact_sum(self, project: int, places: "range | list[int]") -> int:
        """Return what some supporters have left together, over the last denominator."""
        who, sizes = self._shop.groups(project)
        sums = [0] * len(self._denominators)
        for place in places:
            group = who[place]
            sums[self._levels[group]] += sizes[place] * self._numerators[group]
        last = self._denominators[-1]
        return sum(part * (last // level) for part, level in zip(sums, self._denominators, strict=True) if part)

    def _price(self, project: int, middle: float, doubt: float) -> "_Price":
        """Return the exact price, given about what it is: only those who can about pay it need a second look."""
        shop = self._shop
        who, worth = shop.ballots.supporters[project], shop.ballots.worth[project]
        _, sizes = shop.groups(project)
        whole = shop.whole_worth(project)
        able = self._rounded[who] / worth
        margin = 2 * doubt + DOUBT * middle
        rich = np.flatnonzero(able >= middle - margin).tolist()
        poor = np.flatnonzero(able < middle - margin).tolist()
        unsure = np.flatnonzero(np.abs(able - middle) <= margin).tolist()
        last = self._denominators[-1]
        due = shop.whole_costs[project] * last - self._exact_sum(project, poor)
        units = sum(sizes[place] * whole[place] for place in rich)
        while poorer := [place for place in unsure if self._exact_left(int(who[place])) * units < due * whole[place]]:
            due -= self._exact_sum(project, poorer)
            units -= sum(sizes[place] * whole[place] for place in poorer)
            unsure = [place for place in unsure if place not in set(poorer)]
            rich = [place for place in rich if place not in set(poorer)]
        return _Price(Fraction(due, units * last), due, units, rich)

    def _exact_left(self, group: int) -> int:
        return self._numerators[group] * (self._denominators[-1] // self._denominators[self._levels[group]])

    def _pay(self, project: int, price: "_Price") -> None:
        who, _ = self._shop.groups(project)
        whole = self._shop.whole_worth(project)
        shared = gcd(price.due, price.units)
        due, factor = price.due // shared, price.units // shared
        last = self._denominators[-1] * factor
        left = {who[place]: self._exact_left(who[place]) * factor - due * whole[place] for place in price.rich}
        self._denominators.append(last)
        for group in who:
            self._numerators[group] = left.get(group, 0)
            self._levels[group] = len(self._denominators) - 1
            self._rounded[group] = self._numerators[group] / last


@dataclass(frozen=True, slots=True, eq=False)
class _Price:
    """A price, as money for a whole unit of utility: each of the `rich`, who can pay it, owes `due / units`."""

    value: Fraction
    due: int
    units: int
    rich: list[int]
