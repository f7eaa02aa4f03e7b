"""Text with separators: finds encoding and separator, keeps line numbers through quoted line breaks."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from permea.surface.tables.header import tabulate
from permea.surface.tables.model import Row, RowError, Table, TableError, shown

SEPARATORS = ("\t", ";", "|", ",")
LONGEST_CELL = 2**31 - 1  # characters; the size of the file is limited already
SAMPLE = 200  # lines looked at to find the separator
MOST_RESTARTS = 200  # lines with an unmatched quotation mark before the file is given up
MOST_CONTROL = 0.001  # share of control characters from which bytes are no text
UTF16_ZEROS = 0.2  # share of zero bytes on one side from which bytes are UTF-16 without a mark
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = str.maketrans(
    "", "", "".join(chr(code) for code in range(32) if chr(code) not in "\t\n\r\f\x1a\x1c\x1d\x1e")
)


def decode(content: bytes) -> str | None:
    """Return the text of a file in UTF-8, UTF-16 or a Western 8-bit encoding, or None if it is not text."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        control = len(text) - len(text.translate(_CONTROL))
        return None if control > MOST_CONTROL * len(text) else text
    return None


def _encodings(content: bytes) -> tuple[str, ...]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return (encoding,)
    start = content[:4000]
    half = max(1, len(start) // 2)
    if start[1::2].count(0) > UTF16_ZEROS * half and not start[::2].count(0):
        return ("utf-16-le",)
    if start[::2].count(0) > UTF16_ZEROS * half and not start[1::2].count(0):
        return ("utf-16-be",)
    return ("utf-8", "cp1252", "latin-1")


def read_delimited(name: str, text: str) -> Table:
    """Read text with separators. Raises TableError if no header is found or quotation marks are hopeless."""
    csv.field_size_limit(LONGEST_CELL)
    lines = list(io.StringIO(text, newline=""))
    first, separator = _stated_separator(lines)
    separator = separator or find_separator(lines)
    rows, errors = _records(name, lines, first, separator)
    shown_as = {"\t": _("tab")}.get(separator, separator)
    note = _("Columns are separated by “%(separator)s”.") % {"separator": shown_as}
    return tabulate(name, rows, kind="csv", errors=errors, notes=[note], decimal="," if separator == ";" else ".")


def _stated_separator(lines: list[str]) -> tuple[int, str]:
    """Return how many lines to skip and the separator, where Excel has written it in the first line."""
    start = lines[0].strip().lower()
    is_stated = len(start) == len("sep=") + 1 and start.startswith("sep=")
    return (1, start[-1]) if is_stated else (0, "\t" if start == "sep=" else "")


def find_separator(lines: list[str]) -> str:
    """Return the separator that cuts most lines into the same number of cells, the larger number among equals."""

    def quality(separator: str) -> tuple[float, int]:
        widths = Counter(len(cells) for cells in csv.reader(lines[:SAMPLE], delimiter=separator) if any(cells))
        widths_over_one = [(count, width) for width, count in widths.items() if width > 1]
        if not widths_over_one:
            return (0.0, 0)
        count, width = max(widths_over_one)
        return (round(count / widths.total(), 2), width)

    return max(SEPARATORS, key=quality) if any(quality(one)[1] for one in SEPARATORS) else ","


def _records(name: str, lines: list[str], first: int, separator: str) -> tuple[list[Row], list[RowError]]:
    rows: list[Row] = []
    errors: list[RowError] = []
    at = first
    for _restart in range(MOST_RESTARTS):
        failed = _read_on(lines, at, separator, rows)
        if failed is None:
            return rows, errors
        reason = _("the quotation marks on this line do not match.")
        errors.append(RowError(failed + 1, "", shown(lines[failed]), reason))
        at = failed + 1
    raise TableError(_("“%(name)s” cannot be read: too many unmatched quotation marks.") % {"name": name})


def _read_on(lines: list[str], at: int, separator: str, rows: list[Row]) -> int | None:
    """Append records from line `at` on; return the line (from 0) that could not be read, None at the end."""
    source: Iterator[str] = iter(lines[at:]) if at else iter(lines)
    reader = csv.reader(source, delimiter=separator, strict=True)
    begin = at
    try:
        for cells in reader:
            rows.append(Row(begin + 1, tuple(cell.strip() or None for cell in cells)))
            begin = at + reader.line_num
    except csv.Error:
        return begin
    return None
