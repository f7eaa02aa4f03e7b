"""Parquet files; pyarrow is loaded only when there is one."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

from django.utils.translation import gettext as _

from permea.surface.tables.model import Cell, Row, Table, TableError

MAX_CELLS = 10_000_000
MAX_UNPACKED = 1_000_000_000  # bytes


def read_parquet(name: str, content: bytes) -> Table:
    """Read a Parquet file. Raises TableError if it is damaged, locked or too large."""
    import pyarrow as pa  # noqa: PLC0415 - 0.2 s that other files need not pay
    import pyarrow.parquet as pq  # noqa: PLC0415

    if content.startswith(b"PARE"):
        raise TableError(_("“%(name)s” is locked with a password: save a copy without it.") % {"name": name})
    try:
        file = pq.ParquetFile(BytesIO(content))
        info = file.metadata
        unpacked = sum(info.row_group(group).total_byte_size for group in range(info.num_row_groups))
        is_too_large = info.num_rows * info.num_columns > MAX_CELLS or unpacked > MAX_UNPACKED
        columns = {} if is_too_large else {str(key): column for key, column in file.read().to_pydict().items()}
    except (pa.ArrowException, OSError, ValueError):
        raise TableError(_("“%(name)s” is a damaged Parquet file.") % {"name": name}) from None
    if is_too_large:
        raise TableError(_("“%(name)s” is too large once unpacked.") % {"name": name})
    if not columns:
        raise TableError(_("“%(name)s” has no columns.") % {"name": name})
    lists = [[_cell(value) for value in column] for column in columns.values()]
    rows = tuple(Row(number, values) for number, values in enumerate(zip(*lists, strict=True), start=1))
    return Table(tuple(columns), rows, kind="parquet", decimal=".")


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, int | date | datetime):
        return value
    return str(value)
