"""Deciding what a party that joined later takes part in, and what of the time before it reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from permea.alliances.models import Contribution, Party, Split


def was_party(party: Party, moment: datetime) -> bool:
    """Say whether a party was one at a moment already."""
    return party.joined_at is None or party.joined_at <= moment


def reads(party: Party, moment: datetime) -> bool:
    """Say whether a party reads what came at a moment."""
    return party.reads_from is None or party.reads_from <= moment


def begun_at(line: Contribution) -> datetime:
    """Return when a line was written, or the first one of those that it corrects."""
    first = line
    while first.corrects is not None:
        first = first.corrects
    return first.written_at


def is_read(line: Contribution, party: Party) -> bool:
    """Say whether a party reads a line."""
    return party.reads_from is None or reads(party, begun_at(line))


def counts_for(line: Contribution, party: Party) -> bool:
    """Say whether a line for all others is for a party: it is not for one that joined later."""
    return party.joined_at is None or was_party(party, begun_at(line))


def is_asked(party: Party, quarter: date) -> bool:
    """Say whether a party answers the pulse of the quarter that begins on a day: from the first whole one on."""
    return party.joined_at is None or party.joined_at.date() <= quarter


def dividing(parties: Iterable[Party], splits: Iterable[Split]) -> list[Party]:
    """Return who divides a result: all parties, or those that were there when a division of it was agreed first."""
    agreed = [one.agreed_at for one in splits if one.agreed_at is not None]
    return [party for party in parties if not agreed or was_party(party, min(agreed))]


def is_outdated(split: Split | None, parties: Sequence[Party]) -> bool:
    """Say whether a division that waits is among other parties than those who divide the result by now."""
    if split is None or split.agreed_at is not None:
        return False
    return {row["party"] for row in split.content["shares"]} != {party.organisation.key for party in parties}
