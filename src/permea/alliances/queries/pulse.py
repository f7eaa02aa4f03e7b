"""Reading how it goes: the pulse of each quarter, and matters on the ladder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.alliances import rules
from permea.alliances.models import Alliance, Matter, Party, PulseAnswer
from permea.alliances.queries.alliances import Side, alliance_for
from permea.people.models import Membership, Person
from permea.surface.charts.shapes import Line

Value = TypeVar("Value", int, float)


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question, and what each party answered, in the order of the parties; None for who was not asked."""

    text: str
    marks: list[int | None]


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter, when it climbs next, how many days it took or takes, and whether the reader's side may close it."""

    matter: Matter
    climbs_at: datetime | None
    days: int
    is_ours: bool


@dataclass(frozen=True, slots=True)
class PulsePage:
    """How the alliance goes: this quarter's answers, what all have answered, warnings, and matters."""

    alliance: Alliance
    side: Side
    parties: list[Party]
    quarter: date
    until: date
    own: PulseAnswer | None
    waiting: list[Party]
    is_shown: bool
    is_asked: bool
    rounds: list[rules.Round]
    means: list[float | None]
    questions: list[QuestionRow]
    remarks: list[tuple[str, str]]
    chart: list[Line]
    is_falling: bool
    silent: list[Party]
    open_matters: list[MatterRow]
    solved_matters: list[MatterRow]


def answers_in(alliance: Alliance, quarter: date) -> list[PulseAnswer]:
    """Return what was answered in a quarter."""
    return list(PulseAnswer.objects.filter(alliance=alliance, quarter=quarter))


def pulse_page(actor: Person, key: str, at: datetime) -> PulsePage:
    """Return how an alliance goes. Raises Http404 if it is none of the actor's business."""
    alliance, side = alliance_for(actor, key)
    parties, today = list(alliance.parties.all()), at.date()
    answers = list(PulseAnswer.objects.filter(alliance=alliance).order_by("quarter", "pk"))
    quarter = rules.first_day(today)
    rounds = [one for one in rules.full_rounds(parties, answers) if _is_read(one.quarter, side.party)]
    asked = [party for party in parties if rules.is_asked(party, quarter)]
    given = {one.party_id: one for one in answers if one.quarter == quarter}
    answered: dict[date, list[int]] = {}
    for one in answers:
        answered.setdefault(one.quarter, []).append(one.party_id)
    rows = [_matter_row(one, side, at) for one in _matters(alliance) if rules.reads(side.party, one.raised_at)]
    return PulsePage(
        alliance=alliance,
        side=side,
        parties=parties,
        quarter=quarter,
        until=rules.last_day(quarter),
        own=given.get(side.party.pk),
        waiting=[party for party in asked if party.pk not in given],
        is_shown=len(given) == len(asked),
        is_asked=side.party in asked,
        rounds=rounds[::-1],
        means=_by_party(parties, rounds[-1].answers, rounds[-1].means) if rounds else [],
        questions=_questions(parties, rounds),
        remarks=_remarks(parties, rounds),
        chart=_chart(parties, rounds),
        is_falling=rules.is_falling(rounds),
        silent=[
            party
            for party in rules.silent_sides(alliance, parties, answered, today)
            if _is_read(rules.first_day(quarter - timedelta(days=1)), side.party)
        ],
        open_matters=[row for row in rows if row.matter.solved_at is None],
        solved_matters=[row for row in rows if row.matter.solved_at is not None],
    )


def _is_read(quarter: date, party: Party) -> bool:
    """Say whether a party reads what was answered in a quarter."""
    return party.reads_from is None or rules.is_asked(party, quarter)


def _by_party(parties: list[Party], answers: Sequence[PulseAnswer], said: Iterable[Value]) -> list[Value | None]:
    """Return what was said in the order of the parties, None for who was not asked."""
    known = {one.party_id: value for one, value in zip(answers, said, strict=True)}
    return [known.get(party.pk) for party in parties]


def _questions(parties: list[Party], rounds: list[rules.Round]) -> list[QuestionRow]:
    """Return the questions with what each party answered in the last round that all answered."""
    answers = rounds[-1].answers if rounds else ()
    return [
        QuestionRow(str(text), _by_party(parties, answers, [one.marks[number] for one in answers]))
        for number, text in enumerate(rules.QUESTIONS)
        if answers
    ]


def _remarks(parties: list[Party], rounds: list[rules.Round]) -> list[tuple[str, str]]:
    """Return what each party said would help most, in the last round that all answered."""
    answers = rounds[-1].answers if rounds else ()
    names = {party.pk: party.organisation.name for party in parties}
    return [(names[one.party_id], one.words) for one in answers]


def _chart(parties: list[Party], rounds: list[rules.Round]) -> list[Line]:
    """Return how the mean of each party went, where there is more than one round to show."""
    if len(rounds) < 2:  # noqa: PLR2004 - a line has two ends
        return []
    points: dict[int, list[tuple[date, float]]] = {}
    for found in rounds:
        for one, mean in zip(found.answers, found.means, strict=True):
            points.setdefault(one.party_id, []).append((rules.last_day(found.quarter), mean))
    return [Line(label=one.organisation.name, points=points[one.pk]) for one in parties if one.pk in points]


def _matters(alliance: Alliance) -> list[Matter]:
    """Return the matters of an alliance, the newest first."""
    related = ("party__organisation", "raised_by", "solved_by")
    return list(Matter.objects.filter(alliance=alliance).select_related(*related).order_by("-raised_at", "-pk"))


def _matter_row(matter: Matter, side: Side, at: datetime) -> MatterRow:
    """Return what the page shows of a matter."""
    days = ((matter.solved_at or at) - matter.raised_at).days
    is_ours = matter.party_id == side.party.pk
    return MatterRow(matter, rules.climbs_at(matter), days, is_ours=is_ours)


def matter_for(actor: Person, key: str) -> tuple[Matter, Alliance]:
    """Return a matter with its alliance. Raises Http404 if it is none of the actor's business."""
    matter = get_object_or_404(Matter.objects.select_related("alliance"), key=key)
    alliance, side = alliance_for(actor, matter.alliance.key)
    if not rules.reads(side.party, matter.raised_at):
        raise Http404
    return matter, alliance


def to_climb(at: datetime) -> list[int]:
    """Return the numbers of open matters that have stood on their step for as long as they may."""
    rows = Matter.objects.filter(
        alliance__closed_at__isnull=True, solved_at__isnull=True, step__lt=rules.OWNERS, step_at__lt=at
    ).order_by("pk")
    return [one.pk for one in rows if rules.is_to_climb(one, at)]


def people_on_step(matter: Matter) -> list[Person]:
    """Return who hears of a matter on its step: of every party those in the step's roles, but not who raised it."""
    readers = Party.objects.filter(alliance=matter.alliance_id).exclude(reads_from__gt=matter.raised_at)
    seats = Membership.objects.filter(
        organisation__in=readers.values("organisation"), ended_at__isnull=True, role__in=rules.ROLES_ON[matter.step]
    ).select_related("person")
    people = {seat.person_id: seat.person for seat in seats.order_by("organisation", "since", "pk")}
    return [person for pk, person in people.items() if pk != matter.raised_by_id]
