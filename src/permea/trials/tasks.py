"""What the clock sets off in trials."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from permea.foundation.duties import duty
from permea.trials import services

EVERY_SECONDS = 3600


@duty
def end_overdue(at: datetime) -> None:
    """Once an hour, forget names and addresses of panel members whose time is over."""
    if cache.add("trials:ended", "yes", timeout=EVERY_SECONDS):
        services.end_overdue(at=at)
