"""What of equipment and placements waits for a side stands on Today, and on the page of a partner."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from permea.campus import rules, services
from permea.people.models import Membership
from permea.people.queries import partner_roles_of, role_in
from permea.surface.registry import partner_items, today_items
from tests.campus.conftest import DAY, FIRST, START
from tests.cast import AT

pytestmark = pytest.mark.services


def told(items, kind):
    return [(one.title, one.detail, one.url, one.due_at) for one in items if one.kind == kind]


def of_partner(person, at=AT, kind="equipment"):
    return told(partner_items(person, partner_roles_of(person), at), kind)


def of_firm(person, organisation, at=AT, kind="equipment"):
    return told(today_items(person, organisation, role_in(person, organisation.pk), at), kind)


def test_a_booking_waits_for_the_owner_of_the_equipment_and_hours_for_the_other_side(
    make_equipment, book, organisation, campus, owner, member, solver, stranger
):
    made = book(make_equipment(), solver)
    asks = [("Microscope", "Campus asks for a time.", f"/bookings/{made.key}/", START)]
    assert [of_firm(one, organisation) for one in (owner, member)] == [asks, []]
    assert (of_partner(solver), of_partner(stranger)) == ([], [])
    told = {"booking_id": made.pk, "at": AT}
    services.answer_booking(**told, is_yes=True, reason="", actor=owner)
    assert of_firm(owner, organisation) == []
    over = START + DAY
    services.say_hours(booking_id=made.pk, minutes=90, actor=owner, at=over)
    ((_title, detail, _url, due_at),) = of_partner(solver, over)
    assert (detail, due_at, of_firm(owner, organisation, over)) == (
        "Hours of the booking by Campus wait for you to agree.", None, [],
    )  # fmt: skip
    Membership.objects.filter(person=solver, organisation=campus).update(role="member")
    assert of_partner(solver, over) == []


def test_a_booking_of_what_a_partner_owns_waits_for_the_partner_while_it_is_shared(
    make_equipment, book, organisation, campus, owner, solver
):
    equipment = make_equipment(belongs_to=campus)
    book(equipment, owner)
    assert [len(of_partner(solver)), of_firm(owner, organisation)] == [1, []]
    agreement = equipment.sharings.get().agreement
    agreement.ended_at = AT
    agreement.save()
    assert of_partner(solver) == []


def test_a_placement_waits_for_a_student_for_the_firms_answer_and_for_the_outcome_to_be_agreed(
    make_placement, make_reported, organisation, campus, owner, member, solver, stranger
):
    offered, begins = make_placement(title="Offered"), datetime.combine(FIRST, time(), UTC)
    named, running = make_placement("named", title="Named"), make_reported(title="Running")
    asks = [("Offered", "You are offered this placement for a student.", f"/placements/{offered.key}/", begins)]
    answers = [("Named", "Sofia Student is named as the student.", f"/placements/{named.key}/", begins)]
    assert (of_partner(solver, kind="placement"), of_partner(stranger, kind="placement")) == (asks, [])
    assert [of_firm(one, organisation, kind="placement") for one in (owner, member)] == [answers, []]
    at = AT + 50 * DAY
    services.say_outcome(placement_id=running.pk, outcome=rules.Outcome(led_to_offer=True), actor=solver, at=at)
    titles = [one[0] for one in of_firm(owner, organisation, at, kind="placement")]
    assert (sorted(titles), [one[0] for one in of_partner(solver, at, kind="placement")]) == (
        ["Named", "Running"], ["Offered"],
    )  # fmt: skip
    offered.agreement.ended_at = AT
    offered.agreement.save()
    assert of_partner(solver, kind="placement") == []
