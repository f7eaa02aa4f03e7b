"""Transfers through their services: who may, what crosses in which direction, and what is written once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from permea.agreements.models import Agreement
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.people.queries import erasure_lines_of, personal_data_of
from permea.people.services.memberships import seat
from permea.projects import queries, services, tasks
from permea.projects.models import Transfer, TransferStep
from tests.cast import AT
from tests.projects.conftest import cover, states_of

DAY = timedelta(days=1)
pytestmark = pytest.mark.services


def refused(call, *args, **told):
    with pytest.raises(RefusedError) as error:
        call(*args, **told)
    return error.value.refusal.code


def crossings(transfer):
    rows = Crossing.objects.filter(subject_key=transfer.key).order_by("number")
    return [(one.kind.removeprefix("transfer."), one.direction) for one in rows]


def test_a_record_begins_with_what_is_usual_in_its_language_and_is_begun_once(
    make_transfer, organisation, owner, campus, member, stranger
):
    made = make_transfer(is_covered=False, kind="material", language="de")
    again = make_transfer(is_covered=False, kind="material", language="de")
    assert (made, Transfer.objects.count(), made.items.count(), made.points.count()) == (again, 1, 6, 6)
    assert TransferStep.objects.get().what == "begun"
    content = services.TransferInput(
        title="x", about="x", partner=campus, direction="in", kind="software", level=1
    )  # fmt: skip
    for actor in (member, stranger):
        begin = services.begin_transfer
        assert refused(begin, organisation=organisation, content=content, actor=actor, at=AT) == "people.not_manager"


def test_nothing_is_shown_or_handed_over_without_a_living_agreement_about_it(make_transfer, owner, solver, bring):
    made = make_transfer(is_covered=False)
    told = {"transfer_id": made.pk, "at": AT}
    assert refused(services.show_transfer, **told, actor=owner) == "projects.no_agreement"
    agreement = cover(made, subject="elsewhere")
    assert refused(services.show_transfer, **told, actor=owner) == "projects.other_subject"
    Agreement.objects.update(is_about_everything=True)
    made.refresh_from_db()
    assert queries.terms_of(made, AT).covered is None
    Agreement.objects.update(is_about_everything=False)
    agreement.subjects.update(subject_key=made.key)
    services.show_transfer(**told, actor=owner)
    assert refused(services.show_transfer, **told, actor=owner) == "projects.shown"
    bring(made, "handing")
    agreement.ended_at = AT
    agreement.save()
    one = {made.items.first().key: services.ItemSaid("handed")}
    assert refused(services.say_items, **told, said=one, actor=owner) == "projects.agreement_not_live"
    assert refused(services.add_item, **told, name="A cable", actor=solver) == "projects.no_side"
    assert (states_of(made), crossings(made)) == (["open"] * 6, [("shown", "out"), ("handing", "out")])


@pytest.mark.parametrize(("direction", "given", "taken"), [("out", "out", "in"), ("in", "in", "out")])
def test_every_hand_over_crosses_in_its_direction_and_the_word_goes_back(
    make_transfer, owner, solver, bring, direction, given, taken
):
    made = bring(make_transfer(direction), "testing")
    giver, taker = (owner, solver) if direction == "out" else (solver, owner)
    told = {"transfer_id": made.pk, "at": AT}
    measured = {made.criteria.get().key: services.Measured("60", is_passed=False)}
    assert refused(services.measure, **told, said=measured, actor=giver) == "projects.receiver_fills"
    assert services.measure(**told, said=measured, actor=taker) == 1
    assert services.measure(**told, said=measured, actor=taker) == 0
    word = {"verdict": "refused", "note": "It drops them."}
    assert refused(services.judge, **told, **word, actor=giver) == "projects.receiver_judges"
    services.judge(**told, **word, actor=taker)
    assert refused(services.judge, **told, **word, actor=taker) == "projects.not_in_test"
    services.move(**told, to="handing", actor=giver)
    made.refresh_from_db()
    again = made.criteria.get()
    assert (made.verdict, made.verdict_at, again.measured, again.is_passed) == ("", None, "", None)
    assert crossings(made) == [
        ("shown", "out"), ("handing", given), *[("item_handed", given)] * 6, ("testing", given), ("refused", taken),
        ("handing", given),
    ]  # fmt: skip
    assert set(Crossing.objects.filter(subject_key=made.key).values_list("terms_key", "depth")) == {
        (made.agreement.key, "room")
    }
    steps = list(made.steps.order_by("pk").values_list("what", "facts", "is_firm"))
    assert steps[4] == ("refused", {"passed": 0, "criteria": 1}, taker == owner)


def test_the_receiving_side_gets_help_until_the_promised_day_and_both_are_reminded_once(
    make_transfer, owner, solver, bring
):
    made = bring(make_transfer(), "accepted")
    told = {"transfer_id": made.pk, "at": AT}
    assert refused(services.move, **told, to="support", actor=owner) == "projects.no_window"
    today = AT.date()
    window = {"start": today, "until": today + 60 * DAY, "contact": "Ida", "hours": "8 to 16"}
    assert refused(services.promise_support, **told, **window, actor=solver) == "projects.giver_fills"
    services.promise_support(**told, **window, actor=owner)
    services.promise_support(**told, **{**window, "contact": "Ivo"}, actor=owner)
    services.move(**told, to="support", actor=owner)
    Mail.objects.all().delete()
    for days in (45, 46, 46, 50):
        tasks.remind_of_support(AT + days * DAY)
    services.remind(transfer_id=made.pk, at=AT + 50 * DAY)
    told_of = list(Mail.objects.order_by("pk").values_list("kind", "person__name"))
    assert told_of == [("transfer_news", "Olga Owner"), ("transfer_news", "Sam Solver")]
    assert refused(services.move, **told, to="done", actor=owner) == "projects.support_promised"
    services.move(**told, to="done", actor=solver)
    made.refresh_from_db()
    assert (made.state, made.support_contact, crossings(made)[-1]) == ("done", "Ivo", ("done", "in"))
    assert refused(services.add_point, **told, name="A desk", actor=solver) == "projects.done"


def test_what_is_done_after_the_agreement_is_over_is_no_crossing_and_reaches_nobody_outside(
    make_transfer, owner, solver, bring
):
    made = bring(make_transfer("in"), "accepted")
    services.plan_session(transfer_id=made.pk, on=AT.date(), topic="Grip", actor=solver, at=AT)
    made.agreement.ended_at = AT
    made.agreement.save()
    n_crossings = len(crossings(made))
    Mail.objects.all().delete()
    told = {"transfer_id": made.pk, "actor": owner, "at": AT}
    services.hold_sessions(**told, people={made.sessions.get().key: "Max"})
    services.change_transfer(**told, content=change(made, title="Softer gripper"))
    services.move(**told, to="done")
    assert (len(crossings(made)), Mail.objects.count()) == (n_crossings, 0)


def change(made, **content):
    now = {name: getattr(made, name) for name in ("title", "about", "purpose", "agreement", "item_key")}
    return services.ChangeInput(**{**now, **content})


def test_the_firm_changes_words_and_agreement_and_the_log_says_what(make_transfer, owner, member, solver, bring):
    made = make_transfer()
    told = {"transfer_id": made.pk, "at": AT}
    services.change_transfer(**told, content=change(made), actor=owner)
    services.change_transfer(**told, content=change(made, title="Harder gripper", item_key="i"), actor=owner)
    step = made.steps.get(what="changed")
    assert (step.facts, crossings(made)[-1]) == ({"changed": ["title", "item_key"]}, ("changed", "out"))
    for actor in (member, solver):
        said = change(made, title="x")
        assert refused(services.change_transfer, **told, content=said, actor=actor) == "people.not_manager"
    Transfer.objects.filter(pk=made.pk).update(state="done")
    assert refused(services.change_transfer, **told, content=change(made), actor=owner) == "projects.done"
    hidden = make_transfer(is_shown=False, title="Another")
    services.change_transfer(transfer_id=hidden.pk, content=change(hidden, about="Less."), actor=owner, at=AT)
    assert crossings(hidden) == []


def test_the_giving_side_states_the_level_and_the_firm_until_it_is_shown(make_transfer, owner, solver):
    made = make_transfer("in", is_shown=False)
    told = {"transfer_id": made.pk, "at": AT}
    services.state_level(**told, level=5, basis="Two pilots", actor=owner)
    services.show_transfer(**told, actor=owner)
    assert refused(services.state_level, **told, level=9, basis="", actor=owner) == "projects.giver_fills"
    for _twice in range(2):
        services.state_level(**told, level=4, basis="One pilot", actor=solver)
    assert list(made.steps.filter(what="level").order_by("pk").values_list("facts", "note", "is_firm")) == [
        ({"level": 5, "before": 6}, "Two pilots", True), ({"level": 4, "before": 5}, "One pilot", False),
    ]  # fmt: skip
    assert crossings(made) == [("shown", "out"), ("level_stated", "in")]


def test_lists_grow_once_by_what_is_added_and_only_by_their_side(make_transfer, owner, solver):
    made = make_transfer()
    told = {"transfer_id": made.pk, "at": AT}
    for _twice in range(2):
        services.add_item(**told, name=" A cable ", actor=solver)
        services.add_point(**told, name="A desk", actor=solver)
        services.plan_session(**told, on=AT.date(), topic="Grip", actor=owner)
    services.add_criterion(**told, name="It grips", target="90", actor=solver)
    services.add_criterion(**told, name="It grips", target="95", actor=solver)
    assert refused(services.add_criterion, **told, name="x", target="x", actor=owner) == "projects.receiver_fills"
    assert refused(services.add_point, **told, name="x", actor=owner) == "projects.receiver_fills"
    plan = {"on": AT.date(), "topic": "x"}
    assert refused(services.plan_session, **told, **plan, actor=solver) == "projects.giver_fills"
    assert [made.items.count(), made.points.count(), made.sessions.count()] == [7, 7, 1]
    assert (made.items.last().name, made.items.last().number, made.criteria.get().target) == ("A cable", 7, "95")


def test_each_row_is_said_once_with_who_and_when(make_transfer, owner, solver, bring):
    made = bring(make_transfer(), "handing")
    told = {"transfer_id": made.pk, "at": AT}
    first, second = made.items.order_by("number")[:2]
    said = {first.key: services.ItemSaid("handed"), second.key: services.ItemSaid("missing", " Next week "), "x": None}
    assert [services.say_items(**told, said=said, actor=owner) for _twice in range(2)] == [2, 0]
    note = {first.key: services.ItemSaid("handed", "On a stick")}
    services.say_items(**told, said=note, actor=owner)
    second.refresh_from_db()
    assert (second.note, second.said_by, second.said_at) == ("Next week", owner, AT)
    assert [kind for kind, _way in crossings(made)].count("item_handed") == 1
    services.plan_session(**told, on=AT.date(), topic="Grip", actor=owner)
    session = made.sessions.get()
    for people in ("Max", "Max, Ida", "Max, Ida"):
        services.hold_sessions(**told, people={session.key: people}, actor=solver)
    session.refresh_from_db()
    assert (session.people, session.is_done, crossings(made)[-1]) == ("Max, Ida", True, ("training_held", "out"))
    assert [kind for kind, _way in crossings(made)].count("training_held") == 1
    point = made.points.first()
    ready = {point.key: services.PointSaid("Ida", Decimal(900), is_ready=True)}
    assert [services.say_points(**told, said=ready, actor=solver) for _twice in range(2)] == [1, 0]
    point.refresh_from_db()
    assert (point.owner, point.budget, point.is_ready, point.said_by) == ("Ida", 900, True, solver)


def test_only_people_whom_the_agreement_binds_stand_on_the_partners_side(
    make_transfer, make_person, owner, member, evaluator, solver, campus, bring
):
    made = make_transfer()
    colleague = make_person("cleo@campus.example", "Cleo Colleague")
    seat(person=colleague, organisation=campus, role="member", at=AT)
    people = (owner, member, evaluator, solver, colleague, make_person())
    terms = queries.terms_of(made, AT)
    found = [queries.side_of(person, made, terms) for person in people]
    assert [one and (one.is_firm, one.may_bind) for one in found] == [
        (True, True), (True, False), None, (False, True), (False, False), None,
    ]  # fmt: skip
    made.agreement.parties.update(organisation=None, person=solver)
    terms = queries.terms_of(made, AT)
    assert [queries.side_of(person, made, terms) is not None for person in (solver, colleague)] == [True, False]
    assert queries.people_of(made, is_firm=False, at=AT) == [solver]
    listed = [queries.own_transfers(person, AT).rows for person in (solver, colleague, owner)]
    assert [len(rows) for rows in listed] == [1, 0, 0]
    campus.memberships.filter(person=solver).update(ended_at=AT)
    made.agreement.parties.update(person=solver)
    terms = queries.terms_of(made, AT)
    assert (terms.covered.code, queries.side_of(solver, made, terms)) == ("projects.other_party", None)
    made.agreement.parties.update(organisation=campus, person=None)
    assert queries.side_of(solver, made, queries.terms_of(made, AT)) is None


def test_a_person_sees_what_they_wrote_and_what_stays_of_it(make_transfer, owner, solver, stranger, bring):
    made = make_transfer()
    services.plan_session(transfer_id=made.pk, on=AT.date(), topic="Grip", actor=owner, at=AT)
    bring(made, "accepted")
    point = {made.points.first().key: services.PointSaid("Ida", None, is_ready=True)}
    services.say_points(transfer_id=made.pk, said=point, actor=solver, at=AT)
    ours, theirs = personal_data_of(owner), personal_data_of(solver)
    assert [len(ours[name]) for name in ("transfer_steps", "transfer_items", "transfer_sessions")] == [4, 6, 1]
    assert [len(theirs[name]) for name in ("transfer_steps", "transfer_criteria", "transfer_readiness")] == [1, 1, 1]
    lines = [queries.erasure_lines(person).stays for person in (owner, solver, stranger)]
    assert [len(line) for line in lines] == [1, 1, 0]
    assert lines[0][0] in erasure_lines_of(owner).stays


def test_only_managers_take_the_list_along(organisation, make_transfer, owner, member):
    make_transfer()
    told = {"organisation": organisation, "table": "a\n", "n_rows": 1, "at": AT}
    assert refused(services.export_transfers, **told, actor=member) == "people.not_manager"
    assert services.export_transfers(**told, actor=owner) == b"a\n"
    assert Crossing.objects.filter(kind="transfer.list_exported").count() == 1


def test_a_transfer_of_which_nothing_is_handed_over_is_dropped_once_and_then_only_read(
    make_transfer, owner, member, solver, bring
):
    made = make_transfer()
    told = {"transfer_id": made.pk, "at": AT}
    Mail.objects.all().delete()
    codes = [
        refused(services.drop, **told, reason="No money.", actor=member),
        refused(services.drop, **told, reason="No money.", actor=solver),
        refused(services.drop, **told, reason=" ", actor=owner),
    ]
    assert codes == ["projects.not_binding", "projects.not_yours", "projects.no_reason"]
    for _twice in range(2):
        services.drop(**told, reason=" No money. ", actor=owner)
    assert refused(services.drop, **told, reason="Another.", actor=owner) == "projects.dropped"
    made.refresh_from_db()
    steps = list(made.steps.filter(what="dropped").values_list("note", "is_firm", "by"))
    assert (made.state, steps) == ("dropped", [("No money.", True, owner.pk)])
    assert [one for one in crossings(made) if one[0] == "dropped"] == [("dropped", "out")]
    assert list(Mail.objects.values_list("kind", "person__name", "subject")) == [
        ("transfer_news", "Sam Solver", "Dropped: the transfer “Soft gripper”")
    ]
    for call, actor, code in (
        (services.change_transfer, owner, "projects.dropped"),
        (services.add_point, solver, "projects.dropped"),
        (services.add_item, solver, "projects.fixed"),
        (services.show_transfer, owner, "projects.dropped"),
        (services.move, owner, "projects.elsewhere"),
    ):
        more = {
            "change_transfer": {"content": change(made, title="x")}, "move": {"to": "handing"}, "show_transfer": {},
        }.get(call.__name__, {"name": "x"})  # fmt: skip
        assert refused(call, **told, **more, actor=actor) == code
    begun = bring(make_transfer(title="Another"), "handing")
    assert refused(services.drop, transfer_id=begun.pk, reason="x", actor=owner, at=AT) == "projects.begun"


def test_a_record_that_the_partner_does_not_see_is_dropped_without_telling_anybody(make_transfer, owner, solver):
    hidden, uncovered = make_transfer(is_shown=False), make_transfer(title="Another")
    uncovered.agreement.parties.all().delete()
    Mail.objects.all().delete()
    for made in (hidden, uncovered):
        services.drop(transfer_id=made.pk, reason="No money.", actor=owner, at=AT)
    assert refused(services.state_level, transfer_id=hidden.pk, level=3, basis="", actor=owner, at=AT) in {
        "projects.fixed", "projects.dropped",
    }  # fmt: skip
    assert (crossings(hidden), crossings(uncovered), Mail.objects.count()) == ([], [("shown", "out")], 0)
