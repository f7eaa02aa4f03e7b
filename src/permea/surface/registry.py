"""Where apps announce their entries in the rail, what waits for a person on Today, and parts of earlier pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import JSONField, QuerySet, Subquery
from django.utils.functional import Promise

if TYPE_CHECKING:  # apps register themselves before models are there
    from django.contrib.auth.models import AnonymousUser

    from permea.people.models import Organisation, Person

MOST_OF_A_KIND = 20
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
class Stand:
    """Who asks what waits, for which organisations with which role in each: a firm of this hub, or partners."""

    person: Person
    roles: Mapping[int, str]
    is_firm: bool
    at: datetime

    def ids(self, roles: Collection[str]) -> list[int]:
        """Return the organisations in which the person has one of these roles."""
        return [pk for pk, role in self.roles.items() if role in roles]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Things of one kind that wait: rows, each with all that is told of it as the JSON object `found`, and its item.

    Of each kind the first `MOST_OF_A_KIND` are read. Days and times come as text: see `moment`.
    """

    rows: QuerySet[Any, Any]
    item: Callable[[Mapping[str, Any]], TodayItem]


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
WaitingProvider = Callable[[Stand], Iterable[Waiting]]
PartProvider = Callable[[str, datetime], PagePart | None]
_items: list[NavItem] = []
_providers: list[TodayProvider] = []
_waiting: list[WaitingProvider] = []
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


def register_waiting(provider: WaitingProvider) -> None:
    """Add a source of what waits for a person of the firm, or of a partner; all sources are read with one query."""
    if provider not in _waiting:
        _waiting.append(provider)


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


class _Rows(Subquery):
    """The values `found` of a query's rows as one JSON list, None for none."""

    template = "(SELECT jsonb_agg(f.found) FROM (%(subquery)s) f)"
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return the list as SQLite writes it."""
        context["template"] = "(SELECT json_group_array(json(f.found)) FROM (%(subquery)s) f)"
        return self.as_sql(compiler, connection, **context)


def today_items(actor: Person, organisation: Organisation, role: str, at: datetime) -> list[TodayItem]:
    """Return what waits for this person, the nearest deadline first, what has none last."""
    items = [item for provider in _providers for item in provider(actor, organisation, role, at)]
    return _in_order([*items, *_read(Stand(actor, {organisation.pk: role}, is_firm=True, at=at))], at)


def partner_items(actor: Person, roles: Mapping[int, str], at: datetime) -> list[TodayItem]:
    """Return what waits for somebody of partners, by the role they have in each, in the order of Today."""
    return _in_order(_read(Stand(actor, roles, is_firm=False, at=at)), at)


def _in_order(items: Iterable[TodayItem], at: datetime) -> list[TodayItem]:
    """Return items with the nearest deadline first, those without one last."""
    return sorted(items, key=lambda item: (item.due_at is None, item.due_at or at, item.title))


def _read(stand: Stand) -> list[TodayItem]:
    """Return the items of all kinds that wait, read with one query, none if there is no kind to ask for."""
    kinds = {f"kind_{number}": kind for number, kind in enumerate(_kinds(stand))}
    if not kinds:
        return []
    from permea.people.queries import told_with  # noqa: PLC0415 - models are loaded only now

    rows = {name: _Rows(kind.rows.values("found")[:MOST_OF_A_KIND]) for name, kind in kinds.items()}
    found = told_with(stand.person, rows)
    return [kind.item(one) for name, kind in kinds.items() for one in found[name] or ()]


def _kinds(stand: Stand) -> Iterable[Waiting]:
    """Yield every kind of thing that can wait for this person."""
    for provider in _waiting:
        yield from provider(stand)


def moment(text: str) -> datetime:
    """Return a time that was read as text, in UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
