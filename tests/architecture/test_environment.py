"""What `make` does before anything else: it says clearly what a machine lacks, and loses no time where all is ready."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UTILITIES = ("cat", "cksum", "dirname", "pwd", "rm", "sh", "tr")


@pytest.fixture
def folder(tmp_path):
    """Return a copy of what the environment is made from."""
    for name in ("tools/environment.sh", "pyproject.toml", "hatch_build.py"):
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / "source" / name)
    for kind in ("runtime", "dev"):
        path = tmp_path / "source" / "requirements" / f"{kind}.lock"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# {kind}\n")
    return tmp_path / "source"


@pytest.fixture
def programs(tmp_path):
    """Return a function that makes a PATH with the given programs, each a shell script, and little else."""
    path = tmp_path / "bin"
    path.mkdir()
    for name in UTILITIES:
        (path / name).symlink_to(shutil.which(name))

    def make(**scripts: str) -> str:
        for name, script in scripts.items():
            (path / name).write_text(f"#!/bin/sh\n{script}\n")
            (path / name).chmod(0o755)
        return str(path)

    return make


def run(folder: Path, path: str, kind: str = "runtime") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "tools/environment.sh", kind],
        cwd=folder, env={"PATH": path}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


# Stands for a Python that is new enough: says so, "makes" an environment, and writes down what pip is asked to do.
PYTHON = f"""PATH={os.defpath}
case "$*" in
    *sys.version_info*) exit 0 ;;
    --version) echo Python 3.12.1 ;;
    "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *) echo "$*" >> asked ;;
esac"""
OLD_PYTHON = '[ "$1" = --version ] && echo Python 3.9.2 && exit 0\nexit 1'


def asked(folder: Path) -> list[str]:
    file = folder / "asked"
    lines = file.read_text().splitlines() if file.exists() else []
    return [re.sub(r"^-m pip .*?(--require|--no-deps)", r"\1", line) for line in lines]


BOTH = ["--require-hashes -r requirements/runtime.lock", "--no-deps --no-build-isolation -e ."]


@pytest.mark.parametrize(
    ("scripts", "said"),
    [
        ({"python3": OLD_PYTHON}, "Python 3.11 or newer is needed, and this machine has Python 3.9.2."),
        ({}, "Python 3.11 or newer is needed, and this machine has no python3."),
        ({"python3": PYTHON.replace("mkdir -p", "false &&")}, "on Debian and Ubuntu: apt install python3-venv"),
    ],
)
def test_a_machine_that_lacks_python_is_told_so(folder, programs, scripts, said):
    done = run(folder, programs(**scripts))

    assert (done.returncode, said in done.stderr, (folder / ".venv").exists()) == (1, True, False)


def test_the_second_run_does_nothing(folder, programs):
    path = programs(python3=PYTHON)
    first = run(folder, path)
    assert (first.returncode, asked(folder)) == (0, BOTH), first.stderr

    second = run(folder, path)
    assert (second.returncode, second.stdout, asked(folder)) == (0, "", BOTH)


def test_a_changed_lock_or_description_installs_again(folder, programs):
    path = programs(python3=PYTHON)
    run(folder, path)
    for name in ("requirements/runtime.lock", "pyproject.toml"):
        with (folder / name).open("a") as file:
            file.write("# changed\n")
        run(folder, path)

    assert asked(folder) == BOTH * 3


def test_a_developers_environment_serves_the_demo_too(folder, programs):
    path = programs(python3=PYTHON)
    run(folder, path, "dev")
    run(folder, path, "runtime")

    assert asked(folder) == ["--require-hashes -r requirements/dev.lock", BOTH[1]]


def test_a_moved_folder_gets_a_new_environment(folder, programs, tmp_path):
    path = programs(python3=PYTHON)
    run(folder, path)
    moved = folder.rename(tmp_path / "moved")
    (moved / ".venv" / "old").touch()
    done = run(moved, path)

    assert (done.returncode, (moved / ".venv/old").exists(), asked(moved)) == (0, False, BOTH * 2)


def test_the_locks_name_the_same_versions_and_no_host():
    locks = {kind: (ROOT / "requirements" / f"{kind}.lock").read_text() for kind in ("runtime", "dev")}
    pins = {kind: set(re.findall(r"^[\w.-]+==[\w.]+", text, re.MULTILINE)) for kind, text in locks.items()}

    assert (pins["runtime"] - pins["dev"], [kind for kind, text in locks.items() if "://" in text]) == (set(), [])


def test_help_names_every_target():
    done = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=True
    )
    targets = set(re.findall(r"^(\w+):.*?## ", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert targets == set(re.findall(r"^  make (\w+)", done.stdout, re.MULTILINE))
    assert {"demo", "test", "check", "lock", "bench", "docs", "clean"} <= targets
