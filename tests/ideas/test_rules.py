"""What the ideas step allows and refuses: texts, times, files, rows of a spreadsheet."""

import io
import struct
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from permea.challenges.models import Challenge
from permea.foundation.refusals import Refusal
from permea.ideas import rules
from permea.ideas.models import Attachment, Idea
from permea.people.models import Person
from permea.surface.tables import ConvertedRow, read_table

OPENS = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
CLOSES = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # the hour is skipped in Berlin: clocks go from 2 to 3
TICK = timedelta(microseconds=1)


def challenge(status="published", opens_at=OPENS, closes_at=CLOSES):
    return Challenge(status=status, opens_at=opens_at, closes_at=closes_at, title="Pick apples")


def idea(status="submitted", **values):
    return Idea(challenge=challenge(), status=status, saved_at=OPENS, **values)


def code(refusal):
    return refusal.code if refusal else None


@pytest.mark.parametrize(
    ("status", "opens_at", "at", "expected"),
    [
        ("published", OPENS, OPENS, None),
        ("published", OPENS, CLOSES - TICK, None),
        ("published", OPENS, CLOSES, "ideas.too_late"),
        ("published", OPENS, CLOSES + TICK, "ideas.too_late"),
        ("published", OPENS, OPENS - TICK, "ideas.not_open_yet"),
        ("draft", OPENS, OPENS, "ideas.not_published"),
        ("published", None, OPENS, None),
        ("archived", None, OPENS, "ideas.not_published"),
        ("decided", OPENS, OPENS, "ideas.closed"),
    ],
)
def test_entries_are_taken_from_opening_to_just_before_closing(status, opens_at, at, expected):
    assert code(rules.why_not_enter(challenge(status, opens_at), at=at)) == expected


def test_a_late_attempt_is_refused_with_both_exact_times():
    with timezone.override("Europe/Berlin"):
        refusal = rules.why_not_enter(challenge(), at=CLOSES + TICK)

    assert "March 29, 2026, 03:00:00 UTC+02:00" in refusal.reason
    assert "March 29, 2026, 03:00:00.000001 UTC+02:00" in refusal.reason


def test_exact_times_name_the_offset_of_that_very_instant():
    before, after = CLOSES - timedelta(minutes=1), CLOSES
    with timezone.override("Europe/Berlin"):
        in_berlin = rules.exact_time(before), rules.exact_time(after)

    assert (*in_berlin, rules.exact_time(after)) == (
        "March 29, 2026, 01:59:00 UTC+01:00",
        "March 29, 2026, 03:00:00 UTC+02:00",
        "March 29, 2026, 01:00:00 UTC",
    )


@pytest.mark.parametrize(
    ("is_contributor", "removed_at", "at", "expected"),
    [
        (True, None, OPENS, None),
        (False, None, OPENS, "ideas.not_contributor"),
        (True, None, CLOSES, "ideas.too_late"),
        (True, OPENS, OPENS, "ideas.text_removed"),
    ],
)
def test_only_contributors_change_an_idea_and_only_in_time(is_contributor, removed_at, at, expected):
    refusal = rules.why_not_change(idea(text_removed_at=removed_at), is_contributor=is_contributor, at=at)

    assert code(refusal) == expected


def test_an_idea_is_handed_in_whole_and_under_accepted_terms():
    whole = {"title": "A", "summary": "B", "body": "C"}
    ask = {"is_contributor": True, "has_accepted": True, "at": OPENS}

    found = (
        rules.why_not_submit(idea("draft"), whole, **ask),
        code(rules.why_not_submit(idea("draft"), whole, **{**ask, "has_accepted": False})),
        code(rules.why_not_submit(idea("draft"), whole, **{**ask, "is_contributor": False})),
        rules.why_not_submit(idea("draft"), {**whole, "summary": " ", "body": ""}, **ask).reason,
    )

    assert found == (
        None,
        "ideas.terms_not_accepted",
        "ideas.not_contributor",
        "Still missing: Summary, Description. Everything else is kept.",
    )


