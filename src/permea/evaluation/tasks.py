"""Background work of evaluation."""

from __future__ import annotations

from datetime import datetime

from django_tasks import task

from permea.evaluation import queries, services
from permea.foundation.clock import now
from permea.foundation.duties import duty


@task()
def recompute_ranking(challenge_id: int) -> None:
    """Compute the ranking from the reviews there are by now."""
    services.renew_ranking(challenge_id=challenge_id, at=now())


@duty
def catch_up_rankings(at: datetime) -> None:
    """Compute the rankings that are due still, should a worker have died over one."""
    for challenge_id in queries.challenges_with_due_ranking():
        services.renew_ranking(challenge_id=challenge_id, at=at)
