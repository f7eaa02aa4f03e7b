"""Reading alliances: those of a firm, those somebody's organisation is a party to, and what each shows to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.agreements.models import Agreement
from permea.agreements.queries import partners_of
from permea.alliances import rules
from permea.alliances.models import Acceptance, Alliance, Charter, Party, Reached
from permea.foundation.clock import SENT_TWICE
from permea.foundation.refusals import Refusal
from permea.people.models import Membership, Organisation, Person
from permea.people.queries import managers_of, members_of, organisation_ids_of, role_in
from permea.people.rules import MANAGING

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Side:
    """On which side of an alliance somebody stands, and whether they may bind it."""

    party: Party
    may_bind: bool

    @property
    def is_firm(self) -> bool:
        """Say whether it is the side of the firm that began the alliance."""
        return self.party.number == 0


@dataclass(frozen=True, slots=True)
class AllianceRow:
    """An alliance in a list: with whom, as its reader sees it."""

    alliance: Alliance
    others: list[str]


@dataclass(frozen=True, slots=True)
class AlliancesPage:
    """A page of a list of alliances."""

    rows: list[AllianceRow]
    page: Page[Alliance]


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party, and its acceptance of the newest version of the charter if there is one."""

    party: Party
    acceptance: Acceptance | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task, and the role of each party in the order of the parties."""

    name: str
    roles: list[str]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone, the day it is due if one was named, who said it was reached, and what the reader's side can say."""

    name: str
    due: date | None
    reached: Reached | None
    may_say: bool
    may_confirm: bool


@dataclass(frozen=True, slots=True)
class CharterPage:
    """An alliance and its charter as one of its people sees them; `newest` may still wait for acceptances."""

    alliance: Alliance
    side: Side
    parties: list[PartyRow]
    newest: Charter | None
    tasks: list[TaskRow]
    milestones: list[Milestone]
    agreement: Agreement | None
    versions: list[Charter]
    offer_blocked: Refusal | None
    accept_blocked: Refusal | None

    @property
    def is_settled(self) -> bool:
        """Say whether the newest version is the one that holds."""
        return self.newest is not None and self.newest == self.alliance.charter


def with_parties() -> QuerySet[Alliance]:
    """Return alliances with their parties."""
    parties = Party.objects.select_related("organisation").order_by("number")
    return Alliance.objects.select_related("organisation", "charter").prefetch_related(Prefetch("parties", parties))


def alliances_of(organisation: Organisation, *, page: int = 1) -> AlliancesPage:
    """Return the alliances of a firm, the newest first."""
    found = with_parties().filter(organisation=organisation).order_by("-created_at", "-pk")
    return _listed(found, [organisation.pk], page)


def own_alliances(actor: Person, *, page: int = 1) -> AlliancesPage:
    """Return the alliances that organisations of somebody are partners in, once they were offered; newest first."""
    ours = organisation_ids_of(actor)
    partner = Party.objects.filter(organisation__in=ours, number__gt=0).values("alliance")
    found = with_parties().filter(pk__in=partner, offered_at__isnull=False).order_by("-created_at", "-pk")
    return _listed(found, ours, page)


def begun_just_now(
    organisation: Organisation, title: str, partners: Iterable[Organisation], actor: Person, at: datetime
) -> Alliance | None:
    """Return the alliance of this title with these partners that the same person began just now, or None."""
    recent = with_parties().filter(
        organisation=organisation, title=title, created_by=actor, created_at__gt=at - SENT_TWICE
    )
    wanted = {organisation.pk, *(one.pk for one in partners)}
    return next((one for one in recent if {party.organisation_id for party in one.parties.all()} == wanted), None)


def _listed(found: QuerySet[Alliance], ours: list[int], page: int) -> AlliancesPage:
    """Return a page of alliances, each with the parties that are not the reader's."""
    paged = Paginator(found, PAGE_SIZE).get_page(page)
    rows = [
        AllianceRow(one, [party.organisation.name for party in one.parties.all() if party.organisation_id not in ours])
        for one in paged
    ]
    return AlliancesPage(rows, paged)


def alliance_for(actor: Person, key: str) -> tuple[Alliance, Side]:
    """Return an alliance and the actor's side in it. Raises Http404 if they stand on none."""
    alliance = get_object_or_404(with_parties(), key=key)
    side = side_of(actor, alliance)
    if side is None:
        raise Http404
    return alliance, side


def side_of(actor: Person, alliance: Alliance) -> Side | None:
    """Return the side of an alliance somebody stands on, or None if it is none of their business."""
    firm, *partners = alliance.parties.all()
    role = role_in(actor, alliance.organisation_id)
    if role is not None:
        return Side(firm, may_bind=role in MANAGING) if role in rules.READING else None
    if alliance.offered_at is None:
        return None
    seats = Membership.objects.filter(person=actor, ended_at__isnull=True)
    roles = dict(seats.values_list("organisation", "role"))
    found = next((party for party in partners if party.organisation_id in roles), None)
    return Side(found, may_bind=roles[found.organisation_id] in MANAGING) if found else None


def newest_charter(alliance: Alliance) -> Charter | None:
    """Return the newest version of the charter."""
    return Charter.objects.filter(alliance=alliance).order_by("-number").first()


