"""Lets tests empty the database although the triggers of ledger and alliances refuse DELETE.

After a transactional test Django empties every table. On PostgreSQL that is a TRUNCATE, which the row triggers do not
hear; on SQLite it is a DELETE, which they refuse. So here, and only in tests, the triggers are taken away for that
moment and put back. The product has no such door.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.backends.sqlite3.base import DatabaseOperations  # the module operations cannot be imported first

TRIGGERS = [import_module(f"permea.{app}.migrations.0002_refuse_changes") for app in ("ledger", "alliances")]


@pytest.fixture(scope="session", autouse=True)
def ledger_can_be_emptied() -> Iterator[None]:
    """Take the triggers away while Django empties the test database."""
    execute = DatabaseOperations.execute_sql_flush

    def without_triggers(self: DatabaseOperations, sql_list: list[str]) -> Any:
        editor = SimpleNamespace(connection=self.connection)
        for triggers in TRIGGERS:
            triggers.drop_triggers(None, editor)
        try:
            return execute(self, sql_list)
        finally:
            for triggers in TRIGGERS:
                triggers.create_triggers(None, editor)

    patch = pytest.MonkeyPatch()
    patch.setattr(DatabaseOperations, "execute_sql_flush", without_triggers)
    yield
    patch.undo()
