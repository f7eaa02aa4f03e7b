"""Excel workbooks (XLSX): the first sheet that holds something."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from permea.surface.tables.header import tabulate
from permea.surface.tables.model import Cell, Row, Table, TableError

MAX_CELLS = 5_000_000  # of the rectangle around a sheet's content, empty ones included
MAX_UNPACKED = 500_000_000  # bytes
_CELL = re.compile(rb'<(?:\w+:)?c [^<>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)


def read_workbook(name: str, content: bytes) -> Table:
    """Read a workbook's first filled, visible sheet. Raises TableError if it is damaged, foreign or too large."""
    try:
        _refuse_bombs(name, content)
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheet, rows, n_filled = _first_filled(book)
    except (CalamineError, zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError):
        raise TableError(_("“%(name)s” is a damaged XLSX file.") % {"name": name}) from None
    if not rows:
        raise TableError(_("“%(name)s” is empty.") % {"name": name})
    note = _("The sheet “%(sheet)s” was read; the others were not.") % {"sheet": sheet}
    return tabulate(name, rows, kind="xlsx", errors=[], notes=[note] if n_filled > 1 else [], decimal="")


def _refuse_bombs(name: str, content: bytes) -> None:
    """Raise TableError for what is no workbook, or would not fit into memory once unpacked."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = archive.infolist()
        if not any(member.filename.lower() == "xl/workbook.xml" for member in members):
            raise TableError(
                _("“%(name)s” is not a table: please give a CSV, XLSX, JSON Lines or Parquet file.") % {"name": name}
            )
        is_too_large = sum(member.file_size for member in members) > MAX_UNPACKED
        if not is_too_large:
            sheets = [member for member in members if _SHEET.fullmatch(member.filename)]
            is_too_large = any(_area(archive.read(member)) > MAX_CELLS for member in sheets)
    if is_too_large:
        raise TableError(_("“%(name)s” is too large once unpacked.") % {"name": name})


def _area(sheet: bytes) -> int:
    """Return how many cells the rectangle from the first to the last cell of a sheet has."""
    places = _CELL.findall(sheet)
    columns = {letters for letters, _row in places}
    rows = [int(row) for _letters, row in places]
    return max(map(_column_number, columns), default=0) * max(rows, default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _first_filled(book: CalamineWorkbook) -> tuple[str, list[Row], int]:
    """Return name and rows of the first visible sheet with content, and how many such sheets there are."""
    name, n_filled = "", 0
    found: list[Row] = []
    for info in book.sheets_metadata:
        if info.typ != SheetTypeEnum.WorkSheet or info.visible != SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_name(info.name)
        if sheet.end is None:
            continue
        n_filled += 1
        if not found:
            cells = sheet.to_python(skip_empty_area=False)
            found = [Row(number, tuple(map(_cell, row))) for number, row in enumerate(cells, start=1)]
            name = info.name
    return name, found, n_filled


def _cell(value: str | float | bool | date | datetime | time | timedelta) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float | date) else str(value)
