"""The import contracts hold, and each of them finds what it forbids."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import edges

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = {
    "process": "Process order is import order",
    "inside": "Inside an app, files import downwards",
    "rules": "Rules neither read nor write",
    "models": "Models only hold data",
    "engine": "The engine knows neither the product nor the web",
}
PLANTED = [
    ("process", "permea/ideas/services.py", "import permea.evaluation.models"),
    ("process", "permea/foundation/outbox.py", "import permea.people.models"),
    ("inside", "permea/ideas/rules.py", "import permea.ideas.queries"),
    ("inside", "permea/ideas/services.py", "import permea.ideas.views"),
    ("inside", "permea/ideas/views.py", "import permea.ideas.api"),
    ("inside", "permea/ideas/models.py", "import permea.ideas.services"),
    ("rules", "permea/ideas/rules.py", "import permea.challenges.queries"),
    ("models", "permea/ideas/models.py", "import permea.ideas.rules"),
    ("engine", "permea_engine/checks.py", "import permea.foundation.ids"),
    ("engine", "permea_engine/checks.py", "import django.db"),
]


def lint(src: Path) -> str:
    """Return what import-linter says of the packages under `src` by this project's contracts."""
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as main; main()",
         "--config", str(ROOT / ".importlinter"), "--no-cache", "--no-logo"],
        env=os.environ | {"PYTHONPATH": str(src), "COLUMNS": "200"}, cwd=src,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def broken(said: str) -> set[str]:
    """Return the contracts that a report calls broken."""
    assert "Contracts:" in said, said
    return {key for key, name in CONTRACTS.items() if re.search(rf"^{re.escape(name)}\s*BROKEN", said, re.MULTILINE)}


@pytest.fixture
def skeleton(tmp_path):
    """Return a copy of the house with every file empty."""
    for path in (ROOT / "src").rglob("*.py"):
        if "migrations" not in path.parts:
            copy = tmp_path / path.relative_to(ROOT / "src")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.touch()
    for app in ("ideas", "challenges", "evaluation"):
        for module in ("models", "rules", "queries", "services", "views", "api"):
            (tmp_path / "permea" / app / f"{module}.py").touch()
    return tmp_path


def test_the_source_keeps_its_contracts():
    said = lint(ROOT / "src")

    assert broken(said) == set(), said
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken" in said
    assert "No matches for ignored import" not in said


def test_an_empty_house_keeps_them(skeleton):
    assert broken(lint(skeleton)) == set()


@pytest.mark.parametrize(("contract", "file", "line"), PLANTED, ids=lambda value: str(value).replace("/", "."))
def test_a_planted_import_breaks_its_contract(skeleton, contract, file, line):
    (skeleton / file).write_text(line + "\n")

    assert contract in broken(lint(skeleton))


def test_a_step_that_the_map_does_not_name_breaks_it(skeleton):
    (skeleton / "permea" / "surprises").mkdir()
    (skeleton / "permea" / "surprises" / "__init__.py").touch()

    assert "process" in broken(lint(skeleton))


def test_every_app_stands_in_the_contract_of_the_inside():
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    named = set(contracts["importlinter:contract:inside"]["containers"].split())

    apps = {f"permea.{path.parent.name}" for path in (ROOT / "src/permea").glob("*/apps.py")}
    assert named == apps - {"permea.foundation", "permea.surface"}


def test_no_app_imports_the_edges_of_another():
    assert edges.problems() == []


def test_the_engine_stands_on_numbers_alone():
    assert edges.strange_imports() == []


@pytest.fixture
def planted_package(tmp_path, monkeypatch):
    """Return a function that makes an importable package of the given files under a name of its own."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(name: str, **files: str) -> str:
        for file, text in files.items():
            path = tmp_path / name / (file.replace("__", "/") + ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            (path.parent / "__init__.py").touch()
            path.write_text(text)
        (tmp_path / name / "__init__.py").touch()
        return name

    return make


def test_a_planted_import_of_an_edge_is_found(planted_package):
    package = planted_package(
        "planted_house",
        ideas__views="",
        selection__services="import planted_house.ideas.views\n",
        config__urls="import planted_house.ideas.views\n",
    )

    assert edges.problems(package) == [
        "planted_house.selection.services imports planted_house.ideas.views, an edge of another app"
    ]


def test_a_planted_foreign_library_in_the_engine_is_found(planted_package):
    package = planted_package("planted_engine", fit="import json\nimport numpy\nimport pandas\n")

    assert edges.strange_imports(package) == ["planted_engine.fit imports pandas"]
