"""The reference pages of the documentation: settings, events, commands and API, written from the sources.

usage: python -m tools.reference            write docs/reference anew
       python -m tools.reference --check    say which page is not what the sources say
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

DOCS = Path(__file__).resolve().parents[1] / "docs" / "reference"
NOTE = "<!-- Written by `make reference` from the sources; do not edit. -->"
WIDTH = 100


def settings_page(settings: Iterable[Any]) -> str:
    """Return the page of all settings, in their order."""
    rows = (f"| `{one.name}` | {_code(one.default)} | {_cell(one.help)} |" for one in settings)
    return _page(
        "Settings",
        "Every setting comes from the environment, or from a TOML file named by `PERMEA_CONFIG` with the same names as "
        "keys; the environment wins. A missing or wrong setting stops the start with one sentence that names it.",
        "| Setting | Unless set | What it is for |",
        "| --- | --- | --- |",
        *rows,
    )


def events_page(events: Iterable[type], receivers_of: Callable[[type], Iterable[Callable[..., object]]]) -> str:
    """Return the page of all events: what each announces, carries, and who hears it."""
    lines = []
    for event in sorted(events, key=lambda event: (event.__module__, event.__name__)):
        step = event.__module__.split(".")[1]
        if f"## {step}" not in lines:
            lines += ["", f"## {step}", "", "| Event | Announces | Carries | Heard by |", "| --- | --- | --- | --- |"]
        carried = ", ".join(f"`{field.name}`" for field in fields(event) if field.name != "at")
        modules = [str(receiver.__module__) for receiver in receivers_of(event)]
        heard = ", ".join(sorted({name.split(".")[1] for name in modules if name.startswith("permea.")}))
        lines.append(f"| `{event.__name__}` | {_cell(_summary(event))} | {carried or '-'} | {heard or '-'} |")
    return _page(
        "Events",
        "A step announces what happened; later steps hear it in the same transaction. Every event also carries `at`, "
        "the time at which it happened.",
        *lines,
    )


def commands_page(group: click.Group) -> str:
    """Return the page of all commands with their help as `--help` prints it."""
    context = click.Context(group, info_name="permea", resilient_parsing=True, **group.context_settings)
    lines = ["```text", _help(group, context), "```"]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None:
            lines += ["", f"## permea {name}", "", "```text", _help(command, _context(command, name, context)), "```"]
    return _page("Commands", "What `permea --help` and the help of each command print.", *lines)


def _context(command: click.Command, name: str, parent: click.Context) -> click.Context:
    return click.Context(command, info_name=name, parent=parent, resilient_parsing=True)


def _help(command: click.Command, context: click.Context) -> str:
    context.terminal_width = context.max_content_width = WIDTH
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def api_page(schema: Mapping[str, Any]) -> str:
    """Return the page of all API operations, by step and path."""
    operations = [
        (operation.get("tags", ["other"])[0], path, method.upper(), operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    lines, step = [], ""
    for tag, path, method, operation in sorted(operations, key=lambda row: row[:3]):
        if tag != step:
            step = tag
            lines += ["", f"## {tag}"]
        lines += ["", f"### {method} {path}", "", *_operation(operation, schema)]
    about = schema["info"].get("description", "")
    return _page(
        "API",
        f"{about} The machine-readable form stands at `/api/openapi.json`. A refusal is answered with 409 and "
        "`application/problem+json`: `type`, `title`, `status`, `code`, `detail`. What you may not see is 404.",
        *lines,
    )


def _operation(operation: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    yield operation.get("description") or operation.get("summary", "")
    rows = [
        (one["name"], one["in"], _type(one["schema"]), one.get("required", False))
        for one in operation.get("parameters", ())
    ]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        body = _resolved(content["schema"], schema)
        required = body.get("required", ())
        rows += [(name, "body", _type(one), name in required) for name, one in body.get("properties", {}).items()]
    if rows:
        yield from ("", "| Name | In | Type | Required |", "| --- | --- | --- | --- |")
        yield from (f"| `{name}` | {place} | {kind} | {'yes' if must else 'no'} |" for name, place, kind, must in rows)
    answers = ", ".join(f"{status} {_answer(answer)}".strip() for status, answer in operation["responses"].items())
    yield from ("", f"Answers: {answers}.")


def _answer(answer: Mapping[str, Any]) -> str:
    """Return the name of what an answer holds."""
    for content in answer.get("content", {}).values():
        return f"`{_type(content.get('schema', {}))}`"
    return ""


def _resolved(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a part of the schema refers to."""
    if "$ref" in part:
        return schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]  # type: ignore[no-any-return]
    return part


def _type(part: Mapping[str, Any]) -> str:
    """Return the type of a part of the schema as a person would write it."""
    if "$ref" in part:
        return str(part["$ref"]).rpartition("/")[2]
    if "anyOf" in part:
        return " or ".join(_type(one) for one in part["anyOf"])
    if part.get("type") == "array":
        return f"list of {_type(part.get('items', {}))}"
    return str(part.get("format") or part.get("type") or "anything")


def _page(title: str, about: str, *lines: str) -> str:
    return "\n".join([NOTE, "", f"# {title}", "", about.strip(), "", *lines]).rstrip() + "\n"


def _summary(thing: type) -> str:
    return (thing.__doc__ or "").strip().partition("\n")[0]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{text}`" if text else "(empty)"


def all_events() -> set[type]:
    """Return every event class of every step."""
    from django.apps import apps  # noqa: PLC0415 - after the apps are loaded

    from permea.foundation.events import Event  # noqa: PLC0415 - after the apps are loaded

    for app in apps.get_app_configs():
        if app.name.startswith("permea.") and find_spec(f"{app.name}.events"):
            import_module(f"{app.name}.events")
    found, waiting = set(), [Event]
    while waiting:
        below = set(waiting.pop().__subclasses__()) - found
        found |= below
        waiting += below
    # A dataclass with slots is made twice; the one that counts is the one its module knows.
    of_product = (event for event in found if event.__module__.startswith("permea."))
    return {event for event in of_product if getattr(sys.modules[event.__module__], event.__name__) is event}


def pages() -> dict[str, str]:
    """Return every reference page by file name; the apps must be loaded."""
    from permea.config.api import api  # noqa: PLC0415 - after the apps are loaded
    from permea.config.cli import main as group  # noqa: PLC0415 - after the apps are loaded
    from permea.config.env import SETTINGS  # noqa: PLC0415 - after the apps are loaded
    from permea.foundation.events import receivers_of  # noqa: PLC0415 - after the apps are loaded

    return {
        "settings.md": settings_page(SETTINGS),
        "events.md": events_page(all_events(), receivers_of),
        "commands.md": commands_page(group),
        "api.md": api_page(api.get_openapi_schema()),
    }


def stale(expected: Mapping[str, str], folder: Path = DOCS) -> list[str]:
    """Return the names of pages that are not what the sources say."""
    return [
        name
        for name, text in expected.items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say which are stale and return 1."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(PERMEA_DATA_DIR=folder, DJANGO_SETTINGS_MODULE="permea.config.settings.test")
        import django  # noqa: PLC0415 - after the settings are named

        django.setup()
        expected = pages()
    if "--check" in arguments:
        found = stale(expected)
        for name in found:
            print(f"docs/reference/{name} is not what the sources say: make reference")
        return 1 if found else 0
    DOCS.mkdir(parents=True, exist_ok=True)
    for name, text in expected.items():
        (DOCS / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
