"""What engine tests share: the known answers, each of which every method of its task must meet."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "known_answers"


def known_answers(task: str) -> Any:
    """Return the known answers of a task."""
    return json.loads((FOLDER / f"{task}.json").read_text(encoding="utf-8"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `<task>_answer` once for each known answer of the task."""
    for name in metafunc.fixturenames:
        if name.endswith("_answer"):
            answers = known_answers(name.removesuffix("_answer"))
            cases = answers["cases"] if isinstance(answers, dict) else answers
            metafunc.parametrize(name, cases, ids=[case.get("name", str(case)) for case in cases])
