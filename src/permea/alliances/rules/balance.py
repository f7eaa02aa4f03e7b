"""How even an alliance is: what each party gave and received, quarter by quarter, and when that is worth a warning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from permea.alliances.models import Contribution, Party
from permea.alliances.rules.lines import Standing
from permea.alliances.rules.presence import counts_for
from permea_engine.splits import LINES, history

TWICE = 2
GAVE_MORE, GOT_MORE = "gave", "got"
Quarter = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Balance:
    """What a party gave and received so far in `n` lines that count, and how that grew.

    `net` is what it received beyond what it gave. `warning` says that it gave, or got, more than twice the other way.
    `points` are the ends of quarters with what `net` was then.
    """

    party: Party
    given: Fraction
    received: Fraction
    n: int
    index: float | None
    warning: str
    points: tuple[tuple[date, float], ...]

    @property
    def net(self) -> Fraction:
        """Return what the party received beyond what it gave."""
        return self.received - self.given


def balances(parties: Sequence[Party], standings: Iterable[Standing]) -> list[Balance]:
    """Return how each party stands, by the lines that count; one for all others counts in equal parts for each."""
    counting = [one for one in standings if one.counted is not None]
    quarters = _quarters(one.line.on for one in counting)
    return [_balance(party, parties, counting, quarters) for party in parties]


def _balance(
    party: Party, parties: Sequence[Party], counting: Sequence[Standing], quarters: Sequence[Quarter]
) -> Balance:
    """Return how one party stands, from its lines quarter by quarter."""
    flows: dict[Quarter, tuple[list[Fraction], list[Fraction]]] = {quarter: ([], []) for quarter in quarters}
    for one in counting:
        value, (received, given) = Fraction(one.counted or 0), flows[quarter_of(one.line.on)]
        if one.line.giver == party:
            given.append(value)
        elif one.line.receiver == party:
            received.append(value)
        elif one.line.receiver is None and counts_for(one.line, party):
            received.append(value / (sum(counts_for(one.line, other) for other in parties) - 1))
    found = history(list(flows.values())).until
    ends = [end_of(quarter) for quarter in quarters]
    points = tuple((end, float(one.value_in - one.value_out)) for end, one in zip(ends, found, strict=True))
    if not found:
        return Balance(party, Fraction(), Fraction(), 0, None, "", ())
    last = found[-1]
    warning = warning_of(last.value_out, last.value_in, last.n)
    return Balance(party, last.value_out, last.value_in, last.n, last.index, warning, points)


def warning_of(given: Fraction, received: Fraction, n: int) -> str:
    """Return which way an exchange is uneven: over three lines or more, one way more than twice the other."""
    if n < LINES:
        return ""
    if given > TWICE * received:
        return GAVE_MORE
    return GOT_MORE if received > TWICE * given else ""


def uneven(balances: Sequence[Balance]) -> list[Balance]:
    """Return the parties to be warned of; of a pair only the one that gave more, as the other mirrors it."""
    is_pair = len(balances) == 2  # noqa: PLR2004 - a pair
    return [one for one in balances if one.warning == GAVE_MORE or (one.warning and not is_pair)]


def quarter_of(day: date) -> Quarter:
    """Return the year of a day, and its quarter from 0 to 3."""
    return day.year, (day.month - 1) // 3


def end_of(quarter: Quarter) -> date:
    """Return the last day of a quarter."""
    year, number = quarter
    return date(year + number // 3, (3 * number + 3) % 12 + 1, 1) - timedelta(days=1)


def _quarters(days: Iterable[date]) -> list[Quarter]:
    """Return every quarter from the first of these days to the last."""
    found = sorted(map(quarter_of, days))
    if not found:
        return []
    (first_year, first), (last_year, last) = found[0], found[-1]
    return [divmod(count, 4) for count in range(4 * first_year + first, 4 * last_year + last + 1)]


def by_kind(parties: Sequence[Party], standings: Iterable[Standing]) -> Mapping[str, list[Fraction]]:
    """Return by kind what each party gave, in the order of the parties; kinds nobody gave are left out."""
    found = {kind: [Fraction()] * len(parties) for kind in Contribution.Kind.values}
    place = {party.pk: number for number, party in enumerate(parties)}
    for one in standings:
        if one.counted:
            found[one.line.kind][place[one.line.giver_id]] += Fraction(one.counted)
    return {kind: sums for kind, sums in found.items() if any(sums)}
