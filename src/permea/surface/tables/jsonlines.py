"""JSON Lines, one object a line, and JSON files that hold one list of objects."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable

from django.utils.translation import gettext as _

from permea.surface.tables.model import Cell, Row, RowError, Table, TableError, shown

Numbered = tuple[int, object]


def read_json(name: str, text: str) -> Table:
    """Read objects into rows; the columns are all keys in order of appearance. Raises TableError if there are none."""
    errors: list[RowError] = []
    text = text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    items = _list(name, text) if text.lstrip().startswith("[") else _lines(text, errors)
    found: list[tuple[int, dict[str, object]]] = []
    columns: dict[str, int] = {}
    for line, item in items:
        if not isinstance(item, dict):
            errors.append(RowError(line, "", shown(str(item)), _("this is not an object with named values.")))
            continue
        found.append((line, item))
        for key in item:
            columns.setdefault(key, len(columns))
    if not columns:
        raise TableError(_("“%(name)s” holds no objects with named values.") % {"name": name})
    rows = tuple(Row(line, tuple(_cell(item.get(column)) for column in columns)) for line, item in found)
    return Table(tuple(columns), rows, kind="jsonl", errors=tuple(errors), decimal=".")


def _lines(text: str, errors: list[RowError]) -> Iterable[Numbered]:
    for line, part in enumerate(text.split("\n"), start=1):
        if not part.strip():
            continue
        try:
            yield line, json.loads(part)
        except (ValueError, RecursionError):
            errors.append(RowError(line, "", shown(part), _("this line is not JSON.")))


def _list(name: str, text: str) -> Iterable[Numbered]:
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise TableError(_("“%(name)s” is not JSON: see line %(line)s.") % {"name": name, "line": line}) from None
    return enumerate(items, start=1)


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, int):
        return value
    return json.dumps(value, ensure_ascii=False)
