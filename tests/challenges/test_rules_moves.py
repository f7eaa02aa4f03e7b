"""The rule by which a deadline moves by itself: announced, once, only on the last day, and never past a promise."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest

from permea.challenges import rules
from permea.challenges.models import Challenge
from permea.challenges.rules import AutoMoves, Step

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
CLOSES = datetime(2026, 3, 2, 17, tzinfo=UTC)
DATES = rules.Dates(CLOSES - 28 * DAY, CLOSES, CLOSES + 28 * DAY, CLOSES + 35 * DAY)
RULE, TALK = AutoMoves(extend_days=14, fewer_than=5), Step("discuss", 7, "contributors")


def challenge(moves: AutoMoves = RULE, steps=(TALK,), **more) -> Challenge:
    fields = {**asdict(DATES), "status": "published", "n_entries": 4, "auto_moves": rules.written_moves(moves)}
    return Challenge(**{**fields, "steps": rules.written_steps(steps), **more})


@pytest.mark.parametrize(
    ("moves", "steps", "dates", "code"),
    [
        (AutoMoves(), [TALK], DATES, None),
        (RULE, [TALK], DATES, None),
        (replace(RULE, extend_days=21), [TALK], DATES, None),
        (replace(RULE, extend_days=22), [TALK], DATES, "challenges.rule_too_late"),
        (replace(RULE, extend_days=29), [], DATES, "challenges.rule_too_late"),
        (replace(RULE, extend_days=29), [], None, None),
        (replace(RULE, extend_days=0), [], None, "challenges.rule_half"),
        (replace(RULE, fewer_than=0), [], DATES, "challenges.rule_half"),
        (replace(RULE, extend_days=61), [], None, "challenges.rule_numbers"),
        (replace(RULE, fewer_than=1001), [], None, "challenges.rule_numbers"),
    ],
)
def test_a_rule_leaves_room_for_the_steps_before_the_decision(moves, steps, dates, code):
    refusal = rules.why_not_auto_moves(moves, steps, dates)

    assert (refusal and refusal.code) == code


@pytest.mark.parametrize(
    ("asked", "is_extended", "at", "moves"),
    [
        (challenge(), False, CLOSES - DAY, True),
        (challenge(), False, CLOSES - TICK, True),
        (challenge(), False, CLOSES - DAY - TICK, False),
        (challenge(), False, CLOSES, False),
        (challenge(), True, CLOSES - DAY, False),
        (challenge(n_entries=5), False, CLOSES - DAY, False),
        (challenge(status="draft"), False, CLOSES - DAY, False),
        (challenge(AutoMoves()), False, CLOSES - DAY, False),
        (challenge(steps=[Step("discuss", 15, "contributors")]), False, CLOSES - DAY, False),
    ],
)
def test_the_rule_moves_an_open_deadline_once_on_its_last_day_if_few_are_in(asked, is_extended, at, moves):
    moved = rules.moved_by_rule(asked, is_extended=is_extended, at=at)

    assert moved == (replace(DATES, closes_at=CLOSES + 14 * DAY) if moves else None)


def test_the_rule_is_told_in_words_and_so_is_what_it_did():
    said = rules.rule_in_words(RULE)

    assert (rules.rule_in_words(AutoMoves()), "fewer than 5 entries" in said, "by 14 days, once" in said) == (
        "", True, True,
    )  # fmt: skip
    assert "4 entries were in" in rules.reason_of_rule(challenge())


@pytest.mark.parametrize("moves", [AutoMoves(), RULE, replace(RULE, fewer_than=0)])
def test_a_rule_is_kept_as_it_was_written(moves):
    assert rules.auto_moves_of(challenge(moves)) == moves


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, None),
        ({"steps": [Step("discuss", 29, "members")]}, "challenges.steps_too_long"),
        ({"moves": replace(RULE, extend_days=22)}, "challenges.rule_too_late"),
        ({"moves": replace(RULE, extend_days=22), "decide_by": None}, None),
        ({"moves": replace(RULE, extend_days=22), "decide_by": CLOSES - DAY}, None),
    ],
)
def test_what_is_wrong_with_steps_or_rule_is_put_right_where_they_are_set(more, code):
    draft = challenge(more.pop("moves", RULE), more.pop("steps", (TALK,)), status="draft", **more)
    missing = rules.missing_for_publication(draft, [], at=CLOSES - 20 * DAY)

    assert next((gap.code for gap in missing if gap.step == "stages"), None) == code
