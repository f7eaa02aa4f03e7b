"""Two want the same time at the same moment: one has it, the other finds it taken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from permea.campus import services
from permea.campus.models import Booking
from permea.campus.rules import Asked
from permea.foundation.refusals import RefusedError
from tests.campus.conftest import HOUR, START
from tests.cast import AT

pytestmark = pytest.mark.django_db(transaction=True)
N_WRITERS = 4


def at_once(calls) -> list[str]:
    """Call all at the same moment, and return the state or the code of the refusal of each."""
    barrier = Barrier(len(calls))

    def one(call):
        try:
            barrier.wait()
            return call().state
        except RefusedError as error:
            return error.refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(one, calls))


def test_of_those_who_confirm_overlapping_bookings_at_once_one_is_confirmed(make_equipment, book, owner, solver):
    made = make_equipment()
    asked = [book(made, solver, start=START + number * HOUR / 4) for number in range(N_WRITERS)]

    def confirm(booking):
        told = {"booking_id": booking.pk, "is_yes": True, "reason": "", "actor": owner, "at": AT}
        return lambda: services.answer_booking(**told)

    said = at_once([confirm(one) for one in asked])
    assert (said, Booking.objects.filter(state="confirmed").count()) == (
        [*["campus.taken"] * (N_WRITERS - 1), "confirmed"], 1,
    )  # fmt: skip


def test_of_owners_who_take_the_same_time_at_once_one_has_it(make_equipment, owner):
    made = make_equipment(is_shared=False)

    def take(number):
        start = START + number * HOUR / 4
        asked = Asked(start, start + 2 * HOUR, f"Sample {number}", ("Ada",))
        return lambda: services.ask_booking(equipment_id=made.pk, asked=asked, actor=owner, at=AT)

    said = at_once([take(number) for number in range(N_WRITERS)])
    assert said == [*["campus.taken"] * (N_WRITERS - 1), "confirmed"]
