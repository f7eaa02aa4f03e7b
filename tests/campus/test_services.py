"""Equipment is shared under an agreement, booked, answered, used and charged; nothing without one."""

from __future__ import annotations

from datetime import date

import pytest

from permea.campus import queries, services
from permea.campus.models import Booking, Equipment, Introduction, Sharing
from permea.campus.rules import Asked, cost_of
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing
from permea.notifications.models import Mail
from permea.people.services.memberships import seat
from tests.campus.conftest import DAY, HOUR, START
from tests.cast import AT

OVER = START + DAY


def refused(call, *args, **kwargs) -> str:
    """Return the code with which a call is refused."""
    with pytest.raises(RefusedError) as found:
        call(*args, **kwargs)
    return found.value.refusal.code


def crossings() -> list[tuple[str, str]]:
    rows = Crossing.objects.filter(kind__startswith="equipment.").order_by("pk")
    return list(rows.values_list("kind", "direction"))


def mails() -> list[tuple[str, str]]:
    rows = Mail.objects.filter(kind__in=["booking_news", "equipment_shared"]).order_by("pk")
    return [(mail.person.name, mail.subject.partition(" ")[0]) for mail in rows.select_related("person")]


def said(**fields) -> services.EquipmentInput:
    return services.EquipmentInput(**{"name": "Microscope", "about": "It sees.", "place": "Hall 2", **fields})


def test_what_is_sent_twice_is_entered_once_and_what_differs_is_not(make_equipment):
    for content in ({}, {}, {"place": "Hall 3"}):
        make_equipment(is_shared=False, **content)
    make_equipment(is_shared=False, at=AT + HOUR)
    assert Equipment.objects.count() == 3


def test_only_who_manages_enters_equipment_and_it_opens_some_day(organisation, member, owner):
    told = {"organisation": organisation, "owner": organisation, "at": AT}
    assert (
        refused(services.enter_equipment, **told, content=said(), actor=member),
        refused(services.enter_equipment, **told, content=said(weekdays=()), actor=owner),
    ) == ("people.not_manager", "campus.never_open")


def test_sharing_is_a_crossing_and_tells_the_partner_once(make_equipment, owner, campus):
    made = make_equipment()
    agreement = Sharing.objects.get().agreement
    services.share_equipment(equipment_id=made.pk, partner=campus, agreement=agreement, actor=owner, at=AT)
    assert (crossings(), mails()) == ([("equipment.shown", "out")], [("Sam Solver", "Lindenhof")])


def test_another_agreement_can_be_named_and_has_to_hold(make_equipment, agree, owner, campus):
    made, told = make_equipment(), {"partner": campus, "actor": owner, "at": AT}
    over, newer = agree(campus, valid_from=AT - DAY, valid_until=AT), agree(campus, title="Newer")
    assert refused(services.share_equipment, equipment_id=made.pk, agreement=over, **told) == (
        "campus.agreement_not_live"
    )  # fmt: skip
    services.share_equipment(equipment_id=made.pk, agreement=newer, **told)
    assert Sharing.objects.get().agreement == newer


def test_a_partner_changes_what_it_owns_once_it_is_shared(make_equipment, campus, owner, solver):
    made = make_equipment(belongs_to=campus)
    told = {"equipment_id": made.pk, "content": said(place="Hall 9", rate=4050), "at": AT}
    assert refused(services.change_equipment, **told, actor=owner) == "campus.not_owner"
    services.change_equipment(**told, actor=solver)
    services.change_equipment(**told, actor=solver)
    assert (Equipment.objects.get().place, crossings()[1:]) == ("Hall 9", [("equipment.changed", "in")])


def test_the_firm_changes_its_own_and_tells_only_whom_an_agreement_covers(make_equipment, owner):
    made = make_equipment()
    services.change_equipment(equipment_id=made.pk, content=said(rate=1), actor=owner, at=AT)
    Sharing.objects.get().agreement.__class__.objects.update(ended_at=AT)
    services.change_equipment(equipment_id=made.pk, content=said(rate=2), actor=owner, at=AT)
    assert (Equipment.objects.get().rate, crossings()[1:]) == (2, [("equipment.changed", "out")])


