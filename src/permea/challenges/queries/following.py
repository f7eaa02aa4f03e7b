"""What the public may follow without signing in: the deadline of a challenge, and the news of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet, Value

from permea.challenges import rules
from permea.challenges.models import Challenge, TimetableChange
from permea.challenges.queries.public import PUBLIC, PublicChallenge, public_row, public_rows, read_public


@dataclass(frozen=True, slots=True)
class Deadline:
    """When entries of a challenge close, how often that moved, and when it was last said."""

    challenge: PublicChallenge
    closes_at: datetime
    n_changes: int
    revised_at: datetime


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened to a challenge: announced, opened, extended, closed or decided.

    `deadline` is the one that stood then; `reason` says why it moved, and `number` counts a challenge's moves.
    """

    kind: str
    at: datetime
    challenge: PublicChallenge
    deadline: datetime
    reason: str = ""
    number: int = 0


def public_deadline(key: str, at: datetime) -> Deadline:
    """Return the deadline of a public challenge. Raises Http404 for drafts, archived ones and unknown keys."""
    row = public_row(key)
    shown = read_public(row, at)
    said = filter(None, [row.published_at, *(change.changed_at for change in shown.changes)])
    return Deadline(shown, rules.dates_of(row).closes_at, len(shown.changes), max(said))


def news(at: datetime, *, most: int) -> list[News]:
    """Return what happened to public challenges until `at`, the newest first, at most so many."""
    happened = list(_moments(at)[:most])
    rows = {row.pk: row for row in public_rows().filter(pk__in={challenge for _at, _kind, challenge, _id in happened})}
    return [_told(moment, kind, rows[challenge], change, at) for moment, kind, challenge, change in happened]


def _moments(at: datetime) -> QuerySet[Challenge, tuple[datetime, str, int, int]]:
    """Return time, kind, challenge and change of everything that happened, the newest first."""
    columns = ("moment", "kind", "subject", "change")
    public = Challenge.objects.filter(status__in=PUBLIC)
    moved = TimetableChange.objects.filter(challenge__status__in=PUBLIC, closed_at_after__gt=F("closed_at_before"))
    dated = {
        "announced": ("published_at", public.filter(opens_at__gt=F("published_at"))),
        "opened": ("opens_at", public.filter(opens_at__lte=at)),
        "closed": ("closes_at", public.filter(closes_at__lte=at)),
        "decided": ("decided_at", public.filter(decided_at__isnull=False)),
    }
    parts = [
        rows.annotate(moment=F(field), kind=Value(kind), subject=F("pk"), change=Value(0)).values_list(*columns)
        for kind, (field, rows) in dated.items()
    ]
    extended = moved.annotate(moment=F("changed_at"), kind=Value("extended"), subject=F("challenge_id"), change=F("pk"))
    return parts[0].union(*parts[1:], extended.values_list(*columns), all=True).order_by("-moment", "-subject", "kind")


def _told(moment: datetime, kind: str, row: Challenge, change_id: int, at: datetime) -> News:
    """Return one piece of news with what was true of its challenge then."""
    shown = read_public(row, at)
    deadline = rules.deadline_as_of(moment, rules.dates_of(row).closes_at, shown.changes)
    numbers = {change.pk: number for number, change in enumerate(shown.changes, start=1)}
    is_early = kind == "closed" and bool(shown.changes) and not shown.changes[-1].is_extension
    number = numbers.get(change_id, len(numbers) if is_early else 0)
    reason = shown.changes[number - 1].reason if number else ""
    return News(kind, moment, shown, deadline, reason, number)
