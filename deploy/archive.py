"""Backups of an instance: one archive with the database, the files and the keys, each checked by its SHA-256.

Needs nothing but Python 3.11 (and pg_dump, pg_restore, psql where the database is PostgreSQL). Reads the settings that
the service reads: PERMEA_DATA_DIR, DATABASE_URL and PERMEA_CONFIG. Used by `backup` and `restore` beside this file.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

DATABASE_FILE = "permea.sqlite3"
# Made anew by the service itself; the database is copied in its own way.
KEPT = "before-restore"  # where a restore puts what was there
LEFT_OUT = ("static", KEPT, *(DATABASE_FILE + ending for ending in ("", "-wal", "-shm", "-journal")))
MANIFEST = "MANIFEST.json"
NAME = "permea-*.tar.gz"


class ArchiveError(Exception):
    """A backup cannot be made or restored; the message says why and what was left as it was."""


@dataclass(frozen=True)
class Instance:
    """Where an instance keeps its data."""

    data_dir: Path
    database_url: str

    @classmethod
    def from_settings(cls) -> Instance:
        """Return the instance that the environment, or the file named by PERMEA_CONFIG, describes."""
        given: dict[str, object] = {}
        if os.environ.get("PERMEA_CONFIG"):
            given = tomllib.loads(Path(os.environ["PERMEA_CONFIG"]).read_text(encoding="utf-8"))
        given |= os.environ
        if not given.get("PERMEA_DATA_DIR"):
            raise ArchiveError(
                "PERMEA_DATA_DIR is not set: load the settings first, `set -a; . /etc/permea/permea.env`."
            )
        folder = Path(str(given["PERMEA_DATA_DIR"])).expanduser().resolve()
        return cls(folder, str(given.get("DATABASE_URL") or ""))

    @property
    def is_postgresql(self) -> bool:
        """Say whether the database is PostgreSQL."""
        return self.database_url.startswith("postgres")

    @property
    def database_path(self) -> Path:
        """Return the file of the SQLite database."""
        named = self.database_url.removeprefix("sqlite://")
        return Path(named) if named else self.data_dir / DATABASE_FILE


def back_up(instance: Instance, target: Path, *, keep: int) -> Path:
    """Write a new archive into the folder `target`, drop all but the newest `keep`, and return its path.

    The service may go on working: the database is copied first, as of one instant, and files are never changed after.
    """
    if not instance.data_dir.is_dir():
        raise ArchiveError(f"{instance.data_dir} does not exist: is PERMEA_DATA_DIR right?")
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = target / time.strftime("permea-%Y%m%dT%H%M%SZ.tar.gz", time.gmtime())
    with tempfile.TemporaryDirectory(dir=target, prefix=".permea-") as folder:
        unfinished = Path(folder, path.name)
        copy = _copy_database(instance, Path(folder))
        with tarfile.open(unfinished, "x:gz", compresslevel=6) as archive:
            _fill(archive, {copy.name: copy, **dict(_files(instance.data_dir))})
        unfinished.chmod(0o600)
        unfinished.rename(path)
    for old in sorted(target.glob(NAME))[:-keep]:
        old.unlink()
    return path


def _copy_database(instance: Instance, folder: Path) -> Path:
    """Return a copy of the database as of one instant, while others go on writing."""
    if instance.is_postgresql:
        copy = folder / "database.dump"
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}", instance.database_url)
        return copy
    if not instance.database_path.exists():
        raise ArchiveError(f"There is no database at {instance.database_path}.")
    copy = folder / "database.sqlite3"
    reading = sqlite3.connect(f"file:{instance.database_path}?mode=ro", uri=True)
    with closing(reading) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    _check_sqlite(copy)
    return copy


def _check_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        (said,) = database.execute("PRAGMA integrity_check").fetchone()
    if said != "ok":
        raise ArchiveError(f"The copy of the database is damaged: {said}.")


def _files(data_dir: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file of the data folder that belongs into a backup, by its name in the archive."""
    for path in sorted(data_dir.rglob("*")):
        inside = path.relative_to(data_dir)
        if path.is_file() and not path.is_symlink() and inside.parts[0] not in LEFT_OUT:
            yield f"data/{inside.as_posix()}", path


def _fill(archive: tarfile.TarFile, files: dict[str, Path]) -> None:
    """Put the files and then the manifest into the archive; a file that is gone meanwhile is left out."""
    sums = {}
    for name, path in files.items():
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue
        with file:
            sums[name] = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            _add(archive, name, file, path.stat().st_size)
    made_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    manifest = json.dumps({"made_at": made_at, "files": sums}, indent=1).encode()
    _add(archive, MANIFEST, io.BytesIO(manifest), len(manifest))


