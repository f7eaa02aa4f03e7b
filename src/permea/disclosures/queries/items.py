"""Items as their firm's own people see them: the list, one item, and whom it is shared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from permea.agreements.queries import partners_of
from permea.disclosures import rules
from permea.disclosures.models import Item, Part, Share
from permea.disclosures.queries.reading import Shown, open_shares, shown_to
from permea.people.models import Organisation, Person
from permea.people.queries import managed_organisation_ids, members_of, role_in, seats_of
from permea.people.rules import MANAGING

PAGE_SIZE = 50
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody as whom an item can be looked at: a person by key, or the world, which has none."""

    key: str
    name: str
    person: Person | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A line of the list: an item, the first few it is shared with, and how many more."""

    item: Item
    readers: list[str]
    n_more: int


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """The list of items."""

    rows: list[ItemRow]
    page: Page[Item]
    text: str
    sensitivity: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """An item as its firm's own people see it; only those who manage see and change whom it is shared with."""

    shown: Shown
    can_manage: bool
    shares: list[Share]
    closed: list[Share]


def items_page(
    actor: Person, organisation: Organisation, at: datetime, *, text: str = "", sensitivity: str = "", page: int = 1
) -> ItemsPage:
    """Return the firm's items, the last changed first, each with whom it is shared with."""
    items = Item.objects.filter(organisation__in=set(inside_ids(actor)) & {organisation.pk})
    if text:
        items = items.filter(Q(title__icontains=text) | Q(teaser__icontains=text))
    if sensitivity.isdecimal():
        items = items.filter(sensitivity__gte=min(int(sensitivity), Item.Sensitivity.VITAL))
    paged = Paginator(items.select_related("owner").order_by("-changed_at", "-pk"), PAGE_SIZE).get_page(page)
    shares = open_shares(at).filter(item__in=[item.pk for item in paged]).select_related("organisation", "person")
    named: dict[int, dict[str, None]] = {}
    for share in shares.order_by("opened_at", "pk"):
        named.setdefault(share.item_id, {})[reader_name(share)] = None
    rows = [
        ItemRow(item, list(named.get(item.pk, {}))[:MOST_NAMED], max(0, len(named.get(item.pk, {})) - MOST_NAMED))
        for item in paged
    ]
    return ItemsPage(rows, paged, text, sensitivity)


def reader_name(share: Share) -> str:
    """Return whom a share names."""
    if share.organisation is not None:
        return share.organisation.name
    return share.person.display_name if share.person else ""


def inside_ids(actor: Person) -> list[int]:
    """Return the firms whose items the actor reads inside."""
    return [firm.pk for firm, role in seats_of(actor) if role in rules.INSIDERS]


def item_page(actor: Person, key: str, at: datetime) -> ItemPage:
    """Return an item as one of its firm's own people sees it. Raises Http404 to everybody else."""
    get_object_or_404(Item.objects.filter(organisation__in=inside_ids(actor)), key=key)
    shown = shown_to(actor, key, at)
    can_manage = role_in(actor, shown.item.organisation_id) in MANAGING
    every = list(shares_of(shown.item)) if can_manage else []
    return ItemPage(
        shown=shown,
        can_manage=can_manage,
        shares=[share for share in every if share.is_open_at(at)],
        closed=[share for share in every if not share.is_open_at(at)],
    )


def shares_of(item: Item) -> QuerySet[Share]:
    """Return every share an item ever had, newest first."""
    rows = Share.objects.filter(item=item).select_related("organisation", "person", "opened_by")
    return rows.order_by("-opened_at", "-pk")


def managed_item(actor: Person, key: str) -> Item:
    """Return an item to somebody who manages its firm. Raises Http404 to everybody else."""
    rows = Item.objects.filter(organisation__in=managed_organisation_ids(actor)).select_related("organisation", "owner")
    return get_object_or_404(rows, key=key)


def managed_part(actor: Person, key: str) -> Part:
    """Return a living part to somebody who manages its firm. Raises Http404 to everybody else."""
    rows = Part.objects.filter(item__organisation__in=managed_organisation_ids(actor), removed_at__isnull=True)
    return get_object_or_404(rows.select_related("item", "current"), key=key)


def managed_share(actor: Person, key: str) -> Share:
    """Return a share to somebody who manages its firm. Raises Http404 to everybody else."""
    rows = Share.objects.filter(item__organisation__in=managed_organisation_ids(actor))
    return get_object_or_404(rows.select_related("item"), key=key)


def readers_of(item: Item, at: datetime) -> list[Reader]:
    """Return as whom one can look at the item: the world, whom it is shared with, and their people."""
    shares = open_shares(at).filter(item=item)
    named = Q(shared_with__in=shares) | Q(
        memberships__organisation__in=shares.values("organisation"), memberships__ended_at__isnull=True
    )
    people = Person.objects.filter(named, erased_at__isnull=True).distinct().order_by("name", "pk")
    return [Reader("", _("the world"), None), *(Reader(row.key, row.display_name, row) for row in people)]


def parties_of(organisation: Organisation) -> list[Organisation]:
    """Return the organisations a firm can share with: those it knows, and those something was shared with."""
    shared = Share.objects.filter(item__organisation=organisation).values("organisation")
    rows = Organisation.objects.filter(Q(pk__in=partners_of(organisation).values("pk")) | Q(pk__in=shared))
    return list(rows.order_by("name", "pk"))


def team_of(organisation: Organisation) -> list[Person]:
    """Return who can answer for an item: the firm's own people."""
    return [seat.person for seat in members_of(organisation).filter(role__in=rules.INSIDERS)]


def item_names(organisation: Organisation) -> list[tuple[str, str]]:
    """Return the items of a firm as pairs of key and title, by title."""
    return list(Item.objects.filter(organisation=organisation).order_by("title", "pk").values_list("key", "title"))
