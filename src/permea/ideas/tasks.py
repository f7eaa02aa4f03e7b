"""What the clock sets off in the ideas step."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from permea.foundation.duties import duty
from permea.ideas import services

SWEEP_SECONDS = 3600


@duty
def sweep(at: datetime) -> None:
    """Once an hour, delete bytes nothing names, tables nobody took over, and addresses of senders told long ago."""
    if cache.add("ideas:swept", "yes", timeout=SWEEP_SECONDS):
        services.sweep_files(at=at)
        services.drop_staged(at=at)
        services.forget_old_senders(at=at)