def accepted_by(charter: Charter) -> list[int]:
    """Return which parties have accepted a version, by number of their row."""
    return list(Acceptance.objects.filter(charter=charter).values_list("party_id", flat=True))


def charter_page(actor: Person, key: str) -> CharterPage:
    """Return an alliance and its charter. Raises Http404 if it is none of the actor's business."""
    alliance, side = alliance_for(actor, key)
    written = Charter.objects.filter(alliance=alliance).select_related("by_party__organisation")
    versions = [one for one in written.order_by("-number") if rules.reads(side.party, one.written_at)]
    newest = versions[0] if versions else None
    accepted = {one.party_id: one for one in Acceptance.objects.filter(charter=newest).select_related("person")}
    parties = [PartyRow(one, accepted.get(one.pk), one == side.party) for one in alliance.parties.all()]
    content, seen = (newest.content, newest.sha256) if newest else ({}, "")
    has_accepted = side.party.pk in accepted
    return CharterPage(
        alliance=alliance,
        side=side,
        parties=parties,
        newest=newest,
        tasks=_tasks(content, alliance),
        milestones=_milestones(content, alliance, side),
        agreement=agreement_for(newest, alliance, side),
        versions=versions,
        offer_blocked=rules.why_not_bind(may_bind=side.may_bind) or rules.why_not_offer(alliance, newest),
        accept_blocked=rules.why_not_bind(may_bind=side.may_bind)
        or rules.why_closed(alliance)
        or rules.why_not_accept(alliance, newest, seen=seen, has_accepted=has_accepted),
    )


def _tasks(content: dict[str, Any], alliance: Alliance) -> list[TaskRow]:
    """Return the tasks of a charter with the roles in the order of the parties."""
    words = dict(rules.ROLES)
    keys = [party.key for party in alliance.parties.all()]
    return [
        TaskRow(task["name"], [str(words.get(task["roles"].get(key, ""), "–")) for key in keys])
        for task in content.get("tasks", [])
    ]


def _milestones(content: dict[str, Any], alliance: Alliance, side: Side) -> list[Milestone]:
    """Return the milestones of a charter, in its order, and which of them were reached."""
    related = ("party__organisation", "confirming_party__organisation")
    reached = {one.milestone: one for one in Reached.objects.filter(alliance=alliance).select_related(*related)}
    past = {name for name, one in reached.items() if one.confirmed_at and not rules.reads(side.party, one.confirmed_at)}
    rows = [row for row in content.get("milestones", []) if row["name"] not in past]
    return [_milestone(row, reached.get(row["name"]), alliance, side) for row in rows]


def _milestone(row: dict[str, str], reached: Reached | None, alliance: Alliance, side: Side) -> Milestone:
    """Return a milestone as a side sees it."""
    due = date.fromisoformat(row["due"]) if row["due"] else None
    told = {"today": date.max}  # whatever the day, which is said later
    say = rules.why_not_reach(alliance, row["name"], date.min, side.party, reached, **told)
    if reached is not None:
        reached.alliance = alliance
    confirm = reached is not None and rules.why_not_confirm(reached, side.party, seen=reached.on) is None
    return Milestone(row["name"], due, reached, may_say=say is None, may_confirm=confirm)


def agreement_of(charter: Charter | None, alliance: Alliance) -> Agreement | None:
    """Return the agreement that a charter names."""
    key = charter.content["agreement"] if charter else ""
    return Agreement.objects.filter(organisation=alliance.organisation, key=key).first() if key else None


def agreement_for(charter: Charter | None, alliance: Alliance, side: Side) -> Agreement | None:
    """Return the agreement that a charter names, unless the side joined later and is no party of it."""
    found = agreement_of(charter, alliance)
    if found is None or side.party.joined_at is None:
        return found
    return found if found.parties.filter(organisation=side.party.organisation_id).exists() else None


def agreements_between(alliance: Alliance) -> list[Agreement]:
    """Return the agreements of the firm that every partner is a party to and sees, and the one the charter names."""
    found = Agreement.objects.filter(organisation=alliance.organisation, versions__isnull=False)
    found = found.filter(Q(status=Agreement.Status.SIGNED) | Q(status=Agreement.Status.OFFERED))
    for party in alliance.parties.all():
        if party.number:
            found = found.filter(parties__organisation=party.organisation_id)
    named, listed = agreement_of(alliance.charter, alliance), list(found.distinct().order_by("-created_at", "-pk"))
    return listed if named is None or named in listed else [*listed, named]


def candidates(organisation: Organisation) -> list[Organisation]:
    """Return the organisations a firm can ally with: those it knows that are partners, not firms of this hub."""
    return list(partners_of(organisation).filter(is_host=False))


def people_of(alliance: Alliance, party: Party) -> list[Person]:
    """Return who hears of an alliance on a side: those who manage the firm, everybody of a partner."""
    if party.number == 0:
        return managers_of(alliance.organisation)
    return members_who_hear(party.organisation)


def members_who_hear(organisation: Organisation) -> list[Person]:
    """Return everybody of a partner."""
    return [seat.person for seat in members_of(organisation)]
