"""Who sees which goals."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import Http404

from permea.strategy import queries, services


def test_people_inside_see_the_goals_and_nobody_else_does(
    make_goal, organisation, owner, member, solver, other_owner, other_organisation, at
):
    make_goal()
    seen = [len(queries.goals_of(actor, organisation, at)) for actor in (owner, member, solver, other_owner)]
    assert seen == [1, 1, 0, 0]


def test_open_goals_come_first_by_target_day(make_goal, organisation, owner, at):
    late, early, gone = make_goal(target_on=date(2029, 1, 1)), make_goal(), make_goal(target_on=date(2027, 1, 1))
    services.close_goal(goal_id=gone.pk, actor=owner, at=at)
    cards = queries.goals_of(owner, organisation, at)
    assert ([card.goal for card in cards], list(queries.open_goals_of(owner, organisation))) == (
        [early, late, gone],
        [early, late],
    )


def test_cards_count_challenges_and_say_who_may_change(make_goal, make_challenge, organisation, owner, member, at):
    goal = make_goal()
    for _round in range(2):
        make_challenge(goal=goal)
    mine, seen = queries.goals_of(owner, organisation, at)[0], queries.goals_of(member, organisation, at)[0]
    assert (mine.n_challenges, mine.change_blocked, seen.change_blocked.code) == (2, None, "people.not_manager")


def test_the_cards_take_as_many_queries_for_three_goals_as_for_one(
    make_goal, organisation, owner, at, django_assert_num_queries
):
    make_goal()
    queries.goals_of(owner, organisation, at)
    with django_assert_num_queries(2):
        queries.goals_of(owner, organisation, at)
    for _round in range(2):
        goal = make_goal()
        services.record_reading(goal_id=goal.pk, on=at.date(), value=Decimal(1), actor=owner, at=at)
    with django_assert_num_queries(2):
        queries.goals_of(owner, organisation, at)


def test_a_goal_of_another_organisation_does_not_exist(make_goal, other_owner, other_organisation, member):
    goal = make_goal()
    for find, actor in ((queries.goal_for, other_owner), (queries.managed_goal, member)):
        with pytest.raises(Http404):
            find(actor, goal.key)
    assert queries.goal_for(member, goal.key) == goal


def test_the_page_holds_the_line_from_the_baseline_on(make_goal, owner, at):
    goal = make_goal()
    for day, value in ((date(2026, 2, 1), 195), (date(2026, 3, 1), 190)):
        services.record_reading(goal_id=goal.pk, on=day, value=Decimal(value), actor=owner, at=at)
    page = queries.goal_page(owner, goal, at)
    assert (page.line, page.plan[-1], page.close_blocked) == (
        [(date(2026, 1, 1), 200), (date(2026, 2, 1), 195), (date(2026, 3, 1), 190)],
        (date(2028, 1, 1), 170),
        None,
    )
