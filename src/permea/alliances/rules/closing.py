"""Deciding about milestones and about the end of an alliance: who says what, and when it is closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from permea.alliances.models import Alliance, Closing, Party, Reached
from permea.alliances.rules.charter import why_closed
from permea.foundation.refusals import Refusal
from permea_engine.splits import HIGHEST, LOWEST

LEAST_WAIT, USUAL_WAIT, MOST_WAIT = 7, 14, 60  # days


def why_not_reach(
    alliance: Alliance, milestone: str, on: date, party: Party, said: Reached | None, *, today: date
) -> Refusal | None:
    """Return why a party cannot say that a milestone was reached on a day, or None if it can; `said` is what stands."""
    content = alliance.charter.content if alliance.charter else {"milestones": []}
    if milestone not in [row["name"] for row in content["milestones"]]:
        return Refusal("alliances.no_milestone", _("The charter that holds has no such milestone."))
    if on > today:
        return Refusal("alliances.milestone_early", _("Say it once it is reached. Choose a day up to today."))
    if said is not None and (said.confirmed_at is not None or said.party_id != party.pk):
        return Refusal("alliances.reached", _("Somebody has said so already. Look at the page again."))
    return why_closed(alliance)


def why_not_confirm(reached: Reached, party: Party, *, seen: date | None) -> Refusal | None:
    """Return why a party cannot confirm that a milestone was reached on the day it has `seen`, or None if it can."""
    if reached.confirmed_at is not None:
        return Refusal("alliances.milestone_confirmed", _("It is confirmed already."))
    if reached.party_id == party.pk:
        return Refusal("alliances.own_milestone", _("Your side said so; it takes another side to confirm it."))
    if reached.on != seen:
        reason = _("The day has changed since you opened this page. Look at it, then confirm it.")
        return Refusal("alliances.milestone_changed", reason)
    return why_closed(reached.alliance)


def why_not_ask(alliance: Alliance, closing: Closing | None, reason: str, days: int) -> Refusal | None:
    """Return why a side cannot ask to close an alliance, or None if it can; `closing` is what it was asked for with."""
    if alliance.live_since is None:
        return Refusal("alliances.not_live", _("What has not begun needs no end: the charter is not in force yet."))
    if alliance.closed_at is not None:
        return why_closed(alliance)
    if closing is not None:
        return Refusal("alliances.closing", _("A side has asked to close it already. Rate what came of it."))
    if not reason or not LEAST_WAIT <= days <= MOST_WAIT:
        text = _("Say in a sentence why, and give the others from %(least)d to %(most)d days to rate.")
        return Refusal("alliances.closing_empty", text % {"least": LEAST_WAIT, "most": MOST_WAIT})
    return None


def why_not_take_back(closing: Closing | None, party: Party) -> Refusal | None:
    """Return why a side cannot take back that it asked to close an alliance, or None if it can."""
    if closing is None or closing.closed_at is not None:
        return Refusal("alliances.not_closing", _("Nobody asks to close it."))
    if closing.party_id != party.pk:
        return Refusal("alliances.not_our_closing", _("Only the side that asked can take it back."))
    return None


def why_not_rate_success(closing: Closing | None, marks: Sequence[Mapping[str, Any]], overall: int) -> Refusal | None:
    """Return why a side cannot rate an alliance like this, or None if it can."""
    if closing is None:
        reason = _("Success is rated once a side has asked to close the alliance.")
        return Refusal("alliances.not_closing", reason)
    if closing.closed_at is not None:
        return Refusal("alliances.ratings_shown", _("All ratings are shown, so nobody changes one any more."))
    asked = criteria_of(closing)
    given = [one["mark"] for one in marks]
    if len(given) != len(asked) or not all(LOWEST <= mark <= HIGHEST for mark in (*given, overall)):
        reason = _("Rate each criterion of the charter, and the whole, with a number from 1 to 5.")
        return Refusal("alliances.success_incomplete", reason)
    return None


def criteria_of(closing: Closing) -> list[dict[str, str]]:
    """Return the criteria that the sides rate: those of the charter that held when closing was asked for."""
    return list(closing.charter.content["criteria"])


def why_not_close(closing: Closing | None, party: Party, rated: Iterable[int], *, at: datetime) -> Refusal | None:
    """Return why a side cannot close an alliance although others have not rated, or None if it can."""
    if closing is None or closing.closed_at is not None:
        return Refusal("alliances.not_closing", _("Nobody asks to close it."))
    if party.pk not in rated:
        return Refusal("alliances.not_rated", _("Rate it for your side first."))
    if at < closing.until:
        return Refusal("alliances.still_waiting", _("The others still have time to rate. Wait until the day is over."))
    return None
