"""What the clock sets off in the ideas step, and its background work."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django_tasks import task

from permea.foundation.clock import now
from permea.foundation.duties import duty
from permea.ideas import queries, services

SWEEP_SECONDS = 3600


@duty
def sweep(at: datetime) -> None:
    """Once an hour, delete bytes nothing names, tables nobody took over, and addresses kept long enough."""
    if cache.add("ideas:swept", "yes", timeout=SWEEP_SECONDS):
        services.sweep_files(at=at)
        services.drop_staged(at=at)
        services.forget_old_senders(at=at)
        services.drop_views(at=at)
        services.forget_old_invitations(at=at)


@duty
def count_votes(at: datetime) -> None:
    """Count the votes of every challenge whose vote has ended by `at`."""
    for challenge in queries.votes_due(at):
        services.count_votes(challenge_id=challenge.pk, at=at)


@task()
def look_for_pairs(challenge_id: int) -> None:
    """Read what the entries of a challenge mean and compare them with each other; a sealed one is left alone."""
    services.read_meanings(challenge_id=challenge_id, at=now())
    services.find_pairs(challenge_id=challenge_id, at=now())


@task()
def find_themes(challenge_id: int, *, is_afresh: bool = False) -> None:
    """Read what the entries of a challenge mean and put them in themes; a sealed one is left alone."""
    services.read_meanings(challenge_id=challenge_id, at=now())
    services.work_out_themes(challenge_id=challenge_id, at=now(), is_afresh=is_afresh)