@pytest.mark.parametrize(
    ("status", "is_contributor", "at", "expected"),
    [
        ("submitted", True, OPENS, None),
        ("withdrawn", True, OPENS, None),
        ("draft", True, OPENS, "ideas.not_submitted"),
        ("submitted", False, OPENS, "ideas.not_contributor"),
        ("submitted", True, CLOSES, "ideas.too_late"),
    ],
)
def test_a_handed_in_idea_is_withdrawn_by_contributors_until_closing(status, is_contributor, at, expected):
    assert code(rules.why_not_withdraw(idea(status), is_contributor=is_contributor, at=at)) == expected


@pytest.mark.parametrize("role", ["owner", "manager", "evaluator", "member", None])
def test_before_closing_nobody_but_contributors_reads(role):
    assert (
        code(rules.why_not_read(idea(), is_contributor=False, role=role, at=CLOSES - TICK)),
        rules.why_not_read(idea(), is_contributor=True, role=role, at=CLOSES - TICK),
    ) == ("ideas.sealed", None)


@pytest.mark.parametrize(
    ("role", "status", "expected"),
    [
        ("owner", "submitted", None),
        ("manager", "submitted", None),
        ("evaluator", "submitted", "people.not_manager"),
        (None, "submitted", "people.not_manager"),
        ("owner", "draft", "ideas.not_submitted"),
        ("owner", "withdrawn", "ideas.not_submitted"),
    ],
)
def test_after_closing_managers_read_what_is_handed_in(role, status, expected):
    assert code(rules.why_not_read(idea(status), is_contributor=False, role=role, at=CLOSES)) == expected


def test_ideas_are_taken_over_by_managers_into_published_challenges():
    found = [
        code(rules.why_not_import(challenge(status), role=role))
        for status, role in [("published", "owner"), ("published", "evaluator"), ("decided", "manager")]
    ]

    assert found == [None, "people.not_manager", "ideas.import_not_published"]


def test_text_is_removed_by_contributors_unless_handed_in():
    found = [
        code(rules.why_not_erase_text(idea(status), is_contributor=is_contributor))
        for status, is_contributor in [("withdrawn", True), ("draft", True), ("submitted", True), ("draft", False)]
    ]

    assert found == [None, None, "ideas.still_submitted", "ideas.not_contributor"]


def test_only_a_handed_in_idea_can_be_revised():
    found = [code(rules.why_not_revise(idea(status))) for status in ("submitted", "draft", "withdrawn")]

    assert found == [None, "ideas.not_submitted", "ideas.not_submitted"]


@pytest.mark.parametrize(
    ("saved_by", "window", "seen", "expected"),
    [
        (7, "one", OPENS, False),
        (7, "one", OPENS - TICK, False),
        (7, "two", OPENS - TICK, True),
        (7, "two", OPENS, False),
        (7, "two", None, False),
        (7, "", OPENS - TICK, True),
        (8, "one", OPENS - TICK, True),
        (8, "two", OPENS, False),
        (8, "two", None, True),
        (None, "two", None, False),
    ],
)
def test_a_text_is_stale_if_another_window_or_person_saved_after_it_was_shown(saved_by, window, seen, expected):
    saved = idea(saved_window="one", saved_by_id=saved_by)

    assert rules.is_stale(saved, Person(pk=7), window=window, seen=seen) is expected


def test_keeping_apart_is_told_as_a_refusal():
    assert (rules.why_not_alone(is_kept_apart=False), code(rules.why_not_alone(is_kept_apart=True))) == (
        None,
        "ideas.kept_apart",
    )


# --- texts


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "Ein Greifer für Äpfel 🍎"}, None),
        ({"body": "ذراع آلية\n\tتقطف"}, None),
        ({"title": "nul\x00"}, "ideas.bad_characters"),
        ({"body": "half a pair \ud83d"}, "ideas.bad_characters"),
        ({"title": "x" * 161}, "ideas.too_long"),
        ({"body": "x" * 50_001}, "ideas.too_long"),
        ({"asked_money": "12.345"}, "ideas.bad_number"),
        ({"asked_money": "-1"}, "ideas.bad_number"),
        ({"asked_money": "10000000000"}, "ideas.bad_number"),
        ({"asked_money": "9999999999.99"}, None),
        ({"asked_money": None}, None),
        ({"asked_days": "2.5"}, None),
        ({"asked_days": "2.55"}, "ideas.bad_number"),
        ({"asked_days": "soon"}, "ideas.bad_number"),
        ({"source": "customer"}, None),
        ({"source": "spy"}, "ideas.bad_source"),
    ],
)
def test_what_can_be_stored_as_text(fields, expected):
    assert code(rules.why_not_text(rules.clean_fields(fields))) == expected


