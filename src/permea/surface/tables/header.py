"""Where the header stands, what its columns are called, and which rows belong under it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from django.utils.translation import gettext as _

from permea.surface.tables.model import Cell, Row, RowError, Table, TableError, listed, shown
from permea.surface.tables.numbers import is_number

LOOKED_AT = 30  # rows among which the header is looked for
ENOUGH = 0.6  # share of the usual number of cells that a header has at least


def tabulate(
    name: str, rows: Sequence[Row], *, kind: str, errors: Iterable[RowError], notes: Iterable[str], decimal: str
) -> Table:
    """Find the header among the first rows and put the rest under it. Raises TableError if there is none."""
    filled = [row for row in rows if any(cell is not None for cell in row.values)]
    position = _find_header(filled)
    if position is None:
        raise TableError(_("“%(name)s” has no header: its first row must say what the columns hold.") % {"name": name})
    header, body = filled[position], filled[position + 1 :]
    columns, renamed = _column_names(header, body)
    kept, ragged = _fit(columns, body)
    all_notes = [*notes, *_header_notes(header.line, position), *renamed]
    places = [place for place, column in enumerate(columns) if column]
    return Table(
        columns=tuple(columns[place] for place in places),
        rows=tuple(Row(row.line, tuple(row.values[place] for place in places)) for row in kept),
        kind=kind,
        errors=tuple(sorted([*errors, *ragged], key=lambda error: error.line)),
        notes=tuple(all_notes),
        decimal=decimal,
    )


def _find_header(rows: Sequence[Row]) -> int | None:
    if not rows:
        return None
    usual = median(_n_filled(row.values) for row in rows[: 10 * LOOKED_AT])
    for position, row in enumerate(rows[:LOOKED_AT]):
        n_filled = _n_filled(row.values)
        n_numbers = sum(is_number(cell) for cell in row.values if cell is not None)
        if n_filled >= ENOUGH * usual and n_numbers * 2 < n_filled:
            return position
    return None


def _n_filled(values: Sequence[Cell]) -> int:
    return sum(cell is not None for cell in values)


def _header_notes(line: int, position: int) -> list[str]:
    if not position:
        return []
    return [_("The header was found on line %(line)s; what stands above it was not read.") % {"line": line}]


def _column_names(header: Row, body: Sequence[Row]) -> tuple[list[str], list[str]]:
    """Return a name for each place, empty where nothing stands in the whole column, and what was renamed."""
    names: list[str] = []
    taken: set[str] = set()
    renamed = []
    for place, cell in enumerate(header.values):
        name = " ".join(str(cell).split()) if cell is not None else ""
        if not name and any(place < len(row.values) and row.values[place] is not None for row in body):
            name = _("Column %(number)s") % {"number": place + 1}
            renamed.append(name)
        unique, number = name, 2
        while unique and unique in taken:
            unique, number = f"{name} ({number})", number + 1
        if unique != name:
            renamed.append(unique)
        taken.add(unique)
        names.append(unique)
    notes = [_("Columns without a name of their own were called %(names)s.") % {"names": listed(renamed)}]
    return names, notes if renamed else []


def _fit(columns: Sequence[str], body: Sequence[Row]) -> tuple[list[Row], list[RowError]]:
    """Return the rows with one cell a column; a row with filled cells beyond the header is an error."""
    width = len(columns)
    kept, errors = [], []
    for row in body:
        beyond = [cell for cell in row.values[width:] if cell is not None]
        if beyond:
            reason = _("there are more cells than columns in the header.")
            errors.append(RowError(row.line, "", shown(beyond[0]), reason))
        else:
            missing = (None,) * (width - len(row.values))
            kept.append(Row(row.line, row.values[:width] + missing))
    return kept, errors
