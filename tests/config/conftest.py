"""The demo, loaded once for a module."""

from __future__ import annotations

import random

import pytest

from permea.config.demo import load_demo
from permea.foundation import ids
from tests.cast import AT


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """Load the English demo once for this module, and take it back at the end."""
    from django.conf import settings
    from django.db import connection, transaction

    folder, told = settings.DATA_DIR, []
    settings.DATA_DIR = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        with pytest.MonkeyPatch.context() as patch:  # keys decide who judges what: the same ones at every run
            patch.setattr(ids.secrets, "choice", random.Random(1).choice)
            load_demo(languages=("en",), at=AT, tell=lambda done, total, what: told.append((done, total, what)))
        yield told
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)
        connection.close()
    settings.DATA_DIR = folder
