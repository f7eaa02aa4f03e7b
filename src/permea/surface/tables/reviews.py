"""Tables of reviews, long (one score a row) or wide (one column a criterion), become the same reviews."""

from __future__ import annotations

from collections.abc import Mapping as Choices
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext as _

from permea.surface.tables.converting import Reader, convert, number_reader
from permea.surface.tables.headings import REVIEW_FIELDS
from permea.surface.tables.mapping import guess_mapping, normal, words_of
from permea.surface.tables.model import Cell, Mapping, Row, RowError, Table, TableError, listed, shown
from permea.surface.tables.numbers import is_blank, is_number

MOSTLY = 0.6  # share of filled cells that are numbers in a column of scores
COUNTS = frozenset(
    {"n", "id", "nr", "no", "num", "number", "count", "anzahl", "zahl", "line", "row", "zeile", "year", "jahr"}
    | {"date", "datum", "seconds", "minutes", "minuten", "time", "zeit", "weight", "gewicht"}
)  # words in the heading of a column of numbers that are no scores
TOTALS = frozenset(
    {"total", "overall", "sum", "average", "mean", "gesamt", "gesamtnote", "summe", "durchschnitt"}
    | {"mittelwert", "gesamtpunkte", "totalscore", "overallscore", "gesamtpunktzahl"}
)  # headings of a column computed from the criteria
SINGLE = "score"  # what the only criterion is called where a table has one score and no name for it


