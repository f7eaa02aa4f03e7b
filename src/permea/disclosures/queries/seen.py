"""Who has seen what: by item, person, organisation, agreement and time; what is not covered, and at stake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, Model, OuterRef, Q, QuerySet, When
from django.utils import timezone

from permea.agreements.models import Agreement, AgreementParty, AgreementSubject
from permea.agreements.queries import living
from permea.disclosures import rules
from permea.disclosures.models import Item, Seen
from permea.people.models import Membership, Organisation, Person
from permea.people.queries import role_in
from permea.people.rules import MANAGING

PAGE_SIZE = 50
MOST_EXPORTED = 100_000
# Under an agreement that is over, or of something sensitive under none.
WORRYING = Q(agreement__isnull=False) | Q(item__sensitivity__gte=rules.SENSITIVE)


@dataclass(frozen=True, slots=True)
class SeenFilters:
    """Which readings somebody wants to see; an empty one does not bind. Keys name things, `since` and `until` days."""

    item: str = ""
    person: str = ""
    organisation: str = ""
    agreement: str = ""
    since: date | None = None
    until: date | None = None
    is_uncovered: bool = False


@dataclass(frozen=True, slots=True)
class Exposure:
    """What is at stake with one item: how sensitive it is, times who has seen it and is not covered now."""

    item: Item
    n_readers: int
    points: int


@dataclass(frozen=True, slots=True)
class SeenPage:
    """Readings, newest first, and the names of what they are narrowed to, by filter."""

    page: Page[Seen]
    filters: SeenFilters
    named: dict[str, str]


def seen_rows(actor: Person, organisation: Organisation, filters: SeenFilters, at: datetime) -> QuerySet[Seen]:
    """Return who outside read which version of what, the last reading first; nothing to who does not manage."""
    if role_in(actor, organisation.pk) not in MANAGING:
        return Seen.objects.none()
    bound = covered(organisation, at)
    rows = Seen.objects.filter(house=organisation).annotate(is_covered=Case(When(bound, then=True), default=False))
    for field, thing in _things(organisation, filters).items():
        rows = rows.filter(**{field: thing}) if thing else rows.none()
    if filters.since is not None:
        rows = rows.filter(last_at__gte=_begin_of(filters.since))
    if filters.until is not None:
        rows = rows.filter(first_at__lt=_begin_of(filters.until + timedelta(days=1)))
    if filters.is_uncovered:
        rows = rows.filter(~bound, WORRYING)
    named = ("item", "version__part", "reader", "organisation", "agreement")
    return rows.select_related(*named).order_by("-last_at", "-pk")


def _things(organisation: Organisation, filters: SeenFilters) -> dict[str, Model | None]:
    """Return what the filters name, by field; None for what does not exist for this firm."""
    everything: dict[str, tuple[str, QuerySet[Any]]] = {
        "item": (filters.item, Item.objects.filter(organisation=organisation)),
        "reader": (filters.person, Person.objects.filter(erased_at__isnull=True)),
        "organisation": (filters.organisation, Organisation.objects.all()),
        "agreement": (filters.agreement, Agreement.objects.filter(organisation=organisation)),
    }
    return {
        field: rows.filter(_called(field, said)).first() for field, (said, rows) in everything.items() if said
    }  # fmt: skip


def _called(field: str, said: str) -> Q:
    """Return how a thing is found by what was typed: its key, of a person the address as well."""
    return Q(key=said) | Q(email__iexact=said) if field == "reader" else Q(key=said)


def _begin_of(day: date) -> datetime:
    """Return when a day begins where the reader is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def covered(organisation: Organisation, at: datetime) -> Q:
    """Return the condition that a live agreement binds the reader of a firm's reading about its item now.

    Who left an organisation is not covered by its agreements any more. Whom an agreement about everything binds is
    found once for all readings; only for the others each item is looked up.
    """
    live = living(at, "agreement__") & Q(agreement__organisation=organisation)
    sweeping = AgreementParty.objects.filter(live, agreement__is_about_everything=True)
    seats = Membership.objects.filter(ended_at__isnull=True)
    of_reader = seats.filter(person=OuterRef(OuterRef("reader"))).values("organisation")
    about_item = AgreementSubject.objects.filter(
        live,
        Q(agreement__parties__person=OuterRef("reader")) | Q(agreement__parties__organisation__in=of_reader),
        subject_key=OuterRef("item__key"),
    )
    return (
        Q(reader__in=sweeping.filter(person__isnull=False).values("person"))
        | Q(reader__in=seats.filter(organisation__in=sweeping.values("organisation")).values("person"))
        | Q(Exists(about_item))
    )


def is_covered(row: Seen) -> bool:
    """Say whether a live agreement binds the reader about the item, as `seen_rows` found."""
    return bool(getattr(row, "is_covered", False))


def uncovered(organisation: Organisation, at: datetime) -> QuerySet[Seen]:
    """Return what people outside read of a firm whom no live agreement binds about it now."""
    return Seen.objects.filter(~covered(organisation, at), house=organisation)


def exposure_of(actor: Person, organisation: Organisation, at: datetime) -> list[Exposure]:
    """Return what is at stake by item, the most first: sensitivity times the outside readers not covered now.

    Nothing is told to who does not manage.
    """
    if role_in(actor, organisation.pk) not in MANAGING:
        return []
    counts = uncovered(organisation, at).order_by().values_list("item").annotate(n=Count("reader", distinct=True))
    found = dict(counts)
    exposures = [
        Exposure(item, found[pk], rules.points_at_stake(item.sensitivity, found[pk]))
        for pk, item in Item.objects.in_bulk(found).items()
    ]
    return sorted(exposures, key=lambda row: (-row.points, row.item.pk))


def seen_page(
    actor: Person, organisation: Organisation, filters: SeenFilters, at: datetime, *, page: int = 1
) -> SeenPage:
    """Return a page of who has seen what, with the names of what it is narrowed to."""
    paged = Paginator(seen_rows(actor, organisation, filters, at), PAGE_SIZE).get_page(page)
    first = paged.object_list[0] if paged.object_list else None
    asked = {"item": filters.item, "person": filters.person, "organisation": filters.organisation}
    named = {name: said for name, said in {**asked, "agreement": filters.agreement}.items() if said}
    if first is not None:
        told = {
            "item": first.item.title,
            "person": first.reader.display_name,
            "organisation": first.organisation.name if first.organisation else "",
            "agreement": first.agreement.title if first.agreement else "",
        }
        named = {name: told[name] for name in named}
    return SeenPage(paged, filters, named)
