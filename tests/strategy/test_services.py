"""Goals are set, changed, read, closed and reopened."""

from datetime import date
from decimal import Decimal

import pytest

from permea.foundation.events import _receivers
from permea.foundation.refusals import RefusedError
from permea.strategy import services
from permea.strategy.events import GoalClosed, GoalSet
from permea.strategy.models import Goal, GoalReading


@pytest.fixture
def heard(monkeypatch):
    """Return the list of goal events that were published."""
    events = []
    for kind in (GoalSet, GoalClosed):
        monkeypatch.setitem(_receivers, kind, [events.append])
    return events


def everything(goal, **changed):
    return {**{field: getattr(goal, field) for field in services.FIELDS}, **changed}


def test_setting_a_goal_is_told(make_goal, at, heard):
    goal = make_goal()
    assert (goal.created_at, goal.outside_share, heard) == (at, 50, [GoalSet(goal_id=goal.pk, at=at)])


def test_a_goal_without_a_baseline_is_refused_and_writes_nothing(make_goal):
    with pytest.raises(RefusedError) as refused:
        make_goal(baseline=None)
    assert (refused.value.refusal.code, Goal.objects.count()) == ("strategy.no_baseline", 0)


def test_a_goal_of_somebody_from_outside_is_refused(make_goal, solver):
    with pytest.raises(RefusedError) as refused:
        make_goal(owner=solver)
    assert refused.value.refusal.code == "strategy.owner_outside"


@pytest.mark.parametrize("who", ["member", "evaluator", "solver", "other_owner"])
def test_only_who_manages_writes_goals(request, who, make_goal, at, other_organisation):
    goal, actor = make_goal(), request.getfixturevalue(who)
    told = {"goal_id": goal.pk, "actor": actor, "at": at}
    attempts = [
        lambda: make_goal(actor=actor),
        lambda: services.change_goal(**told, **everything(goal)),
        lambda: services.record_reading(**told, on=at.date(), value=Decimal(190)),
        lambda: services.close_goal(**told),
        lambda: services.reopen_goal(**told),
    ]
    codes = []
    for attempt in attempts:
        with pytest.raises(RefusedError) as refused:
            attempt()
        codes.append(refused.value.refusal.code)
    assert codes == ["people.not_manager"] * 5


def test_changing_a_goal_keeps_what_readings_measure(make_goal, owner, at):
    goal = make_goal()
    services.record_reading(goal_id=goal.pk, on=at.date(), value=Decimal(190), actor=owner, at=at)
    changed = services.change_goal(goal_id=goal.pk, actor=owner, at=at, **everything(goal, target=Decimal(160)))
    with pytest.raises(RefusedError) as refused:
        services.change_goal(goal_id=goal.pk, actor=owner, at=at, **everything(goal, metric="Another"))
    assert (changed.target, refused.value.refusal.code) == (Decimal(160), "strategy.measured")


def test_changing_a_goal_to_no_goal_is_refused(make_goal, owner, at):
    goal = make_goal()
    with pytest.raises(RefusedError) as refused:
        services.change_goal(goal_id=goal.pk, actor=owner, at=at, **everything(goal, target=goal.baseline))
    assert refused.value.refusal.code == "strategy.no_change"


def test_changing_a_goal_takes_all_fields_and_no_others(make_goal, owner, at):
    goal = make_goal()
    with pytest.raises(TypeError, match=r"\['colour'\]"):
        services.change_goal(goal_id=goal.pk, actor=owner, at=at, **everything(goal, colour="red"))


def test_the_second_reading_of_a_day_replaces_the_first(make_goal, owner, at):
    goal = make_goal()
    for value, note in ((190, "typed wrong"), (189, "corrected")):
        services.record_reading(goal_id=goal.pk, on=at.date(), value=Decimal(value), actor=owner, at=at, note=note)
    assert list(GoalReading.objects.values_list("value", "note")) == [(Decimal(189), "corrected")]


def test_a_reading_of_tomorrow_is_refused(make_goal, owner, at):
    with pytest.raises(RefusedError) as refused:
        services.record_reading(goal_id=make_goal().pk, on=date(2026, 3, 3), value=Decimal(1), actor=owner, at=at)
    assert (refused.value.refusal.code, GoalReading.objects.count()) == ("strategy.future_reading", 0)


def test_a_goal_is_closed_and_reopened(make_goal, owner, at, heard):
    goal = make_goal()
    closed = services.close_goal(goal_id=goal.pk, actor=owner, at=at)
    reopened = services.reopen_goal(goal_id=goal.pk, actor=owner, at=at)
    assert (closed.closed_at, reopened.closed_at, heard[1:]) == (at, None, [GoalClosed(goal_id=goal.pk, at=at)])


def test_a_goal_is_not_closed_twice_nor_an_open_one_reopened(make_goal, owner, at):
    goal, codes = make_goal(), []
    with pytest.raises(RefusedError) as refused:
        services.reopen_goal(goal_id=goal.pk, actor=owner, at=at)
    codes.append(refused.value.refusal.code)
    services.close_goal(goal_id=goal.pk, actor=owner, at=at)
    with pytest.raises(RefusedError) as refused:
        services.close_goal(goal_id=goal.pk, actor=owner, at=at)
    assert [*codes, refused.value.refusal.code] == ["strategy.not_closed", "strategy.closed"]
