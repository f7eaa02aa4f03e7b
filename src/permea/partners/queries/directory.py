"""Reading partners: for the firm that knows them, and for the guests who speak for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from permea.partners import rules
from permea.partners.models import Capability, Contact, HubLink, LogEntry, Partner, SourceEvent, WorkingPreferences
from permea.partners.queries.hub import OwnHub, link_of, own_hubs
from permea.people.models import Invitation, Organisation, Person
from permea.people.queries import managed_organisation_ids, members_of, organisation_ids_of, roles_of
from permea.surface.registry import TodayItem

PER_PAGE = 50
ORDERS = {
    "name": ("party__name", "pk"),
    "-name": ("-party__name", "-pk"),
    "last": ("last_on", "pk"),
    "-last": ("-last_on", "-pk"),
}
Kind, Stage = Organisation.Kind, Partner.Stage


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for among partners; empty means everything, `stage` "archived" what is put away."""

    text: str = ""
    kind: str = ""
    stage: str = ""
    country: str = ""
    order: str = "name"


@dataclass(frozen=True, slots=True)
class PartnerList:
    """One page of a firm's partners, with its numbers."""

    page: Page[Any]  # partners, each with `last_on`
    n_all: int
    n_due: int
    countries: list[str]


@dataclass(frozen=True, slots=True)
class Voices:
    """How a partner works: as it says itself, and as the firm noticed."""

    stated: WorkingPreferences | None
    noticed: WorkingPreferences | None


@dataclass(frozen=True, slots=True)
class PartnerPage:
    """All a firm knows of a partner."""

    partner: Partner
    offers: list[Capability]
    needs: list[Capability]
    contacts: list[Contact]
    log: list[LogEntry]
    voices: Voices
    hub: HubLink | None


@dataclass(frozen=True, slots=True)
class EventRow:
    """What came of an event: how many partners were known, talked with and worked with, and what one of them cost."""

    event: SourceEvent
    known: tuple[int, Decimal | None]
    talks: tuple[int, Decimal | None]
    deals: tuple[int, Decimal | None]


@dataclass(frozen=True, slots=True)
class GuestPage:
    """What a guest sees of their own organisation as one firm lists it: only what the partner itself stated."""

    partner: Partner
    offers: list[Capability]
    needs: list[Capability]
    stated: WorkingPreferences | None
    hub: OwnHub


def partners_of(organisation: Organisation, at: datetime, *, filters: Filters, page: int) -> PartnerList:
    """Return a page of a firm's partners as the filters ask."""
    rows = _listed(organisation)
    found = rows.filter(_fitting(filters)).select_related("party", "owner")
    found = found.annotate(last_on=Max("log__on", filter=~Q(log__kind=LogEntry.Kind.DECISION)))
    countries = rows.exclude(party__country="").values_list("party__country", flat=True).distinct()
    due = _open_steps().filter(organisation=organisation, next_on__lte=at.date())
    return PartnerList(
        page=Paginator(found.order_by(*ORDERS[filters.order]), PER_PAGE).get_page(page),
        n_all=rows.count(),
        n_due=due.count(),
        countries=sorted(countries),
    )


def _listed(organisation: Organisation) -> QuerySet[Partner]:
    """Return a firm's partners, put away or not; of those that were merged the one that was kept."""
    return Partner.objects.filter(organisation=organisation, merged_into__isnull=True)


def _fitting(filters: Filters) -> Q:
    """Return the condition that filters ask for."""
    found = Q(archived_at__isnull=filters.stage != "archived")
    for word in rules.folded(filters.text).split():
        found &= Q(search_text__contains=word)
    exact = {"party__kind": filters.kind, "party__country": filters.country}
    if filters.stage in Stage.values:
        exact["stage"] = filters.stage
    return found & Q(**{name: value for name, value in exact.items() if value})


def counts_of(organisation: Organisation, asked: Sequence[Filters]) -> list[int]:
    """Return how many partners each of these filters finds."""
    if not asked:
        return []
    each = {f"n{place}": Count("pk", filter=_fitting(filters)) for place, filters in enumerate(asked)}
    return list(_listed(organisation).aggregate(**each).values())


def _open_steps() -> QuerySet[LogEntry]:
    """Return every next step that is not done, with partners that are not put away."""
    return LogEntry.objects.filter(next_on__isnull=False, next_done_at__isnull=True, partner__archived_at__isnull=True)


