"""Telling that votes are counted: after the count, batch by batch, nobody twice, and nothing of what came out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.challenges.models import Challenge
from permea.challenges.queries import is_in_circle
from permea.foundation import outbox
from permea.ideas.models import VoteCount
from permea.notifications import queries
from permea.notifications.services.mails import tell

TELL_COUNTED = "votes.tell"
BATCH = 50


@transaction.atomic
def queue_telling_of_votes(*, challenge_id: int, at: datetime) -> None:
    """Have everybody told that the votes of a challenge are counted."""
    outbox.put(kind=TELL_COUNTED, payload={"challenge_id": challenge_id, "after": 0}, at=at)


@transaction.atomic
def tell_votes_counted(*, challenge_id: int, after: int, at: datetime) -> None:
    """Tell the next people after the one with this id that the votes are counted, and queue the batch that follows.

    These are all who voted, have an entry in the challenge or follow one, and belong to the circle that sees the
    result. What is told and the next batch are stored together, so that doing it twice tells nobody twice.
    """
    challenge = Challenge.objects.select_related("organisation").get(pk=challenge_id)
    circle = VoteCount.objects.get(challenge=challenge).circle
    people = queries.people_around_a_vote(challenge, after=after, limit=BATCH)
    for person in people:
        if is_in_circle(person, challenge, circle):
            tell(
                to=person,
                kind="votes_counted",
                at=at,
                organisation=challenge.organisation,
                about=challenge.key,
                challenge=challenge,
            )
    if len(people) == BATCH:
        outbox.put(kind=TELL_COUNTED, payload={"challenge_id": challenge_id, "after": people[-1].pk}, at=at)
