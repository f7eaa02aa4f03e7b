"""A browser, and windows of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.demo import Demo
from tests.browser.windows import OpenWindow, chromium_browser, windows_of
from tests.servers import Product


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Start Chromium once for the tests of a file."""
    with chromium_browser(chromium) as browser:
        yield browser


@pytest.fixture(scope="session")
def demo(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Load the demo once and serve it; nothing here changes it."""
    assert chromium
    site = Product(tmp_path_factory.mktemp("demo") / "data", arguments=("demo",))
    site.start(seconds=240)
    yield Demo(site)
    site.stop()


@pytest.fixture
def open_window(browser: Browser) -> Iterator[OpenWindow]:
    """Return a factory of windows in which nothing may complain."""
    with windows_of(browser) as open_window:
        yield open_window
