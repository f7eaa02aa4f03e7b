"""What the clock sets off in the selection step."""

from __future__ import annotations

from datetime import datetime

from permea.foundation.duties import duty
from permea.selection import queries, services


@duty
def count_open_matters(at: datetime) -> None:
    """Once a day, count the open matters of the firm's own works anew."""
    for organisation in queries.firms_to_count(at):
        services.count_open_matters(organisation=organisation, at=at)
