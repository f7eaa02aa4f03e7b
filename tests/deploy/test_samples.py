"""The samples under deploy/ and the how-tos name files, settings and commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from permea.config.cli import COMMANDS
from permea.config.env import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = [path for path in (ROOT / "deploy").iterdir() if path.is_file()]
GUIDES = [*(ROOT / "docs" / "how-to").glob("*.md"), ROOT / "docs" / "index.md", ROOT / "SECURITY.md"]
TEXTS = sorted([*SAMPLES, *GUIDES])
# Read by compose from deploy/.env to make the settings of it.
OF_COMPOSE = {"PERMEA_HOST", "PERMEA_DATABASE_PASSWORD"}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_only_settings_that_exist_are_named(path):
    named = set(re.findall(r"\bPERMEA_[A-Z_]+\b", path.read_text(encoding="utf-8")))

    assert named - {one.name for one in SETTINGS} - OF_COMPOSE - {"PERMEA_CONFIG"} == set()


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_only_commands_that_exist_are_named(path):
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:bin/permea|\$ permea|`permea|/trial permea) ([a-z-]+)", text))

    assert named - set(COMMANDS) == set()


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_only_files_that_exist_are_named(path):
    named = set(re.findall(r"\bdeploy/([\w.@-]+)", path.read_text(encoding="utf-8")))

    assert [name for name in sorted(named) if not (ROOT / "deploy" / name).exists() and name != ".env"] == []


def test_every_file_is_told_of():
    told = "".join(path.read_text(encoding="utf-8") for path in [*GUIDES, *SAMPLES])

    assert [path.name for path in SAMPLES if path.name not in told and path.suffix != ".dockerignore"] == []


def test_every_proxy_overwrites_what_visitors_send():
    nginx = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    haproxy = (ROOT / "deploy" / "haproxy.cfg").read_text(encoding="utf-8")

    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx
    assert "http-request set-header X-Forwarded-For %[src]" in haproxy
    assert "proxy_add_x_forwarded_for" not in nginx