def test_a_stranger_stands_on_no_side(make_equipment, book, solver, stranger, evaluator):
    made = make_equipment()
    booking = book(made, solver)
    told = {"actor": stranger, "at": AT}
    assert {
        refused(book, made, stranger),
        refused(book, made, evaluator),
        refused(services.change_equipment, equipment_id=made.pk, content=said(), **told),
        refused(services.cancel_booking, booking_id=booking.pk, reason="No", **told),
    } == {"campus.no_side"}


def test_once_the_agreement_is_over_nothing_is_booked_confirmed_or_seen(
    make_equipment, agree, book, owner, solver, campus
):
    made = make_equipment()
    waiting = book(made, solver)
    agreement = Sharing.objects.get().agreement
    agreement.ended_at = AT
    agreement.save()
    told = {"booking_id": waiting.pk, "is_yes": True, "reason": "", "actor": owner, "at": AT}
    assert (
        refused(book, made, solver),
        refused(services.answer_booking, **told),
        queries.mine(solver, AT).opened,
        queries.own_confirmed(solver, AT),
        queries.people_of(made, campus, AT),
    ) == ("campus.no_side", "campus.agreement_not_live", [], [], [])


def test_a_booking_ends_before_the_agreement_does(make_equipment, book, solver, owner):
    made = make_equipment()
    Sharing.objects.get().agreement.__class__.objects.update(valid_until=START + HOUR)
    assert refused(book, made, solver) == "campus.agreement_not_live"
    Sharing.objects.get().agreement.__class__.objects.update(valid_until=None)
    booking = book(made, solver)
    Sharing.objects.get().agreement.__class__.objects.update(valid_until=START + HOUR)
    told = {"booking_id": booking.pk, "is_yes": True, "reason": "", "actor": owner, "at": AT}
    assert refused(services.answer_booking, **told) == "campus.agreement_not_live"


def test_the_firm_needs_an_agreement_to_use_what_a_partner_owns(make_equipment, campus, book, owner, agree):
    made = make_equipment(belongs_to=campus, is_shared=False)
    without = refused(book, made, owner)
    services.share_equipment(equipment_id=made.pk, partner=campus, agreement=agree(campus), actor=owner, at=AT)
    assert (without, book(made, owner).state) == ("campus.no_agreement", "asked")


def test_an_agreement_with_one_person_lets_in_that_person_alone(
    make_equipment, agree, campus, owner, solver, solver_two, book
):
    made = make_equipment(is_shared=False)
    seat(person=solver_two, organisation=campus, role="member", at=AT)
    agreement = agree(person=solver_two)
    services.share_equipment(equipment_id=made.pk, partner=campus, agreement=agreement, actor=owner, at=AT)
    assert (refused(book, made, solver), book(made, solver_two).asked_by) == ("campus.no_side", solver_two)
    assert (agreement, campus) in queries.agreements_to_name(made.organisation)


def test_an_agreement_with_a_person_of_nobody_names_no_partner(make_equipment, agree, stranger):
    made = make_equipment(is_shared=False)
    agree(person=stranger)
    assert queries.agreements_to_name(made.organisation) == []


def test_what_is_asked_for_is_confirmed_by_the_owner_and_told_once(make_equipment, book, owner, solver):
    booking = book(make_equipment(), solver)
    told = {"booking_id": booking.pk, "is_yes": True, "reason": "", "actor": owner, "at": AT}
    assert (refused(services.answer_booking, **{**told, "actor": solver}), booking.state) == (
        "campus.not_owner",
        "asked",
    )
    for _twice in range(2):
        services.answer_booking(**told)
    assert (Booking.objects.get().state, crossings()[1:], mails()[1:]) == (
        "confirmed", [("equipment.booked", "out")], [("Olga Owner", "Campus"), ("Sam Solver", "Confirmed:")],
    )  # fmt: skip


