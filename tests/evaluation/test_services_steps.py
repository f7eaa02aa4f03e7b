"""Judging begins when the last step after the deadline is over, to the microsecond."""

from datetime import timedelta

import pytest

from permea.challenges import services as challenges
from permea.challenges import tasks
from permea.challenges.queries import challenges_of, past_steps
from permea.challenges.queries import today_items as asked_for
from permea.evaluation import queries, rules, services
from permea.evaluation.models import Assignment
from permea.evaluation.queries import today_items
from permea.foundation.refusals import RefusedError
from permea.selection.rules import why_not_change_decisions
from tests.cast import AT

TICK = timedelta(microseconds=1)
STEP = {"name": "discuss", "days": 7, "circle": "contributors", "options": {}}


@pytest.fixture
def stepped(make_challenge, make_idea, owner, evaluator, evaluator_two):
    """Return a challenge that closed a day ago, with a step of a week, two entries and a panel of two."""
    challenge = make_challenge(closed=True, steps=[STEP], public_compares=True)
    for _number in range(2):
        make_idea(challenge=challenge)
    services.set_panel(
        challenge_id=challenge.pk, actor=owner, at=AT,
        reviews_per_idea=1, minutes_per_review=10, n_shortlist=1, certainty_wanted=90,
    )  # fmt: skip
    services.seat_members(challenge_id=challenge.pk, persons=[evaluator, evaluator_two], actor=owner, at=AT)
    return challenge


def test_reviews_are_dealt_out_when_the_last_step_is_over_and_not_before(stepped, django_capture_on_commit_callbacks):
    ends, dealt = stepped.closes_at + timedelta(days=7), []
    for at in (AT, ends - TICK, ends, ends):
        with django_capture_on_commit_callbacks(execute=True):
            tasks.close_entries(at)
            tasks.open_reviews(at)
        dealt.append(Assignment.objects.count())

    assert (dealt[0], dealt[1], dealt[2] > 0, dealt[3]) == (0, 0, True, dealt[2])
    assert not past_steps(ends).exists()
    assert challenges.tell_reviews_opened(challenge_id=stepped.pk, at=ends) is False


def test_nobody_judges_decides_or_sees_a_ranking_before_that(stepped, owner, stranger):
    with pytest.raises(RefusedError) as refused:
        services.deal_out(challenge_id=stepped.pk, actor=owner, at=AT)
    codes = [
        refused.value.refusal.code,
        rules.why_not_judge_now(stepped, at=AT).code,
        rules.why_not_compare_publicly(stepped, is_member=False, is_panelist=False, at=AT).code,
        queries.ranking_for(owner, stepped.key, at=AT).withheld.code,
        queries.managed_panel(owner, stepped.key, at=AT).deal_blocked.code,
        why_not_change_decisions(stepped, at=AT).code,
    ]

    assert codes == ["evaluation.steps_running"] * 5 + ["selection.steps_running"]


def test_lists_say_what_goes_on_and_nobody_is_asked_for_a_panel_yet(make_challenge, make_idea, owner, organisation):
    make_idea(challenge=make_challenge(closed=True, steps=[{**STEP, "days": 2}]))
    rows = challenges_of(owner, organisation, AT)
    asked = [
        {item.kind for item in items(owner, organisation, "owner", at)}
        for items in (today_items, asked_for)
        for at in (AT, AT + timedelta(days=1))
    ]

    assert [(row.phase, row.group, row.due_kind) for row in rows] == [("discuss", "review", "discuss")]
    assert asked == [set(), {"panel"}, {"challenge"}, set()]
