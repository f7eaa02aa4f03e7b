"""Numbers as people write them: decimal comma or point, separators of thousands, currencies."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from permea.surface.tables.model import Cell

BLANKS = frozenset({"-", "–", "—", "n/a", "na", "n.a.", "nan", "null", "none", "k.a.", "k. a.", "#n/a", "#nv", "?"})
LONGEST = 40  # characters a number may have
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’]")
_CURRENCY = re.compile(
    r"(?i)^(?:[€$£¥]|eur|usd|chf|gbp|sek|dkk|nok|pln|czk|huf)|(?:[€$£¥]|eur|euro|usd|chf|gbp|sek|dkk|nok|pln|czk|huf)$"
)
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_THOUSANDS = {mark: re.compile(rf"[+-]?\d{{1,3}}(?:\{mark}\d{{3}})+") for mark in ".,"}


def cleaned(text: str) -> str:
    """Return digits and marks only: no spaces, apostrophes or currency, an ordinary minus."""
    return _CURRENCY.sub("", _SPACES.sub("", text)).replace("\N{MINUS SIGN}", "-")


def is_blank(cell: Cell) -> bool:
    """Say whether a cell holds one of the usual signs for "nothing" in place of a number."""
    return isinstance(cell, str) and cell.strip().lower() in BLANKS


def is_number(cell: Cell) -> bool:
    """Say whether a cell is a number in either style."""
    if isinstance(cell, str):
        return parse_number(cell, ".") is not None or parse_number(cell, ",") is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def parse_number(cell: Cell, decimal: str) -> float | None:
    """Return the number a cell holds when `decimal` is the decimal mark, or None if it is not a finite number."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return _finite(cell)
    if not isinstance(cell, str) or len(cell) > LONGEST:
        return None
    if cell.isascii() and cell.isdecimal():
        return float(cell)
    text = cleaned(cell)
    thousands = "," if decimal == "." else "."
    whole, mark, rest = text.partition(decimal)
    if thousands in whole:
        if not _THOUSANDS[thousands].fullmatch(whole):
            return None
        whole = whole.replace(thousands, "")
    text = whole + ("." if mark else "") + rest
    return _finite(float(text)) if _PLAIN.fullmatch(text) else None


def _finite(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def decimal_mark(cells: Iterable[Cell], otherwise: str) -> tuple[str, str]:
    """Return the decimal mark of a column, and an example where only `otherwise` could decide, else an empty text.

    A mark followed by other than three digits is a decimal mark, a repeated one is not; of two, the last is.
    """
    votes = {".": 0, ",": 0}
    unclear = ""
    for cell in cells:
        if not isinstance(cell, str) or cell.isdecimal() or not is_number(cell):
            continue
        text = cleaned(cell)
        points, commas = text.count("."), text.count(",")
        if not points and not commas:
            continue
        mark = _telling(text, points, commas)
        if mark:
            votes[mark] += 1
        else:
            unclear = unclear or cell
    if votes["."] != votes[","]:
        return max(votes, key=lambda mark: votes[mark]), ""
    return otherwise or ".", unclear


def _telling(text: str, points: int, commas: int) -> str:
    """Return the decimal mark that one number shows, empty where it could be read either way."""
    if points and commas:
        return "," if text.rfind(",") > text.rfind(".") else "."
    mark, other = (".", ",") if points else (",", ".")
    if points + commas > 1:
        return other
    whole, _, rest = text.partition(mark)
    digits = whole.lstrip("+-")
    is_thousands_possible = len(rest) == 3 and digits.isdigit() and len(digits) <= 3 and digits != "0"  # noqa: PLR2004
    return "" if is_thousands_possible else mark
