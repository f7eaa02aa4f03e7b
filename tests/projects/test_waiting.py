"""What of transfers waits for a side stands on Today, and on the page of a partner."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from permea.people.queries import partner_roles_of, role_in
from permea.people.services.memberships import seat
from permea.projects import services
from permea.projects.models import Transfer
from permea.surface.registry import partner_items, today_items
from tests.cast import AT

DAY = timedelta(days=1)
pytestmark = pytest.mark.services


@pytest.fixture
def waits(organisation, owner, member, evaluator, solver, colleague):
    """Return a function that says what waits for who manages the firm, its member, the partner's owner and member."""

    def read(at=AT):
        firm = [today_items(one, organisation, role_in(one, organisation.pk), at) for one in (owner, member, evaluator)]
        items = [*firm, *(partner_items(one, partner_roles_of(one), at) for one in (solver, colleague))]
        found = [next((one.action for one in some if one.kind == "transfer"), "") for some in items]
        assert found.pop(2) == ""
        return found

    return read


@pytest.fixture
def colleague(make_person, campus):
    made = make_person("cleo@campus.example", "Cleo Colleague")
    seat(person=made, organisation=campus, role="member", at=AT)
    return made


def test_each_step_waits_for_the_side_that_takes_it_and_for_who_may(make_transfer, waits, owner, solver):
    made = make_transfer(is_shown=False)
    told = {"transfer_id": made.pk, "at": AT}
    assert waits() == ["Look", "", "", ""]
    services.show_transfer(**told, actor=owner)
    assert waits() == ["Begin", "", "", ""]
    services.move(**told, to="handing", actor=owner)
    assert waits() == ["Hand over", "Hand over", "", ""]
    services.say_items(**told, said={one.key: services.ItemSaid("handed") for one in made.items.all()}, actor=owner)
    assert waits() == ["Have it tested", "", "", ""]
    services.add_criterion(**told, name="It grips", target="95", actor=solver)
    services.move(**told, to="testing", actor=owner)
    assert waits() == ["", "", "Measure", "Measure"]
    said = {made.criteria.get().key: services.Measured("97", is_passed=True)}
    services.measure(**told, said=said, actor=solver)
    assert waits() == ["", "", "Accept or refuse", ""]
    services.judge(**told, verdict="accepted", note="", actor=solver)
    assert waits() == ["Look", "Look", "", ""]
    window = {"start": AT.date(), "until": AT.date() + 60 * DAY, "contact": "Ida", "hours": ""}
    services.promise_support(**told, **window, actor=owner)
    assert waits() == ["Begin", "", "", ""]
    services.move(**told, to="support", actor=owner)
    assert waits() == ["", "", "", ""]
    assert waits(AT + 46 * DAY) == ["Look", "Look", "Look", "Look"]
    assert waits(AT + 61 * DAY) == ["", "", "Close it", ""]
    services.move(**told, to="done", actor=solver)
    assert waits(AT + 61 * DAY) == ["", "", "", ""]


def test_what_is_taken_over_waits_the_other_way_round_and_a_refusal_is_mended(make_transfer, waits, bring, owner):
    made = bring(make_transfer("in"), "refused", passed=False)
    assert waits() == ["", "", "Look", ""]
    services.change_transfer(
        transfer_id=made.pk, actor=owner, at=AT,
        content=services.ChangeInput(title="Softer", about=made.about, purpose="use", agreement=None),
    )  # fmt: skip
    assert waits() == ["", "", "", ""]  # nothing covers it any more, so the partner does not see it


def test_support_is_due_on_its_last_day_and_says_so(make_transfer, bring, organisation, owner):
    made = bring(make_transfer(), "accepted")
    until = AT.date() + 10 * DAY
    Transfer.objects.filter(pk=made.pk).update(state="support", support_from=AT.date(), support_until=until)
    (item,) = [one for one in today_items(owner, organisation, "owner", AT) if one.kind == "transfer"]
    assert (item.title, item.detail, item.due_at.date()) == (made.title, "Its support ends soon.", until)
    assert (item.due_at.hour, item.url) == (23, f"/transfers/{made.key}/")


def test_a_training_that_is_over_waits_for_who_was_taught(make_transfer, waits, owner, solver):
    made = make_transfer()
    Transfer.objects.filter(pk=made.pk).update(state="testing")
    services.plan_session(transfer_id=made.pk, on=AT.date() + DAY, topic="Grip", actor=owner, at=AT)
    assert waits() == ["", "", "Measure", "Measure"]
    Transfer.objects.filter(pk=made.pk).update(state="support", support_until=AT.date() + 90 * DAY)
    assert [waits(), waits(AT + DAY)] == [["", "", "", ""], ["", "", "Answer", "Answer"]]
    people = {made.sessions.get().key: "Max"}
    services.hold_sessions(transfer_id=made.pk, people=people, actor=solver, at=AT + DAY)
    assert waits(AT + DAY) == ["", "", "", ""]


def test_what_was_dropped_waits_for_nobody(make_transfer, waits, owner):
    made = make_transfer()
    services.plan_session(transfer_id=made.pk, on=AT.date(), topic="Grip", actor=owner, at=AT)
    services.drop(transfer_id=made.pk, reason="No money.", actor=owner, at=AT)
    assert waits(datetime(2026, 3, 9, tzinfo=AT.tzinfo)) == ["", "", "", ""]


def test_the_page_of_a_partner_asks_as_often_for_one_transfer_as_for_three(make_transfer, client_of, solver, bring):
    page, counts = client_of(solver), []
    for number in range(3):
        bring(make_transfer("in", title=f"Gripper {number}"), "handing")
        page.get("/partner/")
        with CaptureQueriesContext(connection) as captured:
            shown = page.get("/partner/").text
        counts.append((len(captured), shown.count("Items of the package are open")))
    assert [n_shown for _n_queries, n_shown in counts] == [1, 2, 3]
    assert len({n_queries for n_queries, _n_shown in counts}) == 1
