"""What is written to those who judge."""

from __future__ import annotations

from datetime import datetime

from permea.challenges.models import Challenge
from permea.evaluation.models import Assignment, Panelist
from permea.notifications.services.mails import tell


def tell_panelist(*, panelist_id: int, token: str, at: datetime) -> None:
    """Ask somebody to judge a challenge; who is no member yet joins by the link in it."""
    seat = Panelist.objects.select_related("panel__challenge__organisation", "person", "invitation").get(pk=panelist_id)
    to = seat.person or (seat.invitation.email if seat.invitation else "")
    if not to:
        return
    challenge = seat.panel.challenge
    tell(
        to=to,
        kind="panel_invitation",
        at=at,
        organisation=challenge.organisation,
        about=challenge.key,
        language=challenge.language,
        challenge=challenge,
        panel=seat.panel,
        token=token,
    )


def tell_assignments(*, challenge_id: int, panelist_ids: tuple[int, ...], at: datetime) -> None:
    """Tell evaluators that ideas wait for them, how many and how long it takes."""
    challenge = Challenge.objects.select_related("organisation").get(pk=challenge_id)
    seats = Panelist.objects.select_related("person", "panel").filter(pk__in=panelist_ids, person__isnull=False)
    for seat in seats.order_by("pk"):
        n_open = seat.assignments.filter(status=Assignment.Status.OPEN).count()
        if seat.person is None or n_open == 0:
            continue
        tell(
            to=seat.person,
            kind="assignments",
            at=at,
            organisation=challenge.organisation,
            about=challenge.key,
            challenge=challenge,
            n_open=n_open,
            minutes_each=seat.panel.minutes_per_review,
            minutes_per_week=seat.minutes_per_week,
        )
