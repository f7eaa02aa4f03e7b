"""Says where the source departs from its layout: file names in an app, lengths of files and functions, shapes of names.

usage: python -m tools.layout [SRC]
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

SRC = Path(__file__).resolve().parents[1] / "src"
MODULES = frozenset(
    {
        "events",
        "models",
        "rules",
        "queries",
        "services",
        "forms",
        "views",
        "urls",
        "api",
        "commands",
        "admin",
        "tasks",
        "receivers",
        "apps",
    }
)
FOLDERS = frozenset({"migrations", "templates", "static", "data"})
# What an app holds beyond the common names, and why.
EXTRAS = {
    "people": {"adapters"},  # what the sign-in library calls
    "notifications": {"backend"},  # what Django's mail functions call
    "selection": {"shortlist"},  # the same job for somebody with a spreadsheet and no database
    "connectors": {"imap"},  # one folder an outside system
    "agreements": {"certificates", "seals"},  # pure arithmetic of seals
    "ledger": {"canonical", "chain", "keys", "verifier"},  # pure arithmetic of the chain; the verifier stands alone
}
# Not steps but ground, surface and assembly: they have their own lists.
GROUND = {
    "foundation": frozenset(
        {
            "appconfig",
            "apps",
            "clock",
            "duties",
            "events",
            "files",
            "ids",
            "models",
            "money",
            "jobs",
            "migrating",
            "outbox",
            "outgoing",
            "refusals",
            "scanning",
            "translating",
            "sqlite",
            "worker",
            "migrations",
        }
    ),
    "surface": frozenset(
        {
            "apps",
            "calendars",
            "downloads",
            "errors",
            "feeds",
            "formats",
            "languages",
            "meaning",
            "middleware",
            "pages",
            "problems",
            "ratelimit",
            "registry",
            "requests",
            "saved",
            "specimens",
            "tables",
            "testing",
            "uploads",
            "urls",
            "views",
            "charts",
            "components",
            "icons",
            "static",
            "templates",
        }
    ),
    "config": frozenset(
        {
            "api",
            "asgi",
            "cli",
            "commands",
            "demo",
            "env",
            "portable",
            "selfcheck",
            "settings",
            "transfer",
            "urls",
            "wsgi",
        }
    ),
}
TEMPLATE_FOLDERS = {
    "notifications": {"notifications", "mails", "account"},  # texts of mails, those of the sign-in library too
    "people": {"people", "account", "mfa", "allauth"},  # pages of the sign-in library in our frame
    "surface": {"components", "errors", "layouts", "surface", "gallery", "icons"},
}
STANDS_ALONE = frozenset({"permea/ledger/verifier.py"})  # handed out as one file that needs nothing of the product
NOT_PYTHON_PACKAGES = frozenset({"locale", "__pycache__"})
FILE_LINES, FUNCTION_LINES, VIEW_LINES, USUAL_LINES = 400, 40, 25, 25
PAST = (
    "ed",
    "Sent",
    "Set",
    "Told",
    "Made",
    "Left",
    "Begun",
    "Drawn",
    "Withdrawn",
    "Given",
    "Taken",
    "Won",
    "Lost",
    "Written",
    "Found",
)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def problems(src: Path) -> list[str]:
    """Return one sentence for every departure below `src`, in the order of paths."""
    found = [*_names(src / "permea")]
    lengths: list[int] = []
    for path in sorted(src.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        where = path.relative_to(src).as_posix()
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text, where)
        found += [f"{where}: {said}" for said in _file(path, where, text, tree)]
        for function in _functions(tree):
            lengths.append(length(function))
            found += [f"{where}: {said}" for said in _function(path, function)]
    usual = sorted(lengths)[int(len(lengths) * 0.9)] if lengths else 0
    if usual > USUAL_LINES:
        found.append(f"one function in ten is longer than {usual} lines; the bar is {USUAL_LINES}")
    return found


def length(function: FunctionNode) -> int:
    """Return how many lines the function takes without its docstring and decorators."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def _names(product: Path) -> Iterator[str]:
    """Yield what stands in an app and has no place there."""
    for app in sorted(path for path in product.iterdir() if path.is_dir() and path.name not in NOT_PYTHON_PACKAGES):
        allowed = GROUND.get(app.name, MODULES | FOLDERS | EXTRAS.get(app.name, set()))
        for path in sorted(app.iterdir()):
            name = path.stem if path.suffix == ".py" else path.name
            if name not in allowed and name not in {"__init__", "__pycache__"}:
                yield f"permea/{app.name}/{path.name}: no such file in an app; ARCHITECTURE names them"
        yield from _template_folders(app)


