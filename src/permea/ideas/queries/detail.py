"""One idea with everything its reader may see: text, files, people, and what changed from version to version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404

from permea.ideas import rules
from permea.ideas.models import Attachment, Idea, IdeaVersion, Merge
from permea.ideas.queries import access, merging, own
from permea.ideas.queries.credit import Credit, credit_of
from permea.ideas.queries.lineage import Lineage, lineage_of
from permea.ideas.queries.merging import MergedText, MergeRow
from permea.people.models import Person


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What one field said before and says now."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class VersionChange:
    """One version beside the one before it."""

    version: IdeaVersion
    changes: list[FieldChange]
    files_added: list[str]
    files_removed: list[str]


@dataclass(frozen=True, slots=True)
class IdeaPage:
    """An idea as managers and its contributors read it once it is handed in."""

    idea: Idea
    files: list[Attachment]
    credit: Credit
    history: list[VersionChange]
    is_own: bool
    is_author: bool
    merged: list[MergedText]
    merge: MergeRow | None
    lead: Idea | None
    question: Merge | None
    lineage: Lineage


def idea_page(actor: Person, key: str, at: datetime) -> IdeaPage:
    """Return a handed-in or withdrawn idea the actor may read. Raises Http404 for all others, and for drafts."""
    idea = access.idea_for(actor, key, at)
    if idea.status == Idea.Status.DRAFT:
        raise Http404
    versions = list(idea.versions.order_by("number"))
    named = access.handed_in_keys(idea)
    files = {file.key: file for file in Attachment.objects.filter(idea=idea, key__in=named).exclude(path="")}
    is_own, merge = access.is_contributor(actor, idea), merging.merge_of(idea)
    return IdeaPage(
        idea=idea,
        files=[files[key] for key in named if key in files],
        credit=credit_of([idea.pk])[idea.pk],
        history=[_change(before, after) for before, after in zip([None, *versions[:-1]], versions, strict=True)][::-1],
        is_own=is_own,
        is_author=is_own and access.acts_as_author(actor, idea),
        merged=[] if is_own else merging.merged_texts(idea, with_names=True),
        merge=merge,
        lead=access.ideas_visible_to(actor, at).filter(pk=merge.merge.lead_id).first() if merge else None,
        question=merging.open_question_of(idea) if is_own else None,
        lineage=lineage_of(actor, idea, at),
    )


def _change(before: IdeaVersion | None, after: IdeaVersion) -> VersionChange:
    """Return what a version changed; the first one changed nothing."""
    if before is None or not before.content or not after.content:
        return VersionChange(after, [], [], [])
    changes = [
        FieldChange(rules.label_of(name), _text(before.content[name]), _text(after.content[name]))
        for name in rules.CONTENT_FIELDS
        if before.content[name] != after.content[name]
    ]
    old, new = _file_names(before.content), _file_names(after.content)
    return VersionChange(
        after,
        changes,
        files_added=[name for key, name in new.items() if key not in old],
        files_removed=[name for key, name in old.items() if key not in new],
    )


def _text(value: Any) -> str:
    """Return a field's value as text."""
    return "" if value is None else str(value)


def _file_names(content: dict[str, Any]) -> dict[str, str]:
    """Return the names of a version's files by key."""
    return {file["key"]: file["name"] for file in content["files"]}


def version_document(actor: Person, key: str, number: int) -> dict[str, Any]:
    """Return a version of an own idea word for word as it was hashed. Raises Http404 for all others."""
    version = own.my_idea(actor, key).versions.filter(number=number).first()
    if version is None or not version.content:
        raise Http404
    return dict(version.content)
