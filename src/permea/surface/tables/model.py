"""What a table is: rows with the line they came from, what is wanted of them, and what was wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

Cell = str | int | float | bool | date | None
Kind = Literal["text", "number", "whole", "date"]
SHOWN = 60  # characters of a wrong value that are repeated to people


class TableError(Exception):
    """Say in one sentence why a file cannot be used at all."""


class Row(NamedTuple):
    """One record and the line (text files) or row (workbooks, Parquet) it begins on, counted from 1."""

    line: int
    values: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one cell, or with a whole line where `column` is empty."""

    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        """Return where it is and what is wrong, in one sentence."""
        where = {"line": self.line, "column": self.column, "reason": self.reason, "value": self.value}
        if not self.column:
            return _("Line %(line)s: %(reason)s") % where
        if not self.value:
            return _("Line %(line)s, column “%(column)s”: %(reason)s") % where
        return _("Line %(line)s, column “%(column)s”: %(reason)s (found: “%(value)s”)") % where


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows under its column names; `errors` are lines that could not be read, `notes` what was guessed."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    kind: str
    errors: tuple[RowError, ...] = ()
    notes: tuple[str, ...] = ()
    decimal: str = ""  # the decimal mark its numbers probably have, where only the file's own style can tell


@dataclass(frozen=True, slots=True)
class Field:
    """What is wanted from a column: `words` are headings it may have, in any case, with or without underscores."""

    name: str
    kind: Kind = "text"
    required: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column holds which field; `guessed` fields were not chosen by a person, `spare` columns hold none."""

    columns: dict[str, str]
    guessed: frozenset[str] = frozenset()
    spare: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()  # required fields without a column
    notes: tuple[str, ...] = ()


class ConvertedRow(NamedTuple):
    """One record by field name, typed; None where a cell is empty or an optional one was wrong."""

    line: int
    values: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Converted:
    """The usable rows, everything that was wrong, and how unclear numbers were read."""

    rows: tuple[ConvertedRow, ...]
    errors: tuple[RowError, ...] = ()
    notes: tuple[str, ...] = ()


def shown(value: Cell) -> str:
    """Return a cell as people see it in a message: short and on one line."""
    text = " ".join(str("" if value is None else value).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def listed(names: Iterable[str], most: int = 12) -> str:
    """Return names in quotation marks, separated by commas, with an ellipsis where there are too many."""
    all_names = [f"“{shown(name)}”" for name in names]
    return ", ".join(all_names[:most]) + (" …" if len(all_names) > most else "")
