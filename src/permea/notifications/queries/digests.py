"""What waits for a digest: page by page of people, so that memory does not grow with their number."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from permea.challenges.models import Challenge
from permea.foundation.models import OutboxEntry
from permea.notifications.models import Digest, Notice
from permea.people.models import Person

DEFAULT_ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Group:
    """The news of one challenge, the newest first."""

    challenge: Challenge
    notices: list[Notice]


def zone_of(person: Person | None) -> zoneinfo.ZoneInfo:
    """Return the reader's time zone."""
    try:
        return zoneinfo.ZoneInfo(person.time_zone if person else DEFAULT_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def has_due_digests(at: datetime) -> bool:
    """Say whether a digest is due to anybody."""
    return Notice.objects.filter(digest_at__lte=at).exists()


def is_building(kind: str) -> bool:
    """Say whether a batch of digests waits or is being built already."""
    return OutboxEntry.objects.filter(kind=kind, done_at__isnull=True, given_up_at__isnull=True).exists()


def people_with_due_digest(*, after: int, at: datetime, limit: int) -> list[Person]:
    """Return the next people to whom a digest is due, in order of their ids."""
    due = Notice.objects.filter(digest_at__lte=at, person_id__gt=after).order_by("person_id")
    ids = list(due.values_list("person_id", flat=True).distinct()[:limit])
    return list(Person.objects.filter(pk__in=ids).order_by("pk"))


def people_with_digest(ends: Mapping[int, datetime]) -> set[int]:
    """Return which of these people have the digest of the period that ends then."""
    rows = Digest.objects.filter(person_id__in=ends, ends_at__in=set(ends.values()))
    return {person_id for person_id, ends_at in rows.values_list("person_id", "ends_at") if ends[person_id] == ends_at}


def group_by_challenge(notices: Iterable[Notice]) -> list[Group]:
    """Return notices, the newest first, by challenge; the challenge with the newest comes first."""
    groups: dict[int, Group] = {}
    for notice in notices:
        groups.setdefault(notice.challenge_id, Group(notice.challenge, [])).notices.append(notice)
    return list(groups.values())
