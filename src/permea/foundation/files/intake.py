"""Taking files in: looked at by the virus scanner, known by their content, kept whole or not at all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings

from permea.foundation import scanning
from permea.foundation.files import kinds, scanned, storage
from permea.foundation.refusals import Refusal, RefusedError, demand

logger = logging.getLogger(__name__)
_namers: dict[Callable[[str], bool], None] = {}


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file on its way in."""

    name: str
    chunks: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class TakenFile:
    """Bytes that are kept, under a name that is safe to show, and what they are."""

    name: str
    content_type: str
    stored: storage.StoredFile


def take_in(*, name: str, chunks: Iterable[bytes]) -> TakenFile:
    """Keep arriving bytes and say what they are; whoever asked deletes them again if no row comes to name them.

    Raises RefusedError as `kinds.why_not_file` says, if the content is not what the name says, and as
    `demand_clean` does; then nothing is kept.
    """
    shown = kinds.safe_name(name)
    demand(kinds.why_not_file(shown, 1, limit=settings.UPLOAD_MAX_BYTES))
    try:
        stored = storage.receive(chunks, limit=settings.UPLOAD_MAX_BYTES)
    except storage.TooBigError:
        refusal = kinds.why_not_file(shown, settings.UPLOAD_MAX_BYTES + 1, limit=settings.UPLOAD_MAX_BYTES)
        raise RefusedError(refusal) from None  # type: ignore[arg-type]  # that size is always refused
    try:
        return TakenFile(shown, _checked_type(shown, stored), stored)
    except BaseException:
        storage.delete(stored.path)
        raise


def _checked_type(name: str, stored: storage.StoredFile) -> str:
    """Return the content type of the stored bytes.

    Raises RefusedError if they are not what the name says, and as `demand_clean` does.
    """
    demand(kinds.why_not_file(name, stored.size, limit=settings.UPLOAD_MAX_BYTES))
    with stored.full_path.open("rb") as file:
        demand_clean(chunks=iter(lambda: file.read(storage.PIECE), b""), size=stored.size)
    with stored.full_path.open("rb") as file:
        found = kinds.sniff(name, file, stored.size)
    if isinstance(found, Refusal):
        raise RefusedError(found)
    return found


def demand_clean(*, chunks: Iterable[bytes], size: int) -> None:
    """Go on if the virus scanner finds nothing in the bytes, and note in the log what it finds.

    Without a judgement it depends on the settings whether they are kept. Raises RefusedError as
    `scanned.why_not_found` and `scanned.why_not_unscanned` say.
    """
    try:
        found = scanning.scanner().scan(chunks)
    except scanning.ScannerError as error:
        is_too_large = isinstance(error, scanning.TooLargeError)
        logger.warning("the virus scanner gave no judgement on %d bytes: %s", size, error)
        demand(scanned.why_not_unscanned(is_too_large=is_too_large, is_kept=settings.CLAMAV_DOWN == scanned.KEEP))
        return
    if found:
        logger.warning("an upload of %d bytes was refused: the virus scanner found %s", size, found)
    demand(scanned.why_not_found(found))


def register_file_namer(*, is_named: Callable[[str], bool]) -> None:
    """Let a step say which bytes it names, so that they are kept."""
    _namers[is_named] = None


def is_named_anywhere(path: str) -> bool:
    """Say whether a step that registered names the bytes at this path."""
    return any(is_named_by(path) for is_named_by in _namers)
