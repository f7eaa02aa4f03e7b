"""Files handed out: what people sent, to be saved and never shown as a page of ours, and tables as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import FileResponse, Http404

from permea.foundation.files import storage

SANDBOX = "default-src 'none'; sandbox"
PRIVATE = "private, no-store"
FORMULA = ("=", "+", "-", "@")
HIDDEN = ("\t", "\r")


def safe_cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: such a text gets a quotation mark in front."""
    if isinstance(value, str) and (value.startswith(HIDDEN) or value.lstrip().startswith(FORMULA)):
        return f"'{value}"
    return value


def csv_table(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return rows as CSV below their columns, each cell a safe one."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows(map(safe_cell, row) for row in rows)
    return buffer.getvalue()


def sent_file(path: str, name: str, content_type: str) -> FileResponse:
    """Return the bytes at a path below the folder of files. Raises Http404 if they are gone."""
    try:
        content = (storage.root() / path).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = PRIVATE
    return response
