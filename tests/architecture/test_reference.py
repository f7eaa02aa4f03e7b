"""The documentation is true: every setting, event, command and API operation stands in it, as the sources have it."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass

import click
import pytest

from tools import reference


@pytest.fixture(scope="module")
def pages():
    return reference.pages()


def test_the_pages_are_what_the_sources_say():
    # in a process of its own: a command called before without its group would show other options for help
    done = subprocess.run(
        [sys.executable, "-m", "tools.reference", "--check"],
        cwd=reference.DOCS.parents[1], capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_setting_is_documented(pages):
    from permea.config.env import SETTINGS

    assert [one.name for one in SETTINGS if f"`{one.name}`" not in pages["settings.md"]] == []


def test_every_event_is_documented(pages):
    events = reference.all_events()

    assert len(events) > 10
    assert [event.__name__ for event in events if f"`{event.__name__}`" not in pages["events.md"]] == []
    assert [event.__name__ for event in events if not event.__doc__ or event.__doc__.startswith(event.__name__)] == []


def test_every_command_is_documented(pages):
    from permea.config.cli import COMMANDS

    assert [name for name in COMMANDS if f"## permea {name}\n" not in pages["commands.md"]] == []


def test_every_operation_of_the_api_is_documented(pages):
    from permea.config.api import api

    paths = api.get_openapi_schema()["paths"]
    operations = {f"### {method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert operations == set(re.findall(r"^### .*", pages["api.md"], re.MULTILINE))
    assert len(operations) > 10


def test_a_planted_change_makes_a_page_stale(tmp_path):
    expected = {"settings.md": "what the sources say\n", "events.md": "events\n", "api.md": "api\n"}
    (tmp_path / "settings.md").write_text("what they said\n")
    (tmp_path / "events.md").write_text("events\n")

    assert reference.stale(expected, tmp_path) == ["settings.md", "api.md"]


@dataclass(frozen=True)
class BridgeBuilt:
    """A bridge stands."""

    bridge_id: int
    at: str


BridgeBuilt.__module__ = "permea.bridges.events"


@click.group()
def group() -> None:
    """Do what bridges need."""


@group.command()
@click.option("--long", is_flag=True, help="Make it long.")
def build(*, long: bool) -> None:
    """Build a bridge."""


def on_bridge_built(event: BridgeBuilt) -> None:
    """Stand for a receiver of the product."""


on_bridge_built.__module__ = "permea.roads.receivers"


def test_a_new_thing_appears_on_its_page():
    setting = type("Setting", (), {"name": "PERMEA_SPAN", "default": "", "help": "Longest span | in metres."})
    schema = {
        "info": {},
        "paths": {
            "/api/bridges/{key}": {
                "put": {
                    "tags": ["bridges"],
                    "description": "Move a bridge.",
                    "parameters": [{"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}],
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Move"}}}},
                    "responses": {200: {"content": {"application/json": {"schema": {"$ref": "#/c/Bridge"}}}}, 204: {}},
                }
            }
        },
        "components": {"schemas": {"Move": {"properties": {"to": {"anyOf": [{"type": "number"}, {"type": "null"}]}}}}},
    }

    wanted = {
        "settings": "| `PERMEA_SPAN` | (empty) | Longest span \\| in metres. |",
        "events": "## bridges\n\n| Event | Announces | Carries | Heard by |\n| --- | --- | --- | --- |\n"
        "| `BridgeBuilt` | A bridge stands. | `bridge_id` | roads |",
        "commands": "## permea build\n\n```text\nUsage: permea build [OPTIONS]\n\n  Build a bridge.\n\nOptions:\n"
        "  --long  Make it long.",
        "api": "## bridges\n\n### PUT /api/bridges/{key}\n\nMove a bridge.\n\n| Name | In | Type | Required |\n"
        "| --- | --- | --- | --- |\n| `key` | path | string | yes |\n| `to` | body | number or null | no |\n\n"
        "Answers: 200 `Bridge`, 204.",
    }
    written = {
        "settings": reference.settings_page([setting]),
        "events": reference.events_page([BridgeBuilt], lambda _event: [on_bridge_built, [].append]),
        "commands": reference.commands_page(group),
        "api": reference.api_page(schema),
    }
    assert [name for name, text in wanted.items() if text not in written[name]] == []
