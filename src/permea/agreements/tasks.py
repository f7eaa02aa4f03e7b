"""What is done for agreements beside requests: papers sealed and stamped, reminders of what falls due or was missed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.cache import cache

from permea.agreements import services
from permea.foundation.duties import duty
from permea.foundation.outbox import handles

LAY_SECONDS = 3600


@handles(services.SEAL)
def seal_paper(payload: dict[str, Any], at: datetime) -> None:
    """Seal one paper."""
    services.seal_paper(seal_id=payload["seal_id"], at=at)


@handles(services.STAMP)
def stamp_paper(payload: dict[str, Any], at: datetime) -> None:
    """Ask for the time-stamp of one sealed paper."""
    services.stamp_paper(seal_id=payload["seal_id"], at=at)


@duty
def lay_where_missing(at: datetime) -> None:
    """Once an hour, lay what follows from agreements that were signed before obligations were kept."""
    if cache.add("agreements:laid", "yes", timeout=LAY_SECONDS):
        services.lay_where_missing(at=at)


@duty
def watch_obligations(at: datetime) -> None:
    """Let agreements go on by themselves, then remind of what is near, due or late, and mark what is over."""
    services.prolong_agreements(at=at)
    services.watch_obligations(at=at)
