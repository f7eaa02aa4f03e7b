"""Writing how it goes: a side's answers to the pulse, and matters that are raised, climb and are solved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from permea.alliances import queries, rules
from permea.alliances.events import AllianceChanged, MatterRaised
from permea.alliances.models import Matter, PulseAnswer
from permea.alliances.services.alliances import locked, side_in, tell
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Person


@transaction.atomic
def answer_pulse(*, alliance_id: int, marks: Sequence[int], words: str, actor: Person, at: datetime) -> PulseAnswer:
    """Answer this quarter's pulse for one's side, or change the answer while another side is still to answer.

    Raises RefusedError to who stands on no side and as `rules.why_not_rate` says.
    """
    alliance = locked(alliance_id)
    side, quarter = side_in(alliance, actor), rules.first_day(at.date())
    before = {one.party_id for one in queries.answers_in(alliance, quarter)}
    parties = {party.pk for party in alliance.parties.all() if rules.is_asked(party, quarter)}
    is_asked = side.party.pk in parties
    demand(rules.why_not_rate(alliance, marks, is_shown=before == parties, is_asked=is_asked))
    said = {"marks": list(marks), "words": words.strip(), "said_by": actor, "said_at": at}
    answer, is_new = PulseAnswer.objects.update_or_create(
        alliance=alliance, party=side.party, quarter=quarter, defaults=said
    )
    if is_new:
        tell(alliance, "pulse_answered", side.party, actor=actor, at=at, facts={"quarter": quarter.isoformat()})
        happened = "pulse_shown" if before | {side.party.pk} == parties else "pulse"
        publish(AllianceChanged(alliance_id=alliance.pk, happened=happened, by_party_id=side.party.pk, at=at))
    return answer


@transaction.atomic
def raise_matter(*, alliance_id: int, text: str, days: int, actor: Person, at: datetime) -> Matter:
    """Put a matter on the first step of the ladder; it climbs by itself. What is raised already is raised once.

    Raises RefusedError to who stands on no side and as `rules.why_not_raise` says.
    """
    alliance = locked(alliance_id)
    side = side_in(alliance, actor)
    demand(rules.why_not_raise(alliance, text.strip(), days))
    told = {"alliance": alliance, "party": side.party, "text": text.strip(), "solved_at": None}
    matter, is_new = Matter.objects.get_or_create(
        **told, defaults={"days": days, "raised_by": actor, "raised_at": at, "step_at": at}
    )
    if is_new:
        tell(alliance, "matter_raised", side.party, actor=actor, at=at, facts={"matter": matter.key})
        publish(MatterRaised(matter_id=matter.pk, at=at))
    return matter


@transaction.atomic
def climb(*, matter_id: int, at: datetime) -> Matter:
    """Move a matter to the next step if it has stood on this one for long enough, and have those there told."""
    matter = Matter.objects.select_for_update(of=("self",)).select_related("alliance").get(pk=matter_id)
    if matter.alliance.closed_at is None and rules.is_to_climb(matter, at):
        matter.step, matter.step_at = matter.step + 1, at
        matter.save(update_fields=["step", "step_at"])
        publish(MatterRaised(matter_id=matter.pk, at=at))
    return matter


@transaction.atomic
def solve_matter(*, matter_id: int, outcome: str, actor: Person, at: datetime) -> Matter:
    """Say for the side that raised a matter how it was solved.

    Raises RefusedError to who stands on no side and as `rules.why_not_solve` says.
    """
    matter = Matter.objects.get(pk=matter_id)
    alliance = locked(matter.alliance_id)
    matter.refresh_from_db()
    side = side_in(alliance, actor)
    demand(rules.why_closed(alliance) or rules.why_not_solve(matter, side.party, outcome.strip()))
    matter.solved_by, matter.solved_at, matter.outcome = actor, at, outcome.strip()
    matter.save(update_fields=["solved_by", "solved_at", "outcome"])
    tell(alliance, "matter_solved", side.party, actor=actor, at=at, facts={"matter": matter.key})
    return matter
