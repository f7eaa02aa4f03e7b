"""Reading what parties put in: the list with its balance, and one line with all that was said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.alliances import rules
from permea.alliances.models import Alliance, Contribution, Party, Word
from permea.alliances.queries.alliances import Side, alliance_for
from permea.foundation.clock import SENT_TWICE
from permea.foundation.refusals import Refusal
from permea.people.models import Person
from permea.surface.charts.shapes import Line

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the list, and whether it waits for the reader's side."""

    standing: rules.Standing
    waits_for_us: bool


@dataclass(frozen=True, slots=True)
class KindRow:
    """What each party gave of one kind, in the order of the parties."""

    label: str
    sums: list[float]


@dataclass(frozen=True, slots=True)
class LinesPage:
    """What the parties put in, and how even that is."""

    alliance: Alliance
    side: Side
    parties: list[Party]
    rows: list[LineRow]
    page: Page[rules.Standing]
    n_waiting: int
    balances: list[rules.Balance]
    uneven: list[rules.Balance]
    kinds: list[KindRow]
    chart: list[Line]
    write_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class LinePage:
    """One line, all that was said of it, and what its reader may do; `newer` corrects it."""

    alliance: Alliance
    side: Side
    standing: rules.Standing
    newer: Contribution | None
    can: dict[str, bool]


def lines_of(alliance: Alliance) -> list[Contribution]:
    """Return all lines of an alliance in their order, each with the same parties and the line it corrects."""
    parties = {party.pk: party for party in alliance.parties.all()}
    lines = list(Contribution.objects.filter(alliance=alliance).select_related("written_by").order_by("number"))
    by_pk = {line.pk: line for line in lines}
    for line in lines:
        line.alliance, line.giver = alliance, parties[line.giver_id]
        line.receiver = parties[line.receiver_id] if line.receiver_id else None
        line.corrects = by_pk[line.corrects_id] if line.corrects_id else None
    return lines


def standings_of(alliance: Alliance) -> dict[int, rules.Standing]:
    """Return where each line of an alliance stands, by number of its row, in their order."""
    lines, parties = lines_of(alliance), {party.pk: party for party in alliance.parties.all()}
    words = list(Word.objects.filter(contribution__alliance=alliance).select_related("said_by").order_by("number"))
    for word in words:
        word.party = parties[word.party_id]
    return rules.standings(lines, words)


def read_by(found: Mapping[int, rules.Standing], party: Party) -> dict[int, rules.Standing]:
    """Return of these lines those that a party reads."""
    return {pk: one for pk, one in found.items() if rules.is_read(one.line, party)}


def waits_for(standing: rules.Standing, party: Party, *, is_newest: bool) -> bool:
    """Say whether a line waits for a party: to be answered, or for its answer to a proposed settlement."""
    kinds = (Word.Kind.AGREED,) if standing.state == Word.Kind.PROPOSED else (Word.Kind.CONFIRMED,)
    is_open = standing.state in {rules.WAITING, Word.Kind.PROPOSED} and standing.line.alliance.closed_at is None
    return is_open and any(_may(standing, party, kind, is_newest=is_newest) for kind in kinds)


def _may(standing: rules.Standing, party: Party, kind: str, *, is_newest: bool) -> bool:
    """Say whether a party may say this of a line, once it gives a reason and a value."""
    last = standing.words[-1] if standing.words else None
    value = last.value if kind == Word.Kind.AGREED and last else Decimal(0)
    return rules.why_not_answer(standing, party, is_newest=is_newest, kind=kind, reason="-", value=value) is None


def lines_page(actor: Person, key: str, *, page: int = 1) -> LinesPage:
    """Return what the parties put in. Raises Http404 if it is none of the actor's business."""
    alliance, side = alliance_for(actor, key)
    parties, found = list(alliance.parties.all()), read_by(standings_of(alliance), side.party)
    corrected = {one.line.corrects_id for one in found.values()}
    waiting = {pk for pk, one in found.items() if waits_for(one, side.party, is_newest=pk not in corrected)}
    paged = Paginator(list(reversed(found.values())), PAGE_SIZE).get_page(page)
    balances = rules.balances(parties, found.values())
    labels = dict(Contribution.Kind.choices)
    return LinesPage(
        alliance=alliance,
        side=side,
        parties=parties,
        rows=[LineRow(one, one.line.pk in waiting) for one in paged],
        page=paged,
        n_waiting=len(waiting),
        balances=balances,
        uneven=rules.uneven(balances),
        kinds=[
            KindRow(str(labels[kind]), [float(value) for value in sums])
            for kind, sums in rules.by_kind(parties, found.values()).items()
        ],
        chart=_chart(balances),
        write_blocked=rules.why_not_contribute(alliance),
    )


def _chart(balances: Iterable[rules.Balance]) -> list[Line]:
    """Return how the balance of each party went, where there is more than one quarter to show."""
    return [Line(label=one.party.organisation.name, points=one.points) for one in balances if len(one.points) > 1]


def line_for(actor: Person, key: str) -> tuple[Contribution, Alliance, Side]:
    """Return a line with its alliance and the actor's side. Raises Http404 if it is none of their business."""
    line = get_object_or_404(Contribution.objects.select_related("alliance"), key=key)
    alliance, side = alliance_for(actor, line.alliance.key)
    if not rules.is_read(line, side.party):
        raise Http404
    return line, alliance, side


def line_page(actor: Person, key: str) -> LinePage:
    """Return a line as one of the parties sees it. Raises Http404 if it is none of their business."""
    line, alliance, side = line_for(actor, key)
    found = standings_of(alliance)
    newer = next((one.line for one in found.values() if one.line.corrects_id == line.pk), None)
    standing, is_newest = found[line.pk], newer is None
    can = {kind: _may(standing, side.party, kind, is_newest=is_newest) for kind in Word.Kind.values}
    can["correct"] = is_newest and side.party == standing.line.giver and rules.why_not_contribute(alliance) is None
    if alliance.closed_at is not None:
        can = dict.fromkeys(can, False)
    return LinePage(alliance=alliance, side=side, standing=standing, newer=newer, can=can)


def book_of(alliance: Alliance, party: Party) -> list[tuple[object, ...]]:
    """Return the book of an alliance as a party reads it: each line, where it stands and what of it counts."""
    return [
        (
            one.line.number, one.line.on.isoformat(), one.line.giver.organisation.name,
            one.line.receiver.organisation.name if one.line.receiver else "", one.line.kind, one.line.amount,
            one.line.unit, one.line.value, alliance.currency, one.state,
            "" if one.counted is None else one.counted, one.line.corrects.number if one.line.corrects else "",
            one.line.note, one.line.written_at.isoformat(), one.line.sha256,
        )
        for one in read_by(standings_of(alliance), party).values()
    ]  # fmt: skip


def last_line(alliance: Alliance) -> Contribution | None:
    """Return the line written last."""
    return Contribution.objects.filter(alliance=alliance).order_by("-number").first()


def written_just_now(line: Contribution, actor: Person, at: datetime) -> Contribution | None:
    """Return the line that says the same and was written by the same person within the last minute, or None."""
    same = Contribution.objects.filter(
        alliance=line.alliance, giver=line.giver, receiver=line.receiver, kind=line.kind, amount=line.amount,
        unit=line.unit, value=line.value, on=line.on, note=line.note, corrects=line.corrects,
        written_by=actor, written_at__gt=at - SENT_TWICE,
    )  # fmt: skip
    return same.order_by("-pk").first()
