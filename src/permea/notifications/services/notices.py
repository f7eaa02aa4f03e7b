"""Notices: written with what caused them, read by their person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from permea.notifications import queries, rules
from permea.notifications.models import Notice
from permea.people.models import Person


@transaction.atomic
def note(*, person: Person, kind: str, told: Mapping[str, Any], is_for_digest: bool, at: datetime) -> Notice | None:
    """Put a notice under a person's bell, by the challenge and idea `told` names; some kinds of mail have none."""
    if kind not in rules.NOTED:
        return None
    idea = told.get("idea")
    number, variant = rules.facts_of(kind, told)
    rhythm, zone = queries.rhythm_of(person) if is_for_digest else rules.DEFAULT_RHYTHM, queries.zone_of(person)
    return Notice.objects.create(
        person=person,
        kind=kind,
        challenge=told["challenge"] if "challenge" in told else told["idea"].challenge,
        idea=idea,
        number=number,
        variant=variant,
        at=at,
        digest_at=rules.next_slot(rhythm, zone=zone, at=at) if is_for_digest else None,
    )


@transaction.atomic
def read_notice(*, notice_id: int, actor: Person, at: datetime) -> None:
    """Mark one of the actor's notices as read; once is enough."""
    Notice.objects.filter(pk=notice_id, person=actor, read_at__isnull=True).update(read_at=at)


@transaction.atomic
def read_all_notices(*, actor: Person, at: datetime) -> int:
    """Mark all notices of the actor as read, those they may no longer see included; return how many were not."""
    return Notice.objects.filter(person=actor, read_at__isnull=True).update(read_at=at)