def test_the_same_booking_sent_twice_is_asked_for_once(make_equipment, book, solver):
    made = make_equipment()
    kept = [book(made, solver, **content).pk for content in ({}, {}, {"people": ("Grace",)}, {"at": AT + HOUR})]
    assert (kept[0] == kept[1], len(set(kept))) == (True, 3)


def test_a_refusal_says_why(make_equipment, book, owner, solver):
    booking = book(make_equipment(), solver)
    told = {"booking_id": booking.pk, "is_yes": False, "actor": owner, "at": AT}
    without = refused(services.answer_booking, **told, reason=" ")
    services.answer_booking(**told, reason=" Repairs ")
    booking.refresh_from_db()
    assert (without, booking.state, booking.reason) == ("campus.no_reason", "refused", "Repairs")


def test_the_owners_own_use_is_confirmed_at_once_costs_nothing_and_takes_the_time(make_equipment, book, owner, solver):
    made = make_equipment()
    own = book(made, owner)
    assert (own.state, own.rate, own.agreement, mails()[1:]) == ("confirmed", 0, None, [])
    assert (refused(book, made, solver, start=START + HOUR), book(made, solver, start=START + 2 * HOUR).state) == (
        "campus.taken", "asked",
    )  # fmt: skip


def test_of_two_that_overlap_one_is_confirmed(make_equipment, book, owner, solver):
    made = make_equipment()
    first, second = book(made, solver), book(made, solver, start=START + HOUR)
    told = {"is_yes": True, "reason": "", "actor": owner, "at": AT}
    services.answer_booking(booking_id=first.pk, **told)
    taken = refused(services.answer_booking, booking_id=second.pk, **told)
    services.cancel_booking(booking_id=first.pk, reason="Ill", actor=solver, at=AT)
    assert (taken, services.answer_booking(booking_id=second.pk, **told).state) == ("campus.taken", "confirmed")


def test_cancelling_twice_tells_the_other_side_once(make_equipment, book, owner, solver):
    booking = book(make_equipment(), solver)
    for _twice in range(2):
        services.cancel_booking(booking_id=booking.pk, reason="Ill", actor=solver, at=AT)
    late = refused(services.cancel_booking, booking_id=booking.pk, reason="Repairs", actor=owner, at=AT)
    assert (late, mails()[2:]) == ("campus.elsewhere", [("Olga Owner", "Cancelled")])


def test_who_asked_hears_nothing_once_they_see_nothing(make_equipment, book, owner, solver, campus):
    booking = book(make_equipment(), solver)
    Sharing.objects.get().agreement.__class__.objects.update(ended_at=AT)
    services.cancel_booking(booking_id=booking.pk, reason="It is over", actor=owner, at=AT)
    assert mails()[2:] == []


def test_only_who_was_introduced_can_be_named(make_equipment, book, owner, solver, campus, organisation):
    made = make_equipment(needs_introduction=True)
    told = {"equipment_id": made.pk, "organisation": campus, "at": AT}
    without = refused(book, made, solver)
    assert refused(services.introduce, **told, name="Ada", on=AT.date(), actor=solver) == "campus.not_owner"
    for name, day in (("Ada  Lovelace", 1), ("Grace", 1), ("ada lovelace", 2)):
        services.introduce(**told, name=name, on=date(2026, 3, day), actor=owner)
    kept = list(Introduction.objects.order_by("pk").values_list("name", "on"))
    assert (without, kept, book(made, solver, people=("ADA Lovelace",)).state) == (
        "campus.not_introduced", [("Ada Lovelace", date(2026, 3, 2)), ("Grace", date(2026, 3, 1))], "asked",
    )  # fmt: skip


