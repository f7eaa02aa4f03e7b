"""Cards of address books, old and new, become rows; what is no card is named by its line."""

from __future__ import annotations

from permea.surface.tables import read_table
from permea.surface.tables.cards import COLUMNS

PHONE = """BEGIN:VCARD\r
VERSION:3.0\r
FN:Aoife \xd3 Briain\r
ORG:Tide\\; Wave\\, Ltd.;Research\r
item1.EMAIL;TYPE=HOME:aoife@home.example\r
item1.EMAIL;TYPE=WORK,PREF:aoife@tide.example\r
TEL;VALUE=uri;TYPE="voice,pref:1":tel:+353-1-1234567\r
ADR;TYPE=WORK:;;1 Quay;Galway;;H91;Ireland\r
NOTE:Met at the fair.\\nKnows \r
 waves \\\\ tides.\r
END:VCARD\r
"""
OLD = """\ufeffbegin:vcard
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg
ORG;ENCODING=QUOTED-PRINTABLE;CHARSET=none:B=C3=BCrger=
steig GmbH

end:vcard
"""
FIRM = "BEGIN:VCARD\nKIND:org\nFN:Sol y Mar S.L.\nORG:\nURL:https://solymar.example\nROLE:x\nEND:VCARD\n"


def rows_of(content):
    table = read_table("people.vcf", content.encode())
    named = [{name: value for name, value in zip(COLUMNS, row.values, strict=True) if value} for row in table.rows]
    return [(row.line, said) for row, said in zip(table.rows, named, strict=True)], table


def test_cards_of_every_version_become_rows_with_the_line_they_begin_on():
    rows, table = rows_of(OLD + FIRM + PHONE)
    assert rows == [
        (1, {"ORG": "Bürgersteig GmbH", "FN": "Jörg Müller"}),
        (8, {"ORG": "Sol y Mar S.L.", "URL": "https://solymar.example", "TITLE": "x"}),
        (
            15,
            {
                "ORG": "Tide; Wave, Ltd.",
                "FN": "Aoife Ó Briain",
                "EMAIL": "aoife@tide.example",
                "TEL": "+353-1-1234567",
                "CITY": "Galway",
                "COUNTRY": "Ireland",
                "NOTE": "Met at the fair.\nKnows waves \\ tides.",
            },
        ),
    ]
    assert (table.kind, len(table.notes), len(rows_of(FIRM)[1].notes)) == ("vcard", 1, 0)


def test_what_is_no_card_is_named_by_its_line_and_the_others_are_kept():
    rows, table = rows_of("BEGIN:VCARD\nFN:Lost\n" + FIRM + "stray\nBEGIN:VCARD\nno property\n:x\nFN:Cut")
    assert [line for line, _said in rows] == [3]
    assert [str(error) for error in table.errors] == [
        "Line 1: the end of the card that begins here is missing.",
        "Line 10: this is not a line of a card.",
        "Line 12: this is not a line of a card.",
        "Line 13: this is not a line of a card.",
        "Line 11: the end of the card that begins here is missing.",
    ]
