"""Calculating how far challenges reach: groups that name nobody, who comes again, what one good entry costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from permea.foundation.refusals import Refusal

LEAST_PEOPLE = 3
NOT_STATED, OTHERS = "", "others"
ENTRY, QUESTION, POSTING = "entry", "question", "posting"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that came from outside: what, from whom (a mark that names nobody), and what was said with it."""

    kind: str
    who: str
    country: str
    source: str
    language: str


@dataclass(frozen=True, slots=True)
class Group:
    """What came from one country, kind of source, or in one language; `n_people` handed entries in."""

    code: str
    n_people: int
    n_entries: int
    n_questions: int
    n_postings: int


@dataclass(frozen=True, slots=True)
class Seat:
    """From when until when somebody belongs to the organisation."""

    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Spending:
    """What one challenge took, and how many of its entries came how far."""

    currency: str
    money: Decimal
    seconds: int
    n_met_bar: int
    n_adopted: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What challenges in one currency took together; "per" is None where there is nothing to divide by."""

    currency: str
    money: Decimal
    hours: float
    n_met_bar: int
    n_adopted: int
    money_per_met: Decimal | None
    hours_per_met: float | None
    money_per_adopted: Decimal | None
    hours_per_adopted: float | None


def is_inside(seats: Iterable[Seat], at: datetime) -> bool:
    """Say whether somebody with these seats belonged to the organisation at `at`."""
    return any(seat.since <= at and (seat.ended_at is None or at < seat.ended_at) for seat in seats)


def grouped(pieces: Iterable[Piece], by: str, *, least: int) -> list[Group]:
    """Return what came, grouped by a field of the pieces, most entries first, what was not stated after all others.

    Each number stands for at least `least` people, or for nobody: smaller groups are put together as `OTHERS`, with
    the next smallest one where they are still too few. If even all together are too few, nothing is returned.
    """
    found: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        found[getattr(piece, by)].append(piece)
    kept = {code: group for code, group in found.items() if _names_nobody(group, least)}
    small = [piece for code, group in found.items() if code not in kept for piece in group]
    from_the_smallest = sorted(kept, key=lambda code: (len(kept[code]), code))
    while small and not _names_nobody(small, least) and from_the_smallest:
        small += kept.pop(from_the_smallest.pop(0))
    if small and _names_nobody(small, least):
        kept[OTHERS] = small
    groups = [_group(code, group) for code, group in kept.items()]
    last = {OTHERS: 1, NOT_STATED: 2}
    return sorted(groups, key=lambda one: (last.get(one.code, 0), -one.n_entries, -one.n_postings, one.code))


def _people(pieces: Iterable[Piece], kind: str) -> int:
    """Return how many people are behind the pieces of a kind."""
    return len({piece.who for piece in pieces if piece.kind == kind})


def _names_nobody(pieces: Sequence[Piece], least: int) -> bool:
    """Say whether, of each kind, so many people are behind the pieces, or none."""
    return all(_people(pieces, kind) == 0 or _people(pieces, kind) >= least for kind in (ENTRY, QUESTION, POSTING))


def _group(code: str, pieces: Sequence[Piece]) -> Group:
    """Count a group."""
    kinds = [piece.kind for piece in pieces]
    return Group(code, _people(pieces, ENTRY), kinds.count(ENTRY), kinds.count(QUESTION), kinds.count(POSTING))


def came_again(entries: Iterable[tuple[str, int, datetime]], chosen: int | None) -> tuple[int, int]:
    """Return how many people came for the first time, and how many came again; entries are (who, challenge, when).

    With a challenge chosen, whoever had entered another one before came again; else whoever entered more than one.
    """
    times: dict[str, dict[int, datetime]] = defaultdict(dict)
    for who, challenge, when in entries:
        times[who][challenge] = min(when, times[who].get(challenge, when))
    here = [one for one in times.values() if chosen is None or chosen in one]
    again = [one for one in here if (len(one) > 1 if chosen is None else min(one.values()) < one[chosen])]
    return len(here) - len(again), len(again)


def shown_counts(counts: Sequence[int], *, least: int) -> list[int | None]:
    """Return the counts of people, or none of them if one of them stands for fewer than `least`."""
    is_shown = all(count == 0 or count >= least for count in counts)
    return [count if is_shown else None for count in counts]


def costs(spendings: Iterable[Spending]) -> list[Cost]:
    """Return what the challenges took per entry that met the bar and per adopted one, each currency by itself."""
    by_currency: dict[str, list[Spending]] = defaultdict(list)
    for spending in spendings:
        by_currency[spending.currency].append(spending)
    return [_cost(currency, by_currency[currency]) for currency in sorted(by_currency)]


def _cost(currency: str, spendings: Sequence[Spending]) -> Cost:
    """Add up what challenges in one currency took."""
    money = sum((one.money for one in spendings), Decimal(0))
    hours = sum(one.seconds for one in spendings) / 3600
    n_met, n_adopted = sum(one.n_met_bar for one in spendings), sum(one.n_adopted for one in spendings)
    return Cost(
        currency=currency,
        money=money,
        hours=hours,
        n_met_bar=n_met,
        n_adopted=n_adopted,
        money_per_met=money / n_met if n_met else None,
        hours_per_met=hours / n_met if n_met else None,
        money_per_adopted=money / n_adopted if n_adopted else None,
        hours_per_adopted=hours / n_adopted if n_adopted else None,
    )


def why_not_export(n_rows: int) -> Refusal | None:
    """Return why a reach report cannot be taken along, or None if it can."""
    if n_rows == 0:
        return Refusal("reach.nothing", _("There is nothing in this report yet, so there is nothing to download."))
    return None
