"""What merged and removed themes were, so that somebody can bring them back with their entries."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from permea.foundation.refusals import demand
from permea.ideas import rules
from permea.ideas.models import Theme, ThemeChange, ThemeEntry
from permea.ideas.services.theme_locks import demand_sorting, hold, locked_challenge, names_of
from permea.people.models import Person


def note_theme_change(*, theme: Theme, into: Theme | None, actor: Person, at: datetime) -> ThemeChange:
    """Keep what a theme is before it is merged into another, or removed."""
    held = ThemeEntry.objects.filter(theme=theme).values_list("idea_id", "fit", "leans", "moved_at")
    rows = [
        (pk, fit, leans, moved_at and moved_at.isoformat()) for pk, fit, leans, moved_at in held.order_by("idea_id")
    ]
    return ThemeChange.objects.create(
        challenge_id=theme.challenge_id,
        kind=ThemeChange.Kind.MERGED if into else ThemeChange.Kind.REMOVED,
        theme_key=theme.key,
        name=theme.name,
        words=theme.words,
        named_at=theme.named_at,
        x=theme.x,
        y=theme.y,
        into_name=into.name if into else "",
        entries=rows,
        made_by=actor,
        made_at=at,
    )


@transaction.atomic
def undo_theme_change(*, change_id: int, actor: Person, at: datetime) -> ThemeChange:
    """Bring a merged or removed theme back with its entries; the second time changes nothing.

    Entries that somebody moved since stay where they were moved to. Raises RefusedError as
    `rules.why_not_undo_theme_change` says.
    """
    challenge_id = ThemeChange.objects.values_list("challenge_id", flat=True).get(pk=change_id)
    demand_sorting(locked_challenge(challenge_id), actor, at)
    change = ThemeChange.objects.get(pk=change_id)
    if change.undone_by_id is not None:
        return change
    demand(rules.why_not_undo_theme_change(change, taken=names_of(challenge_id)))
    was = {name: getattr(change, name) for name in ("name", "words", "named_at", "x", "y")}
    theme = Theme.objects.create(challenge_id=challenge_id, key=change.theme_key, **was)
    _bring_back(change, theme)
    change.undone_by, change.closed_at = actor, at
    change.save(update_fields=["undone_by", "closed_at"])
    hold(challenge_id, at)
    return change


def _bring_back(change: ThemeChange, theme: Theme) -> None:
    """Put a theme's entries back; undoing a later change of a theme they were in meanwhile leaves them there."""
    there = ThemeEntry.objects.filter(idea__challenge=change.challenge_id).exclude(moved_at__gt=change.made_at)
    entries = {entry.idea_id: entry for entry in there}
    back = []
    for pk, fit, leans, moved_at in change.entries:
        entry = entries.get(pk)
        if entry is not None:
            entry.theme, entry.fit, entry.leans = theme, fit, leans
            entry.moved_at = moved_at and datetime.fromisoformat(moved_at)
            back.append(entry)
    ThemeEntry.objects.bulk_update(back, ["theme", "fit", "leans", "moved_at"], batch_size=500)
    _drop_entries(change.challenge_id, {entry.idea_id for entry in back}, after=change.pk)


def close_theme_changes(*, challenge_id: int, at: datetime) -> None:
    """Leave what was merged and removed as it is, because themes are found afresh."""
    ThemeChange.objects.filter(challenge_id=challenge_id, closed_at__isnull=True).update(closed_at=at)


def forget_in_theme_changes(*, challenge_id: int, idea_id: int) -> None:
    """Take an entry whose text goes out of what can be undone; words that came of it alone go too."""
    _drop_entries(challenge_id, {idea_id}, after=0)
    ThemeChange.objects.filter(challenge_id=challenge_id, named_at__isnull=True, entries=[]).delete()


def _drop_entries(challenge_id: int, idea_ids: set[int], *, after: int) -> None:
    """Take entries out of the changes made after one."""
    for change in ThemeChange.objects.filter(challenge_id=challenge_id, pk__gt=after):
        kept = [row for row in change.entries if row[0] not in idea_ids]
        if len(kept) < len(change.entries):
            change.entries = kept
            change.save(update_fields=["entries"])
