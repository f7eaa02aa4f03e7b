"""From cells to typed values: every cell that is wrong is reported, none is dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial

from django.utils.translation import gettext as _

from permea.surface.tables.model import (
    Cell,
    Converted,
    ConvertedRow,
    Field,
    Mapping,
    Row,
    RowError,
    Table,
    TableError,
    listed,
    shown,
)
from permea.surface.tables.numbers import decimal_mark, is_blank, parse_number

DATE_STYLES = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%Y/%m/%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")
LARGEST = 1e12  # what no price and no mark is above
Reader = Callable[[Cell], Cell]  # raises ValueError with a reason for people


def convert(table: Table, mapping: Mapping, fields: Sequence[Field]) -> Converted:
    """Turn the mapped cells into typed values.

    A row with a wrong or missing required cell is left out, a wrong optional cell becomes None; both are errors, and
    so are the lines that `read_table` could not read. Raises TableError if a required field has no column.
    """
    if mapping.missing:
        raise TableError(
            _("No column was found for %(fields)s; the columns are %(columns)s.")
            % {"fields": listed(mapping.missing), "columns": listed(table.columns)}
        )
    notes: list[str] = []
    plan = []
    for field in fields:
        if field.name in mapping.columns:
            place = table.columns.index(mapping.columns[field.name])
            plan.append((field, place, _reader(table, field, place, notes)))
    errors, rows = list(table.errors), []
    for row in table.rows:
        values = _convert_row(table, row, plan, errors)
        if values is not None:
            values.update({field.name: None for field in fields if field.name not in values})
            rows.append(ConvertedRow(row.line, values))
    errors.sort(key=lambda error: error.line)
    return Converted(tuple(rows), tuple(errors), tuple(notes))


def _convert_row(
    table: Table, row: Row, plan: Sequence[tuple[Field, int, Reader]], errors: list[RowError]
) -> dict[str, Cell] | None:
    values: dict[str, Cell] = {}
    is_usable = True
    for field, place, read in plan:
        cell = row.values[place]
        values[field.name] = None
        try:
            values[field.name] = read(cell)
        except ValueError as error:
            errors.append(RowError(row.line, table.columns[place], shown(cell), str(error)))
            is_usable = is_usable and not field.required
            continue
        if field.required and values[field.name] is None:
            errors.append(RowError(row.line, table.columns[place], "", _("this cell must not be empty.")))
            is_usable = False
    return values if is_usable else None


def _reader(table: Table, field: Field, place: int, notes: list[str]) -> Reader:
    if field.kind == "text":
        return _read_text
    if field.kind == "date":
        return _read_date
    read, column_notes = number_reader(table, place, whole=field.kind == "whole")
    notes.extend(column_notes)
    return read


def number_reader(table: Table, place: int, *, whole: bool = False) -> tuple[Reader, list[str]]:
    """Return what reads the numbers of a column in its own style, and notes on what was unclear in it."""
    cells = [row.values[place] for row in table.rows]
    decimal, unclear = decimal_mark(cells, table.decimal)
    column, notes = table.columns[place], []
    if unclear:
        found = {"column": column, "cell": unclear, "number": f"{parse_number(unclear, decimal):.10g}"}
        notes.append(_("In column “%(column)s”, “%(cell)s” was read as %(number)s.") % found)
    blanks = [cell for cell in cells if is_blank(cell)]
    if blanks:
        found = {"column": column, "n": str(len(blanks)), "cell": shown(blanks[0])}
        notes.append(_("In column “%(column)s”, %(n)s cells such as “%(cell)s” were read as empty.") % found)

    return partial(_read_number, decimal=decimal, whole=whole), notes


def _read_number(cell: Cell, *, decimal: str, whole: bool) -> Cell:
    if cell is None or is_blank(cell):
        return None
    number = parse_number(cell, decimal)
    if number is None:
        raise ValueError(_("this is not a number."))
    if abs(number) > LARGEST:
        raise ValueError(_("this number is too large."))
    if not whole:
        return number
    if number != int(number):
        raise ValueError(_("this is not a whole number."))
    return int(number)


def _read_text(cell: Cell) -> Cell:
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip() or None


def _read_date(cell: Cell) -> Cell:
    if cell is None:
        return None
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    for style in DATE_STYLES:
        try:
            return datetime.strptime(str(cell).strip(), style).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(_("this is not a date; write it as 2026-12-31 or 31.12.2026."))