def test_fields_are_cleaned_into_one_form():
    cleaned = rules.clean_fields(
        {
            "title": "  Two\nlines ",
            "summary": " a\nb ",
            "body": "1\r\n2\r3 ",
            "asked_money": Decimal("1500.00"),
            "asked_days": "",
        }
    )

    assert cleaned == {
        "title": "Two lines",
        "summary": "a\nb",
        "body": "1\n2\n3 ",
        "asked_money": "1500",
        "asked_days": None,
    }


@pytest.mark.parametrize(("value", "expected"), [("1e3", "1000"), (Decimal("NaN"), "NaN"), ("x", "x"), (7, "7")])
def test_numbers_are_written_without_exponent_or_left_for_refusal(value, expected):
    assert rules.clean_fields({"asked_money": value}) == {"asked_money": expected}


def test_an_unknown_field_is_a_mistake_of_the_caller():
    with pytest.raises(KeyError):
        rules.clean_fields({"status": "submitted"})


def test_what_waits_is_shown_but_does_not_count():
    changed = idea(title="Old", summary="Same", pending={"title": "New"})

    assert (
        rules.edited(changed)["title"],
        rules.stored(changed)["title"],
        rules.differs(changed, {"title": "New", "summary": "Same"}),
        rules.differs(changed, {"title": "Old"}),
    ) == ("New", "Old", False, True)


@given(st.text(max_size=60), st.text("0123456789abcdef", min_size=32, max_size=32))
def test_a_fingerprint_depends_on_every_character_and_on_the_salt(text, salt):
    text = text.encode("utf-8", "ignore").decode()
    fields = {**rules.stored(idea()), "title": text}
    one = rules.fingerprint(rules.content_of(fields, [], salt=salt))
    again = rules.fingerprint(rules.content_of(dict(reversed(fields.items())), [], salt=salt))
    other_text = rules.fingerprint(rules.content_of({**fields, "title": text + "."}, [], salt=salt))
    other_salt = rules.fingerprint(rules.content_of(fields, [], salt=salt[::-1] + "0"))

    assert (one == again, one == other_text, one == other_salt) == (True, False, False)


def test_a_version_holds_nothing_personal():
    file = Attachment(key="k", name="a.pdf", content_type="application/pdf", size=3, sha256="00")
    content = rules.content_of(rules.stored(idea(affiliation="Acme", country="DE")), [file], salt="s")

    assert sorted(content) == sorted([*rules.CONTENT_FIELDS, "files", "salt"])
    assert content["files"] == [{"key": "k", "name": "a.pdf", "type": "application/pdf", "size": 3, "sha256": "00"}]
    assert rules.written_down(content).startswith(b'{"asked_days":null,')


def test_searching_looks_past_case_and_encoding():
    assert rules.search_text_of("ÄPFEL ﬁnden", "Straße") == "apfel finden\nstrasse"


