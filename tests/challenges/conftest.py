"""What the tests of challenges share: the time that pages read, and the facts announced."""

from datetime import datetime

import pytest

from permea.challenges import events
from permea.foundation.events import _receivers
from tests.cast import AT


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


@pytest.fixture
def heard(monkeypatch):
    """Return the list of facts about challenges that were announced."""
    heard = []
    told = ("ChallengePublished", "TimetableChanged", "StepsChanged", "EntriesClosed", "ChallengeDecided")
    for name in (*told, "ChallengeArchived"):
        monkeypatch.setitem(_receivers, getattr(events, name), [heard.append])
    return heard
