"""What is written about entries that are merged."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from permea.ideas.models import Merge, MergeStep
from permea.ideas.queries import contributors_of
from permea.notifications.services.mails import tell


def tell_merge_question(*, merge_id: int, at: datetime) -> None:
    """Ask the contributors of an entry whether it may be merged into another."""
    _tell(merge_id, kind="merge_question", step=MergeStep.Kind.ASKED, at=at)


def tell_merged(*, merge_id: int, at: datetime) -> None:
    """Tell the contributors of an entry that it was merged, and why."""
    _tell(merge_id, kind="merged", step=MergeStep.Kind.DONE, at=at)


def tell_unmerged(*, merge_id: int, at: datetime) -> None:
    """Tell the contributors of an entry that it stands by itself again."""
    _tell(merge_id, kind="unmerged", step=MergeStep.Kind.UNDONE, at=at)


def _tell(merge_id: int, *, kind: str, step: str, at: datetime) -> None:
    """Write to the contributors of the entry, without a word about the leading one, which they may not see."""
    merge = Merge.objects.select_related("idea__challenge__organisation").get(pk=merge_id)
    happened = merge.steps.filter(kind=step).order_by("-pk").first()
    context: dict[str, Any] = {"idea": merge.idea, "challenge": merge.idea.challenge, "merge": merge}
    for person in contributors_of(merge.idea):
        tell(
            to=person,
            kind=kind,
            at=at,
            organisation=merge.idea.challenge.organisation,
            about=merge.idea.key,
            words=happened.words if happened else "",
            **context,
        )
