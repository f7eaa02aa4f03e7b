"""Refusals, events, the clock and keys: what every step stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction

from permea.foundation import clock, duties, events, ids
from permea.foundation.events import Event
from permea.foundation.models import OutboxEntry
from permea.foundation.refusals import Refusal, RefusedError, demand
from tests.cast import AT


def test_a_demand_goes_on_without_a_refusal_and_raises_with_one():
    demand(None)
    with pytest.raises(RefusedError) as caught:
        demand(Refusal("x.no", "Not today."))

    assert (caught.value.refusal.code, str(caught.value)) == ("x.no", "Not today.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted(Event):
    what: str


@pytest.fixture
def heard(monkeypatch):
    monkeypatch.setattr(events, "_receivers", {**events._receivers, Planted: []})
    found: list[str] = []
    events.hears(Planted)(lambda event: found.append(event.what))
    return found


@pytest.mark.django_db
def test_an_event_is_heard_inside_the_transaction_that_wrote_the_fact(heard):
    with transaction.atomic():
        events.publish(Planted(at=AT, what="it"))

    assert (heard, len(events.receivers_of(Planted))) == (["it"], 1)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_announced(heard):
    with pytest.raises(transaction.TransactionManagementError):
        events.publish(Planted(at=AT, what="it"))

    assert heard == []


def test_periods_are_half_open():
    later = AT + timedelta(hours=1)

    assert [
        clock.within(AT, AT, later),
        clock.within(later, AT, later),
        clock.within(AT, None, None),
        clock.within(AT, later, None),
    ] == [True, False, True, False]


def test_keys_are_long_and_without_look_alikes():
    keys = {ids.new_key() for _turn in range(200)}

    assert (len(keys), {len(key) for key in keys}, set("".join(keys)) & set("01ilo")) == (200, {14}, set())


def test_one_duty_that_fails_does_not_stop_the_others(monkeypatch, caplog):
    done = []
    monkeypatch.setattr(duties, "_duties", [])

    @duties.duty
    def fails(at):
        raise RuntimeError

    duties.duty(done.append)
    duties.run_duties(AT)

    assert (done, "fails failed" in caplog.text) == ([AT], True)


def test_an_outbox_entry_is_called_by_kind_and_number():
    assert str(OutboxEntry(pk=3, kind="mail.send")) == "mail.send #3"
