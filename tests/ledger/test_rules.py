"""When a head is due, what kinds are called, how in and out balance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from permea.ledger import rules
from permea.ledger.models import Crossing, Head
from permea.ledger.rules import QuarterBalance

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "last_head", "is_due"),
    [
        (0, None, False),
        (1, None, True),
        (5, Head(number=5, signed_at=AT - timedelta(days=1)), False),
        (6, Head(number=5, signed_at=AT - timedelta(minutes=59)), False),
        (6, Head(number=5, signed_at=AT - timedelta(minutes=60)), True),
    ],
)
def test_a_head_is_due_when_the_chain_grew_and_the_last_one_is_an_hour_old(length, last_head, is_due):
    assert rules.is_head_due(length=length, last_head=last_head, at=AT) is is_due


def test_kinds_have_words_and_unknown_ones_their_code():
    assert (rules.kind_words("idea.submitted"), rules.kind_words("new.kind")) == ("Idea handed in", "new.kind")


def test_subjects_have_words_and_unknown_ones_their_code():
    known, unknown = (rules.subject_words(Crossing(subject_type=kind, subject_key="k3")) for kind in ("idea", "robot"))
    assert (known, unknown) == ("Idea k3", "robot k3")


def test_the_balance_shows_a_year_by_quarters():
    assert (
        rules.first_quarter_shown(AT),
        rules.first_quarter_shown(datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ) == (datetime(2025, 4, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))


def test_the_balance_has_every_quarter_from_the_first_crossing_to_now():
    counts = [(datetime(2025, 7, 1, tzinfo=UTC), "in", 3), (datetime(2026, 1, 1, tzinfo=UTC), "out", 2)]
    assert rules.balance_of(counts, at=AT) == [
        QuarterBalance(2025, 3, 3, 0), QuarterBalance(2025, 4, 0, 0), QuarterBalance(2026, 1, 0, 2),
    ]  # fmt: skip


def test_without_crossings_there_is_no_balance():
    assert rules.balance_of([], at=AT) == []