def _add(archive: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, int(time.time()), 0o600
    archive.addfile(member, file)


def restore(instance: Instance, path: Path, *, replace: bool) -> int:
    """Put the contents of an archive in place and return the number of files; the service must not run.

    What is there already is refused, or with `replace` kept in the folder before-restore of the data folder. Nothing is
    touched before the archive has been read and checked as a whole.
    """
    folder = instance.data_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    there = [inside for inside in folder.iterdir() if inside.name not in {"static", "lost+found"}]
    if there and not replace:
        raise ArchiveError(f"{folder} is not empty; --replace keeps what is there in {folder / KEPT}.")
    if (folder / KEPT).exists():
        raise ArchiveError(f"{folder / KEPT} is still there from an earlier restore; move it away first.")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".restore-") as workplace:
        n_files = _unpack(path, Path(workplace))
        _put_database(instance, Path(workplace), replace=replace)
        _swap(folder, there, Path(workplace, "data"))
    if os.geteuid() == 0:
        owner = folder.stat()
        for inside in folder.rglob("*"):
            os.chown(inside, owner.st_uid, owner.st_gid)
    return n_files


def _put_database(instance: Instance, workplace: Path, *, replace: bool) -> None:
    """Load the dump into PostgreSQL, or lay the SQLite file where the swap will take it from."""
    dump, copy = workplace / "database.dump", workplace / "database.sqlite3"
    if not (dump if instance.is_postgresql else copy).exists():
        raise ArchiveError("The archive is of the other kind of database; set DATABASE_URL as it was when it was made.")
    if instance.is_postgresql:
        _load_dump(instance, dump, replace=replace)
        return
    _check_sqlite(copy)
    if instance.database_path == instance.data_dir / DATABASE_FILE:
        shutil.move(copy, workplace / "data" / DATABASE_FILE)
    elif instance.database_path.exists():
        raise ArchiveError(f"{instance.database_path} exists; move it away first.")
    else:
        shutil.move(copy, instance.database_path)


def _swap(folder: Path, there: list[Path], new: Path) -> None:
    """Move what is there aside and what was restored in; the folder itself stays, it may be a mount point."""
    if there:
        (folder / KEPT).mkdir(mode=0o700)
    for path in there:
        path.rename(folder / KEPT / path.name)
    for path in new.iterdir():
        path.rename(folder / path.name)


def _unpack(path: Path, workplace: Path) -> int:
    """Write the archive's files into the workplace. Raises ArchiveError if one is not what the manifest says."""
    (workplace / "data").mkdir(mode=0o700)
    try:
        with tarfile.open(path, "r:gz") as archive:
            sums = json.loads(_opened(archive, MANIFEST).read())["files"]
            for name, digest in sums.items():
                inside = PurePosixPath(name)
                if inside.is_absolute() or ".." in inside.parts:
                    raise ArchiveError(f"The archive names a file outside the data folder: {name}.")
                target = workplace / inside
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with target.open("xb") as file:
                    shutil.copyfileobj(_opened(archive, name), file)
                target.chmod(0o600)
                with target.open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                        raise ArchiveError(f"{name} in the archive is not what was backed up.")
    except (OSError, EOFError, KeyError, TypeError, tarfile.TarError, ValueError, zlib.error) as error:
        raise ArchiveError(f"{path} cannot be read as a backup: {error}.") from error
    return len(sums)


def _opened(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    file = archive.extractfile(name)
    if file is None:
        raise ArchiveError(f"{name} in the archive is not a plain file.")
    return file


def _load_dump(instance: Instance, dump: Path, *, replace: bool) -> None:
    count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    has_tables = _run("psql", "--no-psqlrc", "-Atqc", count, instance.database_url).strip() != "0"
    if has_tables and not replace:
        raise ArchiveError("The database is not empty; --replace drops what is there.")
    if has_tables:
        _run("psql", "--no-psqlrc", "-qc", "DROP SCHEMA public CASCADE; CREATE SCHEMA public", instance.database_url)
    options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _run("pg_restore", *options, f"--dbname={instance.database_url}", str(dump))


def _run(*command: str) -> str:
    """Return what a program prints. Raises ArchiveError with its complaint if it fails or is not there."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise ArchiveError(f"{command[0]} is not installed; it comes with PostgreSQL's client programs.") from error
    if done.returncode:
        raise ArchiveError(f"{command[0]} failed: {done.stderr.strip()}")
    return done.stdout


def fail(error: ArchiveError) -> None:
    """End the program with one sentence."""
    print(f"permea: {error}", file=sys.stderr)
    sys.exit(2)
