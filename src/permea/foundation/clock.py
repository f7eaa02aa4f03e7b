"""Half-open periods and the one place where the edges read the time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

SENT_TWICE = timedelta(minutes=1)
"""The same, sent again by the same person within this time, is one click too many and is written once."""


def now() -> datetime:
    """Return the present time; called by edges (views, API, commands, tasks) only."""
    return timezone.now()  # noqa: TID251 - the one place


def within(at: datetime, opens_at: datetime | None, closes_at: datetime | None) -> bool:
    """Say whether `opens_at <= at < closes_at`; a missing bound does not bind."""
    return (opens_at is None or opens_at <= at) and (closes_at is None or at < closes_at)
