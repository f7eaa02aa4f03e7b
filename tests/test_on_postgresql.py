"""The services on PostgreSQL: row locks, constraints, triggers and transactions are not the same there as on SQLite."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_services_pass_on_postgresql_too(postgresql_url, tmp_path, request):
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_", "PERMEA_DATA_DIR"))
    }
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "services", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
         "--create-db", "--ignore", __file__, f"--basetemp={tmp_path / 'run'}",
         f"--randomly-seed={request.config.getoption('randomly_seed')}"],
        cwd=ROOT, env=kept | {"DATABASE_URL": postgresql_url, "PERMEA_DATA_DIR": str(tmp_path / "data")},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=3600, check=False,
    )  # fmt: skip

    passed = re.search(r"(\d+) passed", run.stdout)
    assert (run.returncode, passed is not None) == (0, True), run.stdout[-8000:] + run.stderr[-2000:]


def test_a_run_with_a_database_url_uses_that_database(postgresql_url):
    """Hold the switch that the test above relies on: without it, it would silently test SQLite again."""
    from permea.config import env

    settings = env.database(env.read_env({"DATABASE_URL": postgresql_url}))
    assert (settings["ENGINE"], settings["HOST"]) == (
        "django.db.backends.postgresql",
        postgresql_url.partition("?host=")[2],
    )
