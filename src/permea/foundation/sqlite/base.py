"""The connection: a transaction begins when it is this thread's turn to write."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from permea.foundation.sqlite.turns import Turns

TURNS: defaultdict[str, Turns] = defaultdict(Turns)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to SQLite whose transactions queue up with those of the process's other threads.

    Other processes still meet at SQLite's own lock, with its timeout.
    """

    has_turn = False

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> Any:
        done = super()._commit()  # type: ignore[misc]  # the stubs leave it out
        self._end_turn()
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._end_turn()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._end_turn()

    def _take_turn(self) -> None:
        """Wait for the turn, which a database in memory does not need. Raises OperationalError after the timeout."""
        if self.is_in_memory_db() or self.has_turn:
            return
        timeout = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        if not TURNS[self._file()].take(timeout=timeout):
            raise OperationalError("database is locked")
        self.has_turn = True

    def _end_turn(self) -> None:
        if self.has_turn:
            self.has_turn = False
            TURNS[self._file()].end()

    def _file(self) -> str:
        return str(self.settings_dict["NAME"])
