"""Deciding about the pulse and the ladder: what is asked and shown, what is worth a warning, when to climb."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from permea.alliances.models import Alliance, Matter, Party, PulseAnswer
from permea.alliances.rules.balance import end_of, quarter_of
from permea.alliances.rules.charter import why_closed
from permea.alliances.rules.presence import is_asked
from permea.foundation.refusals import Refusal
from permea.people.models import Membership
from permea.people.rules import MANAGING
from permea_engine.splits import HIGHEST, LOWEST
from permea_engine.splits import pulse as summarise

QUESTIONS = (
    pgettext_lazy("pulse", "We can rely on what the others say."),
    pgettext_lazy("pulse", "We hear in time what we need to know."),
    pgettext_lazy("pulse", "It is clear who does what."),
    pgettext_lazy("pulse", "We come nearer to what we wanted."),
    pgettext_lazy("pulse", "It is worth what we put in."),
)
LAST_MONTH = timedelta(days=31)  # of a quarter; who was no party before is not expected to answer
FALL = 0.5  # points by which a round is lower than the one before
EVERYBODY, LEADS, OWNERS = 1, 2, 3
ROLES_ON = {
    EVERYBODY: frozenset(Membership.Role.values) - {Membership.Role.EVALUATOR.value},
    LEADS: MANAGING,
    OWNERS: frozenset({Membership.Role.OWNER.value}),
}
DAYS = (1, 30)


@dataclass(frozen=True, slots=True)
class Round:
    """A quarter that every side has answered: the mean of each, all answers, and the gap between highest and lowest."""

    quarter: date
    answers: tuple[PulseAnswer, ...]
    means: tuple[float, ...]
    mean: float
    gap: float


def first_day(day: date) -> date:
    """Return the first day of the quarter that a day lies in."""
    year, number = quarter_of(day)
    return date(year, 3 * number + 1, 1)


def last_day(quarter: date) -> date:
    """Return the last day of the quarter that begins on a day."""
    return end_of(quarter_of(quarter))


def full_rounds(parties: Sequence[Party], answers: Iterable[PulseAnswer]) -> list[Round]:
    """Return the quarters that every side has answered, in their order: only these are shown."""
    found: dict[date, dict[int, PulseAnswer]] = {}
    for answer in answers:
        found.setdefault(answer.quarter, {})[answer.party_id] = answer
    asked = {quarter: [party for party in parties if is_asked(party, quarter)] for quarter in sorted(found)}
    return [
        _round(quarter, tuple(found[quarter][party.pk] for party in sides))
        for quarter, sides in asked.items()
        if len(found[quarter]) == len(sides)
    ]


def _round(quarter: date, answers: tuple[PulseAnswer, ...]) -> Round:
    """Return a quarter that all sides asked have answered."""
    told = summarise([[one.marks for one in answers]]).rounds[0]
    means = tuple(fmean(one.marks) for one in answers)
    return Round(quarter, answers, means, told.mean or 0.0, told.gap or 0.0)


def is_falling(rounds: Sequence[Round]) -> bool:
    """Say whether the last round is lower than the one before, by half a point or more."""
    return len(rounds) > 1 and rounds[-1].mean <= rounds[-2].mean - FALL


def silent_sides(
    alliance: Alliance, parties: Sequence[Party], answered: Mapping[date, Iterable[int]], today: date
) -> list[Party]:
    """Return who did not answer in the quarter before this one, if the alliance lived before its last month began."""
    last = first_day(first_day(today) - timedelta(days=1))
    if alliance.live_since is None or alliance.live_since.date() > last_day(last) - LAST_MONTH:
        return []
    silent = (party for party in parties if party.pk not in set(answered.get(last, ())))
    return [party for party in silent if is_asked(party, last)]


def why_not_rate(alliance: Alliance, marks: Sequence[int], *, is_shown: bool, is_asked: bool = True) -> Refusal | None:
    """Return why a side cannot answer the pulse with these marks, or None if it can."""
    if alliance.live_since is None:
        return Refusal("alliances.not_live", _("The pulse begins once all parties have accepted the same charter."))
    if len(marks) != len(QUESTIONS) or not all(LOWEST <= mark <= HIGHEST for mark in marks):
        return Refusal("alliances.pulse_incomplete", _("Answer each of the five questions with a number from 1 to 5."))
    if not is_asked:
        reason = _("Your side joined in this quarter. It is asked from the next one on.")
        return Refusal("alliances.pulse_next", reason)
    if is_shown:
        return Refusal("alliances.pulse_shown", _("Every side has answered, so nobody changes an answer any more."))
    return why_closed(alliance)


def why_not_raise(alliance: Alliance, text: str, days: int) -> Refusal | None:
    """Return why a side cannot put a matter on the ladder, or None if it can."""
    if alliance.live_since is None:
        return Refusal(
            "alliances.not_live", _("Matters can be raised once all parties have accepted the same charter.")
        )
    if not text or not DAYS[0] <= days <= DAYS[1]:
        reason = _("Say in a sentence what is to be solved, and give each step from 1 to 30 days.")
        return Refusal("alliances.matter_empty", reason)
    return why_closed(alliance)


def why_not_solve(matter: Matter, party: Party, outcome: str) -> Refusal | None:
    """Return why a side cannot say that a matter is solved, or None if it can."""
    if matter.solved_at is not None:
        return Refusal("alliances.solved", _("This matter is solved already."))
    if matter.party_id != party.pk:
        return Refusal("alliances.not_our_matter", _("The side that raised a matter says when it is solved."))
    if not outcome:
        return Refusal("alliances.no_outcome", _("Say in a sentence how it was solved."))
    return None


def is_to_climb(matter: Matter, at: datetime) -> bool:
    """Say whether an open matter has stood on its step for as long as it may, and there is a higher one."""
    return matter.solved_at is None and matter.step < OWNERS and matter.step_at + timedelta(days=matter.days) <= at


def climbs_at(matter: Matter) -> datetime | None:
    """Return when an open matter climbs to the next step; None on the last one."""
    return matter.step_at + timedelta(days=matter.days) if matter.step < OWNERS else None
