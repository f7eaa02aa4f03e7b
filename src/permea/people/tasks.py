"""What the clock sets off for people."""

from __future__ import annotations

from datetime import datetime

from permea.foundation.duties import duty
from permea.people import services


@duty
def drop_unproven(at: datetime) -> None:
    """Forget people who never proved their address, and sessions that have ended."""
    services.drop_unproven(at=at)
    services.drop_ended_sessions(at=at)
