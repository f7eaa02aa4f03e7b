"""Pages of goals, and the API."""

from decimal import Decimal

import pytest
from django.urls import reverse

from permea.strategy import services
from permea.strategy.models import Goal, GoalReading
from permea.surface.testing import assert_page_ok

WHOLE = {
    "title": "Produce at lower cost",
    "kind": "process",
    "metric": "Cost per unit",
    "unit": "EUR",
    "baseline": "200",
    "baseline_on": "2026-01-01",
    "target": "170",
    "target_on": "2028-01-01",
    "outside_share": "50",
}


def entered(page, name):
    return [field.attributes.get("value") for field in page.all("input") if field.attributes.get("name") == name]


def test_no_goal_yet_teaches_the_next_step(client_of, owner, organisation, member):
    pages = [assert_page_ok(client_of(person).get(reverse("strategy:goals"))) for person in (owner, member)]
    assert [
        (page.text.count("No goal yet"), reverse("strategy:new_goal") in str([a.attributes for a in page.all("a")]))
        for page in pages
    ] == [(1, True), (1, False)]


def test_the_list_shows_progress(client_of, owner, make_goal, at):
    goal = make_goal()
    services.record_reading(goal_id=goal.pk, on=at.date(), value=Decimal(185), actor=owner, at=at)
    page = assert_page_ok(client_of(owner).get(reverse("strategy:goals")))
    assert ("50" in page.text, "(n = 1)" in page.text, "too few readings to tell" in page.text) == (True, True, True)


def test_a_goal_is_set_on_its_page(client_of, owner, organisation):
    browser = client_of(owner)
    assert_page_ok(browser.get(reverse("strategy:new_goal")))
    answer = browser.post(reverse("strategy:new_goal"), {**WHOLE, "owner": owner.key}, follow=True)
    assert (assert_page_ok(answer).all("h1")[0].text, Goal.objects.get().owner) == (WHOLE["title"], owner)


@pytest.mark.parametrize(
    ("wanted", "arrives"),
    [("/challenges/abc/edit/goal/", "/challenges/abc/edit/goal/"), ("https://elsewhere.example/", "/plan/goals/")],
)
def test_who_came_from_a_draft_goes_back_to_it(client_of, owner, organisation, wanted, arrives):
    address = reverse("strategy:new_goal", query={"next": wanted})
    answer = client_of(owner).post(address, {**WHOLE, "owner": owner.key})
    assert (answer.status_code, answer["Location"].startswith(arrives)) == (302, True)


def test_what_a_goal_needs_is_not_called_optional(client_of, owner, organisation):
    browser = client_of(owner)
    answers = [browser.get(reverse("strategy:new_goal")), browser.post(reverse("strategy:new_goal"), {"title": "x"})]
    assert ["optional" in answer.content.decode() for answer in answers] == [False, False]


@pytest.mark.parametrize(
    ("changed", "said"), [({"baseline": ""}, "needs a baseline"), ({"target": "200"}, "nothing to reach")]
)
def test_what_makes_no_goal_is_refused_and_what_was_typed_stays(client_of, owner, organisation, changed, said):
    answer = client_of(owner).post(reverse("strategy:new_goal"), {**WHOLE, "owner": owner.key, **changed})
    page = assert_page_ok(answer, status=409)
    assert (said in page.text, entered(page, "metric"), Goal.objects.count()) == (True, ["Cost per unit"], 0)


def test_a_form_that_makes_no_sense_stays_with_its_errors(client_of, owner, organisation):
    answer = client_of(owner).post(reverse("strategy:new_goal"), {**WHOLE, "owner": owner.key, "target": "much"})
    page = assert_page_ok(answer, status=422)
    assert (entered(page, "target"), "What you typed is still here" in page.text) == (["much"], True)


