"""The how-to page shows commands that work and output that comes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from permea.selection.commands import shortlist
from permea.selection.shortlist import read_limits

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "how-to" / "shortlist-from-a-spreadsheet.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ permea shortlist (.+)$", PAGE, re.MULTILINE)
BLOCKS = dict(re.findall(r"^```(text|toml)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[::-1])


@pytest.fixture
def run(monkeypatch, tmp_path):
    def run_line(line: str):
        monkeypatch.chdir(ROOT)
        return CliRunner().invoke(shortlist, [*shlex.split(line), "--out", str(tmp_path)], catch_exceptions=False)

    return run_line


def test_the_commands_of_the_page_work(run):
    assert [run(line).exit_code for line in COMMANDS] == [0, 0]


def test_the_output_of_the_page_is_what_comes(run):
    said = run(COMMANDS[0]).output

    assert [line for line in BLOCKS["text"].splitlines() if line not in said] == []


def test_the_limits_of_the_page_are_understood(run, tmp_path):
    path = tmp_path / "limits.toml"
    path.write_text(BLOCKS["toml"], encoding="utf-8")

    assert (read_limits(path).n_most, run(f"examples/ideas.csv examples/reviews.csv --limits {path}").exit_code) == (
        8,
        0,
    )
