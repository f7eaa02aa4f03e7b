"""The bytes of attached files: outside every static path, under names that say nothing, whole or not there at all."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

ARRIVING = "arriving"
PIECE = 1 << 16


class TooBigError(Exception):
    """Raised while bytes arrive, once there are more than allowed; nothing is kept."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that are safely on the disk: where, how many, and their SHA-256."""

    path: str
    size: int
    sha256: str

    @property
    def full_path(self) -> Path:
        """Return the place on the disk."""
        return root() / self.path


def root() -> Path:
    """Return the folder of all attached files."""
    return Path(settings.DATA_DIR) / "files"


def receive(chunks: Iterable[bytes], *, limit: int) -> StoredFile:
    """Write arriving bytes to a new file, flush it to the disk and return its path below the root, size and checksum.

    The bytes appear under their final name only when all of them are on the disk. Raises TooBigError past `limit`.
    """
    name = secrets.token_hex(16)
    arriving, path = root() / ARRIVING / name, f"{name[:2]}/{name}"
    arriving.parent.mkdir(parents=True, exist_ok=True)
    try:
        size, sha256 = _write(arriving, chunks, limit)
        final = root() / path
        final.parent.mkdir(parents=True, exist_ok=True)
        arriving.rename(final)
    except BaseException:
        arriving.unlink(missing_ok=True)
        raise
    _flush_folder(final.parent)
    return StoredFile(path, size, sha256)


def _write(path: Path, chunks: Iterable[bytes], limit: int) -> tuple[int, str]:
    """Write the chunks, flush them to the disk and return how many bytes they were and their checksum."""
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooBigError
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()


def _flush_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def delete(path: str) -> None:
    """Delete the bytes at this path below the root, if they are there."""
    (root() / path).unlink(missing_ok=True)


def paths_older_than(timestamp: float) -> Iterator[str]:
    """Return the paths below the root of all files last written before the timestamp, unfinished ones too."""
    for folder in sorted(root().glob("*/")):
        for file in folder.iterdir():
            if file.is_file() and file.stat().st_mtime < timestamp:
                yield f"{folder.name}/{file.name}"
