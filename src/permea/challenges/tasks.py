"""What the clock sets off: deadlines move by rule, entries close, reviews begin."""

from __future__ import annotations

from datetime import datetime

from permea.challenges import queries, services
from permea.foundation.duties import duty


@duty
def move_deadlines(at: datetime) -> None:
    """Keep every challenge open for longer whose own rule says so at `at`."""
    for challenge in queries.moving_by_rule(at):
        services.move_by_rule(challenge_id=challenge.pk, at=at)


@duty
def close_entries(at: datetime) -> None:
    """Announce every challenge whose entries have closed by `at`."""
    for challenge in queries.past_deadline(at):
        services.tell_entries_closed(challenge_id=challenge.pk, at=at)


@duty
def open_reviews(at: datetime) -> None:
    """Announce every challenge whose last step is over by `at`."""
    for challenge in queries.past_steps(at):
        services.tell_reviews_opened(challenge_id=challenge.pk, at=at)
