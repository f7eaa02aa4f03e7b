"""Setting findings about a brief aside, and taking them up again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.challenges import queries, rules
from permea.challenges.models import Challenge, SetAside
from permea.challenges.services.locking import locked
from permea.foundation.refusals import demand
from permea.people.models import Person


@transaction.atomic
def set_aside_finding(*, challenge_id: int, finding: str, word: str, actor: Person, at: datetime) -> None:
    """Remember that a finding ("code:field") of a draft was looked at and stays, with a word why.

    Raises RefusedError if the actor may not manage, once the challenge is public, or as `rules.why_not_set_aside` says.
    """
    challenge = _draft(challenge_id, actor)
    found = next((one for one in queries.lint_of(challenge).findings if one.key == finding), None)
    demand(rules.why_not_set_aside(found, word))
    code, _colon, field = finding.partition(":")
    places = list(found.places) if found else []
    SetAside.objects.update_or_create(
        challenge=challenge,
        code=code,
        field=field,
        defaults={"places": places, "word": word.strip()[:200], "set_aside_at": at},
    )


@transaction.atomic
def take_up_finding(*, challenge_id: int, finding: str, actor: Person, at: datetime) -> None:
    """Show a finding ("code:field") that was set aside again; one that never was stays as it is.

    Raises RefusedError if the actor may not manage, or once the challenge is public.
    """
    del at
    challenge = _draft(challenge_id, actor)
    code, _colon, field = finding.partition(":")
    SetAside.objects.filter(challenge=challenge, code=code, field=field).delete()


def _draft(challenge_id: int, actor: Person) -> Challenge:
    """Return the draft, locked. Raises RefusedError if it is public or not the actor's to manage."""
    challenge = locked(challenge_id, actor)
    demand(rules.why_not_change_brief(challenge))
    return challenge
