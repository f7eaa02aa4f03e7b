"""What the tests of the ideas step share."""

from datetime import datetime

import pytest

from tests.cast import AT


@pytest.fixture
def settings_dir(settings, tmp_path):
    """Keep the files of a test in a folder of its own."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "keys").mkdir()
    return tmp_path


class Clock:
    """The time that pages and the API read."""

    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """Hold the time for pages and the API at the present of all tests, or where `clock.at` is set."""
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", clock)
    return clock
