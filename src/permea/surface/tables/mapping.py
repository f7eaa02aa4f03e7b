"""Which column holds which field: what a person chose, and sensible guesses for the rest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Choices

from django.utils.translation import gettext as _

from permea.surface.tables.model import Field, Mapping, Table, TableError, listed

EXACT, WORD = 2, 1
GENERIC = frozenset(
    {"id", "key", "nr", "no", "number", "nummer", "code", "ref", "reference", "name", "text", "value", "wert", "total"}
    | {"overall", "person", "mail", "group", "gruppe", "area", "note", "na"}
)  # words that name a field only where they are the whole heading
_WORDS = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")


def guess_mapping(table: Table, fields: Sequence[Field], *, chosen: Choices[str, str] | None = None) -> Mapping:
    """Find a column for every field.

    `chosen` maps field names to column names and wins over guesses. A guess needs a heading that is one of the
    field's words, or contains one as a whole word. Raises TableError if `chosen` names a field or column that does
    not exist, or one column twice.
    """
    columns = _chosen_columns(table, fields, chosen or {})
    free = [column for column in table.columns if column not in columns.values()]
    open_fields = [field for field in fields if field.name not in columns]
    guesses = _guesses(open_fields, free)
    columns.update(guesses)
    notes = [
        _("“%(column)s” was taken as %(field)s.") % {"column": column, "field": name}
        for name, column in guesses.items()
    ]
    return Mapping(
        columns={field.name: columns[field.name] for field in fields if field.name in columns},
        guessed=frozenset(guesses),
        spare=tuple(column for column in table.columns if column not in columns.values()),
        missing=tuple(field.name for field in fields if field.required and field.name not in columns),
        notes=tuple(notes),
    )


def parse_map(options: Iterable[str]) -> dict[str, str]:
    """Return choices from texts like ``score=Punkte``. Raises TableError for a text without a field and a column."""
    chosen: dict[str, str] = {}
    for option in options:
        name, mark, column = option.partition("=")
        if not mark or not name.strip() or not column.strip():
            raise TableError(
                _("“%(option)s” does not say which column is meant: write field=column.") % {"option": option}
            )
        chosen[name.strip().lower()] = column.strip()
    return chosen


def _chosen_columns(table: Table, fields: Sequence[Field], chosen: Choices[str, str]) -> dict[str, str]:
    by_heading = {normal(column): column for column in reversed(table.columns)}
    names = [field.name for field in fields]
    columns: dict[str, str] = {}
    for name, wanted in chosen.items():
        if name not in names:
            raise TableError(
                _("There is no field “%(field)s”; the fields are %(fields)s.")
                % {"field": name, "fields": listed(names)}
            )
        column = wanted if wanted in table.columns else by_heading.get(normal(wanted))
        if column is None:
            raise TableError(
                _("There is no column “%(column)s”; the columns are %(columns)s.")
                % {"column": wanted, "columns": listed(table.columns)}
            )
        if column in columns.values():
            raise TableError(_("The column “%(column)s” was given to two fields.") % {"column": column})
        columns[name] = column
    return columns


def _guesses(fields: Sequence[Field], columns: Sequence[str]) -> dict[str, str]:
    """Return the best pairs of field and column: exact headings first, then whole words, each column once."""
    offers = [
        (-fit, not field.required, rank, order, position, field.name, column)
        for order, field in enumerate(fields)
        for position, column in enumerate(columns)
        for fit, rank in [_fit(column, field)]
        if fit
    ]
    found: dict[str, str] = {}
    for *_ranks, name, column in sorted(offers):
        if name not in found and column not in found.values():
            found[name] = column
    return {field.name: found[field.name] for field in fields if field.name in found}


def _fit(column: str, field: Field) -> tuple[int, int]:
    """Return how well a heading names a field (0: not at all), and which of its words does."""
    heading, parts = normal(column), [normal(part) for part in words_of(column)]
    for fit in (EXACT, WORD):
        for rank, word in enumerate(field.words or (field.name,)):
            wanted = normal(word)
            if (heading == wanted) if fit == EXACT else (wanted in parts and wanted not in GENERIC):
                return fit, rank
    return 0, 0


def words_of(heading: str) -> list[str]:
    """Return the words of a heading, cut at anything but letters and digits, and where small letters turn large."""
    return _WORDS.findall(_HUMP.sub(" ", heading))


def normal(heading: str) -> str:
    """Return a heading without case, accents, spaces and marks: two with the same result mean the same."""
    folded = unicodedata.normalize("NFKD", heading.casefold().replace("ß", "ss"))
    return "".join(letter for letter in folded if letter.isalnum())
