"""Both sides see the equipment and their bookings; the others that it is taken, and everybody else nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from permea.campus import services
from permea.campus.models import Booking, Equipment, Introduction, Sharing
from tests.campus.conftest import DAY, START
from tests.cast import AT

FORM = {
    "name": "Test rig", "about": "It pulls.", "place": "Hall 4", "users": "", "rate": "12.50", "currency": "EUR",
    "weekdays": ["0", "1"], "opens": "09:00", "closes": "17:00", "time_zone": "Europe/Berlin", "shortest": "0.5",
    "longest": "4", "notice": "0", "language": "en",
}  # fmt: skip
TIMES = {"start": "2026-03-05T10:00", "end": "2026-03-05T12:00", "purpose": "Bruises", "people": "Ada\nAda\n\nGrace"}


def page(window, address) -> str:
    response = window.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_equipment_is_entered_changed_and_shared(client_of, owner, organisation, campus, agree):
    window, agreement = client_of(owner), agree(campus)
    assert "No equipment yet." in page(window, "/equipment/")
    bad = window.post("/equipment/new/", {**FORM, "owner": organisation.key, "longest": "0.25"})
    never = window.post("/equipment/new/", {**FORM, "owner": organisation.key, "closes": "08:00"})
    window.post("/equipment/new/", {**FORM, "owner": organisation.key})
    made = Equipment.objects.get()
    assert (bad.status_code, never.status_code, made.rate, made.shortest, made.weekdays) == (422, 409, 1250, 30, [0, 1])
    address = f"/equipment/{made.key}/"
    assert "12.50" in page(window, f"{address}edit/")
    assert window.post(f"{address}edit/", {**FORM, "closes": "08:00"}).status_code == 409
    window.post(f"{address}edit/", {**FORM, "place": "Hall 5"})
    window.post(f"{address}share/", {"under": f"{agreement.key}-{campus.key}"})
    shown = page(window, address)
    assert ("Hall 5" in shown, "Visiting" in shown, Sharing.objects.count()) == (True, True, 1)
    assert "Test rig" in page(window, "/equipment/")


def test_a_partner_books_on_the_clock_of_the_equipment_and_the_owner_answers(client_of, make_equipment, owner, solver):
    made, guest, firm = make_equipment(), client_of(solver), client_of(owner)
    solver.time_zone = "Asia/Tokyo"
    solver.save()
    assert "Microscope" in page(guest, "/my/bookings/")
    assert guest.post(f"/equipment/{made.key}/book/", TIMES).status_code == 302
    booking = Booking.objects.get()
    assert (booking.starts_at, booking.people) == (START, ["Ada", "Grace"])
    assert "Waiting for your side" in page(firm, "/my/bookings/")
    assert firm.post(f"/bookings/{booking.key}/answer/", {"answer": "no"}).status_code == 409
    firm.post(f"/bookings/{booking.key}/answer/", {"answer": "yes"})
    shown = page(guest, f"/equipment/{made.key}/?week=2026-03-07")
    assert ("10:00" in shown, "12:00" in shown, "Bruises" in shown) == (True, True, True)
    assert "10:00" in page(guest, f"/bookings/{booking.key}/")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"start": "2026-03-29T02:30"}, 422),
        ({"start": "soon"}, 422),
        ({"people": "\n".join(f"Person {number}" for number in range(13))}, 422),
        ({"start": "2026-03-05T11:30"}, 409),
    ],
)
def test_times_that_make_no_sense_are_told(client_of, make_equipment, solver, changed, status):
    made = make_equipment()
    answer = client_of(solver).post(f"/equipment/{made.key}/book/", {**TIMES, **changed})
    assert (answer.status_code, Booking.objects.count()) == (status, 0)


@pytest.mark.parametrize(("zone", "status"), [("Europe/Berlin", 422), ("Asia/Tokyo", 409)])
def test_the_clock_of_the_equipment_counts_not_that_of_the_reader(client_of, make_equipment, solver, zone, status):
    made = make_equipment(time_zone=zone)
    times = {"start": "2026-03-29T02:30", "end": "2026-03-29 04:30"}
    answer = client_of(solver).post(f"/equipment/{made.key}/book/", {**TIMES, **times})
    assert (answer.status_code, "put forward" in answer.content.decode()) == (status, status == 422)


def test_another_partner_sees_that_it_is_taken_and_nothing_else(
    client_of, make_used, make_partner, agree, owner, solver_two
):  # fmt: skip
    booking, other = make_used(), make_partner(solver_two, name="Elsewhere")
    agreement = agree(other)
    services.share_equipment(
        equipment_id=booking.equipment_id, partner=other, agreement=agreement, actor=owner, at=AT
    )  # fmt: skip
    window = client_of(solver_two)
    shown = page(window, f"/equipment/{booking.equipment.key}/?week=2026-03-02")
    assert ("Taken" in shown, "Bruises" in shown, "Campus" in shown, "Sam" in shown) == (True, False, False, False)
    assert window.get(f"/bookings/{booking.key}/").status_code == 404


def test_once_the_agreement_is_over_the_partner_finds_nothing(client_of, make_used, solver, owner):
    booking = make_used()
    Sharing.objects.get().agreement.__class__.objects.update(ended_at=AT)
    window = client_of(solver)
    addresses = (f"/equipment/{booking.equipment.key}/", f"/bookings/{booking.key}/")
    assert [window.get(address).status_code for address in addresses] == [404, 404]
    assert b"VEVENT" not in window.get("/my/bookings.ics").content
    assert "does not hold" in page(client_of(owner), addresses[0])


def test_hours_are_said_agreed_and_summed(client_of, make_used, owner, solver, clock):
    booking = make_used()
    clock.at = START + DAY
    guest, firm = client_of(solver), client_of(owner)
    address = f"/bookings/{booking.key}/hours/"
    assert guest.post(address, {"hours": "0.3"}).status_code == 422
    guest.post(address, {"hours": "1.5"})
    assert "Agree to these hours" in page(firm, f"/bookings/{booking.key}/")
    firm.post(f"{address}agree/", {"minutes": "90"})
    shown = [page(firm, "/equipment/"), page(guest, "/my/bookings/")]
    assert [("60.75" in one, "2026, quarter 1" in one) for one in shown] == [(True, True)] * 2


def test_a_booking_is_cancelled_with_a_reason(client_of, make_used, solver):
    booking = make_used()
    window = client_of(solver)
    assert window.post(f"/bookings/{booking.key}/cancel/", {"reason": ""}).status_code == 422
    window.post(f"/bookings/{booking.key}/cancel/", {"reason": "Ill"})
    assert "Ill" in page(window, f"/bookings/{booking.key}/")


def test_ones_own_confirmed_bookings_go_into_a_calendar(client_of, make_used, solver, owner, book):
    booking = make_used()
    book(booking.equipment, solver, start=START + timedelta(days=1))
    content = client_of(solver).get("/my/bookings.ics").content.decode()
    times = ("DTSTART:20260305T090000Z", "DTEND:20260305T110000Z")
    assert (content.count("BEGIN:VEVENT"), [line in content for line in times]) == (1, [True, True])
    assert b"VEVENT" not in client_of(owner).get("/my/bookings.ics").content


def test_the_owner_records_an_introduction_and_the_guest_cannot(client_of, make_equipment, owner, solver, campus):
    made = make_equipment(needs_introduction=True)
    said = {"organisation": campus.key, "name": "Ada", "on": "2026-03-01"}
    assert client_of(solver).post(f"/equipment/{made.key}/introduce/", said).status_code == 404
    firm = client_of(owner)
    assert "Nobody is introduced yet." in page(firm, f"/equipment/{made.key}/")
    firm.post(f"/equipment/{made.key}/introduce/", said)
    assert (Introduction.objects.get().name, "Ada" in page(client_of(solver), f"/equipment/{made.key}/")) == (
        "Ada",
        True,
    )


def test_members_read_and_book_and_do_not_share(client_of, make_equipment, member, campus, book):
    made, window = make_equipment(), client_of(member)
    assert window.post(f"/equipment/{made.key}/share/", {}).status_code == 404
    assert window.get(f"/equipment/{made.key}/edit/").status_code == 404
    assert window.post(f"/equipment/{made.key}/book/", TIMES).status_code == 302
    assert "Week of" in page(window, f"/equipment/{made.key}/?week=9999-12-31")