def _template_folders(app: Path) -> Iterator[str]:
    allowed = TEMPLATE_FOLDERS.get(app.name, {app.name})
    templates = app / "templates"
    for path in sorted(templates.iterdir()) if templates.is_dir() else ():
        if app.name != "surface" and path.name not in allowed:
            yield f"permea/{app.name}/templates/{path.name}: templates of an app stand under templates/{app.name}/"


def _file(path: Path, where: str, text: str, tree: ast.Module) -> Iterator[str]:
    """Yield what is wrong with a file as a whole."""
    n_lines = len(text.splitlines())
    if n_lines > FILE_LINES and where not in STANDS_ALONE:
        yield f"{n_lines} lines; over {FILE_LINES} a file becomes a package of the same name"
    if ast.get_docstring(tree) is None and text.strip():
        yield "has no docstring"
    if path.name == "__init__.py" and path.parent.parent.name == "permea":
        only_docstring = len(tree.body) == 1 and n_lines == 1
        if not only_docstring:
            yield "an app's __init__ is one line: the step and its question"
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and _module(path) == "events":
            yield from _event(node)


def _module(path: Path) -> str:
    """Return the app module a file belongs to: `services` for services.py and for services/*.py."""
    parts = path.parts
    place = len(parts) - 1 - parts[::-1].index("permea") if "permea" in parts else len(parts)
    return Path(parts[place + 2]).stem if len(parts) > place + 2 else ""


def _event(node: ast.ClassDef) -> Iterator[str]:
    """Yield why a class in events is not an announced fact."""
    if not node.name.endswith(PAST) and node.name != "Event":
        yield f"{node.name}: an event is named by what has happened"
    decorators = " ".join(ast.unparse(decorator) for decorator in node.decorator_list)
    if "dataclass(" not in decorators or "frozen=True" not in decorators:
        yield f"{node.name}: an event is a frozen dataclass"


def _functions(tree: ast.Module) -> Iterator[FunctionNode]:
    for node in ast.walk(tree):
        if isinstance(node, FunctionNode):
            yield node


def _function(path: Path, function: FunctionNode) -> Iterator[str]:
    """Yield what is wrong with a function."""
    module = _module(path)
    limit = VIEW_LINES if module == "views" else FUNCTION_LINES
    if length(function) > limit:
        yield f"{function.name} takes {length(function)} lines; the bar is {limit}"
    if module == "services" and _takes_positional(function) and _is_offered(path, function.name):
        yield f"{function.name}: a service takes keywords only"
    if module == "rules" and function.name.startswith("why_not_") and not _may_refuse(function):
        yield f"{function.name}: says `-> Refusal | None`"


def _takes_positional(function: FunctionNode) -> bool:
    return function.col_offset == 0 and bool(function.args.posonlyargs + function.args.args)


def _is_offered(path: Path, name: str) -> bool:
    """Say whether a name is public: without an underscore, and in a package named by its __init__."""
    if name.startswith("_"):
        return False
    package = path.parent / "__init__.py"
    return path.name == "services.py" or name in re.findall(r"\w+", package.read_text(encoding="utf-8"))


def _may_refuse(function: FunctionNode) -> bool:
    return function.returns is not None and ast.unparse(function.returns).strip("'\"") == "Refusal | None"


def main() -> int:
    """Print every departure; return 1 if there is one."""
    found = problems(Path(sys.argv[1]) if len(sys.argv) > 1 else SRC)
    for said in found:
        print(said)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