def follow_ups(organisation: Organisation) -> list[LogEntry]:
    """Return a firm's next steps that are not done, the nearest day first."""
    rows = _open_steps().filter(organisation=organisation).select_related("partner__party", "next_by")
    return list(rows.order_by("next_on", "pk"))


def follow_up_count() -> Subquery:
    """Return the expression that counts the open next steps of whoever is signed in."""
    counted = _open_steps().filter(next_by=OuterRef("pk")).order_by().values("next_by").annotate(n=Count("pk"))
    return Subquery(counted.values("n"))


def follow_up_day() -> Subquery:
    """Return the expression that finds the first day of those steps."""
    first = _open_steps().filter(next_by=OuterRef("pk")).order_by().values("next_by").annotate(day=Min("next_on"))
    return Subquery(first.values("day"))


def today_items(actor: Person, organisation: Organisation, role: str, at: datetime) -> Iterator[TodayItem]:
    """Yield one item once a next step of theirs is due; what it needs was counted with the session's person."""
    del organisation
    count, day = getattr(actor, "n_follow_ups", None), getattr(actor, "next_follow_up_on", None)
    if role not in rules.READING or not count or day is None or day > at.date():
        return
    text = ngettext("%(number)d next step is agreed.", "%(number)d next steps are agreed.", count)
    yield TodayItem(
        title=_("Follow up with partners"),
        detail=text % {"number": count},
        url=reverse("partners:follow_ups"),
        due_at=at.replace(year=day.year, month=day.month, day=day.day, hour=21, minute=59, second=0, microsecond=0),
        kind="partner",
        action=_("Look"),
    )


def _readable(actor: Person) -> QuerySet[Partner]:
    """Return the partners of the firms the actor reads for."""
    seats = [pk for pk, role in roles_of(actor).items() if role in rules.READING]
    return Partner.objects.filter(organisation_id__in=seats).select_related(
        "organisation", "party", "owner", "event", "merged_into__party"
    )


def managed_partner(actor: Person, key: str) -> Partner:
    """Return a partner of a firm the actor manages. Raises Http404 for all others."""
    return get_object_or_404(_readable(actor).filter(organisation_id__in=managed_organisation_ids(actor)), key=key)


def managed_contact(actor: Person, key: str) -> Contact:
    """Return a contact of a firm the actor manages. Raises Http404 for all others."""
    rows = Contact.objects.filter(organisation_id__in=managed_organisation_ids(actor)).select_related("partner")
    return get_object_or_404(rows, key=key)


def managed_capability(actor: Person, key: str) -> Capability:
    """Return what a firm the actor manages noted itself of a partner. Raises Http404 for all others."""
    rows = Capability.objects.filter(organisation_id__in=managed_organisation_ids(actor), stated_by__isnull=True)
    return get_object_or_404(rows.select_related("partner"), key=key)


def readable_entry(actor: Person, key: str) -> LogEntry:
    """Return an entry of a log the actor reads. Raises Http404 for all others."""
    rows = LogEntry.objects.filter(partner__in=_readable(actor)).select_related("partner")
    return get_object_or_404(rows, key=key)


def partner_page(actor: Person, key: str) -> PartnerPage:
    """Return all that is known of a partner to whoever reads for its firm. Raises Http404 to all others."""
    partner = get_object_or_404(_readable(actor), key=key)
    said = list(partner.capabilities.order_by("-level", "name", "pk"))
    return PartnerPage(
        partner=partner,
        offers=[one for one in said if one.kind == Capability.Kind.OFFERS],
        needs=[one for one in said if one.kind == Capability.Kind.NEEDS],
        contacts=list(partner.contacts.order_by("name", "pk")),
        log=list(partner.log.select_related("author", "next_by").order_by("-on", "-pk")),
        voices=voices_of(partner),
        hub=link_of(partner),
    )


def voices_of(partner: Partner) -> Voices:
    """Return how a partner works in both voices."""
    by_voice = {row.is_stated: row for row in partner.preferences.select_related("said_by").order_by("pk")}
    return Voices(by_voice.get(True), by_voice.get(False))


def capability_names(partner: Partner) -> list[str]:
    """Return what a partner can do and looks for, by name; nothing before it is stored."""
    return list(Capability.objects.filter(partner_id=partner.pk).order_by("pk").values_list("name", flat=True))


