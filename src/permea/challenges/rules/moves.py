"""The rule by which the deadline of a challenge moves by itself: when it applies, and what is told of it.

It is told to the public before somebody enters, and what it did stands in the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.challenges.models import Challenge
from permea.challenges.rules.stages import Step, steps_of, why_not_steps
from permea.challenges.rules.timetable import Dates, dates_of, why_not_in_order
from permea.foundation.refusals import Refusal

LAST_DAY = timedelta(hours=24)
LONGEST_EXTENSION, MOST_ENTRIES = 60, 1_000


@dataclass(frozen=True, slots=True)
class AutoMoves:
    """The rule of a challenge: `extend_days` more, once, if fewer than `fewer_than` entries are in on the last day.

    Noughts switch it off.
    """

    extend_days: int = 0
    fewer_than: int = 0

    @property
    def is_on(self) -> bool:
        """Say whether the deadline may move."""
        return bool(self.extend_days and self.fewer_than)


def auto_moves_of(challenge: Challenge) -> AutoMoves:
    """Return the rule by which the deadline of a challenge moves by itself."""
    return AutoMoves(**challenge.auto_moves)


def written_moves(moves: AutoMoves) -> dict[str, Any]:
    """Return a rule as a challenge keeps it, nothing if it says nothing."""
    return {} if moves == AutoMoves() else asdict(moves)


def why_not_auto_moves(moves: AutoMoves, steps: Sequence[Step], dates: Dates | None) -> Refusal | None:
    """Return why a challenge with these steps and dates cannot have this rule, or None; no dates do not bind."""
    if bool(moves.extend_days) != bool(moves.fewer_than):
        return Refusal(
            "challenges.rule_half", _("Say both how many days longer and with fewer than how many entries, or neither.")
        )
    if not (0 <= moves.extend_days <= LONGEST_EXTENSION and 0 <= moves.fewer_than <= MOST_ENTRIES):
        return Refusal(
            "challenges.rule_numbers",
            _("At most %(days)d days longer, with fewer than at most %(entries)d entries.")
            % {"days": LONGEST_EXTENSION, "entries": MOST_ENTRIES},
        )
    if dates is None or not moves.is_on:
        return None
    later = _later(dates, moves)
    if why_not_in_order(later.opens_at, later.closes_at, later.decide_by, later.answer_by) or why_not_steps(
        steps, later
    ):
        return Refusal(
            "challenges.rule_too_late",
            _("If the rule moves the deadline, steps or entries end after the decision is due. Decide later."),
        )
    return None


def _later(dates: Dates, moves: AutoMoves) -> Dates:
    """Return the dates after the rule moved the deadline; what is promised to people stays."""
    return replace(dates, closes_at=dates.closes_at + timedelta(days=moves.extend_days))


def moved_by_rule(challenge: Challenge, *, is_extended: bool, at: datetime) -> Dates | None:
    """Return the dates a challenge gets by its rule at `at`, None if it leaves them as they are."""
    moves = auto_moves_of(challenge)
    if not moves.is_on or is_extended or not challenge.is_open_at(at):
        return None
    dates = dates_of(challenge)
    if at < dates.closes_at - LAST_DAY or challenge.n_entries >= moves.fewer_than:
        return None
    return None if why_not_auto_moves(moves, steps_of(challenge), dates) else _later(dates, moves)


def rule_in_words(moves: AutoMoves) -> str:
    """Return what the rule says, in the reader's language; nothing if it is off."""
    if not moves.is_on:
        return ""
    return ngettext(
        "If fewer than %(entries)d entries are in 24 hours before the deadline, it moves by %(num)d day, once.",
        "If fewer than %(entries)d entries are in 24 hours before the deadline, it moves by %(num)d days, once.",
        moves.extend_days,
    ) % {"num": moves.extend_days, "entries": moves.fewer_than}


def reason_of_rule(challenge: Challenge) -> str:
    """Return why the rule of a challenge moved its deadline, in the language in force."""
    told = ngettext(
        "By the rule announced with this challenge: %(num)d entry was in on the last day.",
        "By the rule announced with this challenge: %(num)d entries were in on the last day.",
        challenge.n_entries,
    )
    return told % {"num": challenge.n_entries}
