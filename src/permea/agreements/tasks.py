"""What the clock sets off for agreements: reminders of what falls due, and what was missed."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from permea.agreements import services
from permea.foundation.duties import duty

LAY_SECONDS = 3600


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