def possible_owners(organisation: Organisation) -> list[Person]:
    """Return who can look after a partner: everybody inside."""
    return [seat.person for seat in members_of(organisation).filter(role__in=rules.READING)]


def contacts_invited_by(invitation_id: int) -> QuerySet[Contact]:
    """Return the contacts at the address, of the partner and for the firm, that an invitation was sent to and for."""
    invitation = Invitation.objects.filter(pk=invitation_id, host__isnull=False).exclude(email="")
    return Contact.objects.filter(
        partner__party__in=invitation.values("organisation"),
        organisation__in=invitation.values("host"),
        email__in=invitation.values("email"),
    )


def events_of(organisation: Organisation) -> QuerySet[SourceEvent]:
    """Return where a firm meets partners, the newest first."""
    return SourceEvent.objects.filter(organisation=organisation).order_by("-on", "-pk")


def managed_event(actor: Person, key: str) -> SourceEvent:
    """Return an event of a firm the actor manages. Raises Http404 for all others."""
    rows = SourceEvent.objects.filter(organisation_id__in=managed_organisation_ids(actor))
    return get_object_or_404(rows.select_related("organisation"), key=key)


def event_rows(organisation: Organisation) -> list[EventRow]:
    """Return what came of each event, the newest first: partners known, talked with, worked with."""
    rows: QuerySet[Any] = events_of(organisation).annotate(
        n_known=Count("partners"),
        n_talks=Count("partners", filter=Q(partners__talked_at__isnull=False)),
        n_deals=Count("partners", filter=Q(partners__dealt_at__isnull=False)),
    )
    return [
        EventRow(row, *((n, rules.cost_each(row.cost, n)) for n in (row.n_known, row.n_talks, row.n_deals)))
        for row in rows
    ]


def exported(organisation: Organisation) -> QuerySet[Partner]:
    """Return every partner of a firm for taking away, by name; of those that were merged the one that was kept."""
    rows = Partner.objects.filter(organisation=organisation, merged_into__isnull=True).select_related("party", "owner")
    return rows.order_by("party__name", "pk")


def _own_partners(person: Person) -> QuerySet[Partner]:
    """Return the partners that are organisations of this person, as firms list them."""
    rows = Partner.objects.filter(party_id__in=organisation_ids_of(person), party__is_host=False)
    return rows.filter(archived_at__isnull=True).select_related("organisation", "party")


def guest_fact() -> Exists:
    """Return the expression that says whether whoever is signed in belongs to a partner."""
    theirs = {"party__memberships__person": OuterRef("pk"), "party__memberships__ended_at__isnull": True}
    return Exists(Partner.objects.filter(**theirs, party__is_host=False, archived_at__isnull=True))


def is_guest_of(person: Person, partner: Partner) -> bool:
    """Say whether a person may speak for a partner."""
    return _own_partners(person).filter(pk=partner.pk).exists()


def own_partner(person: Person, key: str) -> Partner:
    """Return a partner the person speaks for. Raises Http404 for all others."""
    return get_object_or_404(_own_partners(person), key=key)


def own_capability(person: Person, key: str) -> Capability:
    """Return what a partner the person speaks for stated itself. Raises Http404 for all others."""
    rows = Capability.objects.filter(partner__in=_own_partners(person), stated_by__isnull=False)
    return get_object_or_404(rows.select_related("partner"), key=key)


def guest_pages(person: Person) -> list[GuestPage]:
    """Return every listing of the person's organisations, the oldest first. Raises Http404 to who is no guest."""
    partners = list(_own_partners(person).order_by("created_at", "pk"))
    if not partners:
        raise Http404
    stated = Capability.objects.filter(partner__in=partners, stated_by__isnull=False).order_by("-level", "name", "pk")
    preferences = WorkingPreferences.objects.filter(partner__in=partners, is_stated=True)
    by_partner = {row.partner_id: row for row in preferences}
    said, hubs = list(stated), own_hubs(person, partners)
    return [
        GuestPage(
            partner=one,
            offers=[row for row in said if (row.partner_id, row.kind) == (one.pk, Capability.Kind.OFFERS)],
            needs=[row for row in said if (row.partner_id, row.kind) == (one.pk, Capability.Kind.NEEDS)],
            stated=by_partner.get(one.pk),
            hub=hubs[one.pk],
        )
        for one in partners
    ]
