"""What every write to an idea needs: the locked rows, fields set, bytes let go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from permea.agreements.services import accept_terms
from permea.challenges.models import Challenge
from permea.foundation.files import storage
from permea.ideas.models import Attachment, CreditSplit, Idea
from permea.people.models import Person


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


def accept_texts(challenge: Challenge, person: Person, accepted: Collection[str], at: datetime, *, method: str) -> None:
    """Record that a person accepts those texts of a challenge whose keys are in `accepted`."""
    for terms in (challenge.participation_terms, challenge.ip_terms):
        if terms is not None and terms.key in accepted:
            accept_terms(
                terms=terms,
                person=person,
                subject_key=challenge.key,
                challenge_key=challenge.key,
                at=at,
                method=method,
            )


def drop_splits(idea: Idea, at: datetime, *, is_proposed: bool | None = None) -> None:
    """Let go of how the credit of an entry is shared, or only of what is proposed, or only of what is in force."""
    splits = CreditSplit.objects.filter(idea=idea, dropped_at__isnull=True)
    if is_proposed is not None:
        splits = splits.filter(agreed_at__isnull=is_proposed)
    splits.update(dropped_at=at)