# --- files


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("a/b/.htaccess", "htaccess"),
        ("nul\x00l.pdf", "null.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("line\nbreak.txt", "linebreak.txt"),
        ("  spaced   out .txt", "spaced out .txt"),
        ("/", "file"),
        ("...", "file"),
        ("übersicht 🍎.png", "übersicht 🍎.png"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_of_files_lose_folders_and_tricks(given_name, expected):
    assert rules.safe_name(given_name) == expected


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [
        ("plan.PDF", 10, None),
        ("plan.pdf", 1001, "ideas.file_too_big"),
        ("plan.pdf", 0, "ideas.file_empty"),
        ("all.zip", 10, "ideas.file_archive"),
        ("run.exe", 10, "ideas.file_type"),
        ("page.html", 10, "ideas.file_type"),
        ("picture.svg", 10, "ideas.file_type"),
        ("nothing", 10, "ideas.file_type"),
    ],
)
def test_names_and_sizes_are_checked_before_the_content(name, size, expected):
    assert code(rules.why_not_file(name, size, limit=1000)) == expected


@pytest.mark.parametrize(
    ("n_files", "at", "expected"),
    [(9, OPENS, None), (10, OPENS, "ideas.too_many_files"), (0, CLOSES, "ideas.too_late")],
)
def test_files_are_limited_in_number_and_time(n_files, at, expected):
    assert code(rules.why_not_attach(idea(), is_contributor=True, n_files=n_files, at=at)) == expected


def test_the_page_is_told_what_it_may_take():
    assert (rules.file_limits()[0], ".pdf" in rules.file_limits()[1], ".zip" in rules.file_limits()[1]) == (
        10,
        True,
        False,
    )


def office(*names, mimetype=None):
    """Return an office file with these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


DOCX = office("[Content_Types].xml", "word/document.xml")
STL = b"\0" * 80 + struct.pack("<I", 2) + b"\0" * 100
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 20
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 200


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.pdf", b"%PDF-1.7\n1 0 obj", "application/pdf"),
        ("a.png", PNG, "image/png"),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 20, "image/jpeg"),
        ("a.jpeg", b"\xff\xd8\xff\xdb" + b"\0" * 40, "image/jpeg"),
        ("a.webp", b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 20, "image/webp"),
        ("a.txt", "Grüße 🍎".encode(), "text/plain"),
        ("a.txt", "Grüße".encode("latin-1"), "text/plain"),
        ("a.txt", "Grüße".encode("utf-16"), "text/plain"),
        ("a.csv", b"a;b\n1;2\n", "text/csv"),
        ("a.docx", DOCX, rules.ALLOWED[".docx"]),
        ("a.xlsx", office("[Content_Types].xml", "xl/workbook.xml"), rules.ALLOWED[".xlsx"]),
        ("a.pptx", office("[Content_Types].xml", "ppt/presentation.xml"), rules.ALLOWED[".pptx"]),
        ("a.odt", office(mimetype=rules.ALLOWED[".odt"]), rules.ALLOWED[".odt"]),
        ("a.step", b"ISO-10303-21;\nHEADER;", "model/step"),
        ("a.stp", b"\xef\xbb\xbfISO-10303-21;\nHEADER;", "model/step"),
        ("a.stl", STL, "model/stl"),
        ("a.stl", b"solid cube\n facet normal 0 0 1\n", "model/stl"),
        ("a.dxf", b"  0\r\nSECTION\r\n", "image/vnd.dxf"),
        ("a.dxf", b"999\nmade by hand\n0\nSECTION\n", "image/vnd.dxf"),
    ],
)
def test_files_are_known_by_their_content(name, content, expected):
    assert rules.sniff(name, io.BytesIO(content), len(content)) == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", EXE),
        ("a.png", b"%PDF-1.7\n"),
        ("a.jpg", PNG),
        ("a.pdf", b""),
        ("a.pdf", b"\x00\x01"),
        ("a.webp", b"RIFF\x24\0\0\0WAVEfmt "),
        ("a.txt", EXE),
        ("a.txt", b"\xff\xfe\x00\xd8"),
        ("a.txt", b"\xff\xfea\0\0\0"),
        ("a.csv", b"a;b\x00"),
        ("a.docx", office("[Content_Types].xml", "xl/workbook.xml")),
        ("a.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("a.docx", b"PK\x03\x04 broken"),
        ("a.docx", EXE),
        ("a.odt", office("content.xml")),
        ("a.odt", office(mimetype=rules.ALLOWED[".ods"])),
        ("a.step", b"solid cube"),
        ("a.stl", STL + b"\0"),
        ("a.stl", b"solid gold, no triangles"),
        ("a.dxf", b"SECTION"),
    ],
)
def test_a_file_in_disguise_is_refused(name, content):
    found = rules.sniff(name, io.BytesIO(content), len(content))

    assert isinstance(found, Refusal)
    assert found.code == "ideas.file_content"


# --- rows of a spreadsheet


def row(line=2, **values):
    return ConvertedRow(line, values)


def test_a_row_becomes_the_fields_of_an_idea():
    rows, errors = rules.check_rows(
        [
            row(
                idea=17.0,
                title=" Gripper ",
                body="It grips.",
                email="Ann@Firm.example",
                author="Ann",
                source="Startup or firm",
                country="de",
                affiliation=None,
                money=1200.5,
                days=3,
            )
        ],
        language="en",
    )

    assert errors == []
    assert (rows[0].external_id, rows[0].author_email, rows[0].author_name, rows[0].fields) == (
        "17",
        "ann@firm.example",
        "Ann",
        {
            "title": "Gripper",
            "summary": "It grips.",
            "body": "It grips.",
            "affiliation": "",
            "source": "startup",
            "country": "DE",
            "language": "en",
            "asked_money": "1200.5",
            "asked_days": "3",
        },
    )


def test_an_idea_without_a_language_is_in_the_one_its_text_shows():
    body = "Der Greifer hält reife Tomaten ganz ohne Druckstellen."
    said = [
        row(2, title="A", body=body),
        row(3, title="B", body=body, language="FR"),
        row(4, title="Gripper"),
        row(5, title="C", body=body, language=""),
    ]

    rows, _errors = rules.check_rows(said, language="en", among=("en", "de"))
    plain, _errors = rules.check_rows(said, language="en")

    assert [[one.fields["language"] for one in read] for read in (rows, plain)] == [
        ["de", "fr", "en", "de"],
        ["en", "fr", "en", "en"],
    ]


@pytest.mark.parametrize(
    ("language", "body", "said"),
    [
        ("en", "Der Greifer hält reife Tomaten ganz ohne Druckstellen.", "Your text looks like German. If it is"),
        ("de", "Der Greifer hält reife Tomaten ganz ohne Druckstellen.", ""),
        ("en", "La pince tient les tomates mûres sans les écraser.", "takes entries in: English, German"),
        ("de", "Gripper", ""),
    ],
)
def test_who_chose_another_language_than_the_text_shows_gets_a_hint(language, body, said):
    challenge = Challenge(language="en", entry_languages=["en", "de"])
    fields = {"title": "", "summary": "", "body": body, "language": language}

    hint = rules.language_hint(challenge, fields, accepted=["en", "de"])

    assert (said in hint, bool(hint)) == (True, bool(said))


def test_a_long_summary_becomes_the_description_and_is_cut_for_the_list():
    rows, errors = rules.check_rows([row(title="T", summary="word " * 200)], language="de")

    assert errors == []
    assert (len(rows[0].fields["summary"]), rows[0].fields["summary"][-1], rows[0].fields["body"]) == (
        500,
        "…",
        ("word " * 200).strip(),
    )


def test_rows_without_a_number_are_known_by_what_they_say():
    rows, errors = rules.check_rows([row(2, title="A"), row(3, title="B"), row(4, title="A")], language="en")

    assert (len({one.external_id for one in rows}), [str(error) for error in errors]) == (
        2,
        ["Line 4, column “idea”: this number is already used in line 2"],
    )


def test_every_fault_of_a_row_is_named_with_its_line():
    faults = row(
        7, idea="x" * 81, title="\x00", email="nobody", source="spy", country="Germany", money="-5", body="\x00"
    )

    rows, errors = rules.check_rows([faults], language="en")

    assert (rows, [(error.line, error.column) for error in errors]) == (
        [],
        [
            (7, "email"),
            (7, "source"),
            (7, "country"),
            (7, "idea"),
            (7, "title"),
            (7, "summary"),
            (7, "body"),
            (7, "money"),
        ],
    )


def test_a_text_too_long_for_its_place_goes_on_in_the_description():
    title, summary = "word " * 40 + "end", "long " * 120 + "end"

    made = rules.check_rows(
        [
            row(2, title=title, summary="Short."),
            row(3, title="T", summary=summary, body="More."),
            row(4, title=title, summary=summary, body="More."),
            row(5, title="T", summary=summary, body=f"{summary} and more"),
        ],
        language="en",
    )
    first, second, third, fourth = (one.fields for one in made[0])

    assert made[1] == []
    assert (len(first["title"]), first["summary"], first["body"]) == (160, "Short.", f"{title}\n\nShort.")
    assert (second["summary"][-1], second["body"]) == ("…", f"{summary}\n\nMore.")
    assert (third["title"][-1], third["body"]) == ("…", f"{summary}\n\n{title}\n\nMore.")
    assert fourth["body"] == f"{summary} and more"


def test_a_statement_without_a_title_is_known_by_its_first_words():
    made, errors = rules.check_rows(
        [row(2, body="One  statement."), row(3, summary="w " * 100), row(4, author="Ann")], language="en"
    )

    assert (made[0].fields["title"], made[0].fields["summary"]) == ("One statement.", "One statement.")
    assert len(made[1].fields["title"]) <= 160
    assert [(error.line, error.column) for error in errors] == [(4, "title")]


def test_a_heading_alone_makes_no_source_country_or_language():
    text = "id,title,source,country,language,mail\n1,A,meeting,Catalunya,Catalan language,nobody\n2,B,citizen,,,\n"
    table = read_table("t.csv", text.encode())

    mapping, fields = rules.map_columns(table)
    chosen, _fields = rules.map_columns(table, chosen={"source": "source"})
    narrow, _fields = rules.map_columns(table, without=["idea"])

    assert (set(mapping.columns), chosen.columns["source"], "idea" in narrow.columns) == (
        {"idea", "title"},
        "source",
        False,
    )
    assert "source" not in {field.name for field in fields}


def test_columns_that_hold_what_their_heading_says_are_taken_even_half_empty():
    text = "id,título,resumen,source,país,idioma,correo\n1,A,S,customer,ES,ca,\n2,B,,spy,Spain,,a@b.example\n"
    table = read_table("t.csv", text.encode())

    mapping, _fields = rules.map_columns(table)

    assert mapping.columns == {
        "title": "título", "idea": "id", "summary": "resumen", "email": "correo", "source": "source",
        "country": "país", "language": "idioma",
    }  # fmt: skip


def test_a_table_of_statements_needs_no_titles_but_a_table_of_nothing_does():
    statements, fields = rules.map_columns(read_table("t.csv", b"comment_id,body\n1,We need trees.\n"))
    nothing, _fields = rules.map_columns(read_table("t.csv", b"comment_id,votes\n1,7\n"))

    assert (statements.missing, statements.columns, nothing.missing) == (
        (),
        {"idea": "comment_id", "body": "body"},
        ("title",),
    )
    assert not any(field.required for field in fields)


def test_what_is_typed_becomes_words_and_no_operators():
    wanted = rules.wanted_words('Òrgan AND "near" (foo-bar* NOT^2 c++')

    assert wanted.words == ("organ", "and", "near", "foo", "bar", "not", "2", "c")
    assert (wanted.pieces, wanted.sqlite[:16], wanted.postgresql[:18]) == (
        (),
        '"organ"* "and"* ',
        "'organ':* & 'and':",
    )


def test_signs_and_scripts_without_spaces_are_looked_for_as_they_stand():
    assert (rules.wanted_words("++ 収穫ロボット x").pieces, rules.wanted_words("  ").words) == (
        ("++", "収穫ロボット"),
        (),
    )


def test_a_table_may_not_be_endless(monkeypatch):
    monkeypatch.setattr("permea.ideas.rules.imports.MAX_ROWS", 2)

    _rows, errors = rules.check_rows([row(line, title=f"T{line}") for line in range(2, 6)], language="en")

    assert [str(error) for error in errors] == ["Line 4: at most 2 ideas can be taken over at once; divide the table"]


def test_every_column_has_a_name_for_people():
    assert len({rules.import_label(field.name) for field in rules.IMPORT_FIELDS}) == len(rules.IMPORT_FIELDS)


def test_the_digest_of_an_import_does_not_depend_on_the_order():
    one = rules.import_digest([("a", "1"), ("b", "2")])

    assert (
        one == rules.import_digest([("b", "2"), ("a", "1")]),
        one == rules.import_digest([("a", "2"), ("b", "1")]),
    ) == (True, False)


def test_placeholders_and_erased_people_cannot_be_written_to():
    addresses = ["ann@firm.example", f"x@{rules.NO_ADDRESS}", None]

    assert [rules.is_unreachable(Person(email=email)) for email in addresses] == [False, True, True]
