"""What the clock sets off in the risks step."""

from __future__ import annotations

from datetime import datetime

from permea.foundation.duties import duty
from permea.risks import queries, services


@duty
def look_at_triggers(at: datetime) -> None:
    """Once a day, look whether what risks are watched for has come to pass."""
    for organisation in queries.houses_to_look_at(at):
        services.look_at_triggers(organisation=organisation, at=at)
