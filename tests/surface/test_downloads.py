"""Tables handed out as CSV."""

from __future__ import annotations

from decimal import Decimal

import pytest

from permea.surface.downloads import csv_table, safe_cell


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"), ("+49 561", "'+49 561"), ("-x", "'-x"), ("@sum", "'@sum"), (" =1", "' =1"),
        ("\tx", "'\tx"), ("\rx", "'\rx"), ("plain = x", "plain = x"), ("", ""), (-1, -1),
        (Decimal("-1.5"), Decimal("-1.5")), (None, None),
    ],
)  # fmt: skip
def test_no_text_is_taken_for_a_formula_and_numbers_stay_numbers(cell, safe):
    assert safe_cell(cell) == safe


def test_a_table_has_its_columns_first_and_quotes_what_needs_it():
    assert csv_table(("name", "n"), [("a,b", 1), ("=c", None)]) == 'name,n\r\n"a,b",1\r\n\'=c,\r\n'
