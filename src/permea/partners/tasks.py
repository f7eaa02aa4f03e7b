"""What the clock sets off for partners."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from permea.foundation.duties import duty
from permea.partners import services

SWEEP_SECONDS = 3600


@duty
def sweep(at: datetime) -> None:
    """Once an hour, delete files of partners that nobody took over, and views deleted a day ago."""
    if cache.add("partners:swept", "yes", timeout=SWEEP_SECONDS):
        services.drop_stale_imports(at=at)
        services.drop_views(at=at)
