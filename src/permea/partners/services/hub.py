"""Writing that a partner is a firm of the same hub: said by the firm, confirmed by who lists it, ended by either."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.partners import queries, rules
from permea.partners.events import HubMoved
from permea.partners.models import HubLink, HubSeat, Partner
from permea.partners.services.directory import index
from permea.people import services as people
from permea.people.models import Organisation, Person
from permea.people.queries import managers_of, role_in
from permea.people.rules import MANAGING
from permea.people.services.memberships import finish, seat


@transaction.atomic
def say_firm(*, partner_id: int, firm: Organisation, actor: Person, at: datetime) -> HubLink:
    """Say as guest of a partner that it is a firm of one's own. Said twice it is said once.

    Raises RefusedError as `rules.why_not_say_firm` says.
    """
    partner = Partner.objects.select_for_update(of=("self",)).select_related("organisation", "party").get(pk=partner_id)
    waiting = queries.link_of(partner)
    if waiting is not None and (waiting.firm_id, waiting.said_by_id) == (firm.pk, actor.pk):
        return waiting
    demand(
        rules.why_not_say_firm(
            partner,
            firm,
            guest_role=queries.guest_role(actor, partner),
            firm_role=role_in(actor, firm.pk),
            is_taken=queries.is_taken(partner, firm),
        )
    )
    said = {"organisation": partner.organisation, "partner": partner, "firm": firm}
    link = HubLink.objects.create(**said, said_by=actor, said_at=at)
    _record(link, "said", partner.organisation, partner, actor, at)
    publish(HubMoved(link_id=link.pk, happened="said", by_firm=True, at=at))
    return link


@transaction.atomic
def confirm_firm(*, link_id: int, actor: Person, at: datetime) -> HubLink:
    """Confirm that a partner is a firm of this hub: from now on both stand in each other's directory.

    The people of each who have a part in partnerships are guests of the other, as their own firm decides. Twice is
    once. Raises RefusedError as `rules.why_not_confirm` says.
    """
    link = _locked(link_id)
    if link.confirmed_by_id == actor.pk and link.ended_at is None:
        return link
    demand(rules.why_not_confirm(link, role_in(actor, link.organisation_id)))
    link.mirror = queries.known_mirror(link.firm, link.organisation) or _noted(link, at)
    link.confirmed_by, link.confirmed_at = actor, at
    link.save(update_fields=["mirror", "confirmed_by", "confirmed_at"])
    _follow(link, at)
    _record(link, "connected", link.organisation, link.partner, actor, at)
    _record(link, "connected", link.firm, link.mirror, actor, at)
    publish(HubMoved(link_id=link.pk, happened="connected", by_firm=False, at=at))
    return link


@transaction.atomic
def end_link(*, link_id: int, actor: Person, at: datetime) -> HubLink:
    """Refuse what a firm said, take it back, or end a connection: every seat that came by it ends. Twice is once.

    What was agreed and shown stays with both partners. Raises RefusedError as `rules.why_not_end_link` says.
    """
    link = _locked(link_id)
    role, firm_role = role_in(actor, link.organisation_id), role_in(actor, link.firm_id)
    demand(rules.why_not_end_link(role=role, firm_role=firm_role))
    if link.ended_at is not None:
        return link
    link.ended_by, link.ended_at = actor, at
    link.save(update_fields=["ended_by", "ended_at"])
    for one in HubSeat.objects.filter(link=link, membership__ended_at__isnull=True).select_related("membership"):
        finish(one.membership, at)
    happened = "disconnected" if link.confirmed_at else "not_connected"
    _record(link, happened, link.organisation, link.partner, actor, at)
    if link.mirror is not None:
        _record(link, happened, link.firm, link.mirror, actor, at)
    publish(HubMoved(link_id=link.pk, happened=happened, by_firm=role not in MANAGING, at=at))
    return link


@transaction.atomic
def follow_people(*, organisation_id: int, at: datetime) -> None:
    """Seat and unseat the people of a firm with its partners of the same hub, after somebody came, left or moved."""
    for link_id in queries.links_touching(organisation_id):
        _follow(_locked(link_id), at)


def follow_newcomer(*, invitation_id: int, at: datetime) -> None:
    """Seat who accepted an invitation into a firm with its partners of the same hub."""
    follow_people(organisation_id=queries.invited_into(invitation_id), at=at)


def _locked(link_id: int) -> HubLink:
    """Return a locked connection with both firms."""
    rows = HubLink.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "firm", "partner__party", "mirror__party").get(pk=link_id)


def _noted(link: HubLink, at: datetime) -> Partner:
    """Note who lists a firm in that firm's directory."""
    other = link.organisation
    party = people.note_organisation(
        name=other.name, kind=other.kind, country=other.country, language=other.language, at=at
    )
    noted = Partner(organisation=link.firm, party=party, owner=managers_of(link.firm)[0], created_at=at)
    noted.source = Partner.Source.PLATFORM
    index(noted)
    return noted


def _follow(link: HubLink, at: datetime) -> None:
    """Seat in each partner whoever comes along from its firm, and end the seats of who does not any more."""
    assert link.mirror is not None  # noqa: S101 - a confirmed one has it
    for firm, party in ((link.firm, link.partner.party), (link.organisation, link.mirror.party)):
        seats = queries.hub_seats(link, party)
        changes = rules.seats_to_change(
            queries.roles_that_follow(firm),
            {person_id: one.role for person_id, one in seats.items()},
            queries.seats_without(party, seats),
        )
        for person in Person.objects.filter(pk__in=changes).order_by("pk"):
            if person.pk in seats:
                finish(seats[person.pk], at)
            if changes[person.pk]:
                made = seat(person=person, organisation=party, role=changes[person.pk], at=at)
                HubSeat.objects.create(link=link, membership=made)


def _record(link: HubLink, what: str, house: Organisation, partner: Partner, actor: Person, at: datetime) -> None:
    """Enter in the ledger of one of both firms what happened with their connection."""
    is_own = role_in(actor, house.pk) is not None
    record_crossing(
        organisation=house,
        kind=f"partner.hub_{what}",
        direction=Crossing.Direction.OUT if is_own else Crossing.Direction.IN,
        depth=Crossing.Depth.INSIDE,
        subject_type="partner",
        subject_key=partner.key,
        at=at,
        actor=actor,
        counterparty=partner.party,
        facts={"link": link.key},
    )
