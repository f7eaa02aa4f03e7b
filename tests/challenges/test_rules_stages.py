"""Steps between the deadline and the reviews: which may be, when they are, what each allows to whom."""

from datetime import UTC, datetime, timedelta

import pytest

from permea.challenges import rules
from permea.challenges.models import Challenge, Stage
from permea.challenges.rules import Step

DAY = timedelta(days=1)
CLOSES = datetime(2026, 3, 2, 17, tzinfo=UTC)
DATES = rules.Dates(CLOSES - 28 * DAY, CLOSES, CLOSES + 28 * DAY, CLOSES + 35 * DAY)
TALK, MEND = Step("discuss", 7, "contributors"), Step("improve", 3, "contributors")
VOTE = Step("vote", 5, "everyone", {"method": "approval"})


def challenge(*steps: Step, **more) -> Challenge:
    return Challenge(
        opens_at=DATES.opens_at, closes_at=CLOSES, decide_by=DATES.decide_by, answer_by=DATES.answer_by,
        steps=rules.written_steps(steps), **more,
    )  # fmt: skip


def stages_of(*steps: Step) -> list[Stage]:
    return [
        Stage(position=plan.position, name=plan.name, opens_at=plan.opens_at, closes_at=plan.closes_at,
              allows=plan.allows, circle=plan.circle, options=plan.options)
        for plan in rules.planned_stages(challenge(*steps))
    ]  # fmt: skip


def test_steps_follow_the_deadline_and_the_reviews_follow_them():
    stages = stages_of(TALK, MEND, VOTE)

    assert [(stage.name, stage.opens_at - CLOSES, stage.closes_at - CLOSES) for stage in stages] == [
        ("entry", -28 * DAY, 0 * DAY),
        ("discuss", 0 * DAY, 7 * DAY),
        ("improve", 7 * DAY, 10 * DAY),
        ("vote", 10 * DAY, 15 * DAY),
        ("review", 15 * DAY, 28 * DAY),
        ("answer", 28 * DAY, 35 * DAY),
    ]
    assert (stages[3].circle, stages[3].options, rules.reviews_from(challenge(TALK, MEND, VOTE))) == (
        "everyone", {"method": "approval"}, CLOSES + 15 * DAY,
    )  # fmt: skip


def test_reviews_of_a_challenge_without_deadline_have_no_beginning():
    assert rules.reviews_from(Challenge(steps=[])) is None


def test_steps_are_kept_as_they_were_written():
    assert rules.steps_of(challenge(TALK, VOTE)) == [TALK, VOTE]


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([TALK, MEND, VOTE], None),
        ([], None),
        ([TALK] * 7, "challenges.too_many_steps"),
        ([Step("sleep", 1, "everyone")], "challenges.step_unknown"),
        ([Step("vote", 1, "aliens")], "challenges.step_unknown"),
        ([Step("vote", 0, "everyone")], "challenges.step_length"),
        ([Step("vote", 181, "everyone")], "challenges.step_length"),
        ([VOTE, MEND], "challenges.improve_after_vote"),
        ([Step("discuss", 29, "everyone")], "challenges.steps_too_long"),
    ],
)
def test_steps_fit_between_deadline_and_decision_and_nothing_changes_after_a_vote(steps, code):
    refusal = rules.why_not_steps(steps, DATES)

    assert (refusal and refusal.code) == code


def test_steps_of_a_draft_without_dates_are_not_measured():
    assert rules.why_not_steps([Step("discuss", 29, "everyone")], None) is None


@pytest.mark.parametrize(
    ("action", "at", "name"),
    [
        ("comment", CLOSES - DAY, None),
        ("comment", CLOSES, "discuss"),
        ("vote", CLOSES, None),
        ("revise", CLOSES + 7 * DAY, "improve"),
        ("revise", CLOSES + 10 * DAY, None),
        ("vote", CLOSES + 15 * DAY - timedelta(microseconds=1), "vote"),
        ("vote", CLOSES + 15 * DAY, None),
        ("review", CLOSES + 15 * DAY, None),
    ],
)
def test_a_step_allows_its_actions_while_it_lasts(action, at, name):
    stage = rules.stage_for(stages_of(TALK, MEND, VOTE), action, at=at)

    assert (stage and stage.name) == name


@pytest.mark.parametrize(("steps", "circle"), [([], ""), ([TALK], "contributors"), ([VOTE, TALK], "everyone")])
def test_the_widest_circle_is_told_before_somebody_enters(steps, circle):
    notice = rules.circle_notice(challenge(*steps))

    assert (rules.widest_circle(steps), bool(notice)) == (circle, bool(steps))


