"""Says which functions, methods, classes and properties of the product nobody uses (vulture, told what Django uses).

Names that stand in a template, or in a string of config (settings, commands), count as used; tests do not. The engine
is a library: what it offers need not be used here.
usage: python -m tools.unused
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from vulture import Vulture

SRC = Path(__file__).resolve().parents[1] / "src"
KINDS = ("function", "method", "class", "property", "import", "unreachable_code")
REGISTERED = [
    "@hears*",
    "@handles*",
    "@duty",
    "@router.*",
    "@task*",
    "@*command*",
    "@*.exception_handler",
    "@receiver*",
]
# What Django and the other libraries call by name.
CALLED_BY_NAME = [
    *("*Config", "Meta", "clean_*", "resolve_*", "get_command", "list_commands", "ready", "authenticate"),
    *(
        "is_open_for_signup",
        "prepare_value",
        "send_mail",
        "send_messages",
        "create_user",
        "get_by_natural_key",
        "get_user",
        "item_attributes",
        "handler4??",
        "handler500",
        "as_sqlite",
        "async_request_tsa_response",
        "CreateModels",  # in migrations, which are not looked at
        "deconstruct",
        "describe",
        "makefile",
        "readinto",
        "handle_starttag",
        "handle_endtag",
        "handle_data",
    ),
]
NOT_RUN = ["*/migrations/*", "*/surface/testing.py"]


def names_in_templates(src: Path) -> Iterator[str]:
    """Yield every word that stands inside Jinja marks."""
    for path in [*src.rglob("templates/**/*.html"), *src.rglob("templates/**/*.txt")]:
        for inside in re.findall(r"\{[{%](.*?)[%}]\}", path.read_text(encoding="utf-8"), re.DOTALL):
            yield from re.findall(r"[A-Za-z_]\w+", inside)


def names_in_config(src: Path) -> Iterator[str]:
    """Yield every word of the strings in config: dotted paths, commands."""
    for path in src.rglob("config/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from re.findall(r"[A-Za-z_]\w+", node.value)


def problems(src: Path = SRC, called_by_name: list[str] = CALLED_BY_NAME) -> list[str]:
    """Return one sentence for everything that nobody uses."""
    finder = Vulture(ignore_names=called_by_name, ignore_decorators=REGISTERED)
    finder.scavenge([str(src), str(Path(__file__).parent)], exclude=NOT_RUN)
    used = {*names_in_templates(src), *names_in_config(src)}
    return [
        f"{Path(item.filename).relative_to(src).as_posix()}:{item.first_lineno}: {item.message}"
        for item in finder.get_unused_code(min_confidence=60)
        if str(item.typ) in KINDS and item.name not in used and (src / "permea") in item.filename.parents
    ]


def main() -> int:
    """Print everything unused; return 1 if there is something."""
    found = problems()
    for said in found:
        print(said)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
