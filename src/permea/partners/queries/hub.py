"""Reading which partners are firms of the same hub."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from permea.partners import rules
from permea.partners.models import HubLink, HubSeat, Partner
from permea.people.models import Membership, Organisation, Person
from permea.people.queries import managed_organisation_ids, managers_of, members_of, seats_of
from permea.people.rules import MANAGING


@dataclass(frozen=True, slots=True)
class OwnHub:
    """What a guest sees of the connection of their own firm with who lists it, and which firms they can name."""

    link: HubLink | None
    firms: list[Organisation]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return the firms as choices of a field."""
        return [(firm.key, firm.name) for firm in self.firms]


def _links() -> QuerySet[HubLink]:
    """Return connections with both firms, those that are over as well."""
    return HubLink.objects.select_related("organisation", "firm", "partner__party", "mirror__party", "said_by")


def links() -> QuerySet[HubLink]:
    """Return connections that are not over, with both firms."""
    return _links().filter(ended_at__isnull=True)


def link_of(partner: Partner) -> HubLink | None:
    """Return the connection of a partner as either directory lists it, or that somebody said there is one."""
    return links().filter(Q(partner=partner) | Q(mirror=partner)).first()


def is_taken(partner: Partner, firm: Organisation) -> bool:
    """Say whether a partner, or both firms with each other, are connected already or wait for that."""
    both = Q(organisation=partner.organisation_id, firm=firm) | Q(organisation=firm, firm=partner.organisation_id)
    return links().filter(both | Q(partner=partner) | Q(mirror=partner)).exists()


def link_for(actor: Person, key: str) -> tuple[HubLink, bool]:
    """Return a connection, and whether the actor manages the organisation rather than the firm.

    Raises Http404 if it is none of their business.
    """
    link = get_object_or_404(_links(), key=key)
    managed = managed_organisation_ids(actor)
    if link.organisation_id not in managed and link.firm_id not in managed:
        raise Http404
    return link, link.organisation_id in managed


def own_hubs(person: Person, partners: Collection[Partner]) -> dict[int, OwnHub]:
    """Return for each partner that is an organisation of somebody's what stands of the hub, by row of the partner."""
    found = {link.partner_id: link for link in links().filter(partner__in=partners)}
    firms = [firm for firm, role in seats_of(person) if role in MANAGING]
    parties = [one.party_id for one in partners]
    seats = Membership.objects.filter(person=person, organisation__in=parties, ended_at__isnull=True)
    binding = set(seats.filter(role__in=MANAGING).values_list("organisation_id", flat=True)) if firms else set()
    return {
        one.pk: OwnHub(
            link=found.get(one.pk),
            firms=[firm for firm in firms if firm.pk != one.organisation_id and one.party_id in binding],
        )
        for one in partners
    }


def guest_role(person: Person, partner: Partner) -> str | None:
    """Return the role that somebody has in a partner, or None."""
    seat = Membership.objects.filter(person=person, organisation=partner.party_id, ended_at__isnull=True).first()
    return str(seat.role) if seat else None


def known_mirror(firm: Organisation, other: Organisation) -> Partner | None:
    """Return what stands of another firm in a directory already: the partner for which one of its managers speaks."""
    rows = Partner.objects.filter(organisation=firm, archived_at__isnull=True, party__is_host=False)
    speaking = Membership.objects.filter(person__in=managers_of(other), role__in=MANAGING, ended_at__isnull=True)
    return rows.filter(party__in=speaking.values("organisation")).select_related("party").order_by("pk").first()


def links_touching(organisation_id: int) -> list[int]:
    """Return the numbers of the connections in which an organisation is one of both firms."""
    confirmed = links().filter(confirmed_at__isnull=False)
    rows = confirmed.filter(Q(organisation=organisation_id) | Q(firm=organisation_id))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def invited_into(invitation_id: int) -> int:
    """Return into which organisation an invitation was, by row."""
    return Organisation.objects.values_list("pk", flat=True).get(invitations=invitation_id)


def roles_that_follow(firm: Organisation) -> dict[int, str]:
    """Return who of a firm comes along as guest, and in which role, by person: evaluators judge for it alone."""
    seats = members_of(firm).filter(role__in=rules.READING, person__erased_at__isnull=True)
    return dict(seats.values_list("person_id", "role"))


def hub_seats(link: HubLink, party: Organisation) -> dict[int, Membership]:
    """Return the living seats in a partner that came by a connection, by person."""
    rows = HubSeat.objects.filter(link=link, membership__organisation=party, membership__ended_at__isnull=True)
    return {one.membership.person_id: one.membership for one in rows.select_related("membership")}


def seats_without(party: Organisation, seated: Collection[int]) -> dict[int, str]:
    """Return who has a seat in a partner besides these people, with the role."""
    return dict(members_of(party).exclude(person__in=seated).values_list("person_id", "role"))