def test_a_goal_is_changed_and_a_refusal_is_shown(client_of, owner, make_goal, at):
    goal, browser = make_goal(), client_of(owner)
    address = reverse("strategy:edit_goal", args=[goal.key])
    assert entered(assert_page_ok(browser.get(address)), "baseline") == ["200.0000"]
    changed = browser.post(address, {**WHOLE, "owner": owner.key, "target": "160"})
    services.record_reading(goal_id=goal.pk, on=at.date(), value=Decimal(185), actor=owner, at=at)
    refused = browser.post(address, {**WHOLE, "owner": owner.key, "metric": "Another"})
    goal.refresh_from_db()
    assert (changed.status_code, refused.status_code, goal.target, goal.metric) == (302, 409, 160, "Cost per unit")


def test_a_reading_is_recorded_and_shown(client_of, owner, make_goal):
    goal, browser = make_goal(), client_of(owner)
    address = reverse("strategy:add_reading", args=[goal.key])
    answer = browser.post(address, {"on": "2026-03-01", "value": "195.5", "note": "controlling"}, follow=True)
    assert "195.5" in assert_page_ok(answer).text
    wrong = assert_page_ok(browser.post(address, {"on": "2026-03-01", "value": "x"}), status=422)
    late = assert_page_ok(browser.post(address, {"on": "2026-03-03", "value": "1"}), status=409)
    assert (entered(wrong, "value"), "cannot lie in the future" in late.text, GoalReading.objects.count()) == (
        ["x"],
        True,
        1,
    )


def test_a_goal_is_closed_and_reopened_on_its_page(client_of, owner, make_goal):
    goal, browser = make_goal(), client_of(owner)
    answers = [
        browser.post(reverse(f"strategy:{action}", args=[goal.key])).status_code
        for action in ("close", "close", "reopen", "reopen")
    ]
    assert_page_ok(browser.get(reverse("strategy:goal", args=[goal.key])))
    assert answers == [302, 409, 302, 409]


def test_a_closed_goal_keeps_its_history_and_offers_to_be_reopened(client_of, owner, make_goal, at):
    goal = make_goal()
    services.close_goal(goal_id=goal.pk, actor=owner, at=at)
    browser = client_of(owner)
    pages = [
        assert_page_ok(browser.get(address))
        for address in (reverse("strategy:goal", args=[goal.key]), reverse("strategy:goals"))
    ]
    assert ("Reopen this goal" in pages[0].text, "closed" in pages[1].text) == (True, True)


@pytest.mark.parametrize("who", ["member", "evaluator"])
def test_people_who_do_not_manage_read_and_do_not_write(request, client_of, who, make_goal):
    goal, browser = make_goal(), client_of(request.getfixturevalue(who))
    read = assert_page_ok(browser.get(reverse("strategy:goal", args=[goal.key])))
    written = [
        browser.get(reverse("strategy:new_goal")),
        browser.get(reverse("strategy:edit_goal", args=[goal.key])),
        browser.post(reverse("strategy:add_reading", args=[goal.key])),
        browser.post(reverse("strategy:close", args=[goal.key])),
    ]
    assert ([answer.status_code for answer in written], "Record a reading" in read.text) == ([404] * 4, False)


def test_another_organisation_finds_nothing(client_of, make_goal, other_owner, other_organisation):
    goal, browser = make_goal(), client_of(other_owner)
    answers = [browser.get(reverse(f"strategy:{name}", args=[goal.key])) for name in ("goal", "edit_goal")]
    answers += [
        browser.post(reverse(f"strategy:{name}", args=[goal.key])) for name in ("add_reading", "close", "reopen")
    ]
    assert [answer.status_code for answer in answers] == [404] * 5


def test_the_api_lists_the_goals_of_ones_organisations(client_of, owner, member, solver, make_goal, at):
    goal = make_goal()
    services.record_reading(goal_id=goal.pk, on=at.date(), value=Decimal(185), actor=owner, at=at)
    mine, seen, none = (client_of(person).get("/api/goals").json() for person in (owner, member, solver))
    assert (mine == seen, none, mine[0]["key"], mine[0]["done"], mine[0]["verdict"], mine[0]["latest_on"]) == (
        True,
        [],
        goal.key,
        0.5,
        "too_few",
        "2026-03-02",
    )
