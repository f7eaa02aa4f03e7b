"""Files handed out: what people sent and what was made here, to be saved and never shown as a page of ours."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import FileResponse, Http404, HttpResponse

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


def made_file(content: bytes | str, name: str, content_type: str) -> HttpResponse:
    """Return a file that was made just now, to be saved under this plain name and kept by nobody on the way."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": PRIVATE}
    return HttpResponse(content, content_type=content_type, headers=headers)


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
