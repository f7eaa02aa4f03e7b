"""Deciding about items, their parts and whom they are shared with."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils.translation import gettext as _

from permea.disclosures.models import Item
from permea.foundation.refusals import Refusal

MOST_PARTS = 40


def fingerprint(label: str, text: str) -> str:
    """Return the SHA-256 of a field as it is shown: label, empty line, text."""
    return hashlib.sha256(f"{label}\n\n{text}".encode()).hexdigest()


def why_not_keep_part(*, label: str, text: str, has_file: bool, n_parts: int) -> Refusal | None:
    """Return why an item that would then have `n_parts` may not have such a part, or None if it may."""
    if not label.strip() or not (text.strip() or has_file):
        return Refusal("disclosures.part_empty", _("A part needs a name, and a text or a file."))
    if n_parts > MOST_PARTS:
        words = _("An item takes at most %(limit)d parts. Put some of them together.")
        return Refusal("disclosures.too_many_parts", words % {"limit": MOST_PARTS})
    return None


def why_not_share(*, has_reader: bool, is_ours: bool, closes_at: datetime | None, at: datetime) -> Refusal | None:
    """Return why an item may not be shared like this at `at`, or None if it may."""
    if not has_reader:
        words = _("Say with whom: choose an organisation, or give the address of one person.")
        return Refusal("disclosures.no_reader", words)
    if is_ours:
        return Refusal("disclosures.own_member", _("Your own people read items inside. A share is for others."))
    if closes_at is not None and closes_at <= at:
        return Refusal("disclosures.ends_before", _("The last day has passed already."))
    return None


def why_not_publish(item: Item, *, n_public: int) -> Refusal | None:
    """Return why the item may not be shown to the world, or None if it may."""
    if item.published_at is not None:
        return Refusal("disclosures.published", _("The world sees this item already."))
    if n_public == 0:
        return Refusal(
            "disclosures.nothing_public", _("No part lies at the public depth, so there is nothing to show.")
        )
    return None


def why_not_unpublish(item: Item) -> Refusal | None:
    """Return why the item may not be taken back from the world, or None if it may."""
    if item.published_at is not None:
        return None
    return Refusal("disclosures.not_published", _("The world does not see this item."))
