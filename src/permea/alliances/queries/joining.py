"""Reading that a further partner joins an alliance: what is proposed, who has answered, and to whom it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.agreements.models import Agreement, AgreementParty
from permea.agreements.queries import living
from permea.alliances import rules
from permea.alliances.models import Alliance, Joining, JoiningAnswer, Party
from permea.alliances.queries.alliances import (
    CharterPage,
    Side,
    TaskRow,
    agreement_of,
    candidates,
    side_of,
    with_parties,
)
from permea.alliances.queries.closing import closing_of
from permea.foundation.clock import SENT_TWICE
from permea.foundation.refusals import Refusal
from permea.people.models import Membership, Organisation, Person
from permea.people.queries import organisation_ids_of
from permea.people.rules import MANAGING


@dataclass(frozen=True, slots=True)
class Place:
    """For which organisation somebody answers a joining: `side` is None for the side that would join."""

    organisation: Organisation
    side: Side | None
    may_bind: bool

    @property
    def is_firm(self) -> bool:
        """Say whether it is the side of the firm that began the alliance."""
        return self.side is not None and self.side.is_firm


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An organisation, and what it said."""

    organisation: Organisation
    answer: JoiningAnswer | None
    is_own: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class JoiningsPage:
    """The joinings that the reader of a charter sees, and whether they may propose one or why nobody can now."""

    rows: list[Joining]
    may_propose: bool
    propose_blocked: Refusal | None


@dataclass(frozen=True, slots=True)
class JoiningPage:
    """A joining as one of the sides, or who would join, sees it: the charter as it would read, and who has answered."""

    alliance: Alliance
    place: Place
    joining: Joining
    names: list[str]
    tasks: list[TaskRow]
    answers: list[AnswerRow]
    agreement: Agreement | None
    answer_blocked: Refusal | None
    withdraw_blocked: Refusal | None

    @property
    def is_open(self) -> bool:
        """Say whether it is not decided yet."""
        return self.joining.ended_at is None and self.joining.entered_at is None


def open_joining(alliance: Alliance) -> Joining | None:
    """Return the joining that is not decided yet."""
    found = Joining.objects.filter(alliance=alliance, entered_at__isnull=True, ended_at__isnull=True)
    return found.select_related("organisation").first()


def joinings_of(alliance: Alliance, party: Party) -> list[Joining]:
    """Return the joinings that a party reads, the newest first."""
    found = Joining.objects.filter(alliance=alliance).select_related("organisation").order_by("-proposed_at", "-pk")
    return [one for one in found if one.organisation_id == party.organisation_id or rules.reads(party, one.proposed_at)]


def joinings_page(page: CharterPage) -> JoiningsPage:
    """Return what the page of a charter shows of further partners: nothing before it was accepted."""
    alliance, side = page.alliance, page.side
    if alliance.live_since is None:
        return JoiningsPage([], may_propose=False, propose_blocked=None)
    rows = joinings_of(alliance, side.party)
    is_open = any(one.entered_at is None and one.ended_at is None for one in rows)
    may_propose = side.is_firm and side.may_bind and alliance.closed_at is None and not is_open
    closing = closing_of(alliance) if may_propose else None
    return JoiningsPage(rows, may_propose, rules.why_no_joining(alliance, page.newest, closing))


def shown_joinings(actor: Person) -> list[Joining]:
    """Return the joinings that wait for the answer of organisations of somebody, the newest first."""
    found = Joining.objects.filter(
        organisation__in=organisation_ids_of(actor),
        shown_at__isnull=False,
        entered_at__isnull=True,
        ended_at__isnull=True,
    )
    return list(found.select_related("alliance__organisation").order_by("-shown_at", "-pk"))


def joiners(alliance: Alliance) -> list[Organisation]:
    """Return the partners of the firm that are no party of the alliance yet."""
    parties = {party.organisation_id for party in alliance.parties.all()}
    return [one for one in candidates(alliance.organisation) if one.pk not in parties]


def cover_for(
    alliance: Alliance, organisation: Organisation, at: datetime
) -> tuple[Agreement | None, Agreement | None]:
    """Return the agreement that the charter names, and the one that covers who would join, each None if there is none.

    That is the named one if it is a party of it, otherwise one of its own with the firm.
    """
    named = agreement_of(alliance.charter, alliance)
    if named is None:
        return None, None
    statuses = (Agreement.Status.SIGNED, Agreement.Status.OFFERED)
    parties = AgreementParty.objects.filter(organisation=organisation)
    if named.status in statuses and parties.filter(agreement=named).exists():
        return named, named
    own = Agreement.objects.filter(
        living(at), organisation=alliance.organisation, pk__in=parties.values("agreement")
    ).order_by("pk")
    return named, next((one for one in own if rules.is_wide_enough(one)), None)


