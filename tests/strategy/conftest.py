"""What the tests of goals share: pages read the present of all tests."""

import pytest

from tests.cast import AT


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Hold the time that pages read at the present of all tests."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
