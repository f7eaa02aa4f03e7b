"""Taking a challenge for writing, and laying down its stages."""

from __future__ import annotations

from permea.challenges import rules
from permea.challenges.models import Challenge, Stage
from permea.foundation.refusals import demand
from permea.people.models import Person
from permea.people.queries import role_in
from permea.people.rules import why_not_manage


def locked(challenge_id: int, actor: Person) -> Challenge:
    """Return the challenge, locked. Raises RefusedError if the actor may not manage its organisation."""
    challenge = Challenge.objects.select_for_update(of=("self",)).get(pk=challenge_id)
    demand(why_not_manage(role_in(actor, challenge.organisation_id)))
    return challenge


def lay_stages(challenge: Challenge) -> None:
    """Store the stages that follow from the challenge's dates and steps as the next version of its timetable.

    Raises ValueError if a date is missing.
    """
    challenge.timetable_version += 1
    challenge.save(update_fields=["timetable_version"])
    Stage.objects.bulk_create(
        Stage(
            challenge=challenge,
            version=challenge.timetable_version,
            position=plan.position,
            name=plan.name,
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
            allows=plan.allows,
            circle=plan.circle,
            options=plan.options,
        )
        for plan in rules.planned_stages(challenge)
    )
