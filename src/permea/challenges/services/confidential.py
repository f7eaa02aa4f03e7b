"""Opening the confidential texts of a challenge: agreed to by a click, read on record, closed by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.db import transaction

from permea.agreements.models import Agreement, Terms
from permea.agreements.services import agree_by_click, end_click
from permea.challenges import queries, rules
from permea.challenges.models import Challenge
from permea.challenges.services.locking import locked
from permea.foundation.refusals import demand
from permea.ledger.queries import has_read_since
from permea.ledger.services import record_crossing
from permea.people.models import Person

AGAIN = timedelta(hours=1)


@transaction.atomic
def agree_to_confidentiality(*, challenge_key: str, person: Person, at: datetime) -> Agreement:
    """Record that a person agrees to keep what a challenge holds back to themselves; it opens until the answers.

    A second click changes nothing. Raises RefusedError as `rules.why_not_agree` says.
    """
    challenge = (
        Challenge.objects.select_for_update(of=("self",))
        .select_related("nda_terms__organisation")
        .get(key=challenge_key)
    )
    demand(rules.why_not_agree(challenge, at=at))
    return agree_by_click(
        terms=cast("Terms", challenge.nda_terms),
        person=person,
        subject_key=challenge.key,
        at=at,
        until=challenge.answer_by,
        challenge_key=challenge.key,
    )


@transaction.atomic
def note_confidential_reading(*, challenge_key: str, reader: Person, channel: str, at: datetime) -> None:
    """Record that somebody from outside was shown confidential texts; within an hour it is one crossing a channel."""
    challenge = Challenge.objects.select_related("organisation", "nda_terms").get(key=challenge_key)
    agreement = queries.agreement_covering(reader, challenge, at)
    if agreement is None or has_read_since(
        challenge.organisation, challenge.key, reader.key, channel=channel, since=at - AGAIN
    ):
        return
    record_crossing(
        organisation=challenge.organisation,
        kind="disclosure.viewed",
        direction="out",
        depth="room",
        subject_type="challenge",
        subject_key=challenge.key,
        at=at,
        actor=reader,
        counterparty=reader,
        challenge_key=challenge.key,
        terms_key=challenge.nda_terms.key if challenge.nda_terms else "",
        facts={"agreement": agreement.key, "channel": channel, "parts": rules.kept_back(challenge, "public")},
    )


@transaction.atomic
def end_confidential_access(*, challenge_id: int, agreement_key: str, actor: Person, at: datetime) -> Agreement:
    """Close the confidential texts to somebody who agreed; the duty to keep them to themselves goes on.

    Raises RefusedError if the actor may not manage, Http404 if nobody agreed to this by that agreement.
    """
    challenge = locked(challenge_id, actor)
    return end_click(
        organisation=challenge.organisation, subject_key=challenge.key, agreement_key=agreement_key, actor=actor, at=at
    )
