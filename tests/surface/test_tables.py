"""Tables that people bring are read whatever their style, and every fault is named with its line."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from permea.surface import tables
from permea.surface.tables import Field, RowError, TableError, text
from permea.surface.tables.model import listed, shown
from permea.surface.tables.numbers import decimal_mark, is_number, parse_number

NO_TABLE = "“%s” is not a table: please give a CSV, XLSX, JSON Lines or Parquet file."
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 99
FIELDS = (
    Field("title", required=True, words=("title", "titel")),
    Field("cost", "number", words=("cost", "kosten")),
    Field("n", "whole", words=("n",)),
    Field("on", "date", words=("on", "am")),
)


def workbook(*sheets, hidden=()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"S{number + 1}")
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if number in hidden else "visible"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet(columns) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def rows_of(table):
    return [(row.line, *row.values) for row in table.rows]


def refused(name, data, **options) -> str:
    with pytest.raises(TableError) as error:
        tables.read_table(name, data, **options)
    return str(error.value)


@pytest.mark.parametrize(
    "content",
    [
        "Titel;Käse\nBrot;5\n".encode(),
        "Titel;Käse\nBrot;5\n".encode("utf-8-sig"),
        "Titel;Käse\nBrot;5\n".encode("utf-16"),
        "Titel;Käse\nBrot;5\n".encode("utf-16-le"),
        "Titel;Käse\nBrot;5\n".encode("utf-16-be"),
        "Titel;Käse\nBrot;5\n".encode("latin-1"),
        "Titel\tKäse\r\nBrot\t5\r\n".encode(),
        "Titel|Käse\nBrot|5\n".encode(),
        "Titel,Käse\rBrot,5\r".encode(),
        "sep=;\nTitel;Käse\nBrot;5\n".encode(),
    ],
)
def test_any_encoding_and_separator_gives_the_same_table(content):
    table = tables.read_table("a.csv", content)

    assert (table.columns, [row.values for row in table.rows]) == (("Titel", "Käse"), [("Brot", "5")])


def test_a_tab_stated_in_the_first_line_is_used():
    table = tables.read_table("a.csv", b"sep=\t\ntitle\tcost\na, b\t5\n")

    assert rows_of(table) == [(3, "a, b", "5")]


def test_lines_are_counted_through_quoted_line_breaks():
    table = tables.read_table("a.csv", 'title,cost\n"two\nlines 🚜",5\nlast,"6"\n'.encode())

    assert rows_of(table) == [(2, "two\nlines 🚜", "5"), (4, "last", "6")]


def test_unmatched_quotation_marks_cost_only_their_own_line():
    table = tables.read_table("a.csv", b'title,cost\n"open,5\nfine,6\n"bad"x,7\nlast,8\n')

    assert (rows_of(table), [error.line for error in table.errors]) == ([(3, "fine", "6"), (5, "last", "8")], [2, 4])


def test_hopeless_quotation_marks_are_refused():
    content = b"title,cost\n" + b'"x"y,1\n' * (text.MOST_RESTARTS + 1)

    assert refused("a.csv", content) == "“a.csv” cannot be read: too many unmatched quotation marks."


def test_a_row_with_more_cells_than_the_header_is_an_error_and_a_short_one_is_filled_up():
    table = tables.read_table("a.csv", b"title,cost,n\na,1,2,3\nb,4,5,,\nc\n")

    assert (rows_of(table), [str(error) for error in table.errors]) == (
        [(3, "b", "4", "5"), (4, "c", None, None)],
        ["Line 2: there are more cells than columns in the header."],
    )


def test_title_rows_above_the_header_are_passed_over_and_that_is_said():
    table = tables.read_table("a.csv", b"Our bakery 2026;;\n;;\ntitle;cost;n\nBread;3,5;2\n")

    assert (rows_of(table), table.notes[1]) == (
        [(4, "Bread", "3,5", "2")],
        "The header was found on line 3; what stands above it was not read.",
    )


def test_columns_without_a_name_of_their_own_get_one_and_empty_ones_go():
    table = tables.read_table("a.csv", b"title,title,,\na,b,c,\n")

    assert (table.columns, table.notes[1]) == (
        ("title", "title (2)", "Column 3"),
        "Columns without a name of their own were called “title (2)”, “Column 3”.",
    )


def test_a_huge_cell_is_read():
    table = tables.read_table("a.csv", b"title,cost\n" + b"x" * 300_000 + b",1\n")

    assert len(str(table.rows[0].values[0])) == 300_000


def test_a_separator_inside_quoted_text_does_not_count():
    assert text.find_separator(["a,b\n", '"x;y;z",2\n', '"p;q;r",3\n']) == ","


def test_one_column_alone_is_a_table():
    assert tables.read_table("a.csv", b"title\nfoo\nbar\n").columns == ("title",)


def test_the_first_visible_filled_sheet_is_read_and_the_others_named():
    content = workbook([["hidden", "x"], [1, 2]], [], [["title", "cost"], ["Oven", 1200.5]], [["other"]], hidden=(0,))

    table = tables.read_table("a.xlsx", content)

    assert (rows_of(table), table.kind, table.notes) == (
        [(2, "Oven", 1200.5)],
        "xlsx",
        ("The sheet “S3” was read; the others were not.",),
    )


def test_a_workbook_with_rows_above_keeps_the_row_numbers_of_the_sheet():
    rows = [["Ideas of 2026"], [], ["title", "cost", None, "on"], ["Oven", 5, None, date(2026, 3, 1)], ["Mixer", True]]

    table = tables.read_table("a.xlsx", workbook(rows))

    assert rows_of(table) == [(4, "Oven", 5, date(2026, 3, 1)), (5, "Mixer", True, None)]


def test_json_lines_keep_their_line_numbers_and_name_what_is_no_object():
    content = b'{"title": " Oven ", "cost": 5}\n\nnope\n[1]\n{"title": "", "tags": ["a"], "cost": NaN}\n'

    table = tables.read_table("a.jsonl", content)

    assert (table.columns, rows_of(table), [(error.line, error.reason) for error in table.errors]) == (
        ("title", "cost", "tags"),
        [(1, "Oven", 5, None), (5, None, None, '["a"]')],
        [(3, "this line is not JSON."), (4, "this is not an object with named values.")],
    )


def test_a_json_list_of_objects_is_read_and_json_lines_are_known_by_their_content():
    listed_rows = rows_of(tables.read_table("a.json", json.dumps([{"title": "a"}, {"title": 2.5}]).encode()))
    guessed = tables.read_table("upload", b'{"title": "a"}\n')

    assert (listed_rows, guessed.kind) == ([(1, "a"), (2, 2.5)], "jsonl")


def test_parquet_is_read_with_its_types():
    content = parquet(
        {
            "title": ["a", " "],
            "cost": [1.5, float("nan")],
            "n": [1, None],
            "on": [datetime(2026, 1, 2), None],  # noqa: DTZ001 - as files have it
            "tags": [["x"], None],
        }
    )

    table = tables.read_table("a.parquet", content)

    assert rows_of(table) == [
        (1, "a", 1.5, 1, datetime(2026, 1, 2), "['x']"),  # noqa: DTZ001
        (2, None, None, None, None, None),
    ]


def test_a_file_on_disk_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("title\nfoo\n")

    assert tables.read_table("a.csv", path).rows[0].values == ("foo",)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "“a.csv” is empty."),
        ("a.csv", b"\xef\xbb\xbf\n \n", "“a.csv” is empty."),
        ("a.csv", b"title,cost\n", "“a.csv” has a header but no rows."),
        ("a.csv", b"1,2\n3,4\n", "“a.csv” has no header: its first row must say what the columns hold."),
        ("a.csv", b"a" + b",,\n" * 3, "“a.csv” has a header but no rows."),
        ("a.csv", b",,\n;,\n,,\n", "“a.csv” has a header but no rows."),
        ("a.csv", bytes(range(256)) * 9, NO_TABLE % "a.csv"),
        ("a.pdf", b"%PDF-1.7\nx", NO_TABLE % "a.pdf"),
        ("a.htm", b" <html>", NO_TABLE % "a.htm"),
        ("a.csv", b"\xff\xfea", NO_TABLE % "a.csv"),
        ("a.xlsx", b"PK\x03\x04junk", "“a.xlsx” is a damaged XLSX file."),
        ("a.xls", OLE, "“a.xls” is in an old Office format: save it as XLSX or CSV."),
        ("a.parquet", b"PAR1junk", "“a.parquet” is a damaged Parquet file."),
        ("a.parquet", b"PAREjunk", "“a.parquet” is locked with a password: save a copy without it."),
        ("a.json", b"[1, 2", "“a.json” is not JSON: see line 1."),
        ("a.json", b"[1, 2]", "“a.json” holds no objects with named values."),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_in_one_sentence(name, content, sentence):
    assert refused(name, content) == sentence


def test_only_separators_are_no_table():
    assert refused("a.csv", b",,\n,,\n") == "“a.csv” has no header: its first row must say what the columns hold."


def test_a_locked_workbook_is_named_as_such():
    content = OLE + "EncryptedPackage".encode("utf-16-le")

    assert refused("a.xlsx", content) == "“a.xlsx” is locked with a password: save a copy without it."


def test_an_archive_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")

    assert "is not a table" in refused("a.docx", out.getvalue())


def test_an_empty_workbook_is_refused():
    assert refused("a.xlsx", workbook([])) == "“a.xlsx” is empty."


def test_a_sheet_that_would_fill_the_memory_is_refused_before_it_is_unpacked(monkeypatch):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "title", 1
    out = io.BytesIO()
    book.save(out)
    monkeypatch.setattr("permea.surface.tables.workbook.MAX_UNPACKED", 100)

    far, large = refused("a.xlsx", out.getvalue()), refused("b.xlsx", workbook([["title"], ["a"]]))

    assert (far, large) == ("“a.xlsx” is too large once unpacked.", "“b.xlsx” is too large once unpacked.")


def test_a_far_away_cell_is_refused():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "title", 1
    out = io.BytesIO()
    book.save(out)

    assert refused("a.xlsx", out.getvalue()) == "“a.xlsx” is too large once unpacked."


def test_too_large_a_parquet_file_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr("permea.surface.tables.columnar.MAX_CELLS", 1)

    assert refused("a.parquet", parquet({"a": [1, 2]})) == "“a.parquet” is too large once unpacked."


def test_a_parquet_file_without_columns_is_refused():
    assert refused("a.parquet", parquet({})) == "“a.parquet” has no columns."


def test_size_missing_files_and_folders_are_refused(tmp_path):
    with_rights = tmp_path / "a.csv"
    with_rights.write_text("title\nfoo\n")
    sentences = [
        refused("a.csv", b"x" * 2_000_000, max_bytes=1_000_000),
        refused("b.csv", tmp_path / "b.csv"),
        refused("dir", tmp_path),
    ]

    assert sentences == [
        "“a.csv” is too large: 2.0 MB, at most 1 MB are read.",
        "There is no file “b.csv”.",
        "“dir” is a folder, not a file.",
    ]


def test_a_file_that_may_not_be_opened_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("x")

    def closed(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", closed)

    assert refused("a.csv", path) == "“a.csv” cannot be opened: Permission denied."


def test_headings_are_found_by_words_in_any_case_and_the_rest_is_spare():
    table = tables.read_table("a.csv", b"NAME_DER-IDEE;Kosten (EUR);IdeaNr;Farbe;E-Mail\nx;1;2;3;4\n")

    mapping = tables.guess_mapping(table, (*tables.IDEA_FIELDS, Field("email", words=tables.WORDS["email"])))

    assert (mapping.columns, mapping.spare, mapping.missing, sorted(mapping.guessed)) == (
        {"idea": "IdeaNr", "title": "NAME_DER-IDEE", "cost": "Kosten (EUR)", "email": "E-Mail"},
        ("Farbe",),
        (),
        ["cost", "email", "idea", "title"],
    )


def test_a_required_field_comes_before_an_optional_one_with_the_same_word():
    table = tables.read_table("a.csv", b"Idee;Kosten\nx;1\n")

    assert tables.guess_mapping(table, tables.IDEA_FIELDS).columns == {"idea": "Idee", "cost": "Kosten"}


def test_a_field_without_words_goes_by_its_name():
    table = tables.read_table("a.csv", b"colour,size\nred,1\n")

    assert tables.guess_mapping(table, [Field("colour")]).columns == {"colour": "colour"}


def test_a_choice_wins_over_a_guess_and_is_not_called_a_guess():
    table = tables.read_table("a.csv", b"title,name\na,b\n")

    mapping = tables.guess_mapping(table, FIELDS[:1], chosen={"title": "NAME"})

    assert (mapping.columns, mapping.guessed, mapping.notes) == ({"title": "name"}, frozenset(), ())


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"colour": "title"}, "There is no field “colour”; the fields are “title”, “cost”, “n”, “on”."),
        ({"title": "nothing"}, "There is no column “nothing”; the columns are “title”, “name”."),
        ({"title": "title", "cost": "Title"}, "The column “title” was given to two fields."),
    ],
)
def test_a_wrong_choice_is_refused(chosen, sentence):
    table = tables.read_table("a.csv", b"title,name\na,b\n")

    with pytest.raises(TableError) as error:
        tables.guess_mapping(table, FIELDS, chosen=chosen)

    assert str(error.value) == sentence


def test_choices_are_read_from_options():
    assert tables.parse_map(["Score = Punkte", "idea=a=b"]) == {"score": "Punkte", "idea": "a=b"}


@pytest.mark.parametrize("option", ["score", "=x", "score="])
def test_an_option_without_field_and_column_is_refused(option):
    with pytest.raises(TableError, match="write field=column"):
        tables.parse_map([option])


def test_a_missing_required_column_is_refused_with_what_there_is():
    table = tables.read_table("a.csv", b"colour,size\nred,1\n")

    with pytest.raises(TableError) as error:
        tables.convert(table, tables.guess_mapping(table, FIELDS), FIELDS)

    assert str(error.value) == "No column was found for “title”; the columns are “colour”, “size”."


def test_cells_become_typed_and_every_wrong_one_is_an_error():
    content = 'title,cost,n,on,x\nA,"1,5",3,01.03.2026,\n,2,4,,\nB,many,2.5,soon,\n"C",€ 7,,,\nD,1,2,3,4,5\n'
    table = tables.read_table("a.csv", content.encode())

    converted = tables.convert(table, tables.guess_mapping(table, FIELDS), FIELDS)

    assert converted.rows == (
        (2, {"title": "A", "cost": 1.5, "n": 3, "on": date(2026, 3, 1)}),
        (4, {"title": "B", "cost": None, "n": None, "on": None}),
        (5, {"title": "C", "cost": 7.0, "n": None, "on": None}),
    )
    assert [str(error) for error in converted.errors] == [
        "Line 3, column “title”: this cell must not be empty.",
        "Line 4, column “cost”: this is not a number. (found: “many”)",
        "Line 4, column “n”: this is not a whole number. (found: “2.5”)",
        "Line 4, column “on”: this is not a date; write it as 2026-12-31 or 31.12.2026. (found: “soon”)",
        "Line 6: there are more cells than columns in the header.",
    ]


def test_a_number_beyond_all_measure_is_an_error():
    table = tables.read_table("a.csv", b"title,cost\nA,1e300\n")

    converted = tables.convert(table, tables.guess_mapping(table, FIELDS), FIELDS)

    assert [error.reason for error in converted.errors] == ["this number is too large."]


def test_typed_cells_of_workbooks_are_taken_as_they_are():
    rows = [["title", "cost", "n", "on"], [12, 1.5, 3.0, datetime(2026, 3, 1, 12)], [1.5, 2, 4, date(2026, 3, 2)]]  # noqa: DTZ001
    table = tables.read_table("a.xlsx", workbook(rows))

    converted = tables.convert(table, tables.guess_mapping(table, FIELDS), FIELDS)

    assert [tuple(row.values.values()) for row in converted.rows] == [
        ("12", 1.5, 3, date(2026, 3, 1)),
        ("1.5", 2.0, 4, date(2026, 3, 2)),
    ]


def test_a_whole_number_that_names_something_loses_its_point():
    table = tables.read_table("a.jsonl", b'{"title": 12.0}\n')

    assert tables.convert(table, tables.guess_mapping(table, FIELDS), FIELDS).rows[0].values["title"] == "12"


def test_an_optional_field_without_a_column_is_none():
    table = tables.read_table("a.csv", b"title\nA\n")

    assert tables.convert(table, tables.guess_mapping(table, FIELDS), FIELDS).rows[0].values["cost"] is None


@pytest.mark.parametrize(
    ("content", "number", "notes"),
    [
        ("title;cost\nA;12.500\n", 12500.0, ("In column “cost”, “12.500” was read as 12500.",)),
        ("title,cost\nA,12.500\n", 12.5, ("In column “cost”, “12.500” was read as 12.5.",)),
        ("title;cost\nA;12.500\nB;1,5\n", 12500.0, ()),
        ('title,cost\nA,"1,234.50"\n', 1234.5, ()),
        ("title;cost\nA;1'234.50 CHF\n", 1234.5, ()),
        ("title;cost\nA;1 234,5 €\n", 1234.5, ()),
        ("title;cost\nA;\N{MINUS SIGN}3,5\n", -3.5, ()),
        ("title;cost\nA;1.234.567\n", 1234567.0, ()),
        ("title;cost\nA;n/a\n", None, ("In column “cost”, 1 cells such as “n/a” were read as empty.",)),
    ],
)
def test_numbers_are_read_in_the_style_of_their_column(content, number, notes):
    table = tables.read_table("a.csv", content.encode())

    converted = tables.convert(table, tables.guess_mapping(table, FIELDS), FIELDS)

    assert (converted.rows[0].values["cost"], converted.notes, converted.errors) == (number, notes, ())


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("1e3", ".", 1000.0),
        ("1,23,4", ".", None),
        ("1e999", ".", None),
        ("nan", ".", None),
        ("9" * 50, ".", None),
        ("", ".", None),
        (".5", ".", 0.5),
        (True, ".", None),
        (None, ".", None),
        (float("inf"), ".", None),
        (10**400, ".", None),
        (3, ".", 3.0),
    ],
)
def test_only_finite_numbers_are_numbers(cell, decimal, number):
    assert parse_number(cell, decimal) == number


def test_numbers_are_told_from_text_and_truth():
    assert [is_number(cell) for cell in ("3,5", "x", 3, True, None)] == [True, False, True, False, False]


@pytest.mark.parametrize(
    ("cells", "otherwise", "found"),
    [
        (["1,5", "1.234"], ".", (",", "")),
        (["1.234"], "", (".", "1.234")),
        (["0.123"], ",", (".", "")),
        (["x.y", 3, None, "7", "y" * 50, "a.bcd"], ",", (",", "")),
        (["1.234", "5.678"], ",", (",", "1.234")),
        (["1,5", "2.5"], ",", (",", "")),
    ],
)
def test_the_decimal_mark_is_voted_for(cells, otherwise, found):
    assert decimal_mark(cells, otherwise) == found


def test_long_reviews_are_joined_and_the_later_score_counts():
    content = b"idea,judge,criterion,score\nA,j,fit,4\nA,j,cost,3\nA,j,fit,2\nB,j,fit,\nC,j,fit,x\n,j,fit,1\n"

    found = tables.read_reviews(tables.read_table("a.csv", content))

    assert (found.layout, found.criteria, found.n_repeated) == ("long", ("fit", "cost"), 1)
    assert [(row.line, row.idea, row.judge, row.scores) for row in found.rows] == [
        (2, "A", "j", {"fit": 2.0, "cost": 3.0})
    ]
    assert [(error.line, error.reason) for error in found.errors] == [
        (5, "there is no score."),
        (6, "this is not a number."),
        (7, "this cell must not be empty."),
    ]


def test_wide_reviews_take_columns_of_numbers_and_leave_counts_and_totals_out():
    head = b"idea,judge,fit,cost,n_words,total,note\n"
    content = head + b"A,j,4,3,99,7,ok\nA,k,x,,1,1,\nB,j,n/a,,,,\nA,j,5,5,1,10,\nC,j,2,x,,,\n"

    found = tables.read_reviews(tables.read_table("a.csv", content))

    assert (found.layout, found.criteria, found.n_repeated) == ("wide", ("fit", "cost"), 1)
    assert [(row.idea, row.judge, row.scores) for row in found.rows] == [
        ("A", "j", {"fit": 5.0, "cost": 5.0}),
        ("C", "j", {"fit": 2.0, "cost": None}),
    ]
    assert [(error.line, error.column, error.reason) for error in found.errors] == [
        (3, "fit", "this is not a number."),
        (4, "fit", "there is no score."),
        (6, "cost", "this is not a number."),
    ]
    assert "Not used: “n_words”, “note”, “total”." in found.notes


def test_one_score_a_row_is_one_criterion_even_beside_other_numbers():
    found = tables.read_reviews(tables.read_table("a.csv", b"Idee;Juror;Punkte;Sicherheit\nA;j;3,5;9\n"))

    assert (found.criteria, found.rows[0].scores) == (("score",), {"score": 3.5})


def test_total_columns_are_left_out_where_all_else_is_text_or_counts():
    found = tables.read_reviews(tables.read_table("a.csv", b"idea,judge,overall,n_words,note\nA,j,3,90,ok\n"))

    assert (found.layout, found.criteria) == ("long", ("score",))


def test_chosen_criteria_win():
    table = tables.read_table("a.csv", b"idea,judge,score,risk\nA,j,1,2\n")

    found = tables.read_reviews(table, chosen={"criteria": "Risk, score"})

    assert found.rows[0].scores == {"risk": 2.0, "score": 1.0}


def test_a_total_alone_is_the_score():
    found = tables.read_reviews(tables.read_table("a.csv", b"idea,judge,total,note\nA,j,3,ok\n"))

    assert (found.layout, found.rows[0].scores) == ("long", {"score": 3.0})


@pytest.mark.parametrize(
    ("content", "chosen", "sentence"),
    [
        (b"idea,judge,note\nA,j,ok\n", {}, "No column with scores was found; the columns are “idea”, “judge”, “note”."),
        (b"idea,judge\nA,j\n", {"criteria": "cost"}, "There is no column “cost”; the columns are “idea”, “judge”."),
        (b"idea,fit\nA,3\n", {}, "No column was found for “judge”; the columns are “idea”, “fit”."),
    ],
)  # fmt: skip
def test_reviews_without_scores_or_judges_are_refused(content, chosen, sentence):
    table = tables.read_table("a.csv", content)

    with pytest.raises(TableError) as error:
        tables.read_reviews(table, chosen=chosen)

    assert str(error.value) == sentence


def test_messages_stay_short():
    names = listed("abcdefghijklmnop")

    assert (shown("a\n b"), shown(None), len(shown("x" * 99)), names[-7:]) == ("a b", "", 60, ", “l” …")


def test_an_error_says_where_and_what():
    assert str(RowError(3, "", "", "it is wrong.")) == "Line 3: it is wrong."
