"""The SQLite database as the migrations leave it: made once in a run of the tests, copied wherever one begins with it.

Whatever runs the migrations itself takes many seconds for it, each time the same ones. Outside a run of the tests
nothing is copied, and who needs a database migrates as people do. `tests/test_servers.py` starts on nothing at all.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = "PERMEA_TEST_MIGRATED"
NAME = "permea.sqlite3"


def begin() -> None:
    """Name the folder for the copies of this run, to its workers and to all they start."""
    os.environ[PLACE] = tempfile.mkdtemp(prefix="permea-migrated-")


def end() -> None:
    """Take the folder away."""
    shutil.rmtree(os.environ.pop(PLACE), ignore_errors=True)


def lay(database: Path) -> None:
    """Put a migrated database into a place where none is, if this is part of a run of the tests."""
    if PLACE in os.environ and not database.exists():
        database.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_original(Path(os.environ[PLACE])), database)


def _original(folder: Path) -> Path:
    """Return the database that is copied; the first who asks makes it, the others wait."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "is-made").exists():
            _migrate(folder)
            (folder / "is-made").touch()
    return folder / NAME


def _migrate(folder: Path) -> None:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PERMEA_", "COV_")) and name != "DATABASE_URL"
    }
    environ = {
        "PERMEA_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "permea.config.settings.test",
        "PYTHONPATH": str(ROOT / "src"),
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--no-input"],
        cwd=ROOT, env=kept | environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the migrations failed:\n{done.stderr[-4000:]}")
