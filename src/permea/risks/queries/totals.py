"""What all risks together may cost in a year, now and with every planned measure, and what would tell more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from permea.people.models import Organisation
from permea.risks import rules
from permea.risks.models import Risk
from permea.risks.queries.register import risks_of
from permea_engine.exposure import Chance, Exposure, chance_above, exposure

SEED = 20
MOST_NAMED = 10
TO_NARROW = 2
Pair = tuple[Risk, rules.Ranges]


@dataclass(frozen=True, slots=True)
class Total:
    """Loss of an average year with its interval, and what a usual and a bad year cost: one in two, one in ten."""

    mean: float
    lower: float
    upper: float
    usual: float
    bad: float
    no_loss: float


@dataclass(frozen=True, slots=True)
class Share:
    """A risk and its part in the total."""

    risk: Risk
    loss: float
    share: float


@dataclass(frozen=True, slots=True)
class Narrow:
    """A range to look at more closely: the chance or the loss of a risk, and its share of the doubt."""

    risk: Risk
    is_chance: bool
    share: float


@dataclass(frozen=True, slots=True)
class TotalPage:
    """What the page of the total shows; `total` is None without a risk that counts."""

    currency: str
    currencies: list[str]
    n_risks: int
    total: Total | None
    shares: list[Share]
    narrow: list[Narrow]
    amount: Decimal | None
    chance: Chance | None
    with_measures: Total | None
    measures_cost: Decimal


def total_page(organisation: Organisation, *, currency: str = "", amount: Decimal | None = None) -> TotalPage:
    """Return what the risks of a firm in one currency may cost; `amount` asks how likely a year costs more."""
    living = [risk for risk in risks_of(organisation) if rules.counted(risk) is not None]
    currencies = [code for code, _n in Counter(risk.currency for risk in living).most_common()]
    chosen = currency if currency in currencies else next(iter(currencies), "EUR")
    mine = [risk for risk in living if risk.currency == chosen]
    now = _exposure([(risk, rules.counted(risk) or rules.ranges_of(risk)) for risk in mine])
    planned = [risk for risk in mine if risk.state != Risk.State.TREATED and rules.left_of(risk) is not None]
    after = _exposure([(risk, rules.left_of(risk) or rules.ranges_of(risk)) for risk in mine]) if planned else None
    order = sorted(range(len(mine)), key=lambda row: -now.losses[row]) if now else []
    return TotalPage(
        currency=chosen,
        currencies=currencies,
        n_risks=len(mine),
        total=_total(now),
        shares=[Share(mine[row], float(now.losses[row]), float(now.shares[row])) for row in order[:MOST_NAMED] if now],
        narrow=[
            Narrow(mine[doubt.risk], doubt.of == "probability", doubt.share)
            for doubt in (now.doubts[:TO_NARROW] if now else ())
        ],
        amount=amount,
        chance=chance_above(now.years, float(amount)) if now and amount is not None else None,
        with_measures=_total(after),
        measures_cost=sum((risk.mitigation_cost for risk in planned), Decimal(0)),
    )


def _exposure(pairs: Sequence[Pair]) -> Exposure | None:
    """Return what risks with these ranges may cost, or None for no risk."""
    if not pairs:
        return None
    chances = [[float(one) for one in ranges.probability] for _risk, ranges in pairs]
    return exposure(chances, [[float(one) for one in ranges.impact] for _risk, ranges in pairs], seed=SEED)


def _total(found: Exposure | None) -> Total | None:
    """Return what the page says of an exposure."""
    if found is None:
        return None
    usual, bad = (float(value) for value in np.quantile(found.years, [0.5, 0.9]))
    no_loss = float((found.years == 0).mean())
    return Total(found.mean, found.lower, found.upper, usual, bad, no_loss)
