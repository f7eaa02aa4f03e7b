"""Who may see what: the four depths, and when an agreement opens a room."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from permea.agreements.models import Agreement

# From the world to the firm itself: who stands at one sees what lies there and before it.
DEPTHS = ("public", "invited", "room", "inside")


def is_open_to(depth: str, standing: str) -> bool:
    """Say whether somebody who stands at `standing` sees what lies at `depth`. Raises ValueError for other words."""
    return DEPTHS.index(depth) <= DEPTHS.index(standing)


def is_live(agreement: Agreement, at: datetime) -> bool:
    """Say whether the agreement is signed, has begun, and has neither run out nor been ended."""
    if agreement.status != Agreement.Status.SIGNED or agreement.valid_from is None or at < agreement.valid_from:
        return False
    ends = [moment for moment in (agreement.valid_until, agreement.ended_at) if moment is not None]
    return all(at < moment for moment in ends)


def covers(agreement: Agreement, subjects: Collection[str], subject_key: str, purpose: str) -> bool:
    """Say whether an agreement about `subjects` lets its parties see this one for this purpose, while it lives."""
    return purpose in agreement.purposes and (agreement.is_about_everything or subject_key in subjects)
