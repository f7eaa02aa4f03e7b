"""Two firms with the same contents on one instance: nobody of one reads or moves anything of the other.

Addresses that name one thing are walked as the other firm's owner in test_permissions.py. Here every firm is full: what
lists, searches and feeds show is read, and addresses and forms that name two things get one of each firm. All that
people typed is a formula and a script, and runs nowhere.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from importlib import import_module
from io import StringIO
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from permea.foundation.models import Record
from permea.ledger.models import Crossing
from tests.architecture import walking

triggers = import_module("permea.alliances.migrations.0002_refuse_changes")
READERS = ("owner", "evaluator", "contributor", "partner")
DONE = (200, 201, 204, 302)
WRITES = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "(?!django_session|django_cache)')
SAMPLES = {"email": "ada@elsewhere.example", "date": "2026-05-04", "number": "7", "url": "https://a.example"}
SAID = "So it is."
TYPED = "=1+'\"><script>alert(1)</script>"
TEXTS = {
    "title", "name", "text", "summary", "body", "teaser", "note", "label", "purpose", "question", "city", "subject",
    "cause", "event", "effect", "mitigation", "why", "restrictions",
}  # fmt: skip
FORMULA = re.compile(r"\s*[=+@\-\t\r]")
SHOWN = re.compile(r"text/html|.*xml")
Page = tuple[str, str]
Pages = Mapping[tuple[str, str], Page]


@pytest.mark.no_cover  # it runs what is tested elsewhere, and all of it
def test_nobody_of_one_firm_reads_or_moves_anything_of_the_other_and_nothing_typed_runs(twin):
    type_tricks()
    windows = {name: walking.Walker(twin.world, name) for name in ("anonymous", *READERS)}
    pages = {
        (name, path): page_of(windows[name], path)
        for path in map(twin.world.path, (address.route for address in walking.addresses()))
        for name in READERS
    }

    assert [path for (_name, path), (kind, page) in pages.items() if TYPED in page and SHOWN.match(kind)] == []
    assert running_formulas(windows["owner"], twin.world.path("/partner-shortlists/<shortlist_key>/table.csv")) == []
    assert told(pages, windows["anonymous"], twin.names_of_other) == []
    mixed, n_addresses = mixed_addresses(twin, windows)
    assert (mixed, n_addresses > 30) == ([], True)
    taken, n_forms = mixed_forms(twin, windows, pages)
    assert (taken, n_forms > 10) == ([], True)


def type_tricks() -> None:
    """Put a formula and a script before every text that people typed; the ledger alone takes no change.

    Contributions take none either, but for these tricks.
    """
    editor = SimpleNamespace(connection=connection)
    triggers.drop_triggers(None, editor)
    ours = (model for model in apps.get_models() if model.__module__.startswith("permea."))
    for model in (model for model in ours if model is not Crossing):
        texts = (field for field in model._meta.fields if isinstance(field, CharField | TextField))
        for name in (field.name for field in texts if field.name in TEXTS and not field.choices):
            model._default_manager.update(**{name: Concat(Value(TYPED), F(name))})
    triggers.create_triggers(None, editor)


def page_of(window: walking.Walker, path: str) -> Page:
    """Return the kind of what is answered, and its text."""
    response, content = window.ask("GET", path, {})
    return response.get("Content-Type", ""), content.decode(errors="replace")


def running_formulas(window: walking.Walker, shortlist: str) -> list[str]:
    """Return the cells of tables that a spreadsheet would take for a formula."""
    asked = {
        "/seen/table.csv": "POST",
        "/partners/export.csv": "GET",
        "/risks/table.csv": "POST",
        "/transfers/table.csv": "POST",
        shortlist: "GET",
    }
    tables = {path: window.ask(method, path, {})[1].decode() for path, method in asked.items()}
    assert all("alert(1)" in table for table in tables.values())
    return [
        f"{path}: {cell:.40}"
        for path, table in tables.items()
        for row in csv.reader(StringIO(table))
        for cell in row
        if FORMULA.match(cell) and not is_number(cell)
    ]


def is_number(cell: str) -> bool:
    """Say whether a cell holds a number, which may begin with a sign."""
    try:
        return float(cell) is not None
    except ValueError:
        return False


def told(pages: Pages, nobody: walking.Walker, names: set[str]) -> list[str]:
    """Return which pages tell somebody a name of the other firm that nobody without an account reads there."""
    said = []
    for (name, path), (_kind, page) in pages.items():
        leaks = named(page, names)
        if leaks:
            leaks -= named(page_of(nobody, path)[1], names)
        said += [f"{path} tells {name} of {leak}" for leak in sorted(leaks)]
    return said


def named(page: str, names: set[str]) -> set[str]:
    """Return which names stand in a page."""
    return names.intersection(re.findall(r"[\w@.+-]+", page))


def mixed_addresses(twin: SimpleNamespace, windows: Mapping[str, walking.Walker]) -> tuple[list[str], int]:
    """Return which addresses answer with one thing of each firm, and how many that somebody may ask were tried."""
    said, n_tried = [], 0
    for address, own, mixed in mixtures(twin):
        for method in address.methods:
            body, is_json = twin.world.bodies.get(f"{method} {address.route}", {}), address.is_api and method != "GET"
            able = [windows[name] for name in READERS if answers(windows[name], method, own, body, is_json=is_json)]
            n_tried += bool(able)
            leading = [one for one in able if answers(one, method, mixed, body, is_json=is_json)]
            said += [f"{method} {mixed} leads somewhere"] if leading else []
    return said, n_tried


def answers(window: walking.Walker, method: str, path: str, body: Mapping[str, object], *, is_json: bool) -> bool:
    """Say whether somebody gets more than a refusal at an address."""
    return window.ask(method, path, body, is_json=is_json)[0].status_code in DONE


def mixtures(twin: SimpleNamespace) -> list[tuple[walking.Address, str, str]]:
    """Return addresses of two things, filled with the twin's own, and with one of them the other firm's."""
    found = []
    for address in walking.addresses():
        pattern = re.sub(r"<\w+>", "([^/]+?)", address.route.replace(".", r"\."))
        own, other = (re.fullmatch(pattern, world.path(address.route)) for world in (twin.world, twin.other_world))
        for number in range(1, len(own.groups()) + 1) if len(own.groups()) > 1 else ():
            first, last = own.span(number)
            mixed = own.string[:first] + other[number] + own.string[last:]
            if mixed != own.string:
                found.append((address, own.string, mixed))
    return found


def mixed_forms(
    twin: SimpleNamespace, windows: Mapping[str, walking.Walker], pages: Pages
) -> tuple[list[str], int]:  # fmt: skip
    """Return which forms take a thing of the other firm, and how many wrote something with the twin's own."""
    said, seen, n_tried, swaps = [], set(), 0, swapped(twin)
    for (name, path), (_kind, page) in pages.items():
        for action, fields in Forms(page).found:
            for field, value in fields.items():
                asked = (name, action or path, field)
                taken = {} if value not in swaps or asked in seen else valid(windows[name], action or path, fields)
                if not taken:
                    continue
                seen.add(asked)
                n_tried += 1
                if writes(windows[name], action or path, {**taken, field: swaps[value]}):
                    said.append(f"{action or path} takes from {name} another firm's {field}")
    return said, n_tried


