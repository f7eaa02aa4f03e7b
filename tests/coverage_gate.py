"""The bar that total coverage cannot show: every line and branch of rules, services and the engine is run by a test."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import coverage
import pytest

WHOLE = re.compile(r"(^|/)(permea_engine/.+|permea/[a-z]+/(rules|services)(/.+)?)\.py$")


def must_be_whole(path: str) -> bool:
    """Say whether a file is one of those that must be covered whole."""
    return WHOLE.search(Path(path).as_posix()) is not None


def uncovered(report: dict[str, Any]) -> Iterator[str]:
    """Yield a line for every file of a JSON coverage report that must be covered whole and is not."""
    files = {path: file for path, file in report["files"].items() if must_be_whole(path)}
    if not files:
        yield "no file of rules, services or engine was measured"
    for path, file in sorted(files.items()):
        if file["missing_lines"] or file["missing_branches"]:
            branches = ", ".join(f"{start}->{end}" for start, end in file["missing_branches"])
            yield f"{path}: lines not run {file['missing_lines']}; branches not taken {branches or 'none'}"


def json_report() -> dict[str, Any]:
    """Return what the data file of the present folder says, as coverage's own JSON report."""
    data = coverage.Coverage()
    data.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "coverage.json")
        data.json_report(outfile=str(path))
        return json.loads(path.read_text(encoding="utf-8"))


class CoverageGate:
    """Looks at the collected coverage after the last test and fails the run if the bar is missed."""

    said: tuple[str, ...] = ()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        result = yield
        self.said = tuple(uncovered(json_report()))
        session.testsfailed += bool(self.said)
        return result

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.said:
            terminalreporter.section("rules, services and engine are not covered whole", red=True)
            for line in self.said:
                terminalreporter.line(line)
        else:
            terminalreporter.line("Rules, services and engine are covered whole: every line, every branch.")
