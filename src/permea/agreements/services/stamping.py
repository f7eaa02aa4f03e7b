"""Time-stamps of an authority on sealed papers: asked for over guarded connections, later where it did not answer."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from permea.agreements import queries, rules
from permea.agreements.certificates import StampError
from permea.agreements.models import AgreementSeal
from permea.agreements.services.crossings import cross
from permea.foundation import outbox, outgoing
from permea.foundation.files import storage
from permea.foundation.refusals import demand
from permea.people.models import Person

STAMP = "agreements.stamp"
MOST_ANSWER = 20_000  # bytes; more would not fit beside a seal
HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
Stamp = AgreementSeal.Stamp


def ask_authority(query: bytes) -> bytes:
    """Return what the authority of this instance answers. Raises StampError with what went wrong."""
    guard = outgoing.Guard(is_private_allowed=settings.TIMESTAMP_PRIVATE, is_plain_allowed=True, is_any_port=False)
    outcome = outgoing.post(settings.TIMESTAMP_URL, body=query, headers=HEADERS, guard=guard, most=MOST_ANSWER)
    if outcome.problem:
        raise StampError(outcome.problem)
    return outcome.content


@transaction.atomic
def stamp_again(*, seal_id: int, actor: Person, at: datetime) -> None:
    """Have a sealed paper stamped that is not. Raises RefusedError as `rules.why_not_stamp` says."""
    seal = _locked(seal_id)
    standing = queries.standing_of(actor, seal.version.agreement)
    may_bind = standing is not None and standing.may_bind
    demand(rules.why_not_stamp(seal, may_bind=may_bind, has_authority=bool(settings.TIMESTAMP_URL)))
    seal.stamp, seal.stamp_problem = Stamp.WAITING, ""
    seal.save(update_fields=["stamp", "stamp_problem"])
    outbox.put(kind=STAMP, payload={"seal_id": seal.pk}, at=at)


def _locked(seal_id: int) -> AgreementSeal:
    """Return a seal, locked until the transaction ends."""
    return queries.seals().select_for_update(of=("self",)).get(pk=seal_id)


def stamp_paper(*, seal_id: int, at: datetime) -> None:
    """Put a time-stamp behind a sealed paper that waits for one, in a file of its own; a second call changes nothing.

    What goes wrong is noted for the page and raised again, so that the authority is asked later.
    """
    from permea.agreements import seals  # noqa: PLC0415 - half a second to load, for the worker alone

    seal = queries.seals().get(pk=seal_id)
    if seal.stamp != Stamp.WAITING or not settings.TIMESTAMP_URL:
        return
    try:
        content, stamp = seals.add_stamp((storage.root() / seal.path).read_bytes(), ask=ask_authority)
        stored = storage.receive([content], limit=len(content))
    except Exception as error:
        code = error.code if isinstance(error, StampError) else "unknown"
        AgreementSeal.objects.filter(pk=seal_id, stamp=Stamp.WAITING).update(stamp_problem=code)
        raise
    _keep(seal_id, stored, authority=stamp.authority, stamped_at=stamp.at, at=at)


@transaction.atomic
def _keep(seal_id: int, stored: storage.StoredFile, *, authority: str, stamped_at: datetime, at: datetime) -> None:
    """Name the stamped file for good and record its hash; one that came second is thrown away."""
    seal = _locked(seal_id)
    if seal.stamp != Stamp.WAITING:
        storage.delete(stored.path)
        return
    seal.stamp, seal.stamp_problem, seal.authority, seal.stamped_at = Stamp.STAMPED, "", authority, stamped_at
    seal.stamped_path, seal.stamped_size, seal.stamped_sha256 = stored.path, stored.size, stored.sha256
    seal.save()
    version = seal.version
    cross(version.agreement, version, "agreement.stamped", None, at, is_out=True, stamped_sha256=stored.sha256)
