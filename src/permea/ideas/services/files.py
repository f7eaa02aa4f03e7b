"""Attaching and removing files, and clearing away bytes that no row names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from permea.foundation.refusals import Refusal, RefusedError, demand
from permea.ideas import queries, rules
from permea.ideas.models import Attachment, Idea, Posting
from permea.ideas.services import storage
from permea.ideas.services.common import drop, locked
from permea.ideas.services.scanning import demand_clean
from permea.people.models import Person

GRACE = timedelta(hours=1)
_namers: dict[Callable[[str], bool], None] = {}


def attach_file(*, idea_id: int, actor: Person, name: str, chunks: Iterable[bytes], at: datetime) -> Attachment:
    """Keep a file with the idea: its bytes first, then the row that names them; the same file twice is kept once.

    Raises RefusedError as `rules.why_not_attach` and `rules.why_not_file` say, if the content is not what the name
    says, and as `demand_clean` does; then nothing is kept.
    """
    shown = rules.safe_name(name)
    idea = Idea.objects.select_related("challenge").get(pk=idea_id)
    demand(_why_not_attach(idea, actor, at))
    demand(rules.why_not_file(shown, 1, limit=settings.UPLOAD_MAX_BYTES))
    try:
        stored = storage.receive(chunks, limit=settings.UPLOAD_MAX_BYTES)
    except storage.TooBigError:
        refusal = rules.why_not_file(shown, settings.UPLOAD_MAX_BYTES + 1, limit=settings.UPLOAD_MAX_BYTES)
        raise RefusedError(refusal) from None  # type: ignore[arg-type]  # that size is always refused
    try:
        content_type = _checked_type(shown, stored)
        attachment = _name_bytes(idea_id, actor, shown, stored, content_type, at)
    except BaseException:
        storage.delete(stored.path)
        raise
    if attachment.path != stored.path:
        storage.delete(stored.path)
    return attachment


def _why_not_attach(idea: Idea, actor: Person, at: datetime) -> Refusal | None:
    """Return why the actor may not add a file, or None if they may."""
    return rules.why_not_attach(
        idea,
        is_contributor=queries.is_contributor(actor, idea),
        n_files=queries.live_attachments(idea).count(),
        at=at,
    )


def _checked_type(name: str, stored: storage.StoredFile) -> str:
    """Return the content type of the stored bytes.

    Raises RefusedError if they are not what the name says, and as `demand_clean` does.
    """
    demand(rules.why_not_file(name, stored.size, limit=settings.UPLOAD_MAX_BYTES))
    with stored.full_path.open("rb") as file:
        demand_clean(chunks=iter(lambda: file.read(storage.PIECE), b""), size=stored.size)
    with stored.full_path.open("rb") as file:
        found = rules.sniff(name, file, stored.size)
    if isinstance(found, Refusal):
        raise RefusedError(found)
    return found


@transaction.atomic
def _name_bytes(
    idea_id: int, actor: Person, name: str, stored: storage.StoredFile, content_type: str, at: datetime
) -> Attachment:
    """Add the row that names stored bytes, unless the idea has this very file already; return the row."""
    idea = locked(idea_id)
    same = queries.live_attachments(idea).filter(name=name, sha256=stored.sha256).first()
    if same is not None:
        demand(rules.why_not_contributor(is_contributor=queries.is_contributor(actor, idea)))
        return same
    demand(_why_not_attach(idea, actor, at))
    return Attachment.objects.create(
        idea=idea,
        name=name,
        content_type=content_type,
        size=stored.size,
        sha256=stored.sha256,
        path=stored.path,
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


def register_file_namer(*, is_named: Callable[[str], bool]) -> None:
    """Let a later step say which bytes it names, so that they are kept."""
    _namers[is_named] = None


def sweep_files(*, at: datetime) -> int:
    """Delete bytes that no row names and that have had time to get one; return how many files went."""
    swept = 0
    for path in storage.paths_older_than((at - GRACE).timestamp()):
        is_named = Attachment.objects.filter(path=path).exists() or Posting.objects.filter(photo_path=path).exists()
        if not is_named and not any(is_named_by(path) for is_named_by in _namers):
            storage.delete(path)
            swept += 1
    return swept
