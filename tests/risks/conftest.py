"""A register that risks are put into, and the time that pages read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from permea.risks import services
from permea.risks.rules import REVIEW_EVERY
from tests.cast import AT

THREES = ("low", "likely", "high")


def said(owner, *, chance=(5, 10, 30), cost=(1000, 5000, 20_000), left=None, **content):
    """Return what is said of a risk: chances in per cent, `left` as (chances, costs)."""
    ranges = {"probability": chance, "impact": cost}
    if left:
        ranges |= {"left_probability": left[0], "left_impact": left[1]}
    numbers = {
        f"{name}_{end}": None if value is None else Decimal(value) / (100 if "probability" in name else 1)
        for name, three in ranges.items()
        for end, value in zip(THREES, three, strict=True)
    }
    usual = {"kind": "leakage", "title": "Told too early", "event": "They know.", "owner": owner}
    return services.RiskInput(**{**usual, "review_on": AT.date() + REVIEW_EVERY, **numbers, **content})


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Hold the time that pages read at the present of all tests."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


@pytest.fixture
def make_risk(organisation, owner):
    """Return a factory of risks."""

    def make(house=None, actor=None, *, at=AT, **content):
        actor = actor or owner
        content = said(content.pop("owner", actor), **content)
        return services.note_risk(organisation=house or organisation, content=content, actor=actor, at=at)

    return make
