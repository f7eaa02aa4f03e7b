"""Where apps announce their entries in the rail, what waits for a person on Today, and parts of earlier pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:  # apps register themselves before models are there
    from django.contrib.auth.models import AnonymousUser

    from permea.people.models import Organisation, Person

SECTIONS = ("today", "plan", "inbound", "decide", "partners", "outbound", "learn")
Text = str | Promise


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the rail; `roles` says who sees it, everybody inside if empty."""

    section: str
    label: Text
    url_name: str
    icon: str
    order: int = 100
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TodayItem:
    """Something that waits for this person's decision."""

    title: str
    detail: str
    url: str
    due_at: datetime | None
    kind: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class PublicDoor:
    """Something beside the challenges through which the world may come in at any time."""

    label: str
    url: str
    icon: str
    language: str


@dataclass(frozen=True, slots=True)
class PagePart:
    """What a later step shows on a page of an earlier one: a template, which finds its `context` as `part`.

    `style` is the style sheet it needs, as a static file.
    """

    template: str
    context: Mapping[str, Any]
    style: str
    order: int = 100


TodayProvider = Callable[["Person", "Organisation", str, datetime], Iterable[TodayItem]]
PartProvider = Callable[[str, datetime], PagePart | None]
_items: list[NavItem] = []
_providers: list[TodayProvider] = []
DoorProvider = Callable[[], Iterable[PublicDoor]]
_doors: list[DoorProvider] = []
_parts: dict[str, list[PartProvider]] = {}
ReaderPartProvider = Callable[[str, "Person | AnonymousUser", datetime], PagePart | None]
_reader_parts: dict[str, list[ReaderPartProvider]] = {}


def register_nav(item: NavItem) -> None:
    """Add an entry to the rail. Raises ValueError for an unknown section."""
    if item.section not in SECTIONS:
        raise ValueError(item.section)
    if item not in _items:
        _items.append(item)


def register_today(provider: TodayProvider) -> None:
    """Add a source of what waits for a person."""
    if provider not in _providers:
        _providers.append(provider)


def register_doors(provider: DoorProvider) -> None:
    """Add a source of what is always open to the world."""
    if provider not in _doors:
        _doors.append(provider)


def public_doors() -> list[PublicDoor]:
    """Return what is always open to the world, for the first page."""
    return [door for provider in _doors for door in provider()]


def register_part(page: str, provider: PartProvider) -> None:
    """Add a part to a page, named as in addresses, of an earlier step; the provider hears the key of what it shows."""
    providers = _parts.setdefault(page, [])
    if provider not in providers:
        providers.append(provider)


def page_parts(page: str, key: str, at: datetime) -> list[PagePart]:
    """Return what later steps show on the page of this name about `key`."""
    found = [provider(key, at) for provider in _parts.get(page, [])]
    return sorted((part for part in found if part is not None), key=lambda part: part.order)


def register_reader_part(page: str, provider: ReaderPartProvider) -> None:
    """Add a part that depends on who reads to a page of an earlier step; it hears the key, the reader and the time."""
    providers = _reader_parts.setdefault(page, [])
    if provider not in providers:
        providers.append(provider)


def reader_parts(page: str, key: str, reader: Person | AnonymousUser, at: datetime) -> list[PagePart]:
    """Return what later steps show this reader on the page of this name about `key`."""
    found = [provider(key, reader, at) for provider in _reader_parts.get(page, [])]
    return sorted((part for part in found if part is not None), key=lambda part: part.order)


def nav_items(role: str) -> dict[str, list[NavItem]]:
    """Return the rail for a role: sections in process order, empty ones left out."""
    shown = sorted((item for item in _items if not item.roles or role in item.roles), key=lambda item: item.order)
    grouped = {section: [item for item in shown if item.section == section] for section in SECTIONS}
    return {section: items for section, items in grouped.items() if items}


def today_items(actor: Person, organisation: Organisation, role: str, at: datetime) -> list[TodayItem]:
    """Return what waits for this person, the nearest deadline first, what has none last."""
    items = [item for provider in _providers for item in provider(actor, organisation, role, at)]
    return sorted(items, key=lambda item: (item.due_at is None, item.due_at or at, item.title))