def test_nobody_of_an_organisation_without_a_share_is_introduced(make_equipment, owner, make_partner, solver_two):
    made, other = make_equipment(), make_partner(solver_two, name="Elsewhere")
    told = {"name": "Ada", "on": AT.date(), "actor": owner, "at": AT}
    assert refused(services.introduce, equipment_id=made.pk, organisation=other, **told) == "campus.no_side"


def test_hours_are_said_by_one_side_corrected_and_agreed_by_the_other(make_used, owner, solver):
    booking = make_used()
    told = {"booking_id": booking.pk, "at": OVER}
    for _twice in range(2):
        services.say_hours(**told, minutes=120, actor=owner)
    assert refused(services.agree_hours, **told, minutes=120, actor=owner) == "campus.other_side_agrees"
    services.say_hours(**told, minutes=90, actor=solver)
    assert refused(services.agree_hours, **told, minutes=120, actor=owner) == "campus.elsewhere"
    for _twice in range(2):
        services.agree_hours(**told, minutes=90, actor=owner)
    booking.refresh_from_db()
    assert (str(cost_of(booking)), crossings()[2:], mails()[3:]) == (
        "60.75", [("equipment.used", "out")],
        [("Sam Solver", "Hours"), ("Olga Owner", "Hours"), ("Sam Solver", "Hours")],
    )  # fmt: skip


def test_a_booking_keeps_the_rate_it_was_asked_for_at(make_used, owner):
    booking = make_used()
    services.change_equipment(equipment_id=booking.equipment_id, content=said(rate=9900), actor=owner, at=AT)
    booking.refresh_from_db()
    assert booking.rate == 4050


def test_what_the_firm_uses_of_a_partner_crosses_inwards(make_equipment, campus, book, owner, solver):
    booking = book(make_equipment(belongs_to=campus), owner)
    services.answer_booking(booking_id=booking.pk, is_yes=True, reason="", actor=solver, at=AT)
    assert crossings()[1:] == [("equipment.booked", "in")]


def test_another_partner_can_neither_answer_nor_cancel(
    make_equipment, book, solver, solver_two, make_partner, agree, owner
):
    made, other = make_equipment(), make_partner(solver_two, name="Elsewhere")
    services.share_equipment(equipment_id=made.pk, partner=other, agreement=agree(other), actor=owner, at=AT)
    booking = book(made, solver)
    assert refused(services.cancel_booking, booking_id=booking.pk, reason="Mine", actor=solver_two, at=AT) == (
        "campus.no_side"
    )  # fmt: skip


def test_asked_of_a_booking_that_nothing_is_left_of(make_equipment, book, solver):
    made = make_equipment()
    booking = book(made, solver)
    services.cancel_booking(booking_id=booking.pk, reason="Ill", actor=solver, at=AT)
    again = services.ask_booking(
        equipment_id=made.pk, asked=Asked(START, START + 2 * HOUR, "Bruises", ("Ada",)), actor=solver, at=AT
    )
    assert again.pk != booking.pk


def test_what_is_held_about_a_person_is_theirs_to_read_and_told_before_they_go(
    make_used, owner, solver, stranger, campus
):
    booking = make_used()
    services.introduce(
        equipment_id=booking.equipment_id, organisation=campus, name="Ada", on=AT.date(), actor=owner, at=AT
    )  # fmt: skip
    found, none = queries.personal_data(owner), queries.personal_data(stranger)
    assert ([len(rows) for rows in found.values()], [len(rows) for rows in none.values()]) == ([1, 1, 1], [0, 0, 0])
    assert [len(queries.erasure_lines(one).stays) for one in (owner, solver, stranger)] == [1, 1, 0]


def test_what_is_signed_is_offered_before_what_is_only_negotiated(organisation, campus, agree):
    older, newer = agree(campus, title="Signed"), agree(campus, title="Talks", status="offered")
    assert queries.agreements_to_name(organisation) == [(older, campus), (newer, campus)]
