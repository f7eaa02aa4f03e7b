"""Files of ideas: a row exists exactly when its bytes do, whatever fails in between."""

import hashlib
import os
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.ideas import queries, services, tasks
from permea.ideas.models import Attachment
from permea.ideas.services import storage
from tests.cast import AT


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Keep the files of each test in a folder of its own."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


@pytest.fixture
def draft(make_idea, solver):
    return make_idea(author=solver, submitted=False)


def on_disk(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def in_rows():
    return sorted(Attachment.objects.exclude(path="").values_list("path", flat=True))


def attach(draft, name="plan.txt", chunks=(b"one ", b"two"), **values):
    return services.attach_file(
        **{"idea_id": draft.pk, "actor": draft.author, "name": name, "chunks": chunks, "at": AT, **values}
    )


def refused(draft, **values):
    with pytest.raises(RefusedError) as error:
        attach(draft, **values)
    return error.value.refusal.code


def test_a_file_is_stored_whole_under_a_name_that_says_nothing(draft, folder):
    file = attach(draft, name="../Sam's plan.txt")

    assert (file.name, file.size, file.sha256, (folder / file.path).read_bytes(), on_disk(folder)) == (
        "Sam's plan.txt",
        7,
        hashlib.sha256(b"one two").hexdigest(),
        b"one two",
        in_rows(),
    )
    assert "plan" not in file.path


def test_the_same_file_twice_is_kept_once(draft, folder):
    first, second = attach(draft), attach(draft)

    assert (first.pk == second.pk, len(on_disk(folder))) == (True, 1)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "plan.pdf", "chunks": [b"MZ\x90\x00", b"\x00" * 500]}, "ideas.file_content"),
        ({"name": "run.exe"}, "ideas.file_type"),
        ({"name": "all.zip"}, "ideas.file_archive"),
        ({"chunks": []}, "ideas.file_empty"),
        ({"chunks": [b"x" * 600, b"x" * 600]}, "ideas.file_too_big"),
        ({"at": AT + timedelta(days=28)}, "ideas.too_late"),
    ],
)
def test_a_refused_file_leaves_nothing_behind(draft, folder, settings, values, expected):
    settings.UPLOAD_MAX_BYTES = 1000

    assert (refused(draft, **values), on_disk(folder), in_rows()) == (expected, [], [])


def test_others_cannot_attach_not_even_the_same_file(draft, stranger):
    attach(draft)

    assert refused(draft, actor=stranger) == "ideas.not_contributor"


def test_an_entry_takes_ten_files(draft, folder):
    for number in range(10):
        attach(draft, name=f"{number}.txt")

    assert (refused(draft, name="eleven.txt"), len(on_disk(folder)), len(in_rows())) == ("ideas.too_many_files", 10, 10)


def test_too_many_at_the_same_time_is_refused_under_the_lock(draft, folder, monkeypatch):
    """The tenth place is taken by somebody else while the bytes of this file arrive."""
    for number in range(9):
        attach(draft, name=f"{number}.txt")

    def slow():
        attach(draft, name="tenth.txt")
        yield b"late"

    assert (refused(draft, name="late.txt", chunks=slow()), len(on_disk(folder)), len(in_rows())) == (
        "ideas.too_many_files",
        10,
        10,
    )


@pytest.mark.parametrize("step", ["write", "fsync", "rename", "flush", "row"])
def test_wherever_it_fails_there_is_no_row_without_bytes_and_no_bytes_without_row(draft, folder, monkeypatch, step):
    def fail(*_args, **_values):
        raise OSError("no space left on device")

    def broken():
        yield b"half"
        raise OSError("connection lost")

    values = {"chunks": broken()} if step == "write" else {}
    if step == "fsync":
        monkeypatch.setattr(storage.os, "fsync", fail)
    elif step == "rename":
        monkeypatch.setattr("pathlib.Path.rename", fail)
    elif step == "flush":
        monkeypatch.setattr(storage, "_flush_folder", fail)
    elif step == "row":
        monkeypatch.setattr(Attachment.objects, "create", fail)
    with pytest.raises(OSError, match=r"no space|lost"):
        attach(draft, **values)
    monkeypatch.undo()

    services.sweep_files(at=now() + timedelta(hours=2))
    assert (on_disk(folder), in_rows()) == ([], [])


def test_removing_a_file_no_version_names_deletes_its_bytes(draft, folder, solver, django_capture_on_commit_callbacks):
    file = attach(draft)
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_file(attachment_id=file.pk, actor=solver, at=AT)
        services.remove_file(attachment_id=file.pk, actor=solver, at=AT)
    file.refresh_from_db()

    assert (file.removed_at, file.path, file.sha256 != "", on_disk(folder)) == (AT, "", True, [])


def test_removing_a_file_a_version_names_keeps_its_bytes(draft, folder, solver):
    file = attach(draft)
    idea = services.submit_idea(idea_id=draft.pk, actor=solver, at=AT)
    services.remove_file(attachment_id=file.pk, actor=solver, at=AT)
    idea = services.submit_idea(idea_id=idea.pk, actor=solver, at=AT)

    assert (len(on_disk(folder)), idea.n_versions, idea.n_files, queries.handed_in_keys(idea)) == (1, 2, 0, [])


def test_bytes_are_deleted_only_once_the_removal_is_stored(draft, folder, solver):
    file = attach(draft)

    def remove_and_fail():
        with transaction.atomic():
            services.remove_file(attachment_id=file.pk, actor=solver, at=AT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        remove_and_fail()

    assert on_disk(folder) == in_rows() == [file.path]


def test_a_file_is_not_removed_by_others_or_after_closing(draft, solver, stranger):
    file = attach(draft)
    codes = []
    for actor, at in ((stranger, AT), (solver, draft.challenge.closes_at)):
        with pytest.raises(RefusedError) as error:
            services.remove_file(attachment_id=file.pk, actor=actor, at=at)
        codes.append(error.value.refusal.code)

    assert codes == ["ideas.not_contributor", "ideas.too_late"]


def test_sweeping_deletes_old_bytes_without_a_row_and_nothing_else(draft, folder):
    kept = attach(draft)
    long_ago = time.time() - 7200
    for name in ("ab/orphan", f"{storage.ARRIVING}/half", "ab/young"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        if name != "ab/young":
            os.utime(path, (long_ago, long_ago))
    os.utime(folder / kept.path, (long_ago, long_ago))

    swept = services.sweep_files(at=now())

    assert (swept, on_disk(folder)) == (2, sorted([kept.path, "ab/young"]))


def test_the_duty_sweeps_at_most_once_an_hour(draft, folder, monkeypatch):
    from django.core.cache import cache

    cache.delete("ideas:swept")
    swept = []
    monkeypatch.setattr(services, "sweep_files", lambda *, at: swept.append(at))
    for _minute in range(3):
        tasks.sweep(AT)

    assert swept == [AT]


def test_deleting_what_is_gone_is_no_error(folder):
    storage.delete("ab/nothing")


def test_the_database_refuses_a_living_file_without_bytes(draft):
    file = attach(draft)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=file.pk).update(path="")
