"""Tables that people bring: CSV, XLSX, JSON Lines, Parquet and vCard files become rows, and every fault is named.

    table = read_table("ideas.csv", content)                  # bytes or a path; TableError: one sentence for people
    mapping = guess_mapping(table, FIELDS, chosen={"title": "Name der Idee"})
    converted = convert(table, mapping, FIELDS)
    converted.rows[0].line, converted.rows[0].values["title"]   # typed values, None for an empty cell
    converted.errors                # RowError(line, column, value, reason): str() is a sentence
    table.notes, mapping.notes, converted.notes                 # what was guessed, in sentences

`Field(name, kind, required, words)` says what is wanted: kinds are text, number, whole and date. A row with a wrong or
missing *required* cell is left out; a wrong optional cell becomes None; both are errors. Lines of the file that could
not be read at all are `table.errors`, and `convert` repeats them, so `converted.errors` is complete.
`read_reviews` turns long tables (idea, judge, criterion, score) and wide ones (idea, judge, a column a criterion) alike
into reviews. `IDEA_FIELDS`, `REVIEW_FIELDS` and `WORDS` hold the usual headings in English and German.
"""

from permea.surface.tables.converting import convert
from permea.surface.tables.headings import IDEA_FIELDS, REVIEW_FIELDS, WORDS
from permea.surface.tables.mapping import guess_mapping, parse_map
from permea.surface.tables.model import (
    Cell,
    Converted,
    ConvertedRow,
    Field,
    Mapping,
    Row,
    RowError,
    Table,
    TableError,
)
from permea.surface.tables.reading import MAX_BYTES, read_table
from permea.surface.tables.reviews import ReviewRow, ReviewTable, read_reviews

__all__ = [
    "IDEA_FIELDS",
    "MAX_BYTES",
    "REVIEW_FIELDS",
    "WORDS",
    "Cell",
    "Converted",
    "ConvertedRow",
    "Field",
    "Mapping",
    "ReviewRow",
    "ReviewTable",
    "Row",
    "RowError",
    "Table",
    "TableError",
    "convert",
    "guess_mapping",
    "parse_map",
    "read_reviews",
    "read_table",
]
