"""What several writes of trials need: who may manage, whom to ask, what is cut off when somebody leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.people import rules as people
from permea.people.models import Organisation, Person
from permea.people.queries import role_in
from permea.trials.events import ConceptTestOffered, PrototypeRoundOffered
from permea.trials.models import (
    Asking,
    ConceptTest,
    CustomerPanel,
    PanelMember,
    Participant,
    PrototypeRound,
    Respondent,
    Suggestion,
)


def demand_managing(organisation_id: int, actor: Person) -> None:
    """Go on if the actor manages there. Raises RefusedError otherwise."""
    demand(people.why_not_manage(role_in(actor, organisation_id)))


def panel_for(asked_panel: CustomerPanel | None, organisation: Organisation) -> CustomerPanel | None:
    """Return the panel if it is the organisation's own. Raises CustomerPanel.DoesNotExist for another's."""
    if asked_panel is not None and asked_panel.organisation_id != organisation.pk:
        raise CustomerPanel.DoesNotExist
    return asked_panel


def came_in(
    organisation: Organisation, kind: str, subject: tuple[str, str], *, at: datetime, facts: Mapping[str, Any]
) -> None:
    """Append to the ledger that something came in from a customer: no name, no content."""
    _record(organisation, kind, subject, Crossing.Direction.IN, Crossing.Depth.INVITED, at, facts, None)


def went_out(
    organisation: Organisation,
    kind: str,
    subject: tuple[str, str],
    *,
    at: datetime,
    facts: Mapping[str, Any],
    actor: Person | None = None,
    is_public: bool = False,
) -> None:
    """Append to the ledger that customers were shown or told something, or took something back."""
    depth = Crossing.Depth.PUBLIC if is_public else Crossing.Depth.INVITED
    _record(organisation, kind, subject, Crossing.Direction.OUT, depth, at, facts, actor)


def _record(
    organisation: Organisation,
    kind: str,
    subject: tuple[str, str],
    direction: str,
    depth: str,
    at: datetime,
    facts: Mapping[str, Any],
    actor: Person | None,
) -> None:
    record_crossing(
        organisation=organisation,
        kind=kind,
        direction=direction,
        depth=depth,
        subject_type=subject[0],
        subject_key=subject[1],
        at=at,
        actor=actor,
        facts=facts,
    )


def offer(asking: Asking, members: list[PanelMember], at: datetime) -> int:
    """Give members their place in what is asked and let them know; return how many."""
    if not members:
        return 0
    if isinstance(asking, ConceptTest):
        offered = Respondent.objects.bulk_create(Respondent(test=asking, member=one, made_at=at) for one in members)
        ids = tuple(place.pk for place in offered)
        publish(ConceptTestOffered(test_id=asking.pk, respondent_ids=ids, at=at))
        return len(ids)
    tried = Participant.objects.bulk_create(Participant(round_id=asking.pk, member=one, made_at=at) for one in members)
    ids = tuple(place.pk for place in tried)
    publish(PrototypeRoundOffered(round_id=asking.pk, participant_ids=ids, at=at))
    return len(ids)


def offer_what_is_open(member: PanelMember, at: datetime) -> None:
    """Ask a new member what their panel is being asked now."""
    now_open = {"panel": member.panel, "opened_at__lte": at, "closes_at__gt": at}
    for test in ConceptTest.objects.filter(**now_open).exclude(respondents__member=member).order_by("pk"):
        offer(test, [member], at)
    for round_ in PrototypeRound.objects.filter(**now_open).exclude(participants__member=member).order_by("pk"):
        offer(round_, [member], at)


def cut_off(member: PanelMember, at: datetime, *, with_texts: bool) -> None:
    """Cut what a member answered off from them: it stays in every count, without anything that leads back.

    The name beside what they suggested goes too, and `with_texts` all they wrote. What they had not finished is over.
    """
    Respondent.objects.filter(member=member).update(member=None, cut_off_at=at)
    tried = Participant.objects.filter(member=member)
    if with_texts:
        Suggestion.objects.filter(participant__in=tried).update(text="")
        tried.update(worked="", failed="", text_removed_at=at)
    tried.update(member=None, cut_off_at=at, name="", email="")
