"""What the clock sets off in the projects step."""

from __future__ import annotations

from datetime import datetime

from permea.foundation.duties import duty
from permea.projects import queries, services


@duty
def remind_of_support(at: datetime) -> None:
    """Remind both sides of each transfer whose support ends soon."""
    for transfer_id in queries.to_remind(at):
        services.remind(transfer_id=transfer_id, at=at)
