"""Deciding about disclosures."""

from permea.disclosures.rules.items import (
    MOST_PARTS,
    fingerprint,
    why_not_keep_part,
    why_not_publish,
    why_not_share,
    why_not_unpublish,
)
from permea.disclosures.rules.standing import (
    HIDDEN,
    INSIDERS,
    SENSITIVE,
    Standing,
    deepest,
    is_open_to,
    is_told_again,
    points_at_stake,
    standing_of,
    title_at,
)

__all__ = [
    "HIDDEN",
    "INSIDERS",
    "MOST_PARTS",
    "SENSITIVE",
    "Standing",
    "deepest",
    "fingerprint",
    "is_open_to",
    "is_told_again",
    "points_at_stake",
    "standing_of",
    "title_at",
    "why_not_keep_part",
    "why_not_publish",
    "why_not_share",
    "why_not_unpublish",
]