@dataclass(slots=True)
class ReviewRow:
    """What one judge gave one idea: a score or None for each criterion, and the line of the first of them."""

    line: int
    idea: str
    judge: str
    scores: dict[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewTable:
    """Reviews in the order of the file; `n_repeated` scores replaced an earlier one for the same idea and judge."""

    rows: tuple[ReviewRow, ...]
    criteria: tuple[str, ...]
    layout: Literal["long", "wide"]
    mapping: Mapping
    errors: tuple[RowError, ...]
    notes: tuple[str, ...]
    n_repeated: int


def read_reviews(table: Table, *, chosen: Choices[str, str] | None = None) -> ReviewTable:
    """Read reviews from a long or a wide table.

    `chosen` maps idea, judge, criterion and score to columns, and ``criteria`` to a list of columns separated by
    commas. Where the same judge scored the same idea twice, the later score counts; `n_repeated` says how often.
    Raises TableError if ideas, judges or scores are not found.
    """
    choices = dict(chosen or {})
    named = choices.pop("criteria", "")
    mapping = _guess(table, choices)
    wide, notes = _criteria_columns(table, mapping, choices, named)
    return _read_wide(table, mapping, wide, notes) if wide else _read_long(table, mapping)


def _guess(table: Table, choices: Choices[str, str]) -> Mapping:
    """Return the mapping without a guessed column of scores that holds no numbers: a "note" may be a mark or a text."""
    mapping = guess_mapping(table, REVIEW_FIELDS, chosen=choices)
    if "score" not in mapping.guessed or _is_numeric(table, mapping.columns["score"]):
        return mapping
    return guess_mapping(table, [field for field in REVIEW_FIELDS if field.name != "score"], chosen=choices)


def _criteria_columns(
    table: Table, mapping: Mapping, choices: Choices[str, str], named: str
) -> tuple[tuple[str, ...], list[str]]:
    """Return the columns that are criteria, none if the table is long, and what was guessed."""
    if named:
        return _named_columns(table, named), []
    if "criterion" in mapping.columns and "score" in mapping.columns:
        return (), []
    score = mapping.columns.get("score")
    if score and ("score" in choices or normal(score) not in TOTALS):
        return (), []
    found = tuple(column for column in mapping.spare if _is_criterion(table, column))
    if not found:
        return (), []
    left = [column for column in (*mapping.spare, score or "") if column and column not in found]
    notes = [_("The criteria are %(columns)s.") % {"columns": listed(found)}]
    if left:
        notes.append(_("Not used: %(columns)s.") % {"columns": listed(left)})
    return found, notes


def _named_columns(table: Table, named: str) -> tuple[str, ...]:
    by_heading = {normal(column): column for column in reversed(table.columns)}
    found = []
    for name in filter(None, (part.strip() for part in named.split(","))):
        column = by_heading.get(normal(name))
        if column is None:
            raise TableError(
                _("There is no column “%(column)s”; the columns are %(columns)s.")
                % {"column": name, "columns": listed(table.columns)}
            )
        found.append(column)
    return tuple(dict.fromkeys(found))


def _is_criterion(table: Table, column: str) -> bool:
    words = {normal(word) for word in words_of(column)}
    return not COUNTS & words and normal(column) not in TOTALS and _is_numeric(table, column)


def _is_numeric(table: Table, column: str) -> bool:
    place = table.columns.index(column)
    filled = [row.values[place] for row in table.rows if row.values[place] is not None]
    n_numbers = sum(is_number(cell) or is_blank(cell) for cell in filled)
    return any(map(is_number, filled)) and n_numbers >= MOSTLY * len(filled)


def _read_long(table: Table, mapping: Mapping) -> ReviewTable:
    if "score" not in mapping.columns:
        raise TableError(
            _("No column with scores was found; the columns are %(columns)s.") % {"columns": listed(table.columns)}
        )
    converted = convert(table, mapping, REVIEW_FIELDS)
    reviews: dict[tuple[str, str], ReviewRow] = {}
    criteria: dict[str, None] = {}
    n_repeated = 0
    column, errors = mapping.columns["score"], list(converted.errors)
    wrong = {error.line for error in errors if error.column == column}
    for line, values in converted.rows:
        score = values["score"]
        if not isinstance(score, float):
            if line not in wrong:
                errors.append(RowError(line, column, "", _("there is no score.")))
            continue
        idea, judge, criterion = str(values["idea"]), str(values["judge"]), str(values["criterion"] or SINGLE)
        review = reviews.setdefault((idea, judge), ReviewRow(line, idea, judge))
        n_repeated += criterion in review.scores
        review.scores[criterion] = score
        criteria.setdefault(criterion)
    errors.sort(key=lambda error: error.line)
    notes = (*table.notes, *mapping.notes, *converted.notes)
    return ReviewTable(tuple(reviews.values()), tuple(criteria), "long", mapping, tuple(errors), notes, n_repeated)


def _read_wide(table: Table, mapping: Mapping, criteria: tuple[str, ...], notes: list[str]) -> ReviewTable:
    kept = Mapping(
        columns={name: mapping.columns[name] for name in ("idea", "judge") if name in mapping.columns},
        guessed=mapping.guessed & {"idea", "judge"},
        spare=tuple(column for column in table.columns if column not in criteria),
        missing=mapping.missing,
        notes=tuple(note for name, note in _notes_by_field(mapping) if name in {"idea", "judge"}),
    )
    converted = convert(table, kept, REVIEW_FIELDS[:2])
    errors = list(converted.errors)
    readers = []
    for column in criteria:
        place = table.columns.index(column)
        read, column_notes = number_reader(table, place)
        readers.append((column, place, read))
        notes += column_notes
    cells = {row.line: row for row in table.rows}
    reviews: dict[tuple[str, str], ReviewRow] = {}
    n_repeated = 0
    for line, values in converted.rows:
        review = ReviewRow(line, str(values["idea"]), str(values["judge"]), _scores(cells[line], readers, errors))
        if all(score is None for score in review.scores.values()):
            if not any(error.line == line for error in errors[-len(criteria) :]):
                errors.append(RowError(line, criteria[0], "", _("there is no score.")))
            continue
        n_repeated += (review.idea, review.judge) in reviews
        reviews[review.idea, review.judge] = review
    errors.sort(key=lambda error: error.line)
    all_notes = (*table.notes, *kept.notes, *notes)
    return ReviewTable(tuple(reviews.values()), criteria, "wide", kept, tuple(errors), all_notes, n_repeated)


def _notes_by_field(mapping: Mapping) -> list[tuple[str, str]]:
    """Return the notes of a mapping with the field each is about."""
    return list(zip([name for name in mapping.columns if name in mapping.guessed], mapping.notes, strict=True))


def _scores(row: Row, readers: Sequence[tuple[str, int, Reader]], errors: list[RowError]) -> dict[str, float | None]:
    scores: dict[str, float | None] = {}
    for column, place, read in readers:
        cell: Cell = row.values[place]
        scores[column] = None
        try:
            value = read(cell)
        except ValueError as error:
            errors.append(RowError(row.line, column, shown(cell), str(error)))
            continue
        scores[column] = value if isinstance(value, float) else None
    return scores
