"""From a file to a table: finds out what kind it is and refuses what cannot be used."""

from __future__ import annotations

from pathlib import Path, PurePath

from django.utils.translation import gettext as _

from permea.surface.tables.cards import is_cards, read_cards
from permea.surface.tables.columnar import read_parquet
from permea.surface.tables.jsonlines import read_json
from permea.surface.tables.model import Table, TableError
from permea.surface.tables.text import decode, read_delimited
from permea.surface.tables.workbook import read_workbook

MAX_BYTES = 50_000_000
OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # old Excel files, and new ones behind a password
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
JSON_ENDINGS = {".json", ".jsonl", ".ndjson"}
FOREIGN = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")


def read_table(name: str, data: bytes | Path, *, max_bytes: int = MAX_BYTES) -> Table:
    """Read a file into rows under its column names.

    `name` is what the file is called; it is repeated in messages, and its ending helps to tell JSON from CSV. Raises
    TableError, with one sentence for people, if the file is missing, too large, empty, locked, of an unknown kind or
    without a header.
    """
    content = _content(name, data, max_bytes)
    ending = PurePath(name).suffix.lower()
    if content.startswith(b"PAR"):
        return _filled(name, read_parquet(name, content))
    if content.startswith(b"PK\x03\x04"):
        return _filled(name, read_workbook(name, content))
    if content.startswith(OLE):
        raise TableError(_why_not_old_office(name, content))
    text = None if content.startswith(FOREIGN) else decode(content)
    if text is None or text.lstrip().startswith("<"):
        raise TableError(
            _("“%(name)s” is not a table: please give a CSV, XLSX, JSON Lines or Parquet file.") % {"name": name}
        )
    if is_cards(text):
        return read_cards(text)
    start = text.lstrip()[:1]
    if ending in JSON_ENDINGS or start == "{":
        return _filled(name, read_json(name, text))
    return _filled(name, read_delimited(name, text))


def _content(name: str, data: bytes | Path, max_bytes: int) -> bytes:
    size = len(data) if isinstance(data, bytes) else _size(name, data)
    if size > max_bytes:
        found = {"name": name, "size": f"{size / 1e6:.1f}", "most": f"{max_bytes / 1e6:.0f}"}
        raise TableError(_("“%(name)s” is too large: %(size)s MB, at most %(most)s MB are read.") % found)
    content = data if isinstance(data, bytes) else data.read_bytes()
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise TableError(_("“%(name)s” is empty.") % {"name": name})
    return content


def _size(name: str, path: Path) -> int:
    try:
        if path.is_file():
            with path.open("rb"):
                return path.stat().st_size
    except OSError as error:
        raise TableError(
            _("“%(name)s” cannot be opened: %(why)s.") % {"name": name, "why": error.strerror or error}
        ) from None
    raise TableError(
        _("“%(name)s” is a folder, not a file.") % {"name": name}
        if path.is_dir()
        else _("There is no file “%(name)s”.") % {"name": name}
    )


def _why_not_old_office(name: str, content: bytes) -> str:
    if ENCRYPTED in content:
        return _("“%(name)s” is locked with a password: save a copy without it.") % {"name": name}
    return _("“%(name)s” is in an old Office format: save it as XLSX or CSV.") % {"name": name}


def _filled(name: str, table: Table) -> Table:
    if not table.rows and not table.errors:
        raise TableError(_("“%(name)s” has a header but no rows.") % {"name": name})
    return table
