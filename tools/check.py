"""Runs every check that is not a test, two at a time, and prints what the failing ones say.

usage: python -m tools.check [NAME ...]      without names: all
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = (sys.executable, "-m")
BIN = Path(sys.executable).parent

CHECKS: dict[str, Sequence[str | Path]] = {
    "mypy": (*PYTHON, "mypy"),
    "pyright": (*PYTHON, "basedpyright"),
    "style": (*PYTHON, "ruff", "check", "--output-format", "concise", "."),
    "format": (*PYTHON, "ruff", "format", "--check", "--output-format", "concise", "."),
    "contracts": (BIN / "lint-imports", "--no-logo"),
    "edges": (*PYTHON, "tools.edges"),
    "layout": (*PYTHON, "tools.layout"),
    "rules": (BIN / "ast-grep", "scan", "--error"),
    "templates": (*PYTHON, "tools.templates"),
    "djlint": (*PYTHON, "djlint", "src", "--lint", "--quiet"),
    "dependencies": (*PYTHON, "deptry", "--no-ansi", "src"),
    "unused": (*PYTHON, "tools.unused"),
    "spelling": (BIN / "codespell", "src", "tests", "tools", "docs", "deploy", "benchmarks", "changes", "README.md"),
    "migrations": (*PYTHON, "django", "makemigrations", "--check", "--dry-run"),
    "catalogues": (*PYTHON, "tools.messages", "check"),
    "fragments": (*PYTHON, "tools.changelog", "--check"),
    "reference": (*PYTHON, "tools.reference", "--check"),
    "docs": (*PYTHON, "mkdocs", "build", "--strict", "--site-dir", "build/site"),
}


def run(name: str) -> bool:
    """Run one check, print how it went and what it says if it fails, and say whether it is well."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="permea-check-") as folder:
        environ = os.environ | {
            "DJANGO_SETTINGS_MODULE": "permea.config.settings.test",
            "PERMEA_DATA_DIR": folder,
            "NO_MKDOCS_2_WARNING": "1",
            "NO_COLOR": "1",
        }
        done = subprocess.run(
            [str(part) for part in CHECKS[name]],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    is_well = done.returncode == 0
    said = "" if is_well else "\n" + done.stdout.rstrip()
    print(f"{'ok  ' if is_well else 'FAIL'} {name} ({time.monotonic() - started:.1f} s){said}", flush=True)
    return is_well


def main(names: list[str]) -> int:
    """Run the named checks, or all; return 1 if one fails, 2 if a name is not known."""
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        print(f"no such check: {', '.join(unknown)}; there are {', '.join(CHECKS)}")
        return 2
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, names or CHECKS))
    print(f"{sum(results)} of {len(results)} checks are well.")
    return 0 if all(results) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
