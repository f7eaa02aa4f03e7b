"""Opening and closing shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from permea.disclosures import rules
from permea.disclosures.events import ItemShared
from permea.disclosures.models import Share
from permea.disclosures.services.items import locked_item, tell
from permea.foundation.events import publish
from permea.foundation.refusals import demand
from permea.people.models import Organisation, Person
from permea.people.queries import person_by_email, role_in
from permea.people.services import register_person


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareInput:
    """With whom an item is shared (an organisation, or the person with an address), how deep, for what, until when."""

    organisation: Organisation | None = None
    email: str = ""
    depth: str
    purpose: str
    closes_at: datetime | None = None


@transaction.atomic
def share_item(*, item_id: int, content: ShareInput, actor: Person, at: datetime) -> Share:
    """Let an organisation's people, or one person, read an item; an address nobody has used yet becomes a person.

    Raises RefusedError to non-managers and as `rules.why_not_share` says.
    """
    item = locked_item(item_id, actor)
    firm = content.organisation
    known = person_by_email(content.email) if content.email and firm is None else None
    is_ours = firm == item.organisation or (known is not None and _is_insider(known, item.organisation_id))
    has_reader = firm is not None or bool(content.email)
    demand(rules.why_not_share(has_reader=has_reader, is_ours=is_ours, closes_at=content.closes_at, at=at))
    person = None if firm is not None else known or register_person(email=content.email, language=item.language, at=at)
    share = Share.objects.create(
        item=item,
        organisation=firm,
        person=person,
        depth=content.depth,
        purpose=content.purpose,
        opened_by=actor,
        opened_at=at,
        closes_at=content.closes_at,
    )
    _tell_share(share, "shared", actor, at)
    publish(ItemShared(share_id=share.pk, at=at))
    return share


def _is_insider(person: Person, organisation_id: int) -> bool:
    """Say whether a person reads the firm's items inside."""
    return role_in(person, organisation_id) in rules.INSIDERS


@transaction.atomic
def close_share(*, share_id: int, actor: Person, at: datetime) -> Share:
    """Close a share at once; the second time changes nothing. Raises RefusedError to non-managers."""
    share = Share.objects.select_related("item__organisation", "organisation", "person").get(pk=share_id)
    locked_item(share.item_id, actor)
    return _close(share, actor, at)


@transaction.atomic
def close_shares_of(*, person_id: int, at: datetime) -> int:
    """Close every share that names a person who is gone; return how many."""
    rows = Share.objects.filter(person_id=person_id, closed_at__isnull=True)
    found = list(rows.select_related("item__organisation", "organisation", "person").order_by("pk"))
    for share in found:
        _close(share, None, at)
    return len(found)


def _close(share: Share, actor: Person | None, at: datetime) -> Share:
    """Store that a share is closed, and tell the ledger."""
    if not Share.objects.filter(pk=share.pk, closed_at__isnull=True).update(closed_at=at):
        return share
    share.closed_at = at
    _tell_share(share, "unshared", actor, at)
    return share


def _tell_share(share: Share, what: str, actor: Person | None, at: datetime) -> None:
    """Append to the ledger that a share was opened or closed."""
    facts = {"share": share.key, "purpose": share.purpose}
    reader, direction = share.organisation or share.person, "out" if what == "shared" else "inside"
    tell(
        share.item, what, share.depth, actor=actor, at=at, facts=facts, counterparty=reader, direction=direction
    )  # fmt: skip