def test_who_agreed_to_a_circle_agreed_to_those_within_it_only():
    circles = ("", "members", "contributors", "everyone")

    assert [[rules.covers(agreed, circle) for circle in circles] for agreed in circles] == [
        [True, False, False, False],
        [True, True, False, False],
        [True, True, True, False],
        [True, True, True, True],
    ]


def test_a_step_says_who_takes_part():
    shown = rules.shown_stages(challenge(VOTE, status="published"), stages_of(VOTE), at=CLOSES)

    assert (shown[1].name, shown[1].state, "everybody" in shown[1].note) == ("Vote", "now", True)


@pytest.mark.parametrize(
    ("at", "phase", "ends", "before"),
    [
        (CLOSES - timedelta(microseconds=1), "open", CLOSES, True),
        (CLOSES, "discuss", CLOSES + 7 * DAY, True),
        (CLOSES + 7 * DAY, "improve", CLOSES + 10 * DAY, True),
        (CLOSES + 10 * DAY, "vote", CLOSES + 15 * DAY, True),
        (CLOSES + 15 * DAY - timedelta(microseconds=1), "vote", CLOSES + 15 * DAY, True),
        (CLOSES + 15 * DAY, "review", DATES.decide_by, False),
    ],
)
def test_a_challenge_goes_through_its_steps_before_it_is_reviewed(at, phase, ends, before):
    asked = challenge(TALK, MEND, VOTE, status="published", n_entries=1)
    refusal = rules.why_not_decide(asked, at=at)

    assert (rules.phase_of(asked, at=at), rules.next_date(asked, at=at)[0], rules.is_before_reviews(asked, at=at)) == (
        phase, ends, before,
    )  # fmt: skip
    assert bool(refusal) == before
    assert rules.next_step(asked, at=at)


def test_reviews_are_told_of_once_and_after_the_closing():
    at = CLOSES + 7 * DAY
    told = [
        rules.is_reviews_untold(challenge(TALK, status=status, **more), at=moment)
        for status, more, moment in (
            ("published", {"closing_told_at": CLOSES}, at),
            ("published", {"closing_told_at": CLOSES}, at - timedelta(microseconds=1)),
            ("published", {}, at),
            ("published", {"closing_told_at": CLOSES, "reviews_told_at": at}, at),
            ("decided", {"closing_told_at": CLOSES}, at),
        )
    ]

    assert told == [True, False, False, False, False]


def test_a_challenge_without_deadline_has_no_running_step():
    draft = Challenge(steps=rules.written_steps([TALK]))

    assert (rules.laid_steps(draft), rules.running_step(draft, at=CLOSES)) == ([], None)
    assert rules.is_before_reviews(draft, at=CLOSES)


@pytest.mark.parametrize(
    ("at", "steps", "reason", "code"),
    [
        (CLOSES - DAY, [MEND, VOTE], "Shorter", None),
        (CLOSES - DAY, [TALK, VOTE], "  ", "challenges.no_reason"),
        (CLOSES - DAY, [TALK, MEND], "As it is", "challenges.steps_same"),
        (CLOSES - DAY, [VOTE, MEND], "Vote first", "challenges.improve_after_vote"),
        (CLOSES + DAY, [Step("discuss", 9, "contributors"), MEND], "They still talk", None),
        (CLOSES + DAY, [Step("discuss", 2, "contributors")], "All is said", None),
        (CLOSES + DAY, [Step("discuss", 1, "contributors")], "Too short", "challenges.step_begun"),
        (CLOSES + DAY, [Step("discuss", 7, "everyone"), MEND], "Wider", "challenges.step_begun"),
        (CLOSES + DAY, [MEND], "Not talking", "challenges.step_begun"),
        (CLOSES + DAY, [], "Nothing", "challenges.step_begun"),
        (CLOSES + 7 * DAY, [TALK, Step("improve", 5, "contributors")], "More time", None),
        (CLOSES + 7 * DAY, [Step("discuss", 8, "contributors"), MEND], "Again", "challenges.step_begun"),
        (CLOSES + 10 * DAY, [TALK, MEND, VOTE], "Late", "challenges.steps_over"),
    ],
)
def test_steps_that_have_begun_stay_fair_and_the_others_may_change_with_a_reason(at, steps, reason, code):
    asked = challenge(TALK, MEND, status="published")
    refusal = rules.why_not_change_steps(asked, steps, reason=reason, at=at)

    assert (refusal and refusal.code) == code


def test_only_a_running_challenge_has_steps_to_change():
    refusal = rules.why_no_steps_to_change(challenge(TALK, status="decided"), at=CLOSES)

    assert (refusal and refusal.code) == "challenges.not_running"


def test_steps_are_told_in_words():
    assert [rules.steps_in_words(steps) for steps in ((TALK, Step("vote", 1, "everyone")), ())] == [
        "Discussion, 7 days (everybody who entered); Vote, 1 day (everybody)", "no steps",
    ]  # fmt: skip
