"""The one gate: what a reader sees of an item, on every page, in every file, export and answer of the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404

from permea.agreements.queries import NOTHING, coverage_of, coverages_of
from permea.agreements.rules import DEPTHS
from permea.disclosures import rules
from permea.disclosures.models import Item, Part, PartVersion, Share
from permea.people.models import Membership, Person
from permea.people.queries import role_in

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part as a reader sees it."""

    key: str
    depth: str
    version: PartVersion


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as one reader sees it: nothing in here lies deeper than they stand."""

    item: Item
    title: str
    standing: rules.Standing
    parts: list[ShownPart]

    def file(self, key: str) -> ShownPart:
        """Return a part with a file that they see. Raises Http404 for all others."""
        found = next((part for part in self.parts if part.key == key and part.version.is_file), None)
        if found is None:
            raise Http404
        return found


@dataclass(frozen=True, slots=True)
class SharedRow:
    """One item in the list of what was shared with a reader."""

    item: Item
    title: str
    standing: rules.Standing


@dataclass(frozen=True, slots=True)
class SharedPage:
    """What was shared with a reader, the newest item first."""

    rows: list[SharedRow]
    page: Page[Item]


def shown_to(reader: Person | AnonymousUser, key: str, at: datetime, *, is_public: bool = False) -> Shown:
    """Return what the reader sees of the item with this key. Raises Http404 if it does not exist for them."""
    item = Item.objects.select_related("organisation", "owner").filter(key=key).first()
    return shown_of(reader, item, at, is_public=is_public)


def shown_of(reader: Person | AnonymousUser, item: Item | None, at: datetime, *, is_public: bool = False) -> Shown:
    """Return what the reader sees of an item at `at`; `is_public` asks as the world does.

    Raises Http404 if the item does not exist for them.
    """
    if item is None:
        raise Http404
    shares = [] if is_public else list(_shares_open_to(reader, at).filter(item=item))
    coverage = coverage_of(reader, item.organisation, at=at) if shares else NOTHING
    standing = rules.standing_of(
        item,
        shares,
        coverage.agreement_for,
        is_member=not is_public and is_insider(reader, item.organisation_id),
        is_public=is_public,
        at=at,
    )
    if standing == rules.HIDDEN:
        raise Http404
    parts = [ShownPart(part.key, part.depth, part.current) for part in _parts_at(item, standing.depth) if part.current]
    return Shown(item, _title(item, standing, parts), standing, parts)


def _title(item: Item, standing: rules.Standing, parts: Iterable[ShownPart]) -> str:
    """Return what the item is called: by its full title inside, and where something of the room is read as well."""
    depth = standing.depth if standing.share is None else rules.deepest(part.depth for part in parts)
    return rules.title_at(item, depth)


def _parts_at(item: Item, standing: str) -> QuerySet[Part]:
    """Return the parts that somebody who stands there sees, in their order; deeper ones are not even read."""
    open_depths = [depth for depth in DEPTHS if rules.is_open_to(depth, standing)]
    living = Part.objects.filter(item=item, removed_at__isnull=True, depth__in=open_depths)
    return living.select_related("current").order_by("position", "pk")


def is_insider(reader: Person | AnonymousUser, organisation_id: int) -> bool:
    """Say whether a person reads a firm's items inside: its own people, but not who only judges for it."""
    return role_in(reader, organisation_id) in rules.INSIDERS


def _shares_open_to(reader: Person | AnonymousUser, at: datetime) -> QuerySet[Share]:
    """Return the shares that hold at `at` and name the reader or an organisation of theirs, oldest first."""
    if not isinstance(reader, Person):
        return Share.objects.none()
    seats = Membership.objects.filter(person=reader, ended_at__isnull=True)
    named = Q(person=reader) | Q(organisation__in=seats.values("organisation"))
    return open_shares(at).filter(named).select_related("organisation").order_by("opened_at", "pk")


def open_shares(at: datetime) -> QuerySet[Share]:
    """Return the shares that hold at `at`."""
    return Share.objects.filter(
        Q(closes_at__isnull=True) | Q(closes_at__gt=at),
        Q(closed_at__isnull=True) | Q(closed_at__gt=at),
        opened_at__lte=at,
    )


def shared_page(reader: Person, at: datetime, *, page: int = 1) -> SharedPage:
    """Return what was shared with the reader, each by the name they may know it by."""
    shares = _shares_open_to(reader, at)
    items = Item.objects.filter(pk__in=shares.order_by().values("item")).select_related("organisation").order_by("-pk")
    paged = Paginator(items, PAGE_SIZE).get_page(page)
    found = list(shares.filter(item__in=[item.pk for item in paged]))
    coverages = coverages_of(reader, at=at) if found else {}
    in_room = set(
        Part.objects.filter(item__in=[share.item_id for share in found], depth=Part.Depth.ROOM, removed_at=None)
        .values_list("item_id", flat=True)
    )  # fmt: skip
    rows = []
    for item in paged:
        covering = coverages.get(item.organisation_id, NOTHING).agreement_for
        standing = rules.standing_of(item, found, covering, is_member=False, is_public=False, at=at)
        depth = standing.depth if item.pk in in_room else Part.Depth.INVITED.value
        rows.append(SharedRow(item, rules.title_at(item, depth), standing))
    return SharedPage(rows, paged)


def as_document(shown: Shown) -> str:
    """Return what a reader sees of an item as one Markdown text; of files it names size and fingerprint."""
    lines = [f"# {shown.title}", shown.item.organisation.name]
    for part in shown.parts:
        version = part.version
        lines.append(f"## {version.label} (v{version.number}, {part.depth})")
        if version.is_file:
            lines.append(f"{version.name}, {version.size} B, SHA-256 {version.sha256}")
        if version.text:
            lines.append(version.text)
    return "\n\n".join(lines) + "\n"
