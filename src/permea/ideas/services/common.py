"""What every write to an idea needs: the locked rows, fields set, bytes let go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from permea.ideas.models import Attachment, Idea
from permea.ideas.services import storage


def locked(idea_id: int) -> Idea:
    """Return the idea with its challenge, both locked until the transaction ends."""
    return (
        Idea.objects.select_for_update(of=("self", "challenge"))
        .select_related("challenge", "challenge__organisation", "author")
        .get(pk=idea_id)
    )


def apply(idea: Idea, cleaned: Mapping[str, Any]) -> None:
    """Set cleaned fields on the idea, numbers as decimals."""
    for name, value in cleaned.items():
        is_amount = name in {"asked_money", "asked_days"} and value is not None
        setattr(idea, name, Decimal(value) if is_amount else value)


def drop(attachment: Attachment, at: datetime) -> None:
    """Mark a file as removed; its bytes go too, once the change is stored, unless a version names it."""
    attachment.removed_at = at
    if attachment.handed_in_at is None:
        release(attachment)
    attachment.save(update_fields=["removed_at", "path"])


def release(attachment: Attachment) -> None:
    """Let go of a file's bytes: delete them once the row that no longer names them is stored."""
    path, attachment.path = attachment.path, ""
    if path:
        transaction.on_commit(lambda: storage.delete(path))
