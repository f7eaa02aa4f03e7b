"""What selection has to say about merging entries."""

from __future__ import annotations

from permea.foundation.refusals import Refusal
from permea.selection import rules
from permea.selection.models import Decision


def why_not_merge(idea_id: int, lead_id: int) -> Refusal | None:
    """Return that one of the two is decided on, or None if neither is."""
    return rules.why_not_merge_decided(is_decided=Decision.objects.filter(idea__in=(idea_id, lead_id)).exists())
