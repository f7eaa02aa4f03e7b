"""A browser, windows of it, and the demo that is looked at."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import migrated, servers
from tests.browser.demo import Demo
from tests.browser.windows import OpenWindow, chromium_browser, windows_of


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Start Chromium once for the tests of a file."""
    with chromium_browser(chromium) as browser:
        yield browser


@pytest.fixture(scope="session")
def loaded_demo(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load the demo once for all workers, and return its data folder, from which nobody is served any more."""
    assert chromium
    ours = tmp_path_factory.getbasetemp()
    folder = (ours.parent if os.environ.get("PYTEST_XDIST_WORKER") else ours) / "loaded-demo"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "is-loaded").exists():
            migrated.lay(folder / "data" / migrated.NAME)
            with servers.product(folder / "data", "demo"):
                pass
            (folder / "is-loaded").touch()
    return folder / "data"


@pytest.fixture(scope="session")
def demo(loaded_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Serve a copy of the demo; nothing changes it."""
    with served_copy(loaded_demo, tmp_path_factory) as served:
        yield served


@pytest.fixture(scope="module")
def own_demo(loaded_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Serve a copy of the demo for a file of tests that change it."""
    with served_copy(loaded_demo, tmp_path_factory) as served:
        yield served


@contextlib.contextmanager
def served_copy(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Copy a demo and serve the copy for the time of the block."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    shutil.copytree(loaded, folder)
    with servers.product(folder, "demo") as site:
        yield Demo(site)


@pytest.fixture
def open_window(browser: Browser) -> Iterator[OpenWindow]:
    """Return a factory of windows in which nothing may complain."""
    with windows_of(browser) as open_window:
        yield open_window