def valid(window: walking.Walker, path: str, fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return the fields as they are taken: all filled in, or as few as there must be; none if they are not taken."""
    few = {name: "" if value in {SAID, *SAMPLES.values()} else value for name, value in fields.items()}
    return next((one for one in (fields, few) if writes(window, path, one)), {})


def writes(window: walking.Walker, path: str, fields: Mapping[str, str]) -> bool:
    """Say whether a form is taken: it is answered by another page, and something was written."""
    with CaptureQueriesContext(connection) as asked:
        response, _content = window.ask("POST", path, fields)
    return response.status_code == 302 and any(WRITES.match(query["sql"]) for query in asked)


def swapped(twin: SimpleNamespace) -> dict[str, str]:
    """Return a thing of the other firm for each thing of the twin, of the same kind."""
    found: dict[str, str] = {}
    for model in (model for model in apps.get_models() if issubclass(model, Record)):
        keys = list(model._default_manager.order_by("pk").values_list("key", flat=True))
        theirs = [key for key in keys if key in twin.names_of_other]
        found |= {key: theirs[0] for key in keys if theirs and key not in twin.names_of_other}
    return found


class Forms(HTMLParser):
    """The forms of a page that write: where each leads, and a value for every field."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.fields: dict[str, str] = {}
        self.choice = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.fields = {}
            if said.get("method", "").lower() == "post":
                self.found.append((said.get("action", ""), self.fields))
        elif tag == "select":
            self.choice = said.get("name", "")
        elif tag == "option" and said.get("value") and ("selected" in said or self.choice not in self.fields):
            self.fields[self.choice] = said["value"]
        elif tag in {"input", "textarea"} and said.get("type") not in {"file", "submit"}:
            self.fields.setdefault(said.get("name", ""), said.get("value") or SAMPLES.get(said.get("type", ""), SAID))
