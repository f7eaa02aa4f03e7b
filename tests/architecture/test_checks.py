"""Every check of `make check` fails on a planted fault: the tools with a test each elsewhere, the others here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.check import CHECKS

ROOT = Path(__file__).resolve().parents[2]
SHOWN_ELSEWHERE = {
    "contracts": "test_contracts", "edges": "test_contracts", "layout": "test_layout", "rules": "test_lint_rules",
    "templates": "test_lint_rules", "unused": "test_unused", "catalogues": "test_messages",
    "fragments": "test_changelog", "reference": "test_reference",
}  # fmt: skip
MISSPELT = "receive".replace("ei", "ie")  # written so that the check of this very file does not find it
FAULTS = {
    "mypy": (
        "src/permea_engine/planted.py", "def half(x) -> int:\n    return x / 2\n", "missing a type annotation",
    ),
    "pyright": (
        "src/permea_engine/planted.py", 'N: int = "five"\n', 'is not assignable to declared type "int"',
    ),
    "style": (
        "src/permea/ideas/rules.py",
        '"""Rules."""\n\nfrom django.utils import timezone\n\nAT = timezone.now()\n',
        "take the time as an argument",
    ),
    "format": ("src/permea/ideas/rules.py", "x = {  'a':1 }\n", "would be reformatted"),
    "djlint": ("src/permea/templates/planted.html", '<img src="x">\n', "H013"),
    "dependencies": ("src/permea/planted.py", "import nosuchlibrary\n", "'nosuchlibrary' imported but missing"),
    "spelling": ("src/permea/planted.py", f"# We {MISSPELT} it.\n", f"{MISSPELT} ==> receive"),
    "migrations": (
        "planted/models.py",
        "from django.db import models\n\n\nclass Planted(models.Model):\n    name = models.TextField()\n",
        "Create model Planted",
    ),
    "docs": ("docs/index.md", "# Planted\n\n[Nowhere](nowhere.md)\n", "nowhere.md"),
}  # fmt: skip
SETTINGS = 'from permea.config.settings.test import *\n\nINSTALLED_APPS = [*INSTALLED_APPS, "planted"]\n'


def house(folder: Path) -> None:
    """Give a folder what the checks read besides the sources, and sources that are empty."""
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    plugin = 'plugins = ["mypy_django_plugin.main"]\n'  # it wants the whole product, which is not in this folder
    assert plugin in settings
    (folder / "pyproject.toml").write_text(settings.replace(plugin, ""), encoding="utf-8")
    for name in ("README.md", "mkdocs.yml"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "docs", folder / "docs")
    for package in ("src/permea", "src/permea_engine", "planted", "planted/migrations"):
        (folder / package).mkdir(parents=True)
        (folder / package / "__init__.py").write_text('"""Empty."""\n', encoding="utf-8")
    for name in ("tests", "tools", "deploy", "benchmarks", "changes"):
        (folder / name).mkdir()
    (folder / "planted_settings.py").write_text(SETTINGS, encoding="utf-8")


def check(name: str, folder: Path) -> tuple[int, str]:
    """Run a check as `make check` does, in another folder; return its exit code and what it said."""
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "planted_settings",
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "src")]),
        "PERMEA_DATA_DIR": str(folder / "data"),
        "NO_MKDOCS_2_WARNING": "1",
        "NO_COLOR": "1",
    }
    command = [str(part) for part in CHECKS[name]]
    done = subprocess.run(
        command, cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_every_check_is_shown_to_fail():
    tests = {path.stem for path in Path(__file__).parent.glob("test_*.py")}

    assert (set(FAULTS) | set(SHOWN_ELSEWHERE), set(SHOWN_ELSEWHERE.values()) - tests) == (set(CHECKS), set())


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_fails_its_check(name, tmp_path):
    house(tmp_path)
    file, text, said = FAULTS[name]
    planted = tmp_path / file
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(text, encoding="utf-8")

    code, output = check(name, tmp_path)

    assert (code != 0, said in output) == (True, True), (sys.executable, output)
