"""The outbox and the worker: what was decided is carried out, at least once, whatever fails meanwhile."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from permea.foundation import duties, outbox, worker
from permea.foundation.models import OutboxEntry
from tests.cast import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def carried(monkeypatch):
    """Register a handler that notes what it carries out and fails as often as it is told."""
    found, failures = [], []
    monkeypatch.setattr(outbox, "_handlers", dict(outbox._handlers))

    @outbox.handles("test.note")
    def note(payload, at):
        if failures:
            raise failures.pop()
        found.append(payload["n"])

    return found, failures


def test_an_effect_is_carried_out_once(carried):
    outbox.put(kind="test.note", payload={"n": 1}, at=AT)

    assert (outbox.drain(at=AT), outbox.drain(at=AT), carried[0]) == (1, 0, [1])


def test_an_effect_for_later_waits_for_its_time(carried):
    outbox.put(kind="test.note", payload={"n": 1}, at=AT, due_at=AT + timedelta(hours=1))

    before, then = outbox.drain(at=AT + timedelta(minutes=59)), outbox.drain(at=AT + timedelta(hours=1))

    assert (before, then, carried[0]) == (0, 1, [1])


def test_nobody_may_ask_for_what_nobody_carries_out():
    with pytest.raises(KeyError):
        outbox.put(kind="test.nosuch", payload={}, at=AT)


def test_a_failure_is_tried_again_later_and_does_not_hold_others_up(carried):
    carried[1].append(OSError("the server is away"))
    outbox.put(kind="test.note", payload={"n": 1}, at=AT)
    outbox.put(kind="test.note", payload={"n": 2}, at=AT)

    first = outbox.drain(at=AT)
    entry = OutboxEntry.objects.get(payload={"n": 1})
    early, late = outbox.drain(at=AT + timedelta(seconds=29)), outbox.drain(at=entry.due_at)

    assert (first, early, late, carried[0]) == (1, 0, 1, [2, 1])
    assert "away" in entry.last_error


def test_after_many_tries_it_is_given_up_and_kept(carried):
    outbox.put(kind="test.note", payload={"n": 1}, at=AT)
    carried[1].extend(OSError("away") for _try in range(outbox.MAX_ATTEMPTS))
    at = AT
    for _try in range(outbox.MAX_ATTEMPTS):
        outbox.drain(at=at)
        at += timedelta(days=1)

    entry = OutboxEntry.objects.get()
    assert (entry.attempts, entry.given_up_at is not None, outbox.drain(at=at)) == (outbox.MAX_ATTEMPTS, True, 0)


def test_what_a_worker_died_over_comes_back_after_its_lease(carried):
    outbox.put(kind="test.note", payload={"n": 1}, at=AT)
    outbox._claim(AT)

    assert (outbox.drain(at=AT), outbox.drain(at=AT + outbox.LEASE)) == (0, 1)


def test_a_full_outbox_is_drained_in_portions(carried):
    for number in range(5):
        outbox.put(kind="test.note", payload={"n": number}, at=AT)

    assert (outbox.drain(at=AT, limit=3), outbox.drain(at=AT, limit=3)) == (3, 2)


def test_the_worker_does_duties_and_effects_and_goes_on_after_a_stumble(carried, monkeypatch, caplog):
    outbox.put(kind="test.note", payload={"n": 1}, at=AT)
    stop, turns = threading.Event(), []
    monkeypatch.setattr(duties, "_duties", [lambda at: turns.append("duty")])
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker.connection, "close", lambda: None)
    real = worker.work_once

    def work(at):
        turns.append("work")
        if len(turns) == 2:
            raise RuntimeError("stumbled")
        stop.set()
        return real(at)

    monkeypatch.setattr(worker, "work_once", work)
    monkeypatch.setattr(stop, "wait", lambda seconds: None)

    worker.run_worker(stop, lambda: AT, interval=0)

    assert (turns, carried[0], "stumbled and goes on" in caplog.text) == (["duty", "work", "work"], [1], True)
