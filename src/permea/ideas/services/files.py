"""Attaching and removing files, and clearing away bytes that no row names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from permea.foundation.files import storage
from permea.foundation.files.intake import TakenFile, is_named_anywhere, take_in
from permea.foundation.refusals import Refusal, demand
from permea.ideas import queries, rules
from permea.ideas.models import Attachment, Idea, Posting
from permea.ideas.services.common import drop, locked
from permea.people.models import Person

GRACE = timedelta(hours=1)


def attach_file(*, idea_id: int, actor: Person, name: str, chunks: Iterable[bytes], at: datetime) -> Attachment:
    """Keep a file with the idea: its bytes first, then the row that names them; the same file twice is kept once.

    Raises RefusedError as `rules.why_not_attach` says and as `take_in` does; then nothing is kept.
    """
    idea = Idea.objects.select_related("challenge").get(pk=idea_id)
    demand(_why_not_attach(idea, actor, at))
    taken = take_in(name=name, chunks=chunks)
    try:
        attachment = _name_bytes(idea_id, actor, taken, at)
    except BaseException:
        storage.delete(taken.stored.path)
        raise
    if attachment.path != taken.stored.path:
        storage.delete(taken.stored.path)
    return attachment


def _why_not_attach(idea: Idea, actor: Person, at: datetime) -> Refusal | None:
    """Return why the actor may not add a file, or None if they may."""
    return rules.why_not_attach(
        idea,
        is_contributor=queries.is_contributor(actor, idea),
        n_files=queries.live_attachments(idea).count(),
        at=at,
    )


@transaction.atomic
def _name_bytes(idea_id: int, actor: Person, taken: TakenFile, at: datetime) -> Attachment:
    """Add the row that names stored bytes, unless the idea has this very file already; return the row."""
    idea = locked(idea_id)
    same = queries.live_attachments(idea).filter(name=taken.name, sha256=taken.stored.sha256).first()
    if same is not None:
        demand(rules.why_not_contributor(is_contributor=queries.is_contributor(actor, idea)))
        return same
    demand(_why_not_attach(idea, actor, at))
    return Attachment.objects.create(
        idea=idea,
        name=taken.name,
        content_type=taken.content_type,
        size=taken.stored.size,
        sha256=taken.stored.sha256,
        path=taken.stored.path,
        added_by=actor,
        added_at=at,
    )


@transaction.atomic
def remove_file(*, attachment_id: int, actor: Person, at: datetime) -> Idea:
    """Take a file from the idea; the second time changes nothing. A version that names it keeps it.

    Raises RefusedError as `rules.why_not_change` says.
    """
    idea = locked(Attachment.objects.values_list("idea_id", flat=True).get(pk=attachment_id))
    demand(rules.why_not_change(idea, is_contributor=queries.is_contributor(actor, idea), at=at))
    attachment = Attachment.objects.get(pk=attachment_id)
    if attachment.removed_at is None:
        drop(attachment, at)
    return idea


def sweep_files(*, at: datetime) -> int:
    """Delete bytes that no row names and that have had time to get one; return how many files went."""
    swept = 0
    for path in storage.paths_older_than((at - GRACE).timestamp()):
        is_named = Attachment.objects.filter(path=path).exists() or Posting.objects.filter(photo_path=path).exists()
        if not is_named and not is_named_anywhere(path):
            storage.delete(path)
            swept += 1
    return swept
