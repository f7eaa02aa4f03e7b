"""A browser, and windows of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.windows import OpenWindow, chromium_browser, windows_of


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Start Chromium once for the tests of a file."""
    with chromium_browser(chromium) as browser:
        yield browser


@pytest.fixture
def open_window(browser: Browser) -> Iterator[OpenWindow]:
    """Return a factory of windows in which nothing may complain."""
    with windows_of(browser) as open_window:
        yield open_window
