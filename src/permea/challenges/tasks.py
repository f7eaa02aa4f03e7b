"""What the clock sets off: entries close."""

from __future__ import annotations

from datetime import datetime

from permea.challenges import queries, services
from permea.foundation.duties import duty


@duty
def close_entries(at: datetime) -> None:
    """Announce every challenge whose entries have closed by `at`."""
    for challenge in queries.past_deadline(at):
        services.tell_entries_closed(challenge_id=challenge.pk, at=at)