def proposed_just_now(
    waiting: Joining, organisation: Organisation, terms: rules.JoiningTerms, actor: Person, at: datetime
) -> bool:
    """Say whether the joining that waits says the same and was proposed by the same person just now."""
    charter = waiting.alliance.charter
    assert charter is not None  # noqa: S101 - it lives by a charter
    content = rules.joined_charter(charter.content, waiting.party_key, terms)
    said = (organisation.pk, content, terms.from_on, terms.reason, terms.reads_all, actor.pk)
    before = (waiting.organisation_id, waiting.content, waiting.from_on, waiting.reason, waiting.reads_all)
    return said == (*before, waiting.proposed_by_id) and waiting.proposed_at > at - SENT_TWICE


def place_in(joining: Joining, alliance: Alliance, actor: Person) -> Place | None:
    """Return for whom somebody answers a joining, or None if it is none of their business.

    Who would join sees it once all present sides have agreed, and no more once it was refused or withdrawn.
    """
    side = side_of(actor, alliance)
    if side is not None:
        is_own = side.party.organisation_id == joining.organisation_id
        is_read = is_own or rules.reads(side.party, joining.proposed_at)
        return Place(side.party.organisation, side, side.may_bind) if is_read else None
    if joining.shown_at is None or joining.ended_at is not None:
        return None
    seat = Membership.objects.filter(person=actor, organisation=joining.organisation, ended_at__isnull=True).first()
    return Place(joining.organisation, None, seat.role in MANAGING) if seat else None


def joining_for(actor: Person, key: str) -> tuple[Joining, Alliance, Place]:
    """Return a joining with its alliance, and for whom the actor answers. Raises Http404 if it is not theirs."""
    joining = get_object_or_404(Joining.objects.select_related("organisation", "agreement", "proposed_by"), key=key)
    alliance = with_parties().get(pk=joining.alliance_id)
    joining.alliance = alliance
    place = place_in(joining, alliance, actor)
    if place is None:
        raise Http404
    return joining, alliance, place


def has_refused(actor: Person, key: str) -> bool:
    """Say whether an organisation of somebody's, that would have joined, has refused."""
    mine = JoiningAnswer.objects.filter(joining__key=key, agrees=False, organisation__in=organisation_ids_of(actor))
    return mine.filter(organisation=F("joining__organisation")).exists()


def answers_to(joining: Joining) -> list[JoiningAnswer]:
    """Return what the sides said of a joining, in that order."""
    return list(JoiningAnswer.objects.filter(joining=joining).select_related("organisation", "person").order_by("pk"))


def joining_page(actor: Person, key: str) -> JoiningPage:
    """Return a joining as the actor sees it. Raises Http404 if it is none of their business."""
    joining, alliance, place = joining_for(actor, key)
    said, own = {one.organisation_id: one for one in answers_to(joining)}, place.organisation
    present = [one for one in alliance.parties.all() if one.organisation_id != joining.organisation_id]
    present = [one for one in present if rules.was_party(one, joining.proposed_at)]
    sides = [*(one.organisation for one in present), joining.organisation]
    told: dict[str, Any] = {"seen": joining.sha256, "has_agreed": own.pk in said, "is_new": place.side is None}
    binds = rules.why_not_bind(may_bind=place.may_bind)
    words = dict(rules.ROLES)
    keys = [*(one.key for one in present), joining.party_key]
    return JoiningPage(
        alliance=alliance,
        place=place,
        joining=joining,
        names=[one.name for one in sides],
        tasks=[
            TaskRow(row["name"], [str(words.get(row["roles"].get(one, ""), "–")) for one in keys])
            for row in joining.content["tasks"]
        ],
        answers=[AnswerRow(one, said.get(one.pk), one == own, one == joining.organisation) for one in sides],
        agreement=joining.agreement if place.is_firm or place.side is None else None,
        answer_blocked=binds or rules.why_not_answer_joining(joining, **told),
        withdraw_blocked=binds or rules.why_not_withdraw(joining, is_firm=place.is_firm),
    )


def next_number(alliance: Alliance) -> int:
    """Return the place of a further party."""
    last: int = Party.objects.filter(alliance=alliance).aggregate(last=Max("number"))["last"]
    return last + 1


def to_enter(at: datetime) -> list[int]:
    """Return the numbers of joinings that all sides agreed to and whose day has come."""
    found = Joining.objects.filter(agreed_at__isnull=False, entered_at__isnull=True, ended_at__isnull=True)
    return list(found.filter(from_on__lte=at.date()).order_by("pk").values_list("pk", flat=True))
