"""Writing what parties put in: a line of one side, and what the other sides say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from permea.alliances import queries, rules
from permea.alliances.events import AllianceChanged
from permea.alliances.models import Alliance, Contribution, Party, Word
from permea.alliances.services.alliances import locked, side_in, tell
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Person

NEWS = {Word.Kind.DISPUTED: "disputed", Word.Kind.PROPOSED: "proposed", Word.Kind.AGREED: "settled"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineInput:
    """What one's own side put in; without `receiver` it was for all others, with `corrects` it replaces a line."""

    kind: str
    amount: Decimal
    unit: str
    value: Decimal
    on: date
    note: str
    receiver: Party | None = None
    corrects: Contribution | None = None


@transaction.atomic
def write_line(*, alliance_id: int, content: LineInput, actor: Person, at: datetime) -> Contribution:
    """Write down what one's own side put in. The same line sent again within a minute is written once.

    In an alliance of two it was for the other side. Raises RefusedError to who stands on no side and as
    `rules.why_not_contribute` and `rules.why_not_write_line` say.
    """
    alliance = locked(alliance_id)
    side = side_in(alliance, actor)
    demand(rules.why_not_contribute(alliance))
    line = _line(alliance, side.party, content, actor, at)
    again = queries.written_just_now(line, actor, at)
    if again is not None:
        return again
    _demand_writable(alliance, line, at)
    last = queries.last_line(alliance)
    line.number = last.number + 1 if last else 1
    line.sha256 = rules.hash_of(line, last.sha256 if last else rules.GENESIS)
    has_waiting = _has_waiting(line)
    line.save()
    _record(line, "contributed", side.party, actor, at, sha256=line.sha256)
    if not has_waiting:
        _announce(line, "written", side.party, at)
    return line


def _line(alliance: Alliance, giver: Party, content: LineInput, actor: Person, at: datetime) -> Contribution:
    """Return the line that somebody wants to write, not stored yet."""
    others = [party for party in alliance.parties.all() if party != giver]
    return Contribution(
        alliance=alliance,
        giver=giver,
        receiver=others[0] if len(others) == 1 else content.receiver,
        kind=content.kind,
        amount=content.amount,
        unit=content.unit.strip(),
        value=content.value,
        on=content.on,
        note=content.note.strip(),
        corrects=content.corrects,
        written_by=actor,
        written_at=at,
    )


def _demand_writable(alliance: Alliance, line: Contribution, at: datetime) -> None:
    """Go on if the line can be written. Raises RefusedError as `rules.why_not_write_line` says."""
    before = line.corrects
    is_corrected = before is not None and Contribution.objects.filter(corrects=before).exists()
    is_ours = before is not None and (before.alliance_id, before.giver_id) == (alliance.pk, line.giver_id)
    demand(rules.why_not_write_line(line, is_ours=is_ours, is_corrected=is_corrected, today=at.date()))


def _has_waiting(line: Contribution) -> bool:
    """Say whether a line from and for the same sides waits for an answer already: then they have been told."""
    same = Contribution.objects.filter(alliance=line.alliance, giver=line.giver, receiver=line.receiver)
    return same.filter(words__isnull=True, correction__isnull=True).exists()


@transaction.atomic
def answer_line(
    *, line_id: int, kind: str, actor: Person, at: datetime, reason: str = "", value: Decimal | None = None
) -> Word:
    """Confirm or dispute a line of another side, or propose or accept a value to settle a dispute on.

    Who accepts names in `value` what was proposed to them. Raises RefusedError to who stands on no side and as
    `rules.why_not_answer` says.
    """
    line = Contribution.objects.get(pk=line_id)
    alliance = locked(line.alliance_id)
    side, found = side_in(alliance, actor), queries.standings_of(alliance)
    demand(rules.why_closed(alliance))
    standing = found[line.pk]
    is_newest = all(one.line.corrects_id != line.pk for one in found.values())
    demand(
        rules.why_not_answer(
            standing, side.party, is_newest=is_newest, kind=kind, reason=reason.strip(), value=value
        )
    )  # fmt: skip
    is_settling = kind in {Word.Kind.PROPOSED, Word.Kind.AGREED}
    word = Word.objects.create(
        contribution=standing.line,
        number=len(standing.words) + 1,
        party=side.party,
        kind=kind,
        value=value if is_settling else None,
        reason=reason.strip(),
        said_by=actor,
        said_at=at,
    )
    facts = {"value": f"{value:.2f}"} if is_settling else {}
    _record(standing.line, kind, side.party, actor, at, sha256=standing.line.sha256, **facts)
    if kind in NEWS:
        _announce(standing.line, NEWS[Word.Kind(kind)], side.party, at)
    return word


def _record(line: Contribution, what: str, party: Party, actor: Person, at: datetime, **facts: str) -> None:
    """Append to the firm's ledger that a line was written or answered, with its hash."""
    other = next((one for one in (line.giver, line.receiver) if one not in {None, party}), None)
    told = {"line": line.key, "number": line.number, **facts}
    tell(line.alliance, f"line_{what}", party, actor=actor, at=at, facts=told, counterparty=other)


def _announce(line: Contribution, happened: str, party: Party, at: datetime) -> None:
    """Announce to the other sides what happened with a line."""
    publish(
        AllianceChanged(
            alliance_id=line.alliance_id, happened=happened, by_party_id=party.pk, line_key=line.key, at=at
        )
    )  # fmt: skip
