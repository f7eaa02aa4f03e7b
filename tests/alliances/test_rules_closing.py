"""When a milestone is reached and confirmed, and when an alliance can be closed, rated and kept open."""

from __future__ import annotations

from datetime import timedelta

from permea.alliances import rules
from permea.alliances.models import Alliance, Charter, Closing, Party, Reached
from tests.alliances.conftest import CHARTER
from tests.cast import AT

DAY, TODAY = timedelta(days=1), AT.date()
FIRM, CAMPUS = (Party(pk=number, number=number) for number in (1, 2))
HELD = Charter(content={**CHARTER, "milestones": [{"name": "First picking", "due": ""}]})
LIVE = Alliance(charter=HELD, live_since=AT)
CLOSED = Alliance(charter=HELD, live_since=AT, closed_at=AT)


def code(refusal):
    return refusal.code if refusal else None


def test_a_milestone_of_the_charter_is_said_by_one_side_and_confirmed_by_another():
    ours, done = Reached(party_id=1, alliance=LIVE, on=TODAY), Reached(party_id=1, confirmed_at=AT, alliance=LIVE)
    said = [
        code(rules.why_not_reach(alliance, name, day, party, before, today=TODAY))
        for alliance, name, day, party, before in (
            (LIVE, "First picking", TODAY, FIRM, None), (LIVE, "Second picking", TODAY, FIRM, None),
            (Alliance(), "First picking", TODAY, FIRM, None), (LIVE, "First picking", TODAY + DAY, FIRM, None),
            (LIVE, "First picking", TODAY, FIRM, ours), (LIVE, "First picking", TODAY, CAMPUS, ours),
            (LIVE, "First picking", TODAY, FIRM, done), (CLOSED, "First picking", TODAY, FIRM, None),
        )
    ]  # fmt: skip
    assert said == [
        None, "alliances.no_milestone", "alliances.no_milestone", "alliances.milestone_early", None,
        "alliances.reached", "alliances.reached", "alliances.closed",
    ]  # fmt: skip
    shut = Reached(party_id=1, alliance=CLOSED, on=TODAY)
    confirmed = [
        code(rules.why_not_confirm(one, party, seen=seen))
        for one, party, seen in (
            (done, CAMPUS, TODAY), (ours, FIRM, TODAY), (ours, CAMPUS, TODAY - DAY), (shut, CAMPUS, TODAY),
            (ours, CAMPUS, TODAY),
        )
    ]  # fmt: skip
    assert confirmed == [
        "alliances.milestone_confirmed", "alliances.own_milestone", "alliances.milestone_changed", "alliances.closed",
        None,
    ]  # fmt: skip


def test_closing_is_asked_for_once_with_a_reason_and_time_and_taken_back_by_who_asked():
    asked, shut = Closing(party_id=1, charter=HELD), Closing(party_id=1, charter=HELD, closed_at=AT)
    told = [
        code(rules.why_not_ask(*one))
        for one in (
            (Alliance(), None, "x", 14), (CLOSED, shut, "x", 14), (LIVE, asked, "x", 14), (LIVE, None, "", 14),
            (LIVE, None, "x", 6), (LIVE, None, "x", 61), (LIVE, None, "x", 60),
        )
    ]  # fmt: skip
    assert told == [
        "alliances.not_live", "alliances.closed", "alliances.closing", *["alliances.closing_empty"] * 3, None,
    ]  # fmt: skip
    back = [code(rules.why_not_take_back(*one)) for one in ((None, FIRM), (shut, FIRM), (asked, CAMPUS), (asked, FIRM))]
    assert back == ["alliances.not_closing", "alliances.not_closing", "alliances.not_our_closing", None]


def test_every_criterion_is_rated_and_who_has_rated_closes_after_the_time_is_over():
    asked = Closing(party_id=1, charter=HELD, until=AT)
    shut = Closing(party_id=1, charter=HELD, until=AT, closed_at=AT)
    good = [{"mark": 5, "words": ""}]
    rated = [
        code(rules.why_not_rate_success(*one))
        for one in (
            (None, good, 5), (shut, good, 5), (asked, [], 5), (asked, [{"mark": 6}], 5), (asked, good, 0),
            (asked, good, 5),
        )
    ]  # fmt: skip
    assert rated == [
        "alliances.not_closing", "alliances.ratings_shown", *["alliances.success_incomplete"] * 3, None,
    ]  # fmt: skip
    closed = [
        code(rules.why_not_close(one, FIRM, by, at=at))
        for one, by, at in (
            (None, [1], AT), (shut, [1], AT), (asked, [2], AT), (asked, [1, 2], AT - DAY), (asked, [1], AT),
        )
    ]  # fmt: skip
    assert closed == [
        "alliances.not_closing", "alliances.not_closing", "alliances.not_rated", "alliances.still_waiting", None,
    ]  # fmt: skip


def test_what_is_closed_can_only_be_read():
    told = [
        rules.why_closed(CLOSED), rules.why_not_contribute(CLOSED), rules.why_not_raise(CLOSED, "x", 7),
        rules.why_not_rate(CLOSED, [3] * 5, is_shown=False),
    ]  # fmt: skip
    assert [code(one) for one in told] == ["alliances.closed"] * 4
    assert rules.why_closed(LIVE) is None
