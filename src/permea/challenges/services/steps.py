"""What a public challenge may change about its steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from permea.challenges import rules
from permea.challenges.events import StepsChanged
from permea.challenges.models import Challenge, StepChange
from permea.challenges.services.locking import lay_stages, locked
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ledger.services import record_crossing
from permea.people.models import Person


@transaction.atomic
def change_steps(
    *, challenge_id: int, steps: Sequence[rules.Step], reason: str, actor: Person, at: datetime
) -> Challenge:
    """Change the steps of a public challenge that have not begun, log it with its reason and tell it.

    Entries that are handed in stay open to the circle that was announced then.
    Raises RefusedError if the actor may not manage, or as `rules.why_not_change_steps` says.
    """
    challenge = locked(challenge_id, actor)
    demand(rules.why_not_change_steps(challenge, steps, reason=reason, at=at))
    before, challenge.steps = challenge.steps, rules.written_steps(steps)
    challenge.save(update_fields=["steps"])
    lay_stages(challenge)
    change = StepChange.objects.create(
        challenge=challenge,
        steps_before=before,
        steps_after=challenge.steps,
        reason=reason.strip(),
        changed_by=actor,
        changed_at=at,
    )
    record_crossing(
        organisation=challenge.organisation,
        kind="challenge.steps_changed",
        direction="out",
        depth="public",
        subject_type="challenge",
        subject_key=challenge.key,
        at=at,
        actor=actor,
        challenge_key=challenge.key,
        facts={"before": before, "after": challenge.steps, "reason": change.reason},
    )
    publish(StepsChanged(challenge_id=challenge.pk, change_id=change.pk, at=at))
    return challenge
