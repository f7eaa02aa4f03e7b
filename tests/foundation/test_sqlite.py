"""Writers of one process are let in by turns."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import OperationalError

from permea.foundation.sqlite.base import TURNS, DatabaseWrapper
from permea.foundation.sqlite.turns import Turns


@pytest.fixture
def connect(tmp_path, django_db_blocker):
    """Return a function that opens connections to one database file."""
    opened = []

    def open_one(timeout=5.0, **options):
        settings = {
            "NAME": str(tmp_path / "one.sqlite3"), "ENGINE": "permea.foundation.sqlite", "ATOMIC_REQUESTS": False,
            "AUTOCOMMIT": True, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "TIME_ZONE": None, "USER": "",
            "PASSWORD": "", "HOST": "", "PORT": "", "TEST": {},
            "OPTIONS": {"timeout": timeout, "transaction_mode": "IMMEDIATE", **options},
        }  # fmt: skip
        opened.append(DatabaseWrapper(settings))
        opened[-1].inc_thread_sharing()
        return opened[-1]

    with django_db_blocker.unblock():
        yield open_one
        for connection in opened:
            connection.close()


def begin(connection):
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def wait_until(is_true):
    until = time.monotonic() + 60
    while not is_true() and time.monotonic() < until:
        time.sleep(0.001)
    assert is_true()


def test_turns_come_in_the_order_of_asking():
    turns, came = Turns(), []

    def go(name):
        came.append((name, turns.take(timeout=60)))
        turns.end()

    turns.take(timeout=0)
    threads = []
    for name in range(6):
        threads.append(threading.Thread(target=go, args=(name,)))
        threads[-1].start()
        wait_until(lambda name=name: turns.n_waiting == name + 1)
    turns.end()
    for thread in threads:
        thread.join()

    assert (came, turns.take(timeout=0)) == ([(name, True) for name in range(6)], True)


def test_who_waits_too_long_goes_away_and_holds_nobody_up():
    turns = Turns()
    turns.take(timeout=0)

    missed = turns.take(timeout=0.01)
    turns.end()

    assert (missed, turns.n_waiting, turns.take(timeout=0)) == (False, 0, True)


def test_a_turn_that_comes_in_the_last_moment_is_kept(monkeypatch):
    turns = Turns()
    turns.take(timeout=0)

    class Gate:
        """A lock whose wait runs out just as the turn is handed to it."""

        def __init__(self):
            self.asked = 0

        def acquire(self, **_options):
            self.asked += 1
            if self.asked == 2:
                turns.end()
            return self.asked == 1

        def release(self):
            pass

    monkeypatch.setattr("permea.foundation.sqlite.turns.threading.Lock", Gate)

    assert (turns.take(timeout=0.01), turns.n_waiting) == (True, 0)


def test_a_second_transaction_waits_for_the_first(connect):
    first, second, order = connect(), connect(), []
    begin(first)

    def write():
        begin(second)
        order.append("second")
        second.rollback()

    thread = threading.Thread(target=write)
    thread.start()
    wait_until(lambda: TURNS[first.settings_dict["NAME"]].n_waiting == 1)
    order.append("first")
    first.commit()
    thread.join()

    assert order == ["first", "second"]


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_every_end_of_a_transaction_ends_the_turn(connect, end):
    first, second = connect(), connect(timeout=0.01)
    begin(first)
    getattr(first, end)()

    begin(second)

    assert (first.has_turn, second.has_turn) == (False, True)


def test_waiting_in_vain_says_that_the_database_is_locked(connect):
    first, second = connect(), connect(timeout=0.01)
    begin(first)

    with pytest.raises(OperationalError, match="database is locked"):
        begin(second)


def test_a_transaction_that_cannot_begin_keeps_no_turn(connect):
    broken, sound = connect(), connect(timeout=0.01)
    broken.ensure_connection()
    broken.transaction_mode = "NONSENSE"

    with pytest.raises(OperationalError):
        begin(broken)
    begin(sound)

    assert (broken.has_turn, sound.has_turn) == (False, True)


def test_a_database_in_memory_takes_no_turns(connect):
    connection = connect()
    connection.settings_dict["NAME"] = ":memory:"

    begin(connection)

    assert (connection.has_turn, ":memory:" in TURNS) == (False, False)
