"""What every change of themes begins and ends with."""

from __future__ import annotations

from datetime import datetime

from permea.challenges.models import Challenge
from permea.foundation.refusals import demand
from permea.ideas import rules
from permea.ideas.models import Theme, ThemeWork
from permea.people.models import Person
from permea.people.queries import role_in


def locked_challenge(challenge_id: int) -> Challenge:
    """Return a challenge, locked, so that themes are changed by one person at a time."""
    return Challenge.objects.select_for_update(of=("self",)).get(pk=challenge_id)


def locked_theme(theme_id: int, actor: Person, at: datetime) -> Theme:
    """Return a theme of a locked challenge that the actor may change. Raises RefusedError otherwise."""
    challenge_id = Theme.objects.values_list("challenge_id", flat=True).get(pk=theme_id)
    demand_sorting(locked_challenge(challenge_id), actor, at)
    return Theme.objects.select_related("challenge").get(pk=theme_id)


def demand_sorting(challenge: Challenge, actor: Person, at: datetime) -> None:
    """Go on if the actor may read the entries. Raises RefusedError as `rules.why_not_look` says."""
    demand(rules.why_not_look(challenge, role=role_in(actor, challenge.organisation_id), at=at))


def names_of(challenge_id: int, *, besides: int = 0) -> list[str]:
    """Return the names of a challenge's themes."""
    others = Theme.objects.filter(challenge_id=challenge_id).exclude(pk=besides)
    return list(others.values_list("name", flat=True))


def hold(challenge_id: int, at: datetime) -> None:
    """Remember that the themes belong to people from now on."""
    ThemeWork.objects.update_or_create(challenge_id=challenge_id, defaults={"held_at": at})
