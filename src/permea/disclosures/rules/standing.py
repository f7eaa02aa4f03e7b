"""How deep a reader stands before an item, and when a reading is told in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from permea.agreements.models import Agreement
from permea.agreements.rules import DEPTHS, is_open_to
from permea.disclosures.models import Item, Part, Share
from permea.people.models import Membership

EVERY = timedelta(hours=1)
SENSITIVE = 3
Depth = Part.Depth
Covering = Callable[[str, str], Agreement | None]
__all__ = [
    "HIDDEN",
    "INSIDERS",
    "SENSITIVE",
    "Standing",
    "deepest",
    "is_open_to",
    "is_told_again",
    "points_at_stake",
    "standing_of",
    "title_at",
]


@dataclass(frozen=True, slots=True)
class Standing:
    """How deep somebody stands, by which share and agreement, and whether an agreement would lead deeper."""

    depth: str
    share: Share | None = None
    agreement: Agreement | None = None
    is_agreement_needed: bool = False


INSIDERS = frozenset({Membership.Role.OWNER.value, Membership.Role.MANAGER.value, Membership.Role.MEMBER.value})
INSIDE = Standing(Depth.INSIDE)
HIDDEN = Standing("")


def standing_of(
    item: Item, shares: Iterable[Share], covering: Covering, *, is_member: bool, is_public: bool, at: datetime
) -> Standing:
    """Return how deep a reader stands before the item at `at`; `HIDDEN` if it does not exist for them.

    `shares` are those that name them or an organisation of theirs, and `covering` finds the live agreement between
    them and the firm for an item's key and a purpose. The deepest share counts, and of these the oldest.
    """
    if is_member:
        return INSIDE
    best = Standing(Depth.PUBLIC) if is_public and item.published_at is not None else HIDDEN
    needs = False
    for share in shares:
        if share.item_id != item.pk or not share.is_open_at(at):
            continue
        agreement = covering(item.key, share.purpose)
        if share.depth == Depth.ROOM and agreement is not None:
            return Standing(Depth.ROOM, share, agreement)
        needs = needs or share.depth == Depth.ROOM
        if best.share is None or (best.agreement is None and agreement is not None):
            best = Standing(Depth.INVITED, share, agreement)
    return Standing(best.depth, best.share, best.agreement, is_agreement_needed=needs)


def title_at(item: Item, depth: str) -> str:
    """Return what an item is called by somebody who stands at `depth`."""
    return item.title if depth in {Depth.ROOM, Depth.INSIDE} else item.teaser


def deepest(depths: Iterable[str]) -> str:
    """Return the depth nearest to the inside, the public one of none."""
    return max(depths, key=DEPTHS.index, default=Depth.PUBLIC.value)


def is_told_again(told_at: datetime | None, at: datetime) -> bool:
    """Say whether reading a version, last told at `told_at`, is told in the ledger: at first, and after an hour."""
    return told_at is None or at - told_at >= EVERY


def points_at_stake(sensitivity: int, n_readers: int) -> int:
    """Return what could leak: how sensitive an item is, times how many who have seen it are not covered now."""
    return sensitivity * n_readers
