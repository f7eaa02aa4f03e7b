"""Bodies, times and plain values."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from permea.ledger import chain, verifier


def test_a_body_has_one_form_that_is_hashed():
    body = chain.Body(
        organisation="o1", number=1, kind="idea.submitted", direction="in", depth="invited",
        subject={"type": "idea", "key": "i7"}, at="2026-03-02T09:00:00.000000Z", previous=verifier.GENESIS,
        facts={"version": 1},
    )  # fmt: skip
    text = (
        '{"actor":"","at":"2026-03-02T09:00:00.000000Z","challenge":"","commitments":{},"counterparty":"",'
        '"depth":"invited","direction":"in","facts":{"version":1},"kind":"idea.submitted","number":1,'
        f'"organisation":"o1","previous":"{"0" * 64}","subject":{{"key":"i7","type":"idea"}},"terms":"","version":1}}'
    )
    assert (body.text(), chain.hash_of(text)) == (
        text,
        "f97e604c9e44c2483da4b782cb5c83be77c0bc70e06cec35e9ba76dad0f22c33",
    )


def test_times_are_in_utc_with_microseconds():
    local = datetime(2026, 3, 29, 3, 30, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    assert chain.instant(local) == "2026-03-29T01:30:00.000005Z"


def test_plain_values_hold_nothing_that_canonical_json_refuses():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    value = {"a": (0.1, Decimal("12.50"), None, True, 3, "x"), 5: {"at": at, "on": date(2026, 3, 2)}}
    plain = {"a": ["0.1", "12.50", None, True, 3, "x"], "5": {"at": "2026-03-02T00:00:00.000000Z", "on": "2026-03-02"}}
    assert (chain.plain(value), verifier.read(verifier.canonical(plain))) == (plain, plain)


def test_what_has_no_plain_form_is_refused():
    with pytest.raises(TypeError, match="cannot be written into a signed document"):
        chain.plain({"a": object()})
