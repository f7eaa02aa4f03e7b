"""Reading how an alliance ends: what is still open, who has rated, and how each side rates what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.alliances import rules
from permea.alliances.models import Alliance, Closing, Matter, Party, Reached, SuccessRating
from permea.alliances.queries.alliances import Side, alliance_for
from permea.alliances.queries.lines import read_by, standings_of
from permea.alliances.queries.results import open_splits_of
from permea.foundation.clock import SENT_TWICE
from permea.foundation.refusals import Refusal
from permea.people.models import Person


@dataclass(frozen=True, slots=True)
class StillOpen:
    """What would stay as it is when an alliance is closed now: lines of the book, matters and joint results."""

    lines: int
    matters: int
    splits: int


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion with its measure, and the mark and words of each party, None for who gave none."""

    name: str
    measure: str
    marks: list[tuple[int, str] | None]


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """How an alliance ends: asked for by whom, rated by whom, what is open; once it is closed, all ratings."""

    alliance: Alliance
    side: Side
    parties: list[Party]
    closing: Closing | None
    still_open: StillOpen | None
    criteria: list[dict[str, str]]
    own: SuccessRating | None
    waiting: list[Party]
    rows: list[CriterionRow]
    overall: list[SuccessRating | None]
    ask_blocked: Refusal | None
    rate_blocked: Refusal | None
    close_blocked: Refusal | None
    may_take_back: bool


def closing_of(alliance: Alliance) -> Closing | None:
    """Return that a side asked to close an alliance, if it did and did not take it back."""
    related = ("charter", "party__organisation", "asked_by", "closed_by")
    return Closing.objects.filter(alliance=alliance, taken_back_at__isnull=True).select_related(*related).first()


def asked_just_now(alliance: Alliance, reason: str, actor: Person, at: datetime) -> Closing | None:
    """Return what the same person asked for with the same reason within the last minute, or None."""
    closing = closing_of(alliance)
    is_same = closing is not None and (closing.asked_by, closing.reason) == (actor, reason)
    return closing if closing is not None and is_same and closing.asked_at > at - SENT_TWICE else None


def ratings_of(closing: Closing) -> list[SuccessRating]:
    """Return how the sides that have rated rate an alliance."""
    return list(SuccessRating.objects.filter(closing=closing).order_by("party__number"))


def closing_page(actor: Person, key: str, at: datetime) -> ClosingPage:
    """Return how an alliance ends. Raises Http404 if it is none of the actor's business."""
    alliance, side = alliance_for(actor, key)
    closing, parties = closing_of(alliance), list(alliance.parties.all())
    given = {one.party_id: one for one in ratings_of(closing)} if closing else {}
    shown = given if alliance.closed_at is not None else {}
    criteria = rules.criteria_of(closing) if closing else []
    binds = rules.why_not_bind(may_bind=side.may_bind)
    marks = [{"mark": 1}] * len(criteria)
    return ClosingPage(
        alliance=alliance,
        side=side,
        parties=parties,
        closing=closing,
        still_open=still_open(alliance, side.party) if alliance.closed_at is None else None,
        criteria=criteria,
        own=given.get(side.party.pk),
        waiting=[party for party in parties if party.pk not in given],
        rows=_rows(criteria, parties, shown),
        overall=[shown.get(party.pk) for party in parties],
        ask_blocked=binds or rules.why_not_ask(alliance, closing, "-", rules.USUAL_WAIT),
        rate_blocked=binds or rules.why_not_rate_success(closing, marks, 1),
        close_blocked=binds or rules.why_not_close(closing, side.party, given, at=at),
        may_take_back=side.may_bind and rules.why_not_take_back(closing, side.party) is None,
    )


def _rows(criteria: list[dict[str, str]], parties: list[Party], given: dict[int, SuccessRating]) -> list[CriterionRow]:
    """Return each criterion with the marks of the parties, in their order."""
    return [
        CriterionRow(
            row["name"],
            row["measure"],
            [_mark(given[party.pk], place) if party.pk in given else None for party in parties],
        )
        for place, row in enumerate(criteria)
    ]


def _mark(rating: SuccessRating, place: int) -> tuple[int, str]:
    """Return the mark and the words a side gave for a criterion."""
    said = rating.marks[place]
    return said["mark"], said["words"]


def still_open(alliance: Alliance, party: Party) -> StillOpen:
    """Return what is still open in an alliance, of what a party reads."""
    matters = Matter.objects.filter(alliance=alliance, solved_at__isnull=True)
    if party.reads_from is not None:
        matters = matters.filter(raised_at__gte=party.reads_from)
    lines = rules.open_lines(read_by(standings_of(alliance), party).values())
    return StillOpen(lines=len(lines), matters=matters.count(), splits=open_splits_of(alliance, party))


def reached_for(actor: Person, key: str) -> tuple[Reached, Alliance]:
    """Return a milestone that was reached, and its alliance. Raises Http404 if it is none of the actor's business."""
    reached = get_object_or_404(Reached.objects.select_related("alliance"), key=key)
    alliance, side = alliance_for(actor, reached.alliance.key)
    if reached.confirmed_at is not None and not rules.reads(side.party, reached.confirmed_at):
        raise Http404
    return reached, alliance
