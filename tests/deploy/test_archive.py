"""Backup and restore: what was there comes back, also while somebody writes; a damaged archive changes nothing."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from tests import servers

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def command(name: str, *arguments: object, **settings: object) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PERMEA_", "DATABASE_URL"))}
    return subprocess.run(
        [sys.executable, DEPLOY / name, *map(str, arguments)],
        env=kept | {key: str(value) for key, value in settings.items()},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.fixture
def data_dir(tmp_path):
    """Return the data folder of an instance that is at work: its database has changes in the write-ahead log only."""
    folder = tmp_path / "instance"
    (folder / "files" / "ab").mkdir(parents=True)
    (folder / "static").mkdir()
    (folder / "files" / "ab" / "drawing.pdf").write_bytes(b"%PDF" + bytes(100_000))
    (folder / "secret.key").write_text("secret")
    (folder / "static" / "site.css").write_text("p {}")
    with closing(sqlite3.connect(folder / "permea.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        database.execute("CREATE TABLE idea (title TEXT)")
        database.execute("INSERT INTO idea VALUES ('Grip berries by suction')")
        database.commit()
        writer = sqlite3.connect(folder / "permea.sqlite3")
        writer.execute("INSERT INTO idea VALUES ('not committed')")
        yield folder
        writer.close()


def titles(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "permea.sqlite3")) as database:
        return [title for (title,) in database.execute("SELECT title FROM idea")]


@pytest.fixture
def archive(data_dir, tmp_path):
    done = command("backup", tmp_path / "backups", PERMEA_DATA_DIR=data_dir)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_what_was_backed_up_comes_back_elsewhere(data_dir, archive, tmp_path):
    done = command("restore", archive, PERMEA_DATA_DIR=tmp_path / "new")

    new = tmp_path / "new"
    files = sorted(path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file())
    assert (done.returncode, done.stderr, files) == (0, "", ["files/ab/drawing.pdf", "permea.sqlite3", "secret.key"])
    assert (titles(new), (new / "secret.key").read_text()) == (["Grip berries by suction"], "secret")
    assert (new / "files/ab/drawing.pdf").read_bytes() == (data_dir / "files/ab/drawing.pdf").read_bytes()


def test_nobody_else_can_read_an_archive_or_what_was_restored(archive, tmp_path):
    command("restore", archive, PERMEA_DATA_DIR=tmp_path / "new")

    assert [oct(path.stat().st_mode)[-2:] for path in (archive, tmp_path / "new/secret.key", tmp_path / "new")] == [
        "00"
    ] * 3


def test_only_the_newest_archives_are_kept(data_dir, tmp_path):
    backups = tmp_path / "backups"
    backups.mkdir()
    for day in range(1, 6):
        (backups / f"permea-2026030{day}T033000Z.tar.gz").touch()
    (backups / "notes.txt").touch()
    done = command("backup", backups, "--keep", 2, PERMEA_DATA_DIR=data_dir)

    left = sorted(path.name for path in backups.iterdir())
    assert left == ["notes.txt", "permea-20260305T033000Z.tar.gz", Path(done.stdout.strip()).name]


def test_a_folder_with_data_is_refused_and_with_replace_kept(data_dir, archive, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret.key").write_text("other")
    refused = command("restore", archive, PERMEA_DATA_DIR=tmp_path / "other")
    assert (refused.returncode, (tmp_path / "other/secret.key").read_text()) == (2, "other")
    assert "is not empty; --replace keeps what is there" in refused.stderr

    done = command("restore", archive, "--replace", PERMEA_DATA_DIR=tmp_path / "other")
    kept = tmp_path / "other/before-restore/secret.key"
    assert (done.returncode, (tmp_path / "other/secret.key").read_text(), kept.read_text()) == (0, "secret", "other")


def test_a_damaged_archive_is_refused_and_nothing_is_left_behind(archive, tmp_path):
    damaged = tmp_path / "damaged.tar.gz"
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(content)
    done = command("restore", damaged, PERMEA_DATA_DIR=tmp_path / "new")

    assert (done.returncode, list((tmp_path / "new").iterdir())) == (2, [])
    assert done.stderr.startswith("permea: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside"])
def test_an_archive_cannot_write_outside_the_data_folder(tmp_path, name):
    crafted = tmp_path / "crafted.tar.gz"
    (tmp_path / "MANIFEST.json").write_text(json.dumps({"files": {name: "0"}}))
    (tmp_path / "content").write_text("x")
    with tarfile.open(crafted, "w:gz") as file:
        file.add(tmp_path / "MANIFEST.json", "MANIFEST.json")
        file.add(tmp_path / "content", name)
    done = command("restore", crafted, PERMEA_DATA_DIR=tmp_path / "new")

    assert (done.returncode, "outside the data folder" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("settings", "said"),
    [({}, "PERMEA_DATA_DIR is not set"), ({"PERMEA_DATA_DIR": "/nowhere/at/all"}, "/nowhere/at/all does not exist")],
)
def test_wrong_settings_are_one_sentence(tmp_path, settings, said):
    done = command("backup", tmp_path, **settings)

    assert (done.returncode, said in done.stderr, done.stderr.count("\n")) == (2, True, 1)


def test_settings_are_read_from_the_settings_file_too(data_dir, tmp_path):
    (tmp_path / "permea.toml").write_text(f'PERMEA_DATA_DIR = "{data_dir}"\n')
    done = command("backup", tmp_path / "backups", PERMEA_CONFIG=tmp_path / "permea.toml")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def postgresql(postgresql_url):
    """Return a function that runs SQL in a database of this test's own, and the settings that name it."""
    import psycopg

    with psycopg.connect(postgresql_url, autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS archived")
        server.execute("CREATE DATABASE archived")
    address = postgresql_url.replace("/postgres?", "/archived?")

    def run(statement: str) -> list[tuple]:
        with psycopg.connect(address) as database:
            cursor = database.execute(statement)
            return cursor.fetchall() if cursor.description else []

    folder = servers.find_postgresql()
    return run, {"DATABASE_URL": address, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def test_a_postgresql_database_comes_back_too(data_dir, tmp_path, postgresql):
    run, settings = postgresql
    run("CREATE TABLE idea (title TEXT)")
    run("INSERT INTO idea VALUES ('Grip berries by suction')")
    done = command("backup", tmp_path / "backups", PERMEA_DATA_DIR=data_dir, **settings)
    assert done.returncode == 0, done.stderr
    path = Path(done.stdout.strip())
    run("UPDATE idea SET title = 'changed since'")

    refused = command("restore", path, PERMEA_DATA_DIR=tmp_path / "new", **settings)
    assert (refused.returncode, run("SELECT title FROM idea")) == (2, [("changed since",)])
    assert "The database is not empty" in refused.stderr

    done = command("restore", path, "--replace", PERMEA_DATA_DIR=tmp_path / "new", **settings)
    assert (done.returncode, done.stderr, run("SELECT title FROM idea")) == (0, "", [("Grip berries by suction",)])
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == ["files", "secret.key"]


def test_an_archive_of_the_other_kind_of_database_is_refused(archive, tmp_path, postgresql):
    _run, settings = postgresql
    done = command("restore", archive, PERMEA_DATA_DIR=tmp_path / "new", **settings)

    assert (done.returncode, "of the other kind of database" in done.stderr) == (2, True)
