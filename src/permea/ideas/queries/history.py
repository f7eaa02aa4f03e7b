"""The versions of an entry beside each other: what was said when, by whom it was handed in, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404

from permea.ideas import rules
from permea.ideas.models import CreditShare, CreditSplit, Idea, IdeaVersion
from permea.ideas.queries import access
from permea.people.models import Person


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version: who handed it in, and which shares of the credit were in force then."""

    version: IdeaVersion
    by: Person | None
    shares: list[CreditShare]

    @property
    def is_emptied(self) -> bool:
        """Say whether its text was removed for good."""
        return not self.version.content


@dataclass(frozen=True, slots=True)
class Beside:
    """What one field said in the one version and says in the other."""

    label: str
    before: str
    after: str
    is_long: bool

    @property
    def is_changed(self) -> bool:
        """Say whether the two say something different."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The versions of an entry, the newest first, and two of them compared; with one version, that beside nothing."""

    idea: Idea
    is_own: bool
    rows: list[VersionRow]
    before: VersionRow | None
    after: VersionRow
    fields: list[Beside]
    files_added: list[str]
    files_removed: list[str]

    @property
    def unchanged(self) -> list[str]:
        """Return the names of the fields that say the same in both."""
        return [field.label for field in self.fields if not field.is_changed]


def history_page(actor: Person, key: str, at: datetime, *, before: int, after: int) -> HistoryPage:
    """Return two versions (by number, 0 for the newest and the one before) of an idea the actor may read.

    Raises Http404 for all others, for drafts, and for versions there are not.
    """
    idea = access.idea_for(actor, key, at)
    if idea.status == Idea.Status.DRAFT:
        raise Http404
    rows = _rows(idea)
    later = rows.get(after or idea.n_versions)
    earlier = rows.get(before or (later.version.number - 1 if later else 0))
    if later is None or (before and earlier is None):
        raise Http404
    old, new = (earlier.version.content if earlier else {}), later.version.content
    is_readable = bool(old) and bool(new)
    return HistoryPage(
        idea=idea,
        is_own=access.is_contributor(actor, idea),
        rows=list(rows.values())[::-1],
        before=earlier,
        after=later,
        fields=_beside(old, new) if is_readable else [],
        files_added=_files_beyond(new, old) if is_readable else [],
        files_removed=_files_beyond(old, new) if is_readable else [],
    )


def _rows(idea: Idea) -> dict[int, VersionRow]:
    """Return the versions by number, the first first; what was handed in before this was noted came from the author."""
    splits = CreditSplit.objects.filter(idea=idea, agreed_at__isnull=False).prefetch_related("shares__person")
    agreed = list(splits.order_by("agreed_at", "pk"))
    is_import = idea.channel == Idea.Channel.IMPORT
    return {
        version.number: VersionRow(
            version, version.made_by or (None if is_import else idea.author), _in_force(agreed, version.made_at)
        )
        for version in idea.versions.select_related("made_by").order_by("number")
    }


def _in_force(splits: list[CreditSplit], at: datetime) -> list[CreditShare]:
    """Return the shares everybody had agreed to at `at`, the largest first; none if there were none."""
    then = [
        one for one in splits if one.agreed_at and one.agreed_at <= at and not (one.dropped_at and one.dropped_at <= at)
    ]
    return sorted(then[-1].shares.all(), key=lambda share: (-share.per_cent, share.pk)) if then else []


def _beside(old: dict[str, Any], new: dict[str, Any]) -> list[Beside]:
    """Return each field as both versions have it."""
    return [
        Beside(rules.label_of(name), _text(old[name]), _text(new[name]), is_long=name == "body")
        for name in rules.CONTENT_FIELDS
        if _text(old[name]) or _text(new[name])
    ]


def _text(value: Any) -> str:
    """Return a field's value as text."""
    return "" if value is None else str(value)


def _files_beyond(content: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return the names of a version's files that the other one has not."""
    known = {file["key"] for file in other["files"]}
    return [file["name"] for file in content["files"] if file["key"] not in known]
