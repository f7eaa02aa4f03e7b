"""Writing items and their parts; each change of a part is a version of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from permea.disclosures import rules
from permea.disclosures.models import Item, Part, PartVersion
from permea.foundation.files import storage
from permea.foundation.files.intake import SentFile, TakenFile, take_in
from permea.foundation.refusals import demand
from permea.ledger.services import record_crossing
from permea.people import rules as people
from permea.people.models import Organisation, Person
from permea.people.queries import role_in


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemInput:
    """What an item is; without a teaser everybody knows it by its title."""

    title: str
    teaser: str = ""
    kind: str
    sensitivity: int = Item.Sensitivity.NOTABLE
    language: str = "en"
    owner: Person
    source_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartInput:
    """What a part says and how deep it lies; without a new file it keeps the one it has."""

    label: str
    text: str = ""
    depth: str = Part.Depth.INSIDE
    file: SentFile | None = None


def demand_managing(organisation_id: int, actor: Person) -> None:
    """Go on if the actor manages there. Raises RefusedError otherwise."""
    demand(people.why_not_manage(role_in(actor, organisation_id)))


def locked_item(item_id: int, actor: Person) -> Item:
    """Return the locked item to somebody who manages. Raises RefusedError to all others."""
    item = Item.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=item_id)
    demand_managing(item.organisation_id, actor)
    return item


@transaction.atomic
def create_item(*, organisation: Organisation, content: ItemInput, actor: Person, at: datetime) -> Item:
    """Begin an item that nobody outside sees yet. Raises RefusedError to non-managers."""
    demand_managing(organisation.pk, actor)
    return _save(Item(organisation=organisation, created_at=at), content, at)


@transaction.atomic
def change_item(*, item_id: int, content: ItemInput, actor: Person, at: datetime) -> Item:
    """Change what an item is called and how sensitive it is. Raises RefusedError to non-managers."""
    return _save(locked_item(item_id, actor), content, at)


def _save(item: Item, content: ItemInput, at: datetime) -> Item:
    """Store what an item is."""
    item.title = content.title.strip()
    item.teaser = content.teaser.strip() or item.title
    item.kind, item.sensitivity, item.language = content.kind, content.sensitivity, content.language
    item.owner, item.source_key, item.changed_at = content.owner, content.source_key.strip(), at
    item.save()
    return item


def save_part(*, item_id: int, content: PartInput, actor: Person, at: datetime, part_id: int | None = None) -> Part:
    """Add a part, or change one: another name, text or file is its next version, another depth is told in the ledger.

    Raises RefusedError to non-managers, as `rules.why_not_keep_part` says and as `take_in` does; then nothing is kept.
    """
    demand_managing(Item.objects.values_list("organisation_id", flat=True).get(pk=item_id), actor)
    taken = take_in(name=content.file.name, chunks=content.file.chunks) if content.file else None
    try:
        return _keep_part(item_id, part_id, content, taken, actor, at)
    except BaseException:
        if taken is not None:
            storage.delete(taken.stored.path)
        raise


@transaction.atomic
def _keep_part(
    item_id: int, part_id: int | None, content: PartInput, taken: TakenFile | None, actor: Person, at: datetime
) -> Part:
    """Store a part and, if something about it is new, its next version."""
    item = locked_item(item_id, actor)
    part = _part(item, part_id)
    before, was_at = part.current, part.depth
    has_file = taken is not None or (before is not None and before.is_file)
    n_parts = Part.objects.filter(item=item, removed_at__isnull=True).exclude(pk=part_id or 0).count() + 1
    demand(rules.why_not_keep_part(label=content.label, text=content.text, has_file=has_file, n_parts=n_parts))
    part.depth = content.depth
    part.save()
    version = _next_version(part, content, taken)
    if version is not None:
        version.made_by, version.made_at = actor, at
        version.save()
        part.current = version
        part.save(update_fields=["current"])
    item.changed_at = at
    item.save(update_fields=["changed_at"])
    if before is not None and was_at != part.depth:
        tell_moved(item, part, was_at, actor=actor, at=at)
    if item.published_at is not None and part.depth == Part.Depth.PUBLIC and (version or was_at != part.depth):
        tell_public(item, [part], actor=actor, at=at)
    return part


def _part(item: Item, part_id: int | None) -> Part:
    """Return the living part of this item, or a new one behind the others."""
    if part_id is not None:
        rows = Part.objects.select_for_update(of=("self",)).filter(item=item, removed_at__isnull=True)
        return rows.get(pk=part_id)
    last = Part.objects.filter(item=item).aggregate(last=Max("position"))["last"] or 0
    return Part(item=item, position=last + 1)


def _next_version(part: Part, content: PartInput, taken: TakenFile | None) -> PartVersion | None:
    """Return what the part says next, not stored yet, or None if that is what it says already."""
    before, label, text = part.current, content.label.strip(), content.text.strip()
    version = PartVersion(part=part, number=before.number + 1 if before else 1, label=label, text=text)
    if taken is not None:
        version.name, version.content_type, version.path = taken.name, taken.content_type, taken.stored.path
        version.size, version.sha256 = taken.stored.size, taken.stored.sha256
    elif before is not None and before.is_file:
        version.name, version.content_type, version.path = before.name, before.content_type, before.path
        version.size, version.sha256 = before.size, before.sha256
    else:
        version.sha256 = rules.fingerprint(label, text)
    is_same = before is not None and taken is None and (before.label, before.text) == (label, text)
    return None if is_same else version


@transaction.atomic
def remove_part(*, part_id: int, actor: Person, at: datetime) -> Item:
    """Take a part from its item; who has read it stays known. Raises RefusedError to non-managers."""
    part = Part.objects.get(pk=part_id)
    item = locked_item(part.item_id, actor)
    Part.objects.filter(pk=part.pk, removed_at__isnull=True).update(removed_at=at)
    return item


@transaction.atomic
def publish_item(*, item_id: int, actor: Person, at: datetime) -> Item:
    """Show the public parts of an item to the world.

    Raises RefusedError to non-managers and as `rules.why_not_publish` says.
    """
    item = locked_item(item_id, actor)
    living = Part.objects.filter(item=item, removed_at__isnull=True, depth=Part.Depth.PUBLIC)
    parts = list(living.select_related("current").order_by("position", "pk"))
    demand(rules.why_not_publish(item, n_public=len(parts)))
    item.published_at = at
    item.save(update_fields=["published_at"])
    tell_public(item, parts, actor=actor, at=at)
    return item


@transaction.atomic
def unpublish_item(*, item_id: int, actor: Person, at: datetime) -> Item:
    """Take an item back from the world. Raises RefusedError to non-managers and as `rules.why_not_unpublish` says."""
    item = locked_item(item_id, actor)
    demand(rules.why_not_unpublish(item))
    item.published_at = None
    item.save(update_fields=["published_at"])
    tell(item, "unpublished", Part.Depth.PUBLIC, actor=actor, at=at, facts={}, direction="inside")
    return item


def tell_public(item: Item, parts: Iterable[Part], *, actor: Person, at: datetime) -> None:
    """Append to the ledger which versions the world sees."""
    versions = {part.key: part.current.number for part in parts if part.current}
    tell(item, "published", Part.Depth.PUBLIC, actor=actor, at=at, facts={"parts": versions})


def tell_moved(item: Item, part: Part, was_at: str, *, actor: Person, at: datetime) -> None:
    """Append to the ledger that a part lies at another depth: outwards if more people can come to read it."""
    is_wider = rules.is_open_to(part.depth, was_at)
    facts = {"part": part.key, "from": was_at, "to": str(part.depth)}
    tell(item, "moved", part.depth, actor=actor, at=at, facts=facts, direction="out" if is_wider else "inside")


def tell(
    item: Item,
    what: str,
    depth: str,
    *,
    actor: Person | None,
    at: datetime,
    facts: Mapping[str, Any],
    counterparty: Person | Organisation | None = None,
    terms_key: str = "",
    direction: str = "out",
) -> None:
    """Append to the ledger what happened with an item; facts name parts and versions, never what they say."""
    record_crossing(
        organisation=item.organisation,
        kind=f"disclosure.{what}",
        direction=direction,
        depth=depth,
        subject_type="item",
        subject_key=item.key,
        at=at,
        actor=actor,
        counterparty=counterparty,
        terms_key=terms_key,
        facts={"sensitivity": int(item.sensitivity), **facts},
    )
