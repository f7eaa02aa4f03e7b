"""What research says about the size of a prize and the number of entries, in the numbers of one challenge."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

CHANCE = 0.9
# What is assumed of entrants and entries as long as nobody says otherwise.
USUAL = {"effort_hours": 20, "hour_worth": 60, "entries": 10, "one_in": 10}


@dataclass(frozen=True, slots=True)
class PrizeHint:
    """How much work the prize pays, what all the work would be worth, and how many entries it takes."""

    n_winners: int
    hours_paid: float | None  # of each entrant; None without a prize in money
    prize_in_line: float  # money for each winner
    entries: int
    entries_low: int
    entries_high: int


def prize_hint(
    *, prize: Decimal | None, n_winners: int, effort_hours: int, hour_worth: int, entries: int, one_in: int
) -> PrizeHint:
    """Return the hint for a challenge, from what its manager assumes of entrants and of entries."""
    from permea_engine import prizes  # noqa: PLC0415 - SciPy loads at first use

    line = prizes.prize_for_effort((effort_hours, effort_hours), hour_worth, (entries, entries), winners=n_winners)
    needed = prizes.entrants_needed(1, one_in, wanted=n_winners, chance=CHANCE)
    paid = round(prizes.hours_paid(float(prize), hour_worth, entries, winners=n_winners), 1) if prize else None
    return PrizeHint(
        n_winners=n_winners,
        hours_paid=paid,
        prize_in_line=line.likely,
        entries=int(needed.likely),
        entries_low=int(needed.low),
        entries_high=int(needed.high),
    )
