"""What the clock sets off in the alliances step."""

from __future__ import annotations

from datetime import datetime

from permea.alliances import queries, services
from permea.foundation.duties import duty


@duty
def climb_the_ladder(at: datetime) -> None:
    """Move matters that nobody has solved in time to the next step."""
    for matter_id in queries.to_climb(at):
        services.climb(matter_id=matter_id, at=at)


@duty
def let_parties_in(at: datetime) -> None:
    """Make those partners a party whose joining all agreed to and whose day has come."""
    for joining_id in queries.to_enter(at):
        services.enter(joining_id=joining_id, at=at)
