"""What of the pulse is shown and warned of, and when a matter climbs."""

from __future__ import annotations

from datetime import date, timedelta

from permea.alliances import rules
from permea.alliances.models import Alliance, Matter, Party, PulseAnswer
from tests.cast import AT

DAY = timedelta(days=1)
FIRM, CAMPUS = (Party(pk=number, number=number) for number in (1, 2))
FIRST, SECOND, THIRD = date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1)


def answer(party, quarter, *marks):
    return PulseAnswer(party=party, quarter=quarter, marks=list(marks))


def code(refusal):
    return refusal.code if refusal else None


def test_only_rounds_that_all_answered_are_shown_and_a_fall_of_half_a_point_is_told():
    answers = [
        answer(CAMPUS, FIRST, 4, 4, 4, 4, 4), answer(FIRM, FIRST, 5, 5, 5, 5, 5), answer(FIRM, SECOND, 1, 1, 1, 1, 1),
        answer(FIRM, THIRD, 5, 4, 4, 4, 3), answer(CAMPUS, THIRD, 4, 4, 4, 4, 4),
    ]  # fmt: skip
    rounds = rules.full_rounds([FIRM, CAMPUS], answers)
    assert [(one.quarter, one.means, one.mean, one.gap) for one in rounds] == [
        (FIRST, (5, 4), 4.5, 1), (THIRD, (4, 4), 4, 0),
    ]  # fmt: skip
    assert [rules.is_falling(one) for one in (rounds, rounds[:1], rounds[::-1])] == [True, False, False]
    assert rules.full_rounds([FIRM, CAMPUS], answers[2:3]) == []
    assert rules.full_rounds([FIRM, CAMPUS, Party(pk=3, number=3)], answers) == []
    assert (rules.first_day(date(2026, 12, 31)), rules.last_day(SECOND)) == (date(2026, 10, 1), date(2026, 3, 31))


def test_silence_is_told_of_a_whole_quarter_only():
    sides, today = [FIRM, CAMPUS], date(2026, 4, 9)
    old, young = Alliance(live_since=AT - 9 * DAY), Alliance(live_since=AT + 9 * DAY)
    told = [
        rules.silent_sides(alliance, sides, {SECOND: [FIRM.pk]}, day)
        for alliance, day in ((old, today), (young, today), (Alliance(), today), (old, date(2026, 3, 9)))
    ]
    assert told == [[CAMPUS], [], [], []]


def test_what_is_answered_raised_and_solved_is_complete_and_by_the_right_side():
    live, draft = Alliance(live_since=AT), Alliance()
    rated = [code(rules.why_not_rate(*one, is_shown=shown)) for *one, shown in (
        (live, [1, 2, 3, 4, 5], False), (live, [1, 2, 3, 4, 5], True), (live, [1, 2, 3, 4], False),
        (live, [0, 2, 3, 4, 5], False), (draft, [1, 2, 3, 4, 5], False),
    )]  # fmt: skip
    assert rated == [
        None, "alliances.pulse_shown", "alliances.pulse_incomplete", "alliances.pulse_incomplete", "alliances.not_live",
    ]  # fmt: skip
    raised = [
        code(rules.why_not_raise(*one)) for one in ((live, "x", 7), (live, "", 7), (live, "x", 31), (draft, "x", 7))
    ]
    assert raised == [None, "alliances.matter_empty", "alliances.matter_empty", "alliances.not_live"]
    ours, solved = Matter(party_id=1), Matter(party_id=1, solved_at=AT)
    told = [
        code(rules.why_not_solve(*one))
        for one in ((ours, FIRM, "x"), (solved, FIRM, "x"), (ours, CAMPUS, "x"), (ours, FIRM, ""))
    ]
    assert told == [None, "alliances.solved", "alliances.not_our_matter", "alliances.no_outcome"]


def test_a_matter_climbs_when_its_days_are_over_and_stays_with_the_owners():
    found = [
        rules.is_to_climb(Matter(step=step, days=7, step_at=AT, solved_at=solved), AT + days * DAY)
        for step, solved, days in ((1, None, 7), (2, None, 7), (1, None, 6), (3, None, 9), (1, AT, 9))
    ]
    assert found == [True, True, False, False, False]
    ends = [rules.climbs_at(Matter(step=step, days=7, step_at=AT)) for step in (2, 3)]
    assert ends == [AT + 7 * DAY, None]
