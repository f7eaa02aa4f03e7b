"""Partners that are the same merged, and parted again; partners that are not the same remembered as such."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from permea.foundation.refusals import demand
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.partners import queries, rules
from permea.partners.models import (
    Apart,
    Capability,
    Contact,
    LogEntry,
    Partner,
    PartnerMerge,
    ShortlistDecision,
    ShortlistNote,
    ShortlistPlace,
    WorkingPreferences,
)
from permea.partners.services.directory import index
from permea.people.models import Person
from permea.people.queries import role_in
from permea.people.rules import why_not_manage

MOMENTS = ("talked_at", "dealt_at")
FILLED = ("website", "city", "tags", "note", *MOMENTS)
MOVED = (Contact, Capability, LogEntry, WorkingPreferences, ShortlistPlace, ShortlistNote, ShortlistDecision)


def _managed(partner_ids: tuple[int, int], actor: Person) -> tuple[Partner, Partner]:
    """Return two locked partners in this order. Raises RefusedError to who does not manage the firm of both."""
    rows = Partner.objects.select_for_update(of=("self",)).select_related("organisation", "party").order_by("pk")
    found = {one.pk: one for one in rows.filter(pk__in=partner_ids)}
    for one in found.values():
        demand(why_not_manage(role_in(actor, one.organisation_id)))
    return found[partner_ids[0]], found[partner_ids[1]]


@transaction.atomic
def merge_partners(*, gone_id: int, kept_id: int, actor: Person, at: datetime) -> PartnerMerge:
    """Merge a partner into another: what is noted of it moves there, and what the other lacks is filled in from it.

    The one that is gone stays behind as it was, put away. Raises RefusedError to non-managers and as
    `rules.why_not_merge` says.
    """
    gone, kept = _managed((gone_id, kept_id), actor)
    demand(rules.why_not_merge(gone, kept, has_ties=bool(queries.tied_ids([gone.pk]))))
    filled = [name for name in FILLED if getattr(gone, name) and not getattr(kept, name)]
    for name in filled:
        setattr(kept, name, getattr(gone, name))
    merge = PartnerMerge.objects.create(
        organisation=kept.organisation, gone=gone, kept=kept, moved=_move(gone, kept), filled=filled,
        gone_archived_at=gone.archived_at, merged_by=actor, merged_at=at,
    )  # fmt: skip
    gone.merged_into, gone.archived_at = kept, gone.archived_at or at
    index(gone)
    index(kept)
    _record(merge, "partner.merged", actor, at)
    return merge


def _move(gone: Partner, kept: Partner) -> dict[str, list[int]]:
    """Put the rows of one partner to another, and return which; how it works stays where the other has its own."""
    own = WorkingPreferences.objects.filter(partner=kept).values("is_stated")
    found: dict[str, QuerySet[Any]] = {model.__name__: model.objects.filter(partner=gone) for model in MOVED}
    found["WorkingPreferences"] = found["WorkingPreferences"].exclude(is_stated__in=own)
    moved = {name: list(rows.order_by("pk").values_list("pk", flat=True)) for name, rows in found.items()}
    for rows in found.values():
        rows.update(partner=kept)
    return moved


@transaction.atomic
def part_partners(*, merge_id: int, actor: Person, at: datetime) -> PartnerMerge:
    """Undo a merge: what was moved goes back, and what was filled in goes unless it was changed since.

    Raises RefusedError to non-managers and as `rules.why_not_part` says.
    """
    rows = PartnerMerge.objects.select_for_update(of=("self",))
    merge = rows.select_related("organisation", "gone__party", "kept__party").get(pk=merge_id)
    demand(why_not_manage(role_in(actor, merge.organisation_id)))
    demand(rules.why_not_part(merge))
    gone, kept = merge.gone, merge.kept
    for model in MOVED:
        model.objects.filter(pk__in=merge.moved.get(model.__name__, []), partner=kept).update(partner=gone)
    for name in merge.filled:
        if getattr(kept, name) == getattr(gone, name):
            setattr(kept, name, None if name in MOMENTS else "")
    gone.merged_into, gone.archived_at = None, merge.gone_archived_at
    index(gone)
    index(kept)
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    _record(merge, "partner.parted", actor, at)
    return merge


@transaction.atomic
def keep_apart(*, partner_id: int, other_id: int, actor: Person, at: datetime, is_back: bool = False) -> None:
    """Remember that two partners are not the same, or forget it with `is_back`. Raises RefusedError to non-managers."""
    first, second = _managed((min(partner_id, other_id), max(partner_id, other_id)), actor)
    if is_back:
        Apart.objects.filter(first=first, second=second).delete()
        return
    said = {"organisation": first.organisation, "said_by": actor, "said_at": at}
    Apart.objects.get_or_create(first=first, second=second, defaults=said)


def _record(merge: PartnerMerge, kind: str, actor: Person, at: datetime) -> None:
    """Enter which partner was merged into which or parted from it, by keys."""
    record_crossing(
        organisation=merge.organisation,
        kind=kind,
        direction=Crossing.Direction.IN,
        depth=Crossing.Depth.INSIDE,
        subject_type="partner",
        subject_key=merge.gone.key,
        at=at,
        actor=actor,
        facts={"into": merge.kept.key},
    )
